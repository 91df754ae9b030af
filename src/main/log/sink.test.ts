import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogSink, type WriteBytes } from './sink.ts';

/** A reader that takes what it is told to. */
function reader() {
  const read: string[] = [];
  const pending: { readonly bytes: Buffer; readonly done: Parameters<WriteBytes>[1] }[] = [];
  const sink = new LogSink({
    write: (bytes, done) => void pending.push({ bytes, done }),
    writeNow: (bytes) => {
      read.push(bytes.toString());
      return bytes.length;
    },
    missing: (lines) => `${lines} missing\n`,
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    sink,
    read,
    pending,
    turn,
    async takes(length = Number.POSITIVE_INFINITY) {
      const { bytes, done } = pending.shift() ?? assert.fail('nothing is written');
      const taken = bytes.subarray(0, length);
      read.push(taken.toString());
      done(null, taken.length);
      await turn();
    },
    async breaks(code: string) {
      pending.shift()?.done(Object.assign(new Error(code), { code }), 0);
      await turn();
    },
  };
}

test('lines of one turn go together, those that come meanwhile next, and a part that is left behind them', async () => {
  const { sink, read, takes, turn } = reader();
  sink.take('a\n');
  sink.take('b\n');
  await turn();
  sink.take('c\n');
  await takes(3);
  await takes();
  await takes();
  assert.deepEqual(read, ['a\nb', '\n', 'c\n']);
  await sink.drained();
});

test('a reader that stops costs no more memory than is set, and learns how much it has missed', async () => {
  const { sink, read, takes, turn } = reader();
  sink.take('first\n');
  await turn();
  const line = `${'x'.repeat(1_023)}\n`;
  for (let i = 0; i < 10_000; i += 1) sink.take(line);
  await takes();
  await takes();
  assert.equal(read[1]?.length, 4 * 2 ** 20 + '5904 missing\n'.length);
  assert.ok(read[1]?.endsWith('\n5904 missing\n'));
});

test('once nobody reads any more, lines go nowhere and nothing fails', async () => {
  const { sink, read, pending, breaks, turn } = reader();
  sink.take('a\n');
  await turn();
  await breaks('EPIPE');
  sink.take('b\n');
  await turn();
  sink.flush();
  await sink.drained();
  assert.deepEqual([read, pending], [[], []]);
});

test('a process that ends writes what is left, but not behind what its reader has not taken', async () => {
  const free = reader();
  free.sink.take('last\n');
  free.sink.flush();
  assert.deepEqual(free.read, ['last\n']);
  const stuck = reader();
  stuck.sink.take('a\n');
  await stuck.turn();
  stuck.sink.take('last\n');
  stuck.sink.flush();
  assert.deepEqual(stuck.read, []);
});
