import { appliesHelmHooks, pathOf } from '../../shared/api/defaults.ts';
import type { Stage } from '../../shared/api/types.ts';
import { describeObjectId, type ObjectId } from '../../shared/objects/object-id.ts';
import { TaskError } from '../../shared/protocol/task-error.ts';
import type { PlanSummary } from '../../shared/protocol/tasks.ts';
import type { BuildJob, Scopes } from '../build/build-job.ts';
import type { BuiltStage, Park } from '../build/builds.ts';
import { during, type Operation, RunEnded, StageError } from '../outcome/outcome.ts';
import { FetchError } from '../source/fetch.ts';
import type { Pin } from '../source/pin.ts';
import { BuildInputs } from './build-inputs.ts';
import type { Run } from './world.ts';

/** A stage with all that is known of it before it is applied. */
export interface StageToRoll {
  readonly stage: Stage;
  readonly position: number;
  readonly pin: Pin;
  readonly job: BuildJob;
  readonly built: BuiltStage;
  readonly plan: PlanSummary;
}

export interface BuiltStages {
  /** All of them, or those before the first that could not be built. */
  readonly stages: readonly StageToRoll[];
  /** Of the stage after these. */
  readonly failure: StageError | undefined;
}

/**
 * Builds every stage before the first is applied, and keeps identities and digests only.
 * A stage whose build has not changed since the last run is neither fetched nor built.
 */
export async function buildStages(run: Run, pins: readonly Pin[]): Promise<BuiltStages> {
  const built: StageToRoll[] = [];
  const inputs = new BuildInputs(run);
  const failures: { readonly position: number; readonly error: StageError }[] = [];
  for (const [position, stage] of run.set.spec.stages.entries()) {
    const pin = pins[position];
    if (pin === undefined) throw new Error(`stage ${position} has no pin`);
    try {
      const job = await jobOf(run, stage, pin, scopesFor(run, built), inputs);
      const latest = await buildStage(run, job);
      built.push({ stage, position, pin, job, built: latest, plan: latest.summary });
    } catch (error) {
      if (!(error instanceof StageError)) throw error;
      failures.push({ position, error });
    }
  }
  refuseSharedObjects(built);
  const [first] = failures;
  if (first === undefined) return { stages: built, failure: undefined };
  return { stages: built.filter(({ position }) => position < first.position), failure: first.error };
}

/** Most artifacts come and are built in less: begun runs then end before further ones begin and hold plans of their own. */
const BUILD_PATIENCE_MS = 100;

/** The bodies of a built stage: kept, or built again. */
export function bodiesOf(run: Run, { job, built }: StageToRoll): Promise<ArrayBuffer> {
  return duringBuild(job.owner.stage, () => run.world.builds.bodies(job, built, parkOf(run), run.superseded));
}

async function buildStage(run: Run, job: BuildJob): Promise<BuiltStage> {
  const { stage } = job.owner;
  const { builds } = run.world;
  const last = run.memory.builds.get(stage);
  const built = await duringBuild(stage, () => builds.build(job, last, parkOf(run), run.superseded));
  run.memory.builds.set(stage, built);
  return built;
}

function parkOf({ turn }: Run): Park {
  return (waitingFor, wait) => turn.whileParked(waitingFor, wait, BUILD_PATIENCE_MS);
}

async function jobOf(run: Run, stage: Stage, pin: Pin, scopes: Scopes, inputs: BuildInputs): Promise<BuildJob> {
  const { namespace = '', name } = run.set.metadata;
  return {
    artifact: pin.artifact,
    stage: {
      path: pathOf(stage),
      applyHelmHookResources: appliesHelmHooks(stage),
      patches: stage.patches ?? [],
    },
    owner: { namespace, name, stage: stage.name },
    applySetId: run.inventory.applySetIdOf(stage.name),
    scopes,
    decryption: await during(stage.name, 'configure decryption', () => inputs.decryption()),
    variables: await during(stage.name, 'build', () => inputs.variablesOf(stage)),
  };
}

/** What the server says of kinds, and what earlier stages' CRDs will make it say. */
function scopesFor(run: Run, earlier: readonly StageToRoll[]): Scopes {
  const defined = earlier.flatMap(({ plan }) => plan.definedKinds);
  const names = (clusterScoped: boolean) =>
    defined.filter((kind) => kind.clusterScoped === clusterScoped).map(({ group, kind }) => `${group}/${kind}`);
  const known = run.world.cluster.discovery.clusterScopedKinds();
  return { clusterScoped: [...new Set([...known, ...names(true)])].toSorted(), namespaced: names(false).toSorted() };
}

function refuseSharedObjects(stages: readonly StageToRoll[]): void {
  const claimedBy = new Map<ObjectId, string>();
  const twice: string[] = [];
  for (const { stage, plan } of stages) {
    for (const { id } of plan.objects) {
      const other = claimedBy.get(id);
      if (other === undefined) claimedBy.set(id, stage.name);
      else twice.push(`${describeObjectId(id)} is in the stages "${other}" and "${stage.name}"`);
    }
  }
  if (twice.length === 0) return;
  const more = twice.length > 10 ? `; and ${twice.length - 10} more` : '';
  const message = `an object may be in one stage only: ${twice.slice(0, 10).join('; ')}${more}`;
  throw new RunEnded({ reason: 'InvalidSpec', message });
}

/** Which of them went wrong shows only in how: the artifact, the keys, or what is in it. */
async function duringBuild<T>(stage: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    return during(stage, operationOf(error), () => Promise.reject(error));
  }
}

function operationOf(error: unknown): Operation {
  if (error instanceof FetchError) return 'fetch artifact';
  if (!(error instanceof TaskError)) return 'build';
  if (error.code === 'badKeys') return 'configure decryption';
  return error.task === 'unpack' ? 'fetch artifact' : 'build';
}
