import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as settled } from 'node:timers/promises';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { KubeError } from './errors.ts';
import { Store } from './store.ts';
import type { ClusterClient, KubeRequest, MetadataObject, Resource } from './types.ts';
import { type WatchOptions, watchKind } from './watch.ts';

const configMaps: Resource = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
  verbs: [],
};

test('a streaming list fills the store at once, then changes follow', async () => {
  const scene = new Scene();
  const stream = await scene.nextStream();
  assert.deepEqual(stream.asked.query, {
    watch: 'true',
    allowWatchBookmarks: 'true',
    timeoutSeconds: '450',
    sendInitialEvents: 'true',
    resourceVersionMatch: 'NotOlderThan',
  });

  await stream.say(added('a', 1), added('b', 2), deleted('b', 3), added('c', 4));
  assert.deepEqual(scene.held(), [], 'half a list is no list');
  assert.equal(await scene.isSynced(), false);
  await stream.say(endOfList(5));
  assert.deepEqual(scene.held(), ['a@1', 'c@4']);
  assert.equal(await scene.isSynced(), true);

  await stream.say(modified('a', 6), deleted('c', 7), added('d', 8));
  assert.deepEqual(scene.held(), ['a@6', 'd@8']);
  scene.stop();
});

test('a list of more than is allowed is given up, in a stream or in pages', async () => {
  const scene = new Scene({ most: 2 });
  const stream = await scene.nextStream();
  await stream.say(added('a', 1), added('b', 2), added('c', 3));
  assert.deepEqual(scene.held(), []);
  await scene.clock.advance(1_000);
  await (await scene.nextStream()).say(added('a', 1), added('b', 2), endOfList(5));
  assert.deepEqual(scene.held(), ['a@1', 'b@2']);
  scene.stop();
});

test('what is wanted of which objects, and as whom, reaches the server', async () => {
  const scene = new Scene({
    namespace: 'shop',
    labelSelector: 'x=y',
    fieldSelector: 'z=1',
    form: 'metadata',
    as: 'robot',
  });
  const { asked } = await scene.nextStream();
  assert.equal(asked.path, '/api/v1/namespaces/shop/configmaps');
  assert.deepEqual([asked.query?.labelSelector, asked.query?.fieldSelector], ['x=y', 'z=1']);
  assert.deepEqual([asked.answer, asked.as], ['metadata', 'robot']);
  scene.stop();
});

test('a stream that the server ends is resumed from the last bookmark', async () => {
  const scene = new Scene();
  const stream = await scene.synced();
  await stream.say(bookmark(90));
  await scene.clock.advance(300_000 - 1);
  stream.end();
  const { asked } = await scene.nextStream();
  assert.equal(asked.query?.resourceVersion, '90');
  assert.equal(asked.query?.sendInitialEvents, undefined);
  scene.stop();
});

test('after a cut it resumes where it was, a little later', async () => {
  const scene = new Scene();
  const stream = await scene.synced();
  await stream.say(added('x', 42));
  stream.break(networkFailure());
  await settled();
  assert.equal(scene.streams.length, 0);
  await scene.clock.advance(500);
  assert.equal((await scene.nextStream()).asked.query?.resourceVersion, '42');
  scene.stop();
});

test('410, as an event or as an answer: everything is listed again, and deletions missed meanwhile are seen', async () => {
  const scene = new Scene();
  const first = await scene.synced(added('stays', 1), added('goes', 2));
  await first.say(failed(410, 'Expired'));
  const second = await scene.nextStream();
  assert.equal(second.asked.query?.sendInitialEvents, 'true');
  assert.deepEqual(scene.held(), ['stays@1', 'goes@2'], 'the old list serves until the new one is complete');
  await second.say(added('stays', 1), endOfList(50), bookmark(60));
  assert.deepEqual(scene.held(), ['stays@1']);

  second.break(networkFailure());
  scene.refuseNext(new KubeError({ status: 410, reason: 'Gone', message: 'too old' }));
  await scene.clock.advance(500);
  await scene.clock.advance(1_000);
  assert.equal((await scene.nextStream()).asked.query?.sendInitialEvents, 'true');
  scene.stop();
});

for (const status of [400, 422]) {
  test(`a server that answers ${status} to a streaming list is asked for pages, also later`, async () => {
    const scene = new Scene();
    scene.page([object('a', 1)], { resourceVersion: '7', continue: 'more' });
    scene.page([object('b', 2)], { resourceVersion: '7' });
    scene.refuseNext(new KubeError({ status, reason: 'Invalid', message: 'sendInitialEvents is forbidden' }));
    const stream = await scene.nextStream();
    assert.deepEqual(scene.held(), ['a@1', 'b@2']);
    assert.equal(stream.asked.query?.resourceVersion, '7');
    assert.deepEqual(scene.pagesAsked(), [{ limit: '250' }, { limit: '250', continue: 'more' }]);

    scene.page([], { resourceVersion: '9' });
    await stream.say(failed(410, 'Expired'));
    assert.equal((await scene.nextStream()).asked.query?.resourceVersion, '9');
    assert.deepEqual(scene.held(), []);
    scene.stop();
  });
}

