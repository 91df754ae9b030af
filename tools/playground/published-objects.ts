import { posix } from 'node:path';
import { loadAll } from 'js-yaml';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import type { PublishedObject } from '../show/news.ts';
import type { Example } from './example.ts';

type Content = Pick<Example, 'stageSet' | 'sources'>;

/** What the stages of an example will render of its sources, as far as plain manifests go. */
export function publishedObjects({ stageSet, sources }: Content): readonly PublishedObject[] {
  return stageSet.spec.stages.flatMap(({ name: stage, sourceRef, path = '' }) => {
    const folder = posix.join('/', path, '/');
    return Object.entries(sources.get(sourceRef.name) ?? {})
      .filter(([file]) => `/${file}`.startsWith(folder))
      .flatMap(([, content]) => objectsIn(content.toString()))
      .map(({ apiVersion, kind, metadata }) => ({ stage, apiVersion, kind, name: metadata.name }));
  });
}

/** Each kind of its objects, once. */
export function publishedKinds(example: Content): readonly { readonly apiVersion: string; readonly kind: string }[] {
  const kinds = publishedObjects(example).map(({ apiVersion, kind }) => ({ apiVersion, kind }));
  return [...new Map(kinds.map((each) => [`${each.apiVersion} ${each.kind}`, each])).values()];
}

/** None in a file that is no YAML: it is the controller's to say so. */
function objectsIn(text: string): readonly KubeObject[] {
  try {
    return (loadAll(text) as (Partial<KubeObject> | null)[]).filter(isObject);
  } catch {
    return [];
  }
}

function isObject(document: Partial<KubeObject> | null): document is KubeObject {
  return document?.kind !== undefined && document.metadata?.name !== undefined;
}
