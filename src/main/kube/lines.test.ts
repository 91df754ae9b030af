import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineCutter } from './lines.ts';

function linesOf(chunks: readonly Uint8Array[]): readonly string[] {
  const cutter = new LineCutter();
  return chunks.flatMap((chunk) => [...cutter.cut(chunk)]);
}

test('wherever the chunks break, within a character too, the lines are the same', () => {
  const lines = ['{"a":"né"}', '', '{"b":"😀😀"}', 'x'.repeat(50)];
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  for (let size = 1; size <= bytes.length; size += 1) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    assert.deepEqual(
      linesOf(chunks),
      lines.filter((line) => line !== ''),
      `chunks of ${size}`,
    );
  }
});

test('a line without its end is not a line yet', () => {
  assert.deepEqual(linesOf([Buffer.from('{"a":')]), []);
});

test('each byte is copied once: a long line in small chunks', () => {
  const line = 'x'.repeat(4 * 2 ** 20);
  const bytes = Buffer.from(`${line}\n`);
  const chunks = Array.from({ length: bytes.length / 512 + 1 }, (_, i) => bytes.subarray(i * 512, (i + 1) * 512));
  const startedMs = performance.now();
  assert.deepEqual(linesOf(chunks), [line]);
  // Copying what is there with each chunk would move 16 GiB.
  assert.ok(performance.now() - startedMs < 1_000);
});

test('a line without end is refused before it fills the memory', () => {
  const chunk = Buffer.alloc(2 ** 20, 'x');
  assert.throws(() => linesOf(Array.from({ length: 17 }, () => chunk)), /longer than 16 MiB/);
});
