import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as settled } from 'node:timers/promises';
import { current, failed, inProgress, type Readiness } from '../../shared/kstatus/readiness.ts';
import type { JudgeInput } from '../../shared/protocol/tasks.ts';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import type { Discovery } from '../kube/discovery.ts';
import { KubeError } from '../kube/errors.ts';
import type { ClusterClient, KubeRequest, Resource } from '../kube/types.ts';
import type { AwaitedGroup } from './awaited-group.ts';
import { AwaitedObjects, idsOf, type Judge } from './awaited-objects.ts';
import { ObjectWatches } from './object-watches.ts';

const databases: Resource = {
  group: 'db.example',
  version: 'v1',
  kind: 'Database',
  plural: 'databases',
  namespaced: true,
  verbs: [],
};
const group: AwaitedGroup = { apiVersion: 'db.example/v1', kind: 'Database', namespace: 'shop', names: ['main'] };
const [main = ''] = idsOf(group);
const exprs = { current: 'true' };

function database(name: string, version: number, status: object = {}): object {
  return {
    apiVersion: 'db.example/v1',
    kind: 'Database',
    metadata: { name, namespace: 'shop', resourceVersion: `${version}` },
    status,
  };
}

/** A server that answers as it is told, and what of it is known. */
class Scene {
  readonly clock = new ManualClock();
  readonly asked: KubeRequest[] = [];
  readonly judged: JudgeInput[] = [];
  served: Resource | undefined = databases;
  /** Undefined: 403, for watch and GET. */
  mayWatch = true;
  scope: readonly string[] = [];
  found: object | KubeError = new KubeError({ status: 404, reason: 'NotFound', message: 'not found' });
  judge: Judge = async ({ objects }) => ({ readiness: objects.map(() => current), ranMs: 1 });
  #say: ((line: object) => void) | undefined;
  ended = 0;

  awaiting(...groups: readonly AwaitedGroup[]): AwaitedObjects {
    const client = this.#client();
    const asking = {
      client,
      watches: new ObjectWatches(client, this.clock),
      discovery: { lookUp: async () => this.served } as unknown as Discovery,
      as: 'robot',
      scope: this.scope,
      clock: this.clock,
    };
    return new AwaitedObjects(groups, asking, async (input, signal) => {
      this.judged.push(input);
      return this.judge(input, signal);
    });
  }

  async tell(...lines: readonly object[]): Promise<void> {
    await this.#quiet();
    for (const line of lines) this.#say?.(line);
    await this.#quiet();
  }

  async #quiet(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await this.clock.advance(0);
  }

  #client(): ClusterClient {
    return {
      send: async (request: KubeRequest) => {
        this.asked.push(request);
        if (this.found instanceof KubeError) throw this.found;
        return { status: 200, body: this.found, warnings: [] };
      },
      stream: async (request: KubeRequest & { signal?: AbortSignal }) => {
        this.asked.push(request);
        if (!this.mayWatch) throw new KubeError({ status: 403, reason: 'Forbidden', message: 'may not watch' });
        const lines: Uint8Array[] = [];
        let wake = () => {};
        this.#say = (line) => {
          lines.push(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
          wake();
        };
        const scene = this;
        request.signal?.addEventListener('abort', () => wake());
        return (async function* () {
          while (!request.signal?.aborted) {
            const line = lines.shift();
            if (line !== undefined) yield line;
            else
              await new Promise<void>((resolve) => {
                wake = resolve;
              });
          }
          scene.ended += 1;
        })();
      },
    } as unknown as ClusterClient;
  }
}

const put = (object: object) => ({ type: 'MODIFIED', object });
const listEnds = {
  type: 'BOOKMARK',
  object: { metadata: { resourceVersion: '10', annotations: { 'k8s.io/initial-events-end': 'true' } } },
};

function known(awaited: AwaitedObjects): Promise<boolean> {
  return Promise.race([awaited.known.then(() => true), settled(false)]);
}

