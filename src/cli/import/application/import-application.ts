import { API_VERSION } from '../../../shared/api/group.ts';
import type { Stage, StageSetSpec } from '../../../shared/api/types.ts';
import { keys } from '../../../shared/labels.ts';
import type { ObjectMeta } from '../../../shared/objects/object.ts';
import { isMap, type YamlMap } from '../../../shared/yaml/yaml-value.ts';
import { RuntimeError } from '../../cli-error.ts';
import { notYetThere } from '../committed.ts';
import { defined, type Imported, type ImportWishes } from '../imported.ts';
import type { Input } from '../input.ts';
import { metadataOf } from '../metadata.ts';
import { type Destination, destinationOf } from './destination.ts';
import { hookFilesOf } from './hook-files.ts';
import { ignoredDifferences } from './ignored-differences.ts';
import { ofDocument, ofSpec } from './leave.ts';
import { manifestOf } from './manifest.ts';
import { sourcesOf } from './sources.ts';
import { type Staged, stagesOf, withActions } from './stages.ts';
import { syncPolicyOf } from './sync-policy.ts';
import { windowsOf } from './windows.ts';

/** Of labels and annotations those that only Argo CD reads. */
const ofArgo = /^(?:[a-z]+\.)*argoproj\.io\//;
const CASCADE = /^resources-finalizer\.argocd\.argoproj\.io/;

/** An Application of Argo CD becomes a StageSet of the same name, in the namespace that it deploys to. */
export function importApplication(
  input: Input,
  projects: readonly YamlMap[],
  wishes: ImportWishes,
): Omit<Imported, 'from' | 'notes'> {
  for (const field of ['apiVersion', 'kind', 'status']) input.take(field);
  input.leave('operation', ofDocument.operation);
  const metadata = metadataOf(input, wishes.namespace, ofArgo);
  const spec = input.part('spec');
  if (spec === undefined) throw new RuntimeError('spec is missing');
  spec.leaveAll(ofSpec);
  noteDeletion(input);
  const destination = destinationOf(spec, metadata.name);
  const place = { ...metadata, ...defined({ namespace: destination.namespace ?? metadata.namespace }) };
  const policy = syncPolicyOf(spec);
  const { staged, sources, additions } = sourcesOf(spec, place, wishes);
  const patches = ignoredDifferences(spec, destination.namespace);
  const everyStage = { ...policy.stage, ...(patches.length > 0 && { patches }) };
  const ordered = staged.map((each): Staged => {
    const base: Stage = { ...each, ...everyStage };
    const manifests = wishes.manifestsOf(each.name, each.path)?.map(manifestOf);
    if (manifests === undefined) input.noteAt(`the manifests of stage ${each.name}`, ofDocument.manifests);
    const isAddedTo = additions.some(({ path }) => path === each.path);
    if (manifests !== undefined && isAddedTo) input.noteAt(`the kustomization.yaml in ${each.path}`, notYetThere);
    return manifests === undefined ? { stages: [base], hooks: [], waves: [0] } : stagesOf(base, manifests, input);
  });
  const all: StageSetSpec = {
    ...policy.spec,
    ...(destination.kubeConfig !== undefined && { kubeConfig: destination.kubeConfig }),
    ...windowsFor(spec, metadata.name, destination, projects),
    stages: withActions(ordered),
  };
  return {
    set: { apiVersion: API_VERSION, kind: 'StageSet', metadata: withEmptiness(place, policy.allowsEmpty), spec: all },
    sources,
    additions,
    hookFiles: ordered.flatMap(({ hooks }, index) => hookFilesOf(staged[index]?.name ?? '', hooks)),
  };
}

function withEmptiness(metadata: ObjectMeta, allowsEmpty: boolean): ObjectMeta {
  return allowsEmpty ? { ...metadata, annotations: { ...metadata.annotations, [keys.allowEmpty]: 'true' } } : metadata;
}

/** Without the finalizer the objects outlive an Application. */
function noteDeletion(input: Input): void {
  const finalizers = input.part('metadata')?.texts('finalizers') ?? [];
  if (finalizers.some((each) => CASCADE.test(each))) return;
  input.noteAt('metadata.finalizers', [
    'without resources-finalizer.argocd.argoproj.io the objects outlive the Application; they go with a StageSet',
    'set prune: false on the stages before you delete the StageSet, if they are to stay',
  ]);
}

function windowsFor(
  spec: Input,
  name: string,
  destination: Destination,
  projects: readonly YamlMap[],
): Pick<StageSetSpec, 'updateWindows' | 'windowScope'> {
  const wanted = spec.text('project') ?? 'default';
  const document = projects.find(({ metadata }) => isMap(metadata) && metadata.name === wanted);
  if (document === undefined) {
    spec.note('project', [
      `the AppProject "${wanted}" is not at hand: it may limit what is deployed where, and when`,
      'put it into the same file to have its sync windows imported; the rest is a matter of serviceAccountName and RBAC',
    ]);
    return {};
  }
  return windowsOf(spec.alongside(document, 'AppProject'), { name, destination });
}
