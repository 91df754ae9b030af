import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSet } from '../../shared/api/types.ts';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import type { ClusterClient, KubeRequest } from '../kube/types.ts';
import { createLog } from '../log/log.ts';
import { Callers } from './callers.ts';
import { Changes } from './changes.ts';

const shop = { namespace: 'team', name: 'shop' };
const patched = { metadata: { ...shop, resourceVersion: '2' } } as StageSet;
const bearer = { token: 'token', peer: '127.0.0.1' };
const user = { username: 'ada', uid: '1', groups: ['ops'], extra: { scopes: ['all'] } };

interface Wish {
  readonly scope?: readonly string[];
  readonly auth?: 'none';
  readonly allowed?: boolean;
  readonly known?: StageSet;
}

function scene({ scope = [], auth, allowed = true, known }: Wish = {}) {
  const clock = new ManualClock('2030-01-01T00:00:00Z');
  const sent: KubeRequest[] = [];
  const put: StageSet[] = [];
  const send = async (request: KubeRequest) => {
    sent.push(request);
    if (request.method === 'PATCH') return { status: 200, body: patched, warnings: [] };
    const status = request.path.endsWith('tokenreviews') ? { authenticated: true, user } : { allowed };
    return { status: 201, body: { status }, warnings: [] };
  };
  const client = { send } as unknown as ClusterClient;
  const changes = new Changes({
    client,
    scope,
    clock,
    log: createLog({ level: 'error', encoding: 'json', clock, write: () => {} }),
    callers: auth === 'none' ? undefined : new Callers({ client, clock }),
    get: () => known,
    put: (set) => void put.push(set),
  });
  return { changes, sent, put, paths: () => sent.map(({ path }) => path.replace(/^.*v1\//, '')) };
}

test('who asks and what they may is known before the patch, whose answer is known at once', async () => {
  const { changes, sent, put, paths } = scene();
  assert.equal(await changes.requestReconcile(shop, bearer), '2030-01-01T00:00:00.000Z');
  assert.deepEqual(paths(), ['tokenreviews', 'subjectaccessreviews', 'namespaces/team/stagesets/shop']);
  const { username, ...rest } = user;
  assert.deepEqual(JSON.parse(String(sent[1]?.body)).spec, {
    user: username,
    ...rest,
    resourceAttributes: { verb: 'patch', group: 'stages.metio.wtf', resource: 'stagesets', ...shop },
  });
  assert.deepEqual(JSON.parse(String(sent[2]?.body)), {
    metadata: { annotations: { 'reconcile.fluxcd.io/requestedAt': '2030-01-01T00:00:00.000Z' } },
  });
  assert.deepEqual(put, [patched]);
});

test('rights are asked for each time, a token is not', async () => {
  const { changes, paths } = scene();
  await changes.setSuspended(shop, true, bearer);
  await changes.setSuspended(shop, false, bearer);
  assert.deepEqual(paths(), [
    'tokenreviews',
    'subjectaccessreviews',
    'namespaces/team/stagesets/shop',
    'subjectaccessreviews',
    'namespaces/team/stagesets/shop',
  ]);
});

test('nothing is sent that is refused', async () => {
  const no = scene({ allowed: false });
  await assert.rejects(no.changes.setSuspended(shop, true, bearer), /^Error: ada may not patch StageSet team\/shop/);
  assert.deepEqual(no.paths(), ['tokenreviews', 'subjectaccessreviews']);
  const bare = scene();
  await assert.rejects(bare.changes.setSuspended(shop, true, undefined), /Authorization: Bearer/);
  const elsewhere = scene({ scope: ['other'], auth: 'none' });
  await assert.rejects(elsewhere.changes.setSuspended(shop, true, undefined), /does not watch namespace "team"/);
  const suspended = scene({ auth: 'none', known: { ...patched, spec: { stages: [], suspend: true } } });
  await assert.rejects(suspended.changes.requestReconcile(shop, undefined), /suspended: resume it first/);
  assert.deepEqual([bare.sent, elsewhere.sent, suspended.sent], [[], [], []]);
});

test('within a scope the review is one of the namespace', async () => {
  const { changes, sent, paths } = scene({ scope: ['team'] });
  await changes.setSuspended(shop, true, bearer);
  assert.equal(paths()[1], 'namespaces/team/localsubjectaccessreviews');
  const { kind, metadata } = JSON.parse(String(sent[1]?.body));
  assert.deepEqual([kind, metadata], ['LocalSubjectAccessReview', { namespace: 'team' }]);
});