test('one object is watched by its name, as the account; nothing is known until the list is complete', async () => {
  const scene = new Scene();
  const awaited = scene.awaiting(group);
  await settled();
  const [asked] = scene.asked;
  assert.equal(asked?.path, '/apis/db.example/v1/namespaces/shop/databases');
  assert.deepEqual([asked?.query?.fieldSelector, asked?.as], ['metadata.name=main', 'robot']);
  assert.equal(awaited.readinessOf(main), undefined);
  assert.equal(await known(awaited), false);
  await scene.tell(listEnds);
  assert.deepEqual(awaited.readinessOf(main), inProgress('not found'));
  assert.equal(await known(awaited), true);
  await scene.tell(put(database('main', 11)));
  assert.deepEqual(awaited.readinessOf(main), current);
  await scene.tell({ type: 'DELETED', object: database('main', 12) });
  assert.deepEqual(awaited.readinessOf(main), inProgress('not found'));
  awaited.stop();
  await settled();
  assert.equal(scene.ended, 1, 'the watch ends with the wait');
});

test('outside the scope it is asked for, and not watched', async () => {
  const scene = new Scene();
  scene.scope = ['bank'];
  scene.found = database('main', 3);
  const awaited = scene.awaiting(group);
  await settled();
  assert.deepEqual(awaited.readinessOf(main), current);
  assert.deepEqual(
    scene.asked.map(({ path, query }) => [path, query?.watch]),
    [['/apis/db.example/v1/namespaces/shop/databases/main', undefined]],
  );
  awaited.stop();
});

test('several of one stage are watched by their labels, and namesakes of others do not count', async () => {
  const scene = new Scene();
  const awaited = scene.awaiting({ ...group, names: ['main', 'copy'], labelSelector: 'stage=db' });
  await scene.tell(put(database('main', 1)), put(database('other', 2)), listEnds);
  assert.deepEqual(scene.asked[0]?.query?.labelSelector, 'stage=db');
  assert.equal(await known(awaited), true);
  assert.deepEqual(awaited.readinessOf(main), current);
  assert.equal(awaited.has('shop_other_db.example_Database'), false);
  assert.deepEqual(awaited.readinessOf('shop_copy_db.example_Database'), inProgress('not found'));
  awaited.stop();
});

test('who may not watch asks, less and less often, and hears which right is missing', async () => {
  const scene = new Scene();
  scene.mayWatch = false;
  scene.found = new KubeError({ status: 403, reason: 'Forbidden', message: 'robot cannot get' });
  const awaited = scene.awaiting(group);
  await scene.tell();
  await settled();
  assert.deepEqual(awaited.readinessOf(main), { is: 'unknown', message: 'robot cannot get' });
  scene.found = database('main', 1);
  await scene.clock.advance(1_000);
  assert.deepEqual(awaited.readinessOf(main), current);
  await scene.clock.advance(299_000);
  const gets = scene.asked.filter(({ path }) => path.endsWith('/databases/main'));
  assert.equal(gets.length, 14, 'after 1, 3, 7, 15, 31 s, then every 30 s');
  awaited.stop();
  await scene.clock.advance(60_000);
  assert.equal(scene.asked.filter(({ path }) => path.endsWith('/databases/main')).length, 14);
  assert.equal(scene.clock.sleeping, 0);
});

test('a kind that is not installed is looked for again', async () => {
  const scene = new Scene();
  scene.served = undefined;
  const awaited = scene.awaiting(group);
  await settled();
  assert.deepEqual(awaited.readinessOf(main), {
    is: 'unknown',
    message: 'the cluster has no kind Database in db.example/v1',
  });
  scene.served = databases;
  await scene.clock.advance(1_000);
  await scene.tell(put(database('main', 1)), listEnds);
  assert.deepEqual(awaited.readinessOf(main), current);
  awaited.stop();
});

test('objects with expressions are judged by a worker, at most ten at once', async () => {
  const scene = new Scene();
  const names = Array.from({ length: 25 }, (_, i) => `db-${i}`);
  const awaited = scene.awaiting({ ...group, names, labelSelector: 'stage=db', exprs });
  await scene.tell(...names.map((name, i) => put(database(name, i + 1))), listEnds);
  await scene.clock.advance(1_000);
  assert.equal(await known(awaited), true);
  assert.ok(scene.judged.length >= 3);
  assert.ok(scene.judged.every(({ objects }) => objects.length <= 10));
  assert.equal(scene.judged.flatMap(({ objects }) => objects).length, 25);
  awaited.stop();
});

