import type { Stage, StageSnapshot } from '../../shared/api/types.ts';
import type { PlannedObject, PlanSummary, VersionFound } from '../../shared/protocol/tasks.ts';
import { versionStageOf } from '../../shared/versions/version-place.ts';
import { accountOf, type Target } from '../apply/cluster.ts';
import { BuildInputs } from '../build/build-inputs.ts';
import { type BuildJob, type Scopes, scopesOf, stageBuildOf } from '../build/build-job.ts';
import type { BuiltStage, HeldBodies, Park } from '../build/builds.ts';
import { clusterData } from '../build/cluster-data.ts';
import { duringBuild } from '../build/during-build.ts';
import { renderDigestOf, substitutionDigestOf, type VersionOf } from '../build/render-digest.ts';
import { refuseSharedObjects } from '../build/shared-objects.ts';
import { during, StageError } from '../outcome/outcome.ts';
import type { Pin } from '../source/pin.ts';
import { unlessGone } from './left-alone.ts';
import { timed } from './take-step.ts';
import type { Run } from './world.ts';

/** A stage that this run is to roll out, before its turn. */
export interface StageInLine {
  readonly stage: Stage;
  readonly position: number;
  readonly pin: Pin;
}

/** A stage with all that is known of it before it is applied. */
export interface StageToRoll extends StageInLine {
  readonly plan: PlanSummary;
  /** Undefined where it comes from the rollback store as it was rendered. */
  readonly built?: BuiltStage;
  /** What is sent: kept, or made once more. */
  readonly bodies: () => Promise<HeldBodies>;
  /** Where this very render can be had again. */
  readonly snapshot: StageSnapshot;
}

/** Of each stage by its name, what it is to become, or why that is not known. A run builds some of them again. */
export class Plans {
  readonly #latest = new Map<string, StageToRoll | StageError>();

  get(stage: string): StageToRoll | StageError | undefined {
    return this.#latest.get(stage);
  }

  set(stage: string, latest: StageToRoll | StageError): void {
    this.#latest.set(stage, latest);
  }

