import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LeaseWorld, type Replica } from '../../../test/support/lease-world.ts';
import { type Random, randomFrom, seeds } from '../../../test/support/seeds.ts';

function startWorld(seed = 1) {
  return new LeaseWorld(randomFrom(seed));
}

const even = (counts: readonly number[]) => Math.max(...counts) - Math.min(...counts) <= 1;

test('one of two leads; when it dies the other takes over, within 20 s', async () => {
  const world = startWorld();
  const replicas = [world.start(1), world.start(1)];
  await world.pass(5_000);
  const [first, second] = replicas.toSorted((a, b) => b.leading - a.leading) as [Replica, Replica];
  assert.deepEqual([first.leading, second.leading], [1, 0]);
  first.freeze();
  await world.pass(20_000);
  assert.equal(second.leading, 1);
});

test('one that stops leaves its Lease to lapse', async () => {
  const world = startWorld();
  const first = world.start(1);
  await world.pass(3_000);
  const second = world.start(1);
  await world.pass(3_000);
  first.stop();
  await world.pass(6_500); // up to 3 s of draining, and a look every 2 s
  await first.ended;
  assert.deepEqual([first.leading, second.leading], [0, 0]);
  await world.pass(15_000);
  assert.deepEqual([first.leading, second.leading], [0, 1]);
});

test('one that was frozen for longer than its lease begins no write when it wakes', async () => {
  const world = startWorld();
  const first = world.start(1);
  await world.pass(3_000);
  const second = world.start(1);
  await world.pass(5_000);
  first.freeze();
  await world.pass(30_000);
  const before = first.requestsStarted;
  first.thaw();
  assert.equal([...world.ownersByKey().values()].includes(first), false, 'before any timer has run');
  await world.pass(30_000);
  assert.deepEqual([first.requestsStarted, first.leading, second.leading], [before, 0, 1]);
});

test('one that is cut off stops before its Lease can be taken', async () => {
  const world = startWorld();
  const first = world.start(1);
  await world.pass(3_000);
  const second = world.start(1);
  await world.pass(3_000);
  first.isCutOff = true;
  await world.pass(25_000);
  assert.deepEqual([first.leading, second.leading], [0, 1]);
});

test('shards are shared evenly, and again when a replica comes, goes or dies', async () => {
  const world = startWorld();
  const [a, b, c] = [world.start(7), world.start(7), world.start(7)] as const;
  assert.deepEqual((await world.settled([a, b, c])).toSorted(), [2, 2, 3]);
  a.freeze();
  assert.deepEqual((await world.settled([b, c])).toSorted(), [3, 4]);
  const d = world.start(7);
  assert.deepEqual((await world.settled([b, c, d])).toSorted(), [2, 2, 3]);
  b.stop();
  assert.deepEqual((await world.settled([c, d])).toSorted(), [3, 4]);
});

test('replicas that count other shards wait until the last Lease of the old ones has lapsed', async () => {
  const world = startWorld();
  const old = [world.start(2), world.start(2)] as const;
  assert.deepEqual(await world.settled(old), [1, 1]);
  const fresh = [world.start(3), world.start(3)];
  await world.pass(30_000);
  assert.deepEqual(
    fresh.map(({ leading }) => leading),
    [0, 0],
  );
  old[0].stop();
  await world.pass(30_000);
  assert.deepEqual(
    [...old, ...fresh].map(({ leading }) => leading),
    [0, 2, 0, 0],
  );
  old[1].freeze(); // killed: its Leases are never given back
  assert.ok(even(await world.settled(fresh)));
});

test('a Lease that somebody deletes is not taken before its holder has stopped', async () => {
  const world = startWorld();
  const replicas = [world.start(1), world.start(1)];
  await world.pass(5_000);
  replicas.find(({ leading }) => leading === 1)?.freeze();
  for (const name of world.leases.keys()) world.remove(name);
  await world.pass(6_000);
  for (const replica of replicas) replica.thaw();
  await world.pass(30_000);
  assert.equal(
    replicas.reduce((sum, { leading }) => sum + leading, 0),
    1,
  );
});

for (const seed of seeds()) {
  test(`whatever happens to them, no StageSet has two owners, and in the end each has one (seed ${seed})`, async () => {
    const random = randomFrom(seed);
    const world = new LeaseWorld(random);
    const replicas: Replica[] = [];
    for (let i = 0; i < 60; i += 1) {
      happen(world, replicas, random);
      await world.pass(random.below(6_000));
    }
    for (const replica of replicas) {
      replica.thaw();
      replica.isCutOff = false;
      replica.stop();
    }
    await world.pass(40_000);
    const last = [world.start(3), world.start(3)];
    assert.ok(even(await world.settled(last)));
  });
}

/** One thing that happens to one of at most five replicas, which agree on the number of shards or do not. */
function happen(world: LeaseWorld, replicas: Replica[], random: Random): void {
  const startOne = () => replicas.push(world.start(random.pick([1, 2, 2, 3, 3])));
  if (replicas.length === 0) startOne();
  const one = random.pick(replicas);
  const things: readonly (() => void)[] = [
    () => void (replicas.length < 5 && startOne()),
    () => one.freeze(),
    () => one.thaw(),
    () => one.thaw(),
    () => {
      one.isCutOff = !one.isCutOff;
    },
    () => {
      one.stop();
      replicas.splice(replicas.indexOf(one), 1);
    },
  ];
  random.pick(things)();
}