test('a server that takes no notice of sendInitialEvents is asked for pages', async () => {
  for (const givesItselfAway of [
    (stream: Stream) => stream.say(added('a', 1), bookmark(3)),
    (stream: Stream, clock: ManualClock) => stream.say(added('a', 1)).then(() => clock.advance(10_000)),
  ]) {
    const scene = new Scene();
    scene.page([object('a', 1)], { resourceVersion: '7' });
    await givesItselfAway(await scene.nextStream(), scene.clock);
    assert.equal((await scene.nextStream()).asked.query?.resourceVersion, '7');
    assert.deepEqual(scene.held(), ['a@1']);
    scene.stop();
  }
});

test('a continue token that expired begins the list again', async () => {
  const scene = new Scene();
  scene.page([object('a', 1)], { resourceVersion: '7', continue: 'more' });
  scene.failPage(
    new KubeError({ status: 410, reason: 'Expired', message: 'the provided continue parameter is too old' }),
  );
  scene.page([object('b', 8)], { resourceVersion: '9' });
  scene.refuseNext(new KubeError({ status: 422, reason: 'Invalid', message: 'no' }));
  await scene.nextStream();
  assert.deepEqual(scene.held(), ['b@8']);
  scene.stop();
});

test('a stream that is silent for longer than bookmarks are apart is cut and resumed', async () => {
  const scene = new Scene();
  const stream = await scene.synced();
  await scene.clock.advance(100_000);
  await stream.say(bookmark(70));
  await scene.clock.advance(149_000);
  assert.equal(stream.open, true);
  await scene.clock.advance(2_000);
  assert.equal(stream.open, false);
  assert.equal((await scene.nextStream()).asked.query?.resourceVersion, '70');
  scene.stop();
});

test('a refusal is reported each time, and asked again slowly', async () => {
  const refusals: number[] = [];
  const scene = new Scene({ onRefused: ({ status }) => refusals.push(status) });
  scene.refuseNext(new KubeError({ status: 403, reason: 'Forbidden', message: 'no' }));
  scene.refuseNext(new KubeError({ status: 404, reason: 'NotFound', message: 'no such kind' }));
  await scene.clock.advance(29_000);
  assert.deepEqual(refusals, [403]);
  await scene.clock.advance(2_000);
  assert.deepEqual(refusals, [403, 404]);
  await scene.clock.advance(30_000);
  await (await scene.nextStream()).say(endOfList(5));
  assert.equal(await scene.isSynced(), true);
  scene.stop();
});

test('a server whose data went back is listed after a few tries', async () => {
  const scene = new Scene();
  const stream = await scene.synced();
  await stream.say(bookmark(900));
  stream.break(networkFailure());
  const details = { causes: [{ reason: 'ResourceVersionTooLarge' }] };
  for (let i = 0; i < 3; i += 1) {
    scene.refuseNext(new KubeError({ status: 504, reason: 'Timeout', message: 'Too large resource version', details }));
  }
  await scene.clock.advance(30_000);
  assert.equal((await scene.nextStream()).asked.query?.sendInitialEvents, 'true');
  scene.stop();
});

test('a line that is not JSON is a cut like any other', async () => {
  const scene = new Scene();
  const stream = await scene.synced();
  await stream.sayText('{"type":"ADDED","object":{"meta\n');
  await scene.clock.advance(500);
  assert.equal((await scene.nextStream()).asked.query?.resourceVersion, '50');
  scene.stop();
});

test('lasting trouble is told once, not each try', async () => {
  const told: unknown[] = [];
  const scene = new Scene({ log: (message, fields) => told.push([message, fields]) });
  for (let i = 0; i < 6; i += 1) scene.refuseNext(networkFailure());
  await scene.clock.advance(120_000);
  assert.deepEqual(told, [['a watch fails again and again', { resource: 'configmaps', error: 'cut' }]]);
  scene.stop();
});

test('once stopped, nothing reaches the sink and nothing is asked', async () => {
  const scene = new Scene();
  const stream = await scene.synced(added('a', 1));
  scene.stop();
  await stream.say(deleted('a', 60));
  await scene.clock.advance(3_600_000);
  assert.deepEqual(scene.held(), ['a@1']);
  assert.equal(stream.open, false);
  assert.equal(scene.streams.length, 0);
  assert.equal(scene.clock.sleeping, 0);
});