test('expressions that take long rest nine times as long; of what changed meanwhile the last counts', async () => {
  const scene = new Scene();
  scene.judge = async ({ objects }) => ({ readiness: objects.map(() => inProgress('slow')), ranMs: 50 });
  const awaited = scene.awaiting({ ...group, exprs });
  await scene.tell(put(database('main', 1)), listEnds);
  assert.equal(scene.judged.length, 1);
  for (let version = 11; version < 100; version += 1) await scene.tell(put(database('main', version)));
  await scene.clock.advance(449);
  assert.equal(scene.judged.length, 1);
  await scene.clock.advance(1);
  assert.equal(scene.judged.length, 2);
  assert.equal(scene.judged[1]?.objects[0]?.metadata.resourceVersion, '99');
  awaited.stop();
});

// Found by a spec walk (seed 5): on a busy machine an honest expression may take long once, and nothing else comes.
test('what was not judged in time is judged again after the rest', async () => {
  const scene = new Scene();
  scene.judge = async ({ objects }) => ({ readiness: objects.map(() => undefined), ranMs: 50 });
  const awaited = scene.awaiting({ ...group, exprs });
  await scene.tell(put(database('main', 1)), listEnds);
  assert.deepEqual(awaited.readinessOf(main), inProgress('its expressions take longer than 50ms'));
  scene.judge = async ({ objects }) => ({ readiness: objects.map(() => current), ranMs: 1 });
  await scene.clock.advance(449);
  assert.equal(scene.judged.length, 1);
  await scene.clock.advance(1);
  assert.deepEqual(awaited.readinessOf(main), current);
  await scene.clock.advance(60_000);
  assert.equal(scene.judged.length, 2);
  awaited.stop();
});

test('a worker that dies of the expressions is said to have, and rests', async () => {
  const scene = new Scene();
  scene.judge = async () => {
    throw new Error('the worker of this judge died');
  };
  const awaited = scene.awaiting({ ...group, exprs });
  await scene.tell(put(database('main', 1)), listEnds);
  assert.match(
    (awaited.readinessOf(main) as { message: string }).message,
    /had no answer: the worker of this judge died/,
  );
  await scene.tell(put(database('main', 11)));
  await scene.clock.advance(9_999);
  assert.equal(scene.judged.length, 1);
  await scene.clock.advance(1);
  assert.equal(scene.judged.length, 2);
  awaited.stop();
});

test('whenMoved tells of what becomes ready, fails or is ready no more, and of no other change', async () => {
  const scene = new Scene();
  let next: Readiness = inProgress('1/2');
  scene.judge = async ({ objects }) => ({ readiness: objects.map(() => next), ranMs: 0 });
  const awaited = scene.awaiting({ ...group, exprs });
  await scene.tell(put(database('main', 1)), listEnds);
  let moves = 0;
  awaited.whenMoved(() => {
    moves += 1;
  });
  const counts: number[] = [];
  for (const readiness of [inProgress('2/2'), current, current, failed('broken'), inProgress('anew')]) {
    next = readiness;
    await scene.tell(put(database('main', 11 + counts.length)));
    counts.push(moves);
  }
  assert.deepEqual(counts, [0, 1, 1, 2, 3]);
  awaited.stop();
});

test('of a Secret only its metadata is read', async () => {
  const scene = new Scene();
  scene.served = { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true, verbs: [] };
  const awaited = scene.awaiting({ apiVersion: 'v1', kind: 'Secret', namespace: 'shop', names: ['key'] });
  await scene.tell(put(database('key', 1)), listEnds);
  assert.equal(scene.asked[0]?.answer, 'metadata');
  assert.deepEqual(awaited.readinessOf('shop_key__Secret'), current);
  awaited.stop();
});
