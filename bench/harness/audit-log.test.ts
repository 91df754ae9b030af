import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { countByVerb, countByWhat, openAuditWindow } from './audit-log.ts';

const configMap = { resource: 'configmaps', name: 'a' };

function line(event: object): string {
  const rest = { stage: 'ResponseComplete', user: { username: 'controller' }, objectRef: configMap };
  return `${JSON.stringify({ requestReceivedTimestamp: '2030-01-01T00:00:01.0Z', ...rest, ...event })}\n`;
}

test('a window shows what its user has asked since it was opened, in the order of arrival, without watches', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'audit-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'audit.log');
  await appendFile(path, line({ verb: 'get', requestURI: '/before' }));
  const window = await openAuditWindow(path, 'controller', 1);
  await appendFile(
    path,
    [
      line({ verb: 'patch', requestURI: '/second', requestReceivedTimestamp: '2030-01-01T00:00:03.0Z' }),
      line({ verb: 'patch', requestURI: '/first', requestReceivedTimestamp: '2030-01-01T00:00:02.0Z' }),
      line({ verb: 'watch', requestURI: '/watch' }),
      line({ verb: 'get', requestURI: '/begun', stage: 'ResponseStarted' }),
      line({ verb: 'get', requestURI: '/of-another', user: { username: 'admin' } }),
    ].join(''),
  );
  const requests = await window.requests();
  assert.deepEqual(
    requests.map(({ requestURI }) => requestURI),
    ['/first', '/second'],
  );
});

test('requests are counted by verb and by what they ask for, the most frequent first', () => {
  const requests = [
    { verb: 'create', requestURI: '/events', objectRef: { resource: 'events' } },
    { verb: 'patch', requestURI: '/a?dryRun=All', objectRef: configMap },
    { verb: 'patch', requestURI: '/a', objectRef: configMap },
    { verb: 'patch', requestURI: '/a', objectRef: configMap },
    { verb: 'patch', requestURI: '/s', objectRef: { resource: 'stagesets', subresource: 'status' } },
  ];
  assert.deepEqual(Object.entries(countByVerb(requests)), [
    ['patch', 4],
    ['create', 1],
  ]);
  assert.deepEqual(Object.entries(countByWhat(requests))[0], ['patch configmaps', 2]);
  assert.deepEqual(countByWhat(requests), {
    'create events': 1,
    'patch configmaps': 2,
    'patch configmaps (dry run)': 1,
    'patch stagesets/status': 1,
  });
});
