import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Random, randomFrom, seeds } from '../../../test/support/seeds.ts';
import type { InventoryTarget } from '../../shared/api/types.ts';
import { isAt, planPrune } from './plan-prune.ts';
import type { RecordedStage } from './recorded.ts';
import type { Entry } from './shards.ts';

const here: InventoryTarget = { cluster: 'u-1/a', identity: 'controller' };
const entriesOf = (ids: Iterable<string>) => new Map([...ids].map((id): [string, Entry] => [id, { id, v: 'v1' }]));
const recordedStage = (stage: string, position: number, ids: readonly string[], target = here): RecordedStage => ({
  stage,
  position,
  target,
  shards: [],
  entries: entriesOf(ids),
});
const ids = (entries: readonly Entry[] = []) => entries.map(({ id }) => id);

test('what a stage renders no more is doomed, unless another stage renders it or it does not prune', () => {
  const plan = planPrune({
    recorded: [recordedStage('a', 0, ['stays', 'goes', 'moves']), recordedStage('b', 1, ['kept'])],
    here,
    stages: [
      { name: 'a', prunes: true },
      { name: 'b', prunes: false },
    ],
    rendered: new Set(['stays', 'moves']),
    forgets: false,
  });
  assert.deepEqual(ids(plan.doomed.get('a')), ['goes']);
  assert.deepEqual(ids(plan.doomed.get('b')), []);
  assert.equal(plan.held, 4);
});

test('stages that left the spec go last first, and so does what was applied as somebody else', () => {
  const former = { ...here, identity: 'system:serviceaccount:shop:former' };
  const plan = planPrune({
    recorded: [recordedStage('x', 1, ['x']), recordedStage('a', 0, ['a', 'b'], former), recordedStage('y', 2, ['y'])],
    here,
    stages: [{ name: 'a', prunes: true }],
    rendered: new Set(['a']),
    forgets: false,
  });
  assert.deepEqual(
    plan.former.map(({ recorded, doomed }) => [recorded.stage, ids(doomed)]),
    [
      ['y', ['y']],
      ['x', ['x']],
      ['a', ['b']],
    ],
  );
});

/** Objects as they stand on two clusters, and who still answers for them. */
interface Model {
  recorded: RecordedStage[];
  /** `<cluster> <id>` of all that we put up and have neither deleted nor let go. */
  readonly ours: Set<string>;
}

const clusters = ['u-1/a', 'u-2/b'] as const;
const names = ['a', 'b', 'c'] as const;

function anyTarget(random: Random): InventoryTarget {
  return { cluster: random.pick(clusters), identity: random.pick(['controller', 'system:serviceaccount:shop:app']) };
}

/** As a run does it: records and applies each stage, then prunes; deletions may fail. */
function play(random: Random, model: Model): void {
  const target = anyTarget(random);
  const stages = names.filter(() => random.below(3) > 0).map((name) => ({ name, prunes: random.below(5) > 0 }));
  const forgets = random.below(8) === 0;
  const byStage = new Map<string, string[]>(stages.map(({ name }) => [name, []]));
  for (let i = 0; i < 12; i += 1) {
    if (stages.length > 0 && random.below(2) === 0) byStage.get(random.pick(stages).name)?.push(`o${i}`);
  }
  const rendered = new Set([...byStage.values()].flat());
  for (const [position, { name }] of stages.entries()) {
    const before = model.recorded.find((each) => each.stage === name && isAt(each, target));
    const union = [...(before?.entries.keys() ?? []), ...(byStage.get(name) ?? [])];
    model.recorded = [
      ...model.recorded.filter((each) => each !== before),
      recordedStage(name, position, union, target),
    ];
  }
  for (const id of rendered) model.ours.add(`${target.cluster} ${id}`);

  const plan = planPrune({ recorded: model.recorded, here: target, stages, rendered, forgets });
  const failed = new Set<string>();
  const doomed = [...[...plan.doomed.values()].flat(), ...plan.former.flatMap((former) => former.doomed)];
  for (const { id } of doomed) {
    assert.ok(!rendered.has(id), `${id} is rendered`);
    if (random.below(6) === 0) failed.add(id);
    else model.ours.delete(`${target.cluster} ${id}`);
  }
  const letGo = (each: RecordedStage, gone: readonly Entry[]) => {
    const isThere = (id: string) => each.target.cluster === target.cluster && rendered.has(id);
    for (const id of each.entries.keys()) {
      if (!isThere(id) && !ids(gone).includes(id)) model.ours.delete(`${each.target.cluster} ${id}`);
    }
  };
  for (const each of model.recorded) if (isAt(each, target)) letGo(each, plan.doomed.get(each.stage) ?? []);
  for (const former of plan.former) letGo(former.recorded, former.doomed);

  const trimmed = stages.map(({ name }, position) => {
    const left = ids(plan.doomed.get(name)).filter((id) => failed.has(id));
    return recordedStage(name, position, [...(byStage.get(name) ?? []), ...left], target);
  });
  const dissolved = plan.former.flatMap(({ recorded, doomed: going }) => {
    const left = ids(going).filter((id) => failed.has(id));
    return left.length === 0 ? [] : [recordedStage(recorded.stage, recorded.position, left, recorded.target)];
  });
  model.recorded = [...trimmed, ...dissolved, ...plan.elsewhere];
  if (failed.size > 0) return;
  const onThisCluster = [...model.ours].filter((each) => each.startsWith(`${target.cluster} `));
  assert.deepEqual(onThisCluster.toSorted(), [...rendered].map((id) => `${target.cluster} ${id}`).toSorted());
}

for (const seed of seeds()) {
  test(`whatever changes, nothing of ours goes unrecorded and nothing that is rendered goes, seed ${seed}`, () => {
    const random = randomFrom(seed);
    const model: Model = { recorded: [], ours: new Set() };
    for (let round = 0; round < 500; round += 1) {
      play(random, model);
      const recorded = new Set(
        model.recorded.flatMap(({ target, entries }) => [...entries.keys()].map((id) => `${target.cluster} ${id}`)),
      );
      const lost = [...model.ours].filter((each) => !recorded.has(each));
      assert.deepEqual(lost, [], `round ${round}`);
    }
  });
}
