import { API_VERSION } from '../../../shared/api/group.ts';
import { stage as stageSchema } from '../../../shared/api/schema/stage.ts';
import { stageSetSpec } from '../../../shared/api/schema/stage-set.ts';
import type { Decryption, Dependency, KubeConfigRef, PostBuild, SourceRef, Stage } from '../../../shared/api/types.ts';
import { RuntimeError } from '../../cli-error.ts';
import { notYetThere } from '../committed.ts';
import { defined, type Imported, type ImportWishes } from '../imported.ts';
import type { Input } from '../input.ts';
import { metadataOf } from '../metadata.ts';
import { stageName } from '../names.ts';
import { additionsOf } from './additions.ts';
import { conditions, staysBehind } from './leave.ts';
import { objectOptions } from './object-options.ts';
import { commonMetadataOf, patchesOf } from './patches.ts';
import { readyChecksOf } from './ready-checks.ts';

const { fields } = stageSetSpec;

/** A Kustomization of Flux becomes a StageSet of the same name with one stage. */
export function importKustomization(input: Input, wishes: ImportWishes): Omit<Imported, 'from' | 'notes'> {
  for (const field of ['apiVersion', 'kind', 'status']) input.take(field);
  const metadata = metadataOf(input, wishes.namespace);
  const spec = input.part('spec');
  if (spec === undefined) throw new RuntimeError('spec is missing');
  const path = spec.text('path') ?? './';
  const patches = patchesOf(spec, wishes);
  const { addition, stagePatches } = additionsOf(spec, patches);
  const common = commonMetadataOf(spec);
  const name = stageName(metadata.name);
  const objects = wishes.manifestsOf(name, path);
  if (objects !== undefined && addition !== undefined) input.noteAt(`the kustomization.yaml in ${path}`, notYetThere);
  const { kept, rules } = objectOptions(objects ?? [], input);
  const allPatches = [...kept, ...stagePatches, ...common];
  spec.leaveAll(staysBehind);
  return {
    set: {
      apiVersion: API_VERSION,
      kind: 'StageSet',
      metadata,
      spec: {
        ...defined({
          interval: spec.text('interval'),
          retryInterval: spec.text('retryInterval'),
          timeout: spec.text('timeout'),
          suspend: spec.bool('suspend'),
          serviceAccountName: spec.text('serviceAccountName'),
          dependsOn: dependsOn(spec),
          kubeConfig: kubeConfigOf(spec),
          decryption: decryptionOf(spec),
        }),
        stages: [
          {
            name,
            sourceRef: sourceRefOf(spec),
            path,
            ...defined<Partial<Stage>>({
              prune: prunes(spec),
              force: spec.bool('force'),
              patches: allPatches.length > 0 ? allPatches : undefined,
              conflictPolicy: rules.length > 0 ? { rules } : undefined,
              postBuild: postBuildOf(spec),
              readyChecks: readyChecksOf(spec),
            }),
          },
        ],
      },
    },
    sources: [],
    hookFiles: [],
    additions: addition === undefined ? [] : [{ path, fields: addition }],
  };
}

function sourceRefOf(spec: Input): SourceRef {
  const ref = spec.copy<SourceRef>('sourceRef', stageSchema.fields.sourceRef);
  if (ref === undefined) throw new RuntimeError('spec.sourceRef is missing');
  return ref;
}

function dependsOn(spec: Input): readonly Dependency[] | undefined {
  const all = spec.parts('dependsOn').map((dependency) => {
    dependency.leave('readyExpr', conditions.readyExpr);
    const namespace = dependency.text('namespace');
    return { name: dependency.text('name') ?? '', ...(namespace !== undefined && { namespace }) };
  });
  return all.length > 0 ? all : undefined;
}

/** Without one everything would be applied to this very cluster, so that one is written that does not lead anywhere yet. */
function kubeConfigOf(spec: Input): KubeConfigRef | undefined {
  const kubeConfig = spec.part('kubeConfig');
  if (kubeConfig === undefined) return undefined;
  const secretRef = kubeConfig.copy<KubeConfigRef['secretRef']>('secretRef', fields.kubeConfig.fields.secretRef);
  const configMap = kubeConfig.part('configMapRef')?.text('name');
  if (configMap !== undefined) kubeConfig.note('configMapRef', conditions.configMapRef);
  return { secretRef: secretRef ?? { name: configMap ?? '' } };
}

function decryptionOf(spec: Input): Decryption | undefined {
  const decryption = spec.part('decryption');
  if (decryption === undefined) return undefined;
  decryption.leave('serviceAccountName', conditions.decryptionAccount);
  const secretRef = decryption.copy<Decryption['secretRef']>('secretRef', fields.decryption.fields.secretRef);
  return { provider: decryption.text('provider') ?? '', ...(secretRef !== undefined && { secretRef }) };
}

function postBuildOf(spec: Input): PostBuild | undefined {
  const postBuild = spec.part('postBuild');
  if (postBuild === undefined) return undefined;
  spec.note('postBuild', conditions.undefinedVariables);
  if (postBuild.text('substituteStrategy') === 'Always') {
    postBuild.note('substituteStrategy', conditions.substituteAlways);
  }
  const { substitute, substituteFrom } = stageSchema.fields.postBuild.fields;
  return defined<PostBuild>({
    substitute: postBuild.copy<PostBuild['substitute']>('substitute', substitute),
    substituteFrom: postBuild.copy<PostBuild['substituteFrom']>('substituteFrom', substituteFrom),
  });
}

/** What stays when the Kustomization goes is decided here by the same field. */
function prunes(spec: Input): boolean | undefined {
  const prune = spec.bool('prune') ?? false;
  const policy = spec.text('deletionPolicy') ?? 'MirrorPrune';
  const deletes = policy === 'MirrorPrune' ? prune : policy !== 'Orphan';
  if (deletes !== prune) spec.note('deletionPolicy', prune ? conditions.orphans : conditions.deletes);
  return prune ? undefined : false;
}
