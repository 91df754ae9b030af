import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readWatchLine } from './watch-line.ts';

test('a bookmark, with or without the end of the initial events', () => {
  const bookmark = (annotations?: object) =>
    readWatchLine(JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '9', annotations } } }));
  assert.deepEqual(bookmark(), { type: 'bookmark', version: '9', endsInitialEvents: false });
  assert.deepEqual(bookmark({ 'k8s.io/initial-events-end': 'true' }), {
    type: 'bookmark',
    version: '9',
    endsInitialEvents: true,
  });
});

test('an ERROR event is the error that a plain request would have been answered with', () => {
  const object = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version: 1 (9)' };
  const line = readWatchLine(JSON.stringify({ type: 'ERROR', object }));
  assert.ok(line.type === 'error');
  assert.deepEqual([line.error.status, line.error.reason, line.error.message], [410, 'Expired', object.message]);
});
