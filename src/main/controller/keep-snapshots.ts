import type { StageSnapshot } from '../../shared/api/types.ts';
import { StageError } from '../outcome/outcome.ts';
import { publicMessage } from '../outcome/public-message.ts';
import type { Reservation } from '../pool/budget.ts';
import { FetchError } from '../source/fetch.ts';
import { StoreError } from '../store/blobs.ts';
import type { EntryAt } from '../store/entry-key.ts';
import type { RollbackStore } from '../store/rollback-store.ts';
import { announce } from './announce.ts';
import type { StageToRoll } from './plans.ts';
import type { Run } from './world.ts';

/**
 * Puts what stands now where a rollback finds it, whatever becomes of its source. What goes wrong is told of, and tried
 * again by the next run: this one has succeeded.
 */
export async function keepSnapshots(run: Run, stages: readonly StageToRoll[]): Promise<void> {
  const { world, set, memory, superseded } = run;
  const { store } = world;
  if (store === undefined || !wantsThemKept(run)) return;
  // What its source has no more is in the store, or nowhere.
  const toBeHad = stages.filter(({ snapshot }) => !run.remarks.has(snapshot.stage));
  const due = toBeHad.filter(({ snapshot }) => memory.kept.get(snapshot.stage) !== nameOf(snapshot));
  if (due.length === 0) return;
  try {
    for (const rolled of due) await keep(run, store, rolled);
    const names = new Set(set.spec.stages.map(({ name }) => name));
    const wanted = { stages: names, now: stages.map(({ snapshot }) => entryAt(run, snapshot)) };
    await run.turn.whileParked('rollback store', () => store.trim(ownerOf(run), wanted, superseded));
  } catch (error) {
    if (![StoreError, FetchError, StageError].some((kind) => error instanceof kind)) throw error;
    tellFailure(run, error);
  }
}

/** Nobody will want them any more. */
export async function forgetSnapshots(run: Run): Promise<void> {
  const { store } = run.world;
  if (store === undefined) return;
  try {
    await run.turn.whileParked('rollback store', () => store.forget(ownerOf(run), run.superseded));
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    tellFailure(run, error);
  }
}

function tellFailure(run: Run, error: unknown): void {
  announce(run, { type: 'Warning', reason: 'RollbackStoreFailed', note: publicMessage(error) });
}

export function entryAt(run: Run, { stage, digest = '', renderDigest = '' }: StageSnapshot): EntryAt {
  return { ...ownerOf(run), stage, digest, renderDigest };
}

function ownerOf({ set }: Run) {
  const { namespace = '', name, uid = '' } = set.metadata;
  return { namespace, name, uid };
}

function nameOf({ digest, renderDigest }: StageSnapshot): string {
  return `${digest} ${renderDigest}`;
}

function wantsThemKept({ set: { spec } }: Run): boolean {
  return spec.rollbackOnFailure === true || (spec.updateWindows ?? []).length > 0;
}

async function keep(run: Run, store: RollbackStore, rolled: StageToRoll): Promise<void> {
  const { memory, superseded, turn } = run;
  const { stage } = rolled.snapshot;
  const at = entryAt(run, rolled.snapshot);
  const isFirst = !memory.kept.has(stage);
  const isThere = isFirst && (await turn.whileParked('rollback store', () => store.has(at, superseded)));
  if (!isThere) await (run.set.spec.decryption === undefined ? keepRender : keepArtifact)(run, store, rolled, at);
  memory.kept.set(stage, nameOf(rolled.snapshot));
}

async function keepRender(run: Run, store: RollbackStore, { plan, snapshot, bodies }: StageToRoll, at: EntryAt) {
  using taken = await bodies();
  taken.grow(taken.bytes.byteLength); // packed, it is there twice
  const { renderDigest = '' } = snapshot;
  const what = { is: 'render', renderDigest, plan } as const;
  await run.turn.whileParked('rollback store', () => store.put(at, what, new Uint8Array(taken.bytes), run.superseded));
}

/** What was decrypted is never written anywhere: the artifact is as its source has it. */
async function keepArtifact(run: Run, store: RollbackStore, { pin, snapshot }: StageToRoll, at: EntryAt) {
  const { world, superseded } = run;
  const { renderDigest = '' } = snapshot;
  await run.turn.whileParked('rollback store', async () => {
    using share: Reservation = await world.budget.reserve(2 * (pin.artifact.sizeBytes ?? UNKNOWN_BYTES), superseded);
    const archive = await world.download(pin.artifact, superseded);
    share.resize(2 * archive.byteLength);
    if (!(await hasDigest(archive, pin.artifact.digest)))
      throw new StoreError('keep an artifact', 'its source serves another');
    await store.put(at, { is: 'artifact', renderDigest }, new Uint8Array(archive), superseded);
  });
}

/** Off this thread. */
async function hasDigest(bytes: ArrayBuffer, digest: string): Promise<boolean> {
  const [algorithm, hex] = digest.split(':');
  const found = await crypto.subtle.digest(algorithm === 'sha512' ? 'SHA-512' : 'SHA-256', bytes);
  return Buffer.from(found).toString('hex') === hex;
}

const UNKNOWN_BYTES = 4 * 2 ** 20;
