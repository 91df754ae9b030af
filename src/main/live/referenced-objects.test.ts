import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { KubeError } from '../kube/errors.ts';
import { configMapResource } from '../kube/own-kinds.ts';
import type { ClusterClient, ReadRequest } from '../kube/types.ts';
import { ReferencedObjects } from './referenced-objects.ts';

const listEnds = {
  type: 'BOOKMARK',
  object: { metadata: { resourceVersion: '5', annotations: { 'k8s.io/initial-events-end': 'true' } } },
};

function object(name: string, resourceVersion: string, generation?: number) {
  return { metadata: { name, namespace: 'shop', uid: name, resourceVersion, ...(generation && { generation }) } };
}

/** A server whose streams say what a test has them say, or that lets nobody watch. */
function startScene(t: TestContext, { refuses = false } = {}) {
  const clock = new ManualClock();
  const opened: ReadRequest[] = [];
  let say: (line: object) => void = () => {};
  const client = {
    stream: async (request: ReadRequest) => {
      opened.push(request);
      if (refuses) throw new KubeError({ status: 403, reason: 'Forbidden', message: '' });
      return new ReadableStream<Uint8Array>({
        start: (controller) => {
          say = (line) => controller.enqueue(Buffer.from(`${JSON.stringify(line)}\n`));
          request.signal?.addEventListener('abort', () => controller.error(request.signal?.reason));
        },
      });
    },
  } as unknown as ClusterClient;
  const changed: string[] = [];
  const logged: string[] = [];
  const references = new ReferencedObjects({
    client,
    clock,
    log: (message) => logged.push(message),
    onChange: ({ kind }, name, namespace) => changed.push(`${kind} ${namespace}/${name}`),
  });
  t.after(() => references.stop());
  const tell = async (...lines: readonly object[]) => {
    for (const line of lines) say(line);
    for (let i = 0; i < 20; i += 1) await new Promise(setImmediate);
  };
  return { references, opened, changed, logged, tell, clock };
}

const inShop = [{ resource: configMapResource, namespace: 'shop' }];

test('a place is watched once for all, without bodies, and let go with the last who needs it', async (t) => {
  const { references, opened, tell } = startScene(t);
  const known = references.need('shop/a', inShop);
  void references.need('shop/b', inShop);
  await tell(listEnds);
  await known;
  assert.equal(references.need('shop/b', inShop), undefined);
  assert.deepEqual(
    opened.map(({ path, answer }) => [path, answer]),
    [['/api/v1/namespaces/shop/configmaps', 'metadata']],
  );
  references.need('shop/a', []);
  assert.equal(opened[0]?.signal?.aborted, false);
  references.forget('shop/b');
  assert.equal(opened[0]?.signal?.aborted, true);
});

test('what was there is no news; what comes, changes or goes is, and a status only where nothing counts generations', async (t) => {
  const { references, changed, tell } = startScene(t);
  void references.need('shop/a', inShop);
  await tell({ type: 'ADDED', object: object('old', '1') }, listEnds);
  assert.deepEqual(changed, []);
  await tell({ type: 'MODIFIED', object: object('old', '6') }, { type: 'ADDED', object: object('made', '7', 1) });
  assert.deepEqual(changed.splice(0), ['ConfigMap shop/old', 'ConfigMap shop/made']);
  await tell({ type: 'MODIFIED', object: object('made', '8', 1) });
  assert.deepEqual(changed, [], 'its status');
  await tell({ type: 'MODIFIED', object: object('made', '9', 2) }, { type: 'DELETED', object: object('old', '10') });
  assert.deepEqual(changed, ['ConfigMap shop/made', 'ConfigMap shop/old']);
});

test('where we may not watch nobody waits, it is said once, and asked again a minute later', async (t) => {
  const { references, opened, logged, clock } = startScene(t, { refuses: true });
  await references.need('shop/a', inShop);
  assert.equal(references.need('shop/a', inShop), undefined);
  await clock.advance(60_000);
  await references.need('shop/a', inShop);
  assert.equal(opened.length, 2);
  assert.equal(logged.length, 1);
});