  /** In their order. */
  built(): readonly StageToRoll[] {
    return [...this.#latest.values()].flatMap((each) => (each instanceof StageError ? [] : [each]));
  }

  objects(): readonly PlannedObject[] {
    return this.built().flatMap(({ plan }) => plan.objects);
  }
}

export interface BuiltStages {
  /** All that are let out. */
  readonly line: readonly StageInLine[];
  readonly plans: Plans;
  /** What the stage that tells the version says, wherever it stands; undefined where none does. */
  readonly version: VersionFound | undefined;
}

/**
 * Builds every stage before the first is applied, and keeps identities and digests only. A build that fails counts at
 * its stage's turn. A stage whose build has not changed since the last run is neither fetched nor built.
 */
export async function buildStages(
  run: Run,
  target: Target,
  pins: readonly Pin[],
  keptOf: (wanted: StageToBuild) => Promise<StageToRoll | undefined>,
): Promise<BuiltStages> {
  const line: StageInLine[] = [];
  const plans = new Plans();
  const inputs = inputsOf(run);
  for (const [position, stage] of run.set.spec.stages.entries()) {
    const pin = pins.find((each) => each.stage === stage.name);
    if (pin === undefined) continue; // held back
    try {
      const wanted = { stage, position, pin, earlier: plans.built(), inputs };
      const rolled = await unlessGone<StageToRoll>(
        run,
        pin,
        () => toRoll(run, target, wanted),
        () => keptOf(wanted),
      );
      if (rolled === undefined) continue;
      if (rolled.built !== undefined) run.memory.builds.set(stage.name, rolled.built);
      plans.set(stage.name, rolled);
    } catch (error) {
      if (!(error instanceof StageError)) throw error;
      plans.set(stage.name, error);
    }
    line.push({ stage, position, pin });
  }
  refuseSharedObjects(plans.built().map(({ stage, plan }) => ({ stage: stage.name, objects: plan.objects })));
  const versionStage = run.set.spec.version && versionStageOf(run.set.spec.version);
  const telling = versionStage === undefined ? undefined : plans.get(versionStage);
  if (telling instanceof StageError) throw telling; // nobody knows then which migrations come first
  return { line, plans, version: telling?.plan.version };
}

/** Most artifacts come and are built in less: begun runs then end before further ones begin and hold plans of their own. */
const BUILD_PATIENCE_MS = 100;

export interface StageToBuild extends StageInLine {
  /** Stages that are on the cluster by the time this one is applied. */
  readonly earlier: readonly StageToRoll[];
  readonly inputs: Inputs;
}

/** Built from what is pinned, if it is not what the last run has built. */
export async function toRoll(
  run: Run,
  target: Target,
  { stage, position, pin, earlier, inputs }: StageToBuild,
): Promise<StageToRoll & { readonly built: BuiltStage }> {
  const job = await jobOf(run, target, stage, pin, scopesFor(target, earlier), inputs.read);
  const { builds } = run.world;
  const last = run.memory.builds.get(stage.name);
  const building = { stage: stage.name, step: 'fetch artifact and build' };
  const built = await timed(run, building, () =>
    duringBuild(stage.name, () => builds.build(job, last, parkOf(run), run.superseded)),
  );
  const plan = built.summary;
  const bodies = () => duringBuild(stage.name, () => builds.bodies(job, built, parkOf(run), run.superseded));
  const snapshot = snapshotOf(job, substitutionDigestOf(stage.postBuild ?? {}, inputs.versionOf), plan);
  return { stage, position, pin, plan, bodies, snapshot, built };
}

export function parkOf({ turn }: Run): Park {
  return (waitingFor, wait) => turn.whileParked(waitingFor, wait, BUILD_PATIENCE_MS);
}

async function jobOf(
  run: Run,
  target: Target,
  stage: Stage,
  pin: Pin,
  scopes: Scopes,
  inputs: BuildInputs,
): Promise<BuildJob> {
  const { namespace = '', name } = run.set.metadata;
  return {
    artifact: pin.artifact,
    stage: stageBuildOf(stage, run.set.spec.version),
    owner: { namespace, name, stage: stage.name },
    applySetId: run.inventory.applySetIdOf({ stage: stage.name, target: target.recordedAs }),
    scopes,
    decryption: await during(stage.name, 'configure decryption', () => inputs.decryption()),
    variables: await during(stage.name, 'build', () => inputs.variablesOf(stage)),
  };
}

export interface Inputs {
  readonly read: BuildInputs;
  /** Of what was read so far. */
  readonly versionOf: VersionOf;
}

/** Inputs are read anew each run, as the StageSet's account where it names one. */
export function inputsOf({ set, world, superseded }: Run): Inputs {
  const { namespace = '' } = set.metadata;
  const account = accountOf(set);
  const versions = new Map<string, string>();
  const read = clusterData({
    client: world.cluster.client,
    namespace,
    as: account,
    signal: superseded,
    onRead: (kind, name, version) => versions.set(`${kind}/${name}`, version),
  });
  return {
    read: new BuildInputs(set, { account, read }),
    versionOf: (kind, name) => versions.get(`${kind}/${name}`),
  };
}

/** What is not rolled out stays as it was. */
export function snapshotWith({ set }: Run, stages: readonly StageToRoll[]): readonly StageSnapshot[] {
  const now = new Map(stages.map(({ snapshot }) => [snapshot.stage, snapshot]));
  const before = new Map((set.status?.lastAppliedSnapshot ?? []).map((snapshot) => [snapshot.stage, snapshot]));
  return set.spec.stages.flatMap(({ name }) => now.get(name) ?? before.get(name) ?? []);
}

function snapshotOf(job: BuildJob, substitutionDigest: string, plan: PlanSummary): StageSnapshot {
  const { url, digest, revision } = job.artifact;
  const renderDigest = renderDigestOf(job, substitutionDigest, plan);
  return { stage: job.owner.stage, url, digest, revision, substitutionDigest, renderDigest };
}

/** What is namespaced is for the cluster to say that gets it. */
function scopesFor({ cluster }: Target, earlier: readonly StageToRoll[]): Scopes {
  const defined = earlier.flatMap(({ plan }) => plan.definedKinds);
  return scopesOf(cluster.discovery.clusterScopedKinds(), defined);
}
