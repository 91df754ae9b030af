import type { Stage, StageSnapshot } from '../../shared/api/types.ts';
import type { Target } from '../apply/cluster.ts';
import { type HeldBodies, held, takenWhileParked } from '../build/builds.ts';
import { during, StageError } from '../outcome/outcome.ts';
import { publicMessage } from '../outcome/public-message.ts';
import type { Pin } from '../source/pin.ts';
import { stageSourceOf } from '../source/pin-sources.ts';
import { StoreError } from '../store/blobs.ts';
import type { EntryAt } from '../store/entry-key.ts';
import type { RollbackStore, TakenEntry } from '../store/rollback-store.ts';
import { announce } from './announce.ts';
import { entryAt } from './keep-snapshots.ts';
import { type Inputs, parkOf, type StageToBuild, type StageToRoll, toRoll } from './plans.ts';
import type { Run } from './world.ts';

/** A stage as it was applied before. */
export interface StageToTakeBack {
  readonly stage: Stage;
  readonly position: number;
  readonly snapshot: StageSnapshot;
  /** Stages that are back on the cluster by the time this one is applied. */
  readonly earlier: readonly StageToRoll[];
  readonly inputs: Inputs;
}

/** It is not to be had any more, or not as it was. */
export class NotRestorable extends Error {
  constructor({ stage, revision }: StageSnapshot, why: string, cause?: unknown) {
    super(`stage "${stage}" at ${revision}: ${why}`, { cause });
    this.name = 'NotRestorable';
  }
}

/**
 * The very objects that this snapshot is of: from the store to the byte, or built again from the artifact, which the
 * store or else its source has. Holds no bodies when it is done. Throws NotRestorable.
 */
export async function takeBack(run: Run, target: Target, wanted: StageToTakeBack): Promise<StageToRoll> {
  const { stage, position, snapshot } = wanted;
  const pin = pinOf(run, wanted);
  const at = entryAt(run, snapshot);
  const kept = await lookUp(run, at);
  if (kept?.is === 'render') {
    return { stage, position, pin, snapshot, plan: kept.plan, bodies: () => keptBodies(run, at) };
  }
  const artifact = kept === undefined ? pin.artifact : { ...pin.artifact, kept: at };
  return await buildAgain(run, target, wanted, { ...pin, artifact });
}

/** What update windows keep a stage at, from the store: its source has it no more. Undefined where neither has it. */
export async function keptOf(run: Run, target: Target, wanted: StageToBuild): Promise<StageToRoll | undefined> {
  const { pin, ...rest } = wanted;
  const { digest, revision } = pin.artifact;
  const isIt = (each: StageSnapshot) =>
    each.stage === pin.stage && each.digest === digest && each.revision === revision;
  const snapshot = run.set.status?.lastAppliedSnapshot?.find(isIt);
  if (run.world.store === undefined || snapshot === undefined) return undefined;
  try {
    const back = await takeBack(run, target, { ...rest, snapshot });
    run.remarks.set(pin.stage, `revision ${revision} comes from the rollback store, as it was rendered then`);
    return back;
  } catch (error) {
    if (!(error instanceof NotRestorable)) throw error;
    return undefined;
  }
}

async function buildAgain(run: Run, target: Target, wanted: StageToTakeBack, pin: Pin): Promise<StageToRoll> {
  const { snapshot } = wanted;
  let built: StageToRoll;
  try {
    built = await toRoll(run, target, { ...wanted, pin });
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    throw new NotRestorable(snapshot, `${error.operation}: ${publicMessage(error.cause)}`, error);
  }
  if (built.snapshot.renderDigest === snapshot.renderDigest) return { ...built, snapshot };
  const isOther = built.snapshot.substitutionDigest !== snapshot.substitutionDigest;
  const what = isOther ? 'what its variables come from has changed' : 'the spec or the controller renders it otherwise';
  throw new NotRestorable(snapshot, `${what} since, and the rollback store does not have what was applied`);
}

function pinOf({ set }: Run, { stage, snapshot }: StageToTakeBack): Pin {
  const { url, digest, revision = '' } = snapshot;
  if (url === undefined || digest === undefined) throw new NotRestorable(snapshot, 'status does not say where it was');
  return { ...stageSourceOf(stage, set), artifact: { url, digest, revision, sizeBytes: undefined } };
}

/** A store that fails is told of; the source may still have what it should have had. */
async function lookUp(run: Run, at: EntryAt): Promise<TakenEntry['kept'] | undefined> {
  const { store } = run.world;
  if (store === undefined) return undefined;
  try {
    using entry = await taken(run, store, at);
    return entry?.kept;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    announce(run, { type: 'Warning', reason: 'RollbackStoreFailed', note: `stage "${at.stage}": ${error.message}` });
    return undefined;
  }
}

async function keptBodies(run: Run, at: EntryAt): Promise<HeldBodies> {
  return await during(at.stage, 'apply', async () => {
    const entry = run.world.store && (await taken(run, run.world.store, at));
    if (entry === undefined) throw new Error('what was applied before has gone from the rollback store meanwhile');
    return held(entry.bytes, entry.share);
  });
}

function taken(run: Run, store: RollbackStore, at: EntryAt): Promise<TakenEntry | undefined> {
  return takenWhileParked(parkOf(run), 'rollback store', () => store.take(at, run.superseded));
}
