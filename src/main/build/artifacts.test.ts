import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomFrom, seeds } from '../../../test/support/seeds.ts';
import { createByteBudget } from '../pool/byte-budget.ts';
import type { Artifact } from '../source/source-object.ts';
import { Artifacts, type Download } from './artifacts.ts';

const artifact: Artifact = { url: 'http://a/1', digest: 'sha256:1', revision: '1', sizeBytes: 10 };
const never = new AbortController().signal;

/** Downloads that the test ends when it likes; unpacking takes no time. */
function scene({ budgetBytes = 1_000, idleBytes = 100 } = {}) {
  const asked: { readonly url: string; readonly signal: AbortSignal; finish(): void }[] = [];
  const download: Download = ({ url }, signal) =>
    new Promise((resolve, reject) => {
      asked.push({ url, signal, finish: () => resolve(new ArrayBuffer(8)) });
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const unpacked = { files: new SharedArrayBuffer(8), fileCount: 1 };
  const budget = createByteBudget(budgetBytes);
  const artifacts = new Artifacts({
    download,
    runTask: (async () => unpacked) as never,
    budget,
    idleBytes,
  });
  return { asked, artifacts, budget };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test('those who need an artifact at the same time share one download', async () => {
  const { asked, artifacts } = scene();
  const both = Promise.all([1, 2].map((n) => artifacts.use(artifact, never, async () => n)));
  await settle();
  assert.equal(asked.length, 1);
  asked[0]!.finish();
  assert.deepEqual(await both, [1, 2]);
});

test('who leaves early does not end the download for the other; the last one does', async () => {
  const { asked, artifacts } = scene();
  const [first, second] = [new AbortController(), new AbortController()];
  const uses = [first, second].map((abort) => artifacts.use(artifact, abort.signal, async () => {}));
  await settle();
  first.abort(new Error('first left'));
  await assert.rejects(uses[0]!, /first left/);
  assert.equal(asked[0]!.signal.aborted, false);
  second.abort(new Error('second left'));
  await assert.rejects(uses[1]!, /second left/);
  assert.equal(asked[0]!.signal.aborted, true);
});

test('what was verified is kept for the next user, whatever URL it comes by', async () => {
  const { asked, artifacts } = scene();
  const use = artifacts.use(artifact, never, async () => {});
  await settle();
  asked[0]!.finish();
  await use;
  await settle();
  await artifacts.use({ ...artifact, url: 'http://elsewhere/1' }, never, async () => {});
  assert.equal(asked.length, 1);
});

test('a URL that only claims the digest is a download of its own', async () => {
  const { asked, artifacts } = scene();
  const uses = [artifact, { ...artifact, url: 'http://liar/1' }].map((each) =>
    artifacts.use(each, never, async () => {}),
  );
  await settle();
  assert.deepEqual(
    asked.map(({ url }) => url),
    ['http://a/1', 'http://liar/1'],
  );
  for (const each of asked) each.finish();
  await Promise.all(uses);
});

/** Of 10 bytes of archive: itself, what is in it twice (6 times as much each). */
const WHOLE = 130;
const PLAN = 60;

test('a use reserves once for all it will hold, and gives back what it turns out not to need', async () => {
  const { asked, artifacts, budget } = scene();
  const building = Promise.withResolvers<void>();
  const use = artifacts.use(artifact, never, () => building.promise);
  await settle();
  assert.equal(budget.reserved, WHOLE);
  asked[0]!.finish();
  await settle();
  assert.equal(budget.reserved, 8 + PLAN); // the files as they are
  building.resolve();
  await use;
  await settle();
  assert.equal(budget.reserved, 0);
});

test('whoever shares a load holds its own plan beside; the files count until the last one leaves', async () => {
  const { asked, artifacts, budget } = scene();
  const builds = [1, 2].map(() => Promise.withResolvers<void>());
  const uses = builds.map((building) => artifacts.use(artifact, never, () => building.promise));
  await settle();
  assert.equal(budget.reserved, WHOLE + PLAN);
  asked[0]!.finish();
  await settle();
  builds[0]!.resolve();
  await uses[0];
  assert.equal(budget.reserved, 8 + PLAN);
  builds[1]!.resolve();
  await uses[1];
  await settle();
  assert.equal(budget.reserved, 0);
});

test('an artifact that was kept counts again while it is used', async () => {
  const { asked, artifacts, budget } = scene();
  const first = artifacts.use(artifact, never, async () => {});
  await settle();
  asked[0]!.finish();
  await first;
  await settle();
  await artifacts.use(artifact, never, async () => assert.equal(budget.reserved, 8 + PLAN));
  assert.equal(asked.length, 1);
});

test('what is larger than the budget runs alone', async () => {
  const { asked, artifacts, budget } = scene({ budgetBytes: 100 });
  const other = { ...artifact, url: 'http://a/2', digest: 'sha256:2' };
  const uses = [artifact, other].map((each) => artifacts.use(each, never, async () => each.url));
  await settle();
  assert.deepEqual([asked.length, budget.waiting], [1, 1]);
  asked[0]!.finish();
  assert.equal(await uses[0], 'http://a/1');
  await settle();
  asked[1]!.finish();
  assert.equal(await uses[1], 'http://a/2');
});

test('who gives up in the line for bytes holds none and downloads nothing', async () => {
  const { asked, artifacts, budget } = scene({ budgetBytes: 100 });
  const first = artifacts.use(artifact, never, async () => {});
  const giveUp = new AbortController();
  const second = artifacts.use({ ...artifact, digest: 'sha256:2' }, giveUp.signal, async () => {});
  await settle();
  giveUp.abort(new Error('superseded'));
  await assert.rejects(second, /superseded/);
  assert.equal(budget.waiting, 0);
  asked[0]!.finish();
  await first;
  await settle();
  assert.deepEqual([asked.length, budget.reserved], [1, 0]);
});

test('a download that does not end well gives its bytes back', async () => {
  const { artifacts, budget } = scene();
  const giveUp = new AbortController();
  const use = artifacts.use(artifact, giveUp.signal, async () => {});
  await settle();
  giveUp.abort(new Error('cut off'));
  await assert.rejects(use, /cut off/);
  await settle();
  assert.equal(budget.reserved, 0);
});

for (const seed of seeds()) {
  test(`however scarce bytes are, everybody has its turn (seed ${seed})`, async () => {
    const random = randomFrom(seed);
    const { asked, artifacts, budget } = scene({ budgetBytes: 300, idleBytes: random.pick([0, 8, 1_000]) });
    let ended = 0;
    for (let user = 0; user < 100; user += 1) {
      const n = random.below(8);
      const each = { ...artifact, url: `http://a/${n}`, digest: `sha256:${n}`, sizeBytes: 1 + n * 5 };
      const giveUp = new AbortController();
      const steps = random.below(4);
      const build = async () => {
        for (let step = 0; step < steps; step += 1) await settle();
        if (random.below(5) === 0) giveUp.abort();
      };
      artifacts.use(each, giveUp.signal, build).then(
        () => (ended += 1),
        () => (ended += 1),
      );
      if (random.below(6) === 0) giveUp.abort();
      if (random.below(3) === 0) await settle();
    }
    // Every round ends a download or a build, or nothing moves any more.
    for (let round = 0; ended < 100 && round < 2_000; round += 1) {
      asked.splice(random.below(asked.length), 1)[0]?.finish();
      await settle();
    }
    await settle();
    assert.deepEqual([ended, budget.reserved, budget.waiting], [100, 0, 0]);
  });
}
