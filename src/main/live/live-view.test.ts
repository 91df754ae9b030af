import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keys } from '../../shared/labels.ts';
import { formatObjectId } from '../../shared/objects/object-id.ts';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { KubeError } from '../kube/errors.ts';
import { configMapResource, secretResource } from '../kube/own-kinds.ts';
import type { ClusterClient, KubeRequest, MetadataObject, ReadRequest } from '../kube/types.ts';
import { LiveObjects, type WantedKind } from './live-objects.ts';
import { LiveView } from './live-view.ts';

const account = 'system:serviceaccount:shop:deployer';

function object(kind: string, name: string, resourceVersion: string): MetadataObject {
  const labels = { [keys.ownerName]: 'app', [keys.ownerNamespace]: 'shop' };
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'shop', uid: name, resourceVersion, labels } };
}

/** A server where the controller may watch what `watchable` names; everything may be listed by `account`. */
function scene({
  watchable,
  granted,
  scope = [],
}: {
  readonly watchable: readonly string[];
  readonly granted: boolean;
  readonly scope?: readonly string[];
}) {
  const objects = new Map([
    ['configmaps', [object('ConfigMap', 'a', '1')]],
    ['secrets', [object('Secret', 's', '2')]],
  ]);
  const sent: ReadRequest[] = [];
  const pluralOf = ({ path }: KubeRequest) => path.split('/').at(-1) ?? '';
  const client = {
    async send(request: KubeRequest) {
      sent.push(request as ReadRequest);
      const body = { metadata: { resourceVersion: '9' }, items: objects.get(pluralOf(request)) ?? [] };
      return { status: 200, body, warnings: [] };
    },
    async stream(request: ReadRequest) {
      sent.push(request);
      if (!watchable.includes(pluralOf(request)))
        throw new KubeError({ status: 403, reason: 'Forbidden', message: '' });
      const lines = (objects.get(pluralOf(request)) ?? []).map((each) => ({ type: 'ADDED', object: each }));
      const bookmark = { resourceVersion: '9', annotations: { 'k8s.io/initial-events-end': 'true' } };
      const end = { type: 'BOOKMARK', object: { kind: 'X', apiVersion: 'v1', metadata: bookmark } };
      return (async function* () {
        yield Buffer.from([...lines, end].map((line) => `${JSON.stringify(line)}\n`).join(''));
        await new Promise<void>((_, reject) => {
          request.signal?.addEventListener('abort', () => reject(request.signal?.reason));
        });
      })();
    },
  } as unknown as ClusterClient;
  const clock = new ManualClock();
  const shared = new LiveObjects({ client, scope, clock, isOverridden: () => false, log: () => {} });
  const view = new LiveView({
    shared,
    client,
    as: account,
    rights: { known: () => granted, mayWatch: async () => granted },
    clock,
    signal: new AbortController().signal,
  });
  return { view, shared, sent, objects, clock };
}

const wanted: readonly WantedKind[] = [
  { resource: configMapResource, namespaces: new Set(['shop']) },
  { resource: secretResource, namespaces: new Set(['shop']) },
];
const a = formatObjectId({ namespace: 'shop', name: 'a', group: '', kind: 'ConfigMap' });
const s = formatObjectId({ namespace: 'shop', name: 's', group: '', kind: 'Secret' });

const described = (sent: readonly ReadRequest[]) =>
  sent.map(({ path, as, query = {}, answer }) => [query.watch === undefined ? 'list' : 'watch', path, as, answer]);

test('who may watch is served by the shared watch, which is the controller’s own', async () => {
  const { view, sent, shared } = scene({ watchable: ['configmaps', 'secrets'], granted: true });
  await view.need('shop/app', wanted);
  assert.deepEqual([view.get(a)?.metadata.resourceVersion, view.get(s)?.metadata.resourceVersion], ['1', '2']);
  assert.equal(view.need('shop/app', wanted), undefined);
  assert.deepEqual(
    sent.map(({ as }) => as),
    [undefined, undefined],
  );
  shared.stop();
});

