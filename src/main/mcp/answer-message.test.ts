import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerMessage, type Served } from './answer-message.ts';

const headers = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };

async function call(known: Partial<Served['known']>, name: string, args: object) {
  const served = {
    version: '1.2.3',
    changes: undefined,
    known: { all: () => [], get: () => undefined, isSynced: () => true, scope: [], runbookBaseUrl: '', ...known },
  };
  const message = { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name, arguments: args } };
  const { status, type, body } = await answerMessage(served, { headers, bearer: undefined, message });
  assert.deepEqual([status, type], [200, 'application/json']);
  return JSON.parse(body).result;
}

test('before the caches are synced, nothing is said to be absent', async () => {
  const unsynced = { isSynced: () => false };
  for (const [tool, args] of [
    ['list_stagesets', {}],
    ['get_stageset', { namespace: 'a', name: 'b' }],
  ] as const) {
    const { isError, content } = await call(unsynced, tool, args);
    assert.deepEqual(
      [isError, content[0].text],
      [true, 'the controller does not know the cluster yet: try again in a moment'],
    );
  }
});

test('an empty cluster is an empty page', async () => {
  const { structuredContent } = await call({}, 'list_stagesets', {});
  assert.deepEqual(structuredContent, { items: [], total: 0 });
});

test('names that every object has are no tools', async () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    assert.equal((await call({}, name, {})).isError, true);
  }
});
