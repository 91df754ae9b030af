import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Kept, packEntry, unpackEntry } from './entry.ts';
import { keyOf } from './entry-key.ts';

const plan = { objects: [], definedKinds: [], assumedScopes: [], images: [], digest: 'd' };
const render: Kept = { is: 'render', renderDigest: 'sha256:r', plan };
const body = new Uint8Array(Buffer.from('{"kind":"Ünïcode"}'));

test('a render comes back with its bodies first, an artifact alone', async () => {
  const entry = await unpackEntry(await packEntry(render, body));
  assert.deepEqual(entry?.kept, render);
  assert.deepEqual(new Uint8Array(entry!.bytes, 0, body.length), body);
  const artifact: Kept = { is: 'artifact', renderDigest: 'sha256:r' };
  const archive = await unpackEntry(await packEntry(artifact, body));
  assert.deepEqual([archive?.kept, new Uint8Array(archive!.bytes)], [artifact, body]);
});

test('it comes back from the middle of another buffer too', async () => {
  const packed = await packEntry(render, body);
  const shared = new Uint8Array(packed.length + 20);
  shared.set(packed, 10);
  const entry = await unpackEntry(shared.subarray(10, 10 + packed.length));
  assert.deepEqual(entry?.kept, render);
});

test('one bit, one byte less or more: it is not what was written', async () => {
  const packed = await packEntry(render, body);
  for (let at = 0; at < packed.length; at += 1) {
    const bad = packed.slice();
    bad[at]! ^= 1;
    assert.equal(await unpackEntry(bad), undefined, `bit of byte ${at}`);
  }
  for (const length of [0, 3, packed.length - 1]) assert.equal(await unpackEntry(packed.slice(0, length)), undefined);
  assert.equal(await unpackEntry(new Uint8Array([...packed, 0])), undefined);
});

test('whoever may write status chooses no path', () => {
  const at = { namespace: 'team', name: 'shop', uid: 'u', stage: 'app' };
  const sha = `sha256:${'0'.repeat(64)}`;
  const key = keyOf({ ...at, digest: sha, renderDigest: sha });
  assert.equal(key, `team/shop/u/app/sha256-${'0'.repeat(64)}-sha256-${'0'.repeat(64)}`);
  for (const bad of ['', 'sha256:../../x', `${sha}/..`, `${sha}\n`, 'md5:00', `SHA256:${'0'.repeat(64)}`]) {
    assert.equal(keyOf({ ...at, digest: bad, renderDigest: sha }), undefined, bad);
    assert.equal(keyOf({ ...at, digest: sha, renderDigest: bad }), undefined, bad);
  }
});
