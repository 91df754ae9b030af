import { accountOf } from '../../main/apply/cluster.ts';
import { BuildInputs } from '../../main/build/build-inputs.ts';
import { scopesOf, stageBuildOf } from '../../main/build/build-job.ts';
import { buildWithKeys, type KeyMeans } from '../../main/build/build-with-keys.ts';
import { duringBuild } from '../../main/build/during-build.ts';
import { refuseSharedObjects } from '../../main/build/shared-objects.ts';
import { applySetId, inventoryName } from '../../main/inventory/names.ts';
import { during } from '../../main/outcome/outcome.ts';
import { defaultValues } from '../../shared/api/default-values.ts';
import type { Stage, StageSet } from '../../shared/api/types.ts';
import { parseExact } from '../../shared/json/exact-json.ts';
import type { DefinedKind, PlannedObject, StagePlan } from '../../shared/protocol/tasks.ts';
import type { YamlMap } from '../../shared/yaml/yaml-value.ts';
import type { Origin } from './origin.ts';
import { packFolder } from './pack-folder.ts';
import { remember } from './remember.ts';
import { type SourceDirs, sourceDirOf } from './source-dirs.ts';

export interface RenderedStage {
  readonly stage: string;
  readonly plan: StagePlan;
}

export interface RenderOptions {
  /** Names of the stages to render. */
  readonly wanted: ReadonlySet<string>;
  readonly sourceDirs: SourceDirs;
  readonly means: KeyMeans;
  readonly signal: AbortSignal;
}

/** An object as it would be sent. */
export function bodyOf({ offset, length }: PlannedObject, bodies: ArrayBuffer): YamlMap {
  return parseExact(new TextDecoder().decode(new Uint8Array(bodies, offset, length))) as YamlMap;
}

/** The plans that the controller would make of these stages, in the spec's order. */
export async function renderStages(origin: Origin, options: RenderOptions): Promise<readonly RenderedStage[]> {
  const { set } = origin;
  const inputs = new BuildInputs(set, {
    account: accountOf(set),
    read: origin.read,
    ...(origin.missing !== undefined && { missing: origin.missing }),
  });
  const packed = remember((folder: string) => folder, packFolder);
  const defined: DefinedKind[] = [];
  const rendered: RenderedStage[] = [];

  for (const stage of set.spec.stages) {
    if (options.wanted.has(stage.name)) {
      const plan = await render(stage);
      rendered.push({ stage: stage.name, plan });
      defined.push(...plan.definedKinds);
    } else if (sourceDirOf(options.sourceDirs, stage) !== undefined) {
      // Its CRDs say which of a later stage's kinds have namespaces; whether it builds is not what was asked.
      const plan = await render(stage).catch(() => undefined);
      defined.push(...(plan?.definedKinds ?? []));
    }
  }
  refuseSharedObjects(rendered.map(({ stage, plan }) => ({ stage, objects: plan.objects })));
  return rendered;

  async function render(stage: Stage): Promise<StagePlan> {
    const files = await filesOf(stage);
    const entries = await during(stage.name, 'configure decryption', () => keysOf(origin, inputs));
    const variables = await during(stage.name, 'build', () => inputs.variablesOf(stage));
    const scopes = scopesOf(origin.clusterScopedKinds, defined);
    const input = {
      files,
      stage: stageBuildOf(stage),
      owner: { namespace: set.metadata.namespace ?? '', name: set.metadata.name, stage: stage.name },
      ...applySetOf(set, stage),
      clusterScopedKinds: scopes.clusterScoped,
      namespacedKinds: scopes.namespaced,
      variables,
    };
    const built = await duringBuild(stage.name, () => buildWithKeys(input, entries, options.means, options.signal));
    if (built.is === 'unchanged') throw new Error('a build without a predecessor is unchanged');
    return built.plan;
  }

  function filesOf(stage: Stage): Promise<SharedArrayBuffer> {
    const folder = sourceDirOf(options.sourceDirs, stage);
    return folder === undefined ? origin.artifactOf(stage) : packed(folder);
  }
}

/** Undefined where the spec has no decryption. */
async function keysOf(origin: Origin, inputs: BuildInputs): Promise<ReadonlyMap<string, string> | undefined> {
  if (origin.set.spec.decryption === undefined) return undefined;
  return origin.keys ?? (await inputs.decryption())?.entries;
}

/** Whether the members of ApplySets are labelled is a flag of the controller: its status says so. */
function applySetOf({ metadata, status }: StageSet, stage: Stage): { readonly applySetId?: string } {
  const { inventoryMode = defaultValues.inventoryMode } = status ?? {};
  if (inventoryMode === 'entries') return {};
  return { applySetId: applySetId(inventoryName(metadata.name, stage.name, 0), metadata.namespace ?? '') };
}
