import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { linesOf } from './lines-of.ts';

test('lines come whole however the chunks are cut, also inside a character', async () => {
  const bytes = Buffer.from('first\n✔ second\n\nfourth\nno line');
  for (const size of [1, 2, 3, 7, 100]) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    const lines = await Array.fromAsync(linesOf(Readable.from(chunks)));
    assert.deepEqual(lines, ['first', '✔ second', '', 'fourth'], `chunks of ${size}`);
  }
});
