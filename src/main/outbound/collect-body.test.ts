import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BodyTooLarge, collectBody } from './collect-body.ts';

async function* chunks(sizes: readonly number[], read: number[] = []): AsyncGenerator<Uint8Array> {
  for (const [index, size] of sizes.entries()) {
    read.push(index);
    yield new Uint8Array(size).fill(index + 1);
  }
}

function plain(sizes: readonly number[]): Buffer {
  return Buffer.concat(sizes.map((size, index) => Buffer.alloc(size, index + 1)));
}

test('the bytes come out whole, whatever was expected', async () => {
  const sizes = [3, 0, 70_000, 1, 200_000];
  for (const expectedBytes of [undefined, 0, 1, 270_004, 900_000]) {
    const buffer = await collectBody(chunks(sizes), { maxBytes: 1_000_000, expectedBytes });
    assert.deepEqual(Buffer.from(buffer), plain(sizes));
  }
  assert.equal((await collectBody(chunks([]), { maxBytes: 10 })).byteLength, 0);
});

test('exactly the limit is fine, a byte more is not, and the rest stays unread', async () => {
  assert.equal((await collectBody(chunks([6, 4]), { maxBytes: 10 })).byteLength, 10);
  const read: number[] = [];
  await assert.rejects(collectBody(chunks([6, 5, 1], read), { maxBytes: 10 }), BodyTooLarge);
  assert.deepEqual(read, [0, 1]);
});