test('in a scope each namespace has a watch of its own, which goes with its last user', async () => {
  const { shared, sent } = scene({ watchable: ['configmaps'], granted: true, scope: ['shop', 'bank'] });
  const inBoth = [{ resource: configMapResource, namespaces: new Set(['shop', 'bank']) }];
  await shared.need('shop/app', inBoth);
  assert.deepEqual(
    sent.map(({ path }) => path),
    ['/api/v1/namespaces/shop/configmaps', '/api/v1/namespaces/bank/configmaps'],
  );
  assert.equal(shared.get(a)?.metadata.resourceVersion, '1');
  shared.observe(configMapResource, object('ConfigMap', 'far', '8').metadata);
  await shared.need('shop/app', wanted.slice(0, 1));
  assert.equal(shared.stats().size, 1);
  assert.equal(sent[1]?.signal?.aborted, true);
  shared.stop();
});

test('what others have labelled as ours where we have nothing is not shown', async () => {
  const { view, shared, objects } = scene({ watchable: ['configmaps', 'secrets'], granted: true });
  const planted = object('ConfigMap', 'a', '3');
  objects.get('configmaps')?.push({ ...planted, metadata: { ...planted.metadata, namespace: 'bank' } });
  await view.need('shop/app', wanted);
  const inBank = formatObjectId({ namespace: 'bank', name: 'a', group: '', kind: 'ConfigMap' });
  assert.ok(shared.get(inBank));
  assert.equal(view.get(inBank), undefined);
  assert.deepEqual(
    view.ownedBy({ namespace: 'shop', name: 'app' }, 'shop/app').map(({ id }) => id),
    [a, s],
  );
  shared.stop();
});

test('who may not sees what a list of their own brings, of their namespace, and metadata only', async () => {
  const { view, sent, shared } = scene({ watchable: ['configmaps', 'secrets'], granted: false });
  await view.need('shop/app', wanted);
  assert.deepEqual([view.get(a)?.metadata.resourceVersion, view.get(s)?.metadata.resourceVersion], ['1', '2']);
  assert.equal(view.need('shop/app', wanted), undefined, 'once a run');
  assert.deepEqual(described(sent), [
    ['list', '/api/v1/namespaces/shop/configmaps', account, 'metadata'],
    ['list', '/api/v1/namespaces/shop/secrets', account, 'metadata'],
  ]);
  assert.deepEqual(shared.stats().size, 0, 'nothing is watched for nobody');
  shared.stop();
});

test('what the controller may not watch is listed as whoever applies, and it is not tried again at once', async () => {
  const { view, sent, shared } = scene({ watchable: ['configmaps'], granted: true });
  await view.need('shop/app', wanted);
  assert.equal(view.get(s)?.metadata.resourceVersion, '2');
  assert.deepEqual(described(sent).at(-1), ['list', '/api/v1/namespaces/shop/secrets', account, 'metadata']);
  const before = sent.length;
  assert.deepEqual(await shared.need('shop/other', wanted.slice(1)), [secretResource]);
  assert.equal(sent.length, before);
  shared.stop();
});

test('what was listed is looked at again while it is waited for, and no longer', async () => {
  const { view, sent, objects, clock, shared } = scene({ watchable: [], granted: false });
  await view.need('shop/app', wanted);
  const told: string[] = [];
  const stop = view.subscribe([a], (id) => told.push(`${id} ${view.get(id)?.metadata.resourceVersion}`));
  await settled();
  objects.set('configmaps', []);
  await clock.advance(500);
  await settled();
  assert.deepEqual(told, [`${a} 1`, `${a} undefined`]);
  stop();
  const before = sent.length;
  await clock.advance(60_000);
  await settled();
  assert.equal(sent.length, before);
  shared.stop();
});

test('an apply is known at once', async () => {
  const { view, shared } = scene({ watchable: [], granted: false });
  await view.need('shop/app', wanted);
  view.observe(configMapResource, object('ConfigMap', 'a', '7').metadata);
  assert.equal(view.get(a)?.metadata.resourceVersion, '7');
  shared.stop();
});

async function settled(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await new Promise(setImmediate);
}
