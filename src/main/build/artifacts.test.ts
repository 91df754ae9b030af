import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createByteBudget } from '../pool/byte-budget.ts';
import type { Artifact } from '../source/source-object.ts';
import { Artifacts, type Download } from './artifacts.ts';

const artifact: Artifact = { url: 'http://a/1', digest: 'sha256:1', revision: '1', sizeBytes: 10 };
const never = new AbortController().signal;

/** Downloads that the test ends when it likes; unpacking takes no time. */
function scene() {
  const asked: { readonly url: string; readonly signal: AbortSignal; finish(): void }[] = [];
  const download: Download = ({ url }, signal) =>
    new Promise((resolve, reject) => {
      asked.push({ url, signal, finish: () => resolve(new ArrayBuffer(8)) });
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const unpacked = { files: new SharedArrayBuffer(8), fileCount: 1 };
  const artifacts = new Artifacts({
    download,
    runTask: (async () => unpacked) as never,
    budget: createByteBudget(1_000),
    idleBytes: 100,
  });
  return { asked, artifacts };
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