test('only what is to be kept reaches the sink', async () => {
  const scene = new Scene({
    keep: ({ metadata }) => ({ metadata: { ...metadata, name: `kept-${metadata.name}` } }) as never,
  });
  const stream = await scene.synced(added('a', 1));
  await stream.say(added('b', 60));
  assert.deepEqual(scene.held(), ['kept-a@1', 'kept-b@60']);
  scene.stop();
});

/** One watch on a server that says what the test wants it to say. */
class Scene {
  readonly clock = new ManualClock();
  readonly store = new Store<MetadataObject>();
  /** Opened by the watch, and not yet taken by the test. */
  readonly streams: Stream[] = [];
  readonly #refusals: KubeError[] = [];
  readonly #pages: (object | KubeError)[] = [];
  readonly #pagesAsked: KubeRequest[] = [];
  readonly #handle;

  constructor(options: Partial<WatchOptions<MetadataObject>> = {}) {
    const { clock, store: sink } = this;
    const prepared = settled(); // the test says first what the server will answer
    const client: ClusterClient = {
      stream: async (asked) => {
        await prepared;
        const refusal = this.#refusals.shift();
        if (refusal !== undefined) throw refusal;
        const stream = new Stream(asked);
        this.streams.push(stream);
        return stream.chunks();
      },
      send: async (asked) => {
        this.#pagesAsked.push(asked);
        const body = this.#pages.shift();
        if (body === undefined || body instanceof KubeError) throw body ?? networkFailure();
        return { status: 200, body: body as never, warnings: [] };
      },
      stats: () => assert.fail(),
      close: () => assert.fail(),
    };
    const watch = { client, resource: configMaps, form: 'full', sink, clock, random: () => 0.5, ...options } as const;
    this.#handle = watchKind<MetadataObject>(watch);
  }

  refuseNext(error: KubeError): void {
    this.#refusals.push(error);
  }

  page(items: readonly object[], metadata: object): void {
    this.#pages.push({ items, metadata });
  }

  failPage(error: KubeError): void {
    this.#pages.push(error);
  }

  pagesAsked(): readonly unknown[] {
    return this.#pagesAsked.map(({ query }) => query);
  }

  async nextStream(): Promise<Stream> {
    await this.clock.advance(0);
    for (let turns = 0; turns < 50 && this.streams.length === 0; turns += 1) await this.clock.advance(100);
    return this.streams.shift() ?? assert.fail('no stream was opened');
  }

  /** The stream, after its list at version 50. */
  async synced(...events: readonly object[]): Promise<Stream> {
    const stream = await this.nextStream();
    await stream.say(...events, endOfList(50));
    return stream;
  }

  async isSynced(): Promise<boolean> {
    return Promise.race([this.#handle.synced.then(() => true), settled(false)]);
  }

  held(): readonly string[] {
    return [...this.store.values()].map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`);
  }

  stop(): void {
    this.#handle.stop();
  }
}

class Stream {
  readonly asked: KubeRequest;
  open = true;
  #waiting: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly #said: (Uint8Array | Error | undefined)[] = [];

  constructor(asked: KubeRequest) {
    this.asked = asked;
    asked.signal?.addEventListener('abort', () => this.#push(asked.signal?.reason));
  }

  say(...events: readonly object[]): Promise<void> {
    return this.sayText(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  }

  async sayText(text: string): Promise<void> {
    this.#push(Buffer.from(text));
    for (let turns = 0; turns < 5; turns += 1) await settled();
  }

  end(): void {
    this.#push(undefined);
  }

  break(error: Error): void {
    this.#push(error);
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        if (this.#said.length === 0) await this.#waiting.promise;
        const next = this.#said.shift();
        if (next === undefined) return;
        if (next instanceof Error) throw next;
        yield next;
      }
    } finally {
      this.open = false;
    }
  }

  #push(what: Uint8Array | Error | undefined): void {
    this.#said.push(what);
    this.#waiting.resolve();
    this.#waiting = Promise.withResolvers();
  }
}

function object(name: string, version: number) {
  return { metadata: { name, resourceVersion: String(version) } };
}

function added(name: string, version: number) {
  return { type: 'ADDED', object: object(name, version) };
}

function modified(name: string, version: number) {
  return { type: 'MODIFIED', object: object(name, version) };
}

function deleted(name: string, version: number) {
  return { type: 'DELETED', object: object(name, version) };
}

function bookmark(version: number) {
  return { type: 'BOOKMARK', object: { metadata: { resourceVersion: String(version) } } };
}

function endOfList(version: number) {
  const annotations = { 'k8s.io/initial-events-end': 'true' };
  return { type: 'BOOKMARK', object: { metadata: { resourceVersion: String(version), annotations } } };
}

function failed(code: number, reason: string) {
  return { type: 'ERROR', object: { kind: 'Status', code, reason, message: reason } };
}

function networkFailure(): KubeError {
  return new KubeError({ status: 0, reason: 'Network', message: 'cut' });
}
