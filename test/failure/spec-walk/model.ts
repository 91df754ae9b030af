import assert from 'node:assert/strict';
import type { ConflictAction, Stage, StageSetSpec } from '../../../src/shared/api/types.ts';
import type { KubeObject } from '../../../src/shared/objects/object.ts';
import { parseObjectId } from '../../../src/shared/objects/object-id.ts';
import { versionOf } from './luck.ts';
import { isBelow } from './versions.ts';
import type { World } from './world.ts';

type Objects = Readonly<Record<string, KubeObject>>;

/** What a walk remembers: the cluster as it was, and what is on it that nobody looks after any more. */
export interface Memory {
  readonly world: World;
  readonly kept: Objects;
  /** As it was after the last success. */
  readonly good: World;
}

/** Compares what an edit has led to with a fresh install of the same spec. Returns what to remember of it. */
export function judge(spec: StageSetSpec, before: Memory, after: World, fresh: World): Memory {
  const refused = refusedChanges(spec, before.world, fresh);
  if (spec.suspend === true) {
    assert.deepEqual(after.ready, fresh.ready);
    assert.deepEqual([after.objects, after.inventories], [before.world.objects, before.world.inventories]);
    return { ...before, world: after };
  }
  const leadsDown = isBelow(versionOf(spec), before.world.version);
  // A fresh install that fails may do so before anybody asks for the version.
  if (leadsDown && (fresh.ready.status === 'True' || after.ready.reason === 'DowngradeRequiresMigration')) {
    assert.equal(after.ready.reason, 'DowngradeRequiresMigration');
    assert.deepEqual([after.objects, after.inventories], [before.world.objects, before.world.inventories]);
    return { ...before, world: after };
  }
  if (refused.some(({ answer }) => answer === 'Fail')) {
    const isFirst = fresh.ready.status === 'True'; // else a fresh install may fail before
    assert.ok(after.ready.reason === 'StageFailed' || (!isFirst && after.ready.reason === fresh.ready.reason));
    if (isFirst && spec.rollbackOnFailure === true) assertRolledBack(spec, before, after);
    return afterFailure(before, after);
  }
  if (fresh.ready.status !== 'True') {
    // The policy may have more to object to on a cluster that is not empty, on which there also is something to go back to.
    const cannotGoBack = spec.rollbackOnFailure === true && after.ready.message.includes('; cannot roll back: ');
    const reason = cannotGoBack ? 'PreviousRevisionUnavailable' : fresh.ready.reason;
    assert.deepEqual({ ...after.ready, message: '' }, { ...fresh.ready, message: '', reason });
    const missing = fresh.ready.message.split('; ').filter((part) => !after.ready.message.includes(part));
    assert.deepEqual(missing, [], after.ready.message);
    const unchanged = refused.map(({ id }) => id);
    assert.deepEqual(pick(after.objects, without(fresh.objects, unchanged)), without(fresh.objects, unchanged));
    return afterFailure(before, after);
  }
  assert.deepEqual(after.ready, fresh.ready);
  return afterSuccess(spec, before, after, fresh, refused);
}

function afterSuccess(
  spec: StageSetSpec,
  before: Memory,
  after: World,
  fresh: World,
  refused: readonly Refused[],
): Memory {
  const kept = without({ ...before.kept, ...newlyKept(spec, before.world) }, Object.keys(fresh.objects));
  const untouched = refused.filter(({ answer }) => answer === 'KeepExisting').map(({ id }) => id);
  const expected = { ...fresh.objects, ...kept, ...pick(before.world.objects, untouched) };
  assert.deepEqual(sorted(after.objects), sorted(expected));
  // What it could not change it has no print of.
  assert.deepEqual(
    mapValues(after.inventories, (entries) => without(entries, untouched)),
    mapValues(fresh.inventories, (entries) => without(entries, untouched)),
  );
  assert.deepEqual(
    mapValues(after.inventories, (entries) => Object.keys(entries).toSorted()),
    mapValues(fresh.inventories, (entries) => Object.keys(entries).toSorted()),
  );
  // What had been brought about before stays, and so does a version that the spec does not tell any more.
  assert.deepEqual(new Set(fresh.marks).difference(new Set(after.marks)), new Set());
  assert.deepEqual([after.version, after.migrating], [fresh.version ?? before.world.version, []]);
  const told = ({ shards, stages, conditions, sources }: World) => [shards, stages, conditions, sources];
  assert.deepEqual(told(after), told(fresh));
  return { world: after, kept, good: after };
}

/** A run that fails prunes nothing, and may have taken up again what had been kept. */
function afterFailure(before: Memory, after: World): Memory {
  const lost = Object.keys(before.world.objects).filter((id) => after.objects[id] === undefined);
  assert.deepEqual(lost, []);
  return { ...before, world: after, kept: without(before.kept, Object.values(after.inventories).flatMap(Object.keys)) };
}

/** What the stages that are still there had when all was well. */
function assertRolledBack(spec: StageSetSpec, { good }: Memory, after: World): void {
  const stages = spec.stages.flatMap(({ name }) => Object.keys(good.inventories[name] ?? {}));
  assert.deepEqual(pick(after.objects, stages), pick(good.objects, stages));
}

/** What every stage that has it on record is told not to prune. A stage that left the spec cannot tell. */
function newlyKept(spec: StageSetSpec, { inventories, objects }: World): Objects {
  const prunes = (name: string) => spec.stages.find((stage) => stage.name === name)?.prune !== false;
  const doomed = Object.entries(inventories).flatMap(([stage, ids]) => (prunes(stage) ? Object.keys(ids) : []));
  const recorded = Object.values(inventories).flatMap(Object.keys);
  return without(pick(objects, recorded), doomed);
}

interface Refused {
  readonly id: string;
  readonly answer: ConflictAction;
}

/** The server does not let the data of an immutable ConfigMap change. */
function refusedChanges(spec: StageSetSpec, before: World, fresh: World): readonly Refused[] {
  return Object.entries(fresh.objects).flatMap(([id, object]) => {
    const live = before.objects[id];
    if (live?.immutable !== true || isSame(live.data, object.data)) return [];
    const stage = spec.stages.find(({ name }) => fresh.inventories[name]?.[id] !== undefined);
    return stage === undefined ? [] : [{ id, answer: answerOf(stage, id, object) }];
  });
}

function answerOf({ conflictPolicy = {}, force }: Stage, id: string, { apiVersion }: KubeObject): ConflictAction {
  const own = { ...parseObjectId(id), apiVersion };
  const rule = conflictPolicy.rules?.find(({ target }) =>
    Object.entries(target).every(([field, wanted]) => own[field as keyof typeof own] === wanted),
  );
  return rule?.action ?? conflictPolicy.default ?? (force === true ? 'Recreate' : 'Fail');
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function pick<T>(all: Readonly<Record<string, T>>, wanted: Iterable<string> | Objects): Readonly<Record<string, T>> {
  const ids = new Set(Symbol.iterator in wanted ? (wanted as Iterable<string>) : Object.keys(wanted));
  return Object.fromEntries(Object.entries(all).filter(([id]) => ids.has(id)));
}

function without<T>(all: Readonly<Record<string, T>>, unwanted: readonly string[]): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(all).filter(([id]) => !unwanted.includes(id)));
}

function sorted<T>(all: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  return Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function mapValues<T, R>(all: Readonly<Record<string, T>>, change: (value: T) => R): Readonly<Record<string, R>> {
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [key, change(value)]));
}
