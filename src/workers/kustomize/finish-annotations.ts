import { mapAt } from './nodes/lookup.ts';
import { isMap } from './nodes/node.ts';
import { refuseKey } from './nodes/scalars.ts';
import { ORIGIN_ANNOTATION, originText, TRANSFORMATIONS_ANNOTATION, transformationsText } from './resources/origin.ts';
import type { Resource } from './resources/resource.ts';

/** What kustomize notes down while it builds; whoever writes one of these loses it. */
const notes: ReadonlySet<string> = new Set([
  ...[
    'previousKinds',
    'previousNames',
    'prefixes',
    'suffixes',
    'previousNamespaces',
    'allowNameChange',
    'allowKindChange',
    'refBy',
    'generatorBehavior',
    'needsHashSuffix',
    'path',
    'index',
    'seqindent',
    'id',
    'annotations-migration-resource-id',
    'helm-generated',
  ].map((name) => `internal.config.kubernetes.io/${name}`),
  'config.kubernetes.io/path',
  'config.kubernetes.io/index',
  'config.k8s.io/id',
]);

const MANAGED_BY = 'app.kubernetes.io/managed-by';
const VERSION = 'kustomize-v5.8.2';

/** Leaves the annotations that are meant to be seen, all of them texts, and what `buildMetadata` asks for. */
export function finishAnnotations(resource: Resource, buildMetadata: ReadonlySet<string>): void {
  if (buildMetadata.has('managedByLabel')) {
    mapAt(resource.ensureMetadata(), 'labels')[MANAGED_BY] = VERSION;
  }
  const { origin, transformations } = resource;
  const metadata = resource.ensureMetadata();
  if (metadata.annotations === undefined && origin === undefined) return;
  const annotations = new Map([...resource.annotations()].filter(([key]) => !notes.has(key)));
  annotations.delete(ORIGIN_ANNOTATION);
  annotations.delete(TRANSFORMATIONS_ANNOTATION);
  if (buildMetadata.has('originAnnotations') && origin !== undefined) {
    annotations.set(ORIGIN_ANNOTATION, originText(origin));
  }
  if (buildMetadata.has('transformerAnnotations') && transformations.length > 0) {
    annotations.set(TRANSFORMATIONS_ANNOTATION, transformationsText(transformations));
  }
  if (isMap(metadata.annotations) && [...annotations].every(([key, text]) => isSame(resource, key, text))) {
    for (const key of annotations.keys()) refuseKey(key);
    if (annotations.size === Object.keys(metadata.annotations).length && annotations.size > 0) return;
  }
  resource.setAnnotations(annotations);
}

function isSame({ metadata }: Resource, key: string, text: string): boolean {
  return isMap(metadata?.annotations) && metadata.annotations[key] === text;
}
