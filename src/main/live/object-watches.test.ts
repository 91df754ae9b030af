import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { KubeError } from '../kube/errors.ts';
import type { ClusterClient, ReadRequest, Resource } from '../kube/types.ts';
import { ObjectWatches, type Watcher, type Watching } from './object-watches.ts';

const jobs: Resource = { group: 'batch', version: 'v1', kind: 'Job', plural: 'jobs', namespaced: true, verbs: [] };
const ours: Watching = { resource: jobs, namespace: 'shop', labelSelector: 'ours', form: 'full', as: 'robot' };

/** A server of one stream at a time, and what watchers hear of it. */
class Scene {
  readonly clock = new ManualClock();
  readonly asked: ReadRequest[] = [];
  readonly heard: string[] = [];
  mayWatch = true;
  #say = (_line: object) => {};
  readonly watches = new ObjectWatches(this.#client(), this.clock);

  watcher(who: string): Watcher {
    return {
      seen: ({ metadata }) => this.heard.push(`${who} saw ${metadata.name}`),
      gone: (name) => this.heard.push(`${who} lost ${name}`),
      all: (objects) => this.heard.push(`${who} knows ${objects.map(({ metadata }) => metadata.name)}`),
      refused: () => this.heard.push(`${who} is refused`),
    };
  }

  async tell(...lines: readonly object[]): Promise<void> {
    await this.quiet();
    for (const line of lines) this.#say(line);
    await this.quiet();
  }

  async quiet(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await this.clock.advance(0);
  }

  #client(): ClusterClient {
    return {
      stream: async (request: ReadRequest) => {
        this.asked.push(request);
        if (!this.mayWatch) throw new KubeError({ status: 403, reason: 'Forbidden', message: 'no' });
        return this.#lines(request.signal);
      },
    } as unknown as ClusterClient;
  }

  async *#lines(signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    while (signal?.aborted !== true) {
      const line = await new Promise<object | undefined>((resolve) => {
        this.#say = resolve;
        signal?.addEventListener('abort', () => resolve(undefined));
      });
      if (line !== undefined) yield Buffer.from(`${JSON.stringify(line)}\n`);
    }
  }
}

const job = (name: string) => ({ metadata: { name, namespace: 'shop', resourceVersion: '7' } });
const listed = {
  type: 'BOOKMARK',
  object: { metadata: { resourceVersion: '7', annotations: { 'k8s.io/initial-events-end': 'true' } } },
};

test('all who wait for the same share one stream, and who comes late is told so', async () => {
  const scene = new Scene();
  const first = scene.watches.join(ours, scene.watcher('one'));
  const second = scene.watches.join({ ...ours }, scene.watcher('two'));
  assert.deepEqual([first.late, second.late], [false, false]);
  await scene.tell({ type: 'ADDED', object: job('a') });
  await scene.tell(listed);
  assert.deepEqual(scene.heard.splice(0), ['one knows a', 'two knows a']);
  const third = scene.watches.join(ours, scene.watcher('three'));
  assert.equal(third.late, true);
  first.leave();
  await scene.tell({ type: 'DELETED', object: job('a') });
  assert.deepEqual(scene.heard.splice(0), ['two lost a', 'three lost a']);
  assert.equal(scene.asked.length, 1);
  second.leave();
  third.leave();
  assert.equal(scene.asked[0]?.signal?.aborted, true, 'the last one ends the stream');
  assert.equal(scene.watches.join(ours, scene.watcher('four')).late, false);
});

test('others’ eyes, another place or another choice take a stream of their own; so does who asks for one', async () => {
  const scene = new Scene();
  const others = [{ as: 'somebody' }, { namespace: 'other' }, { labelSelector: 'x' }, { form: 'metadata' as const }];
  for (const other of [{}, ...others]) scene.watches.join({ ...ours, ...other }, scene.watcher('one'));
  scene.watches.join(ours, scene.watcher('apart'), { apart: true });
  await scene.quiet();
  assert.equal(scene.asked.length, 6);
});

test('a refusal is told to all, and who comes next asks anew', async () => {
  const scene = new Scene();
  scene.mayWatch = false;
  for (const who of ['one', 'two']) scene.watches.join(ours, scene.watcher(who));
  await scene.quiet();
  assert.deepEqual(scene.heard.splice(0), ['one is refused', 'two is refused']);
  scene.mayWatch = true;
  scene.watches.join(ours, scene.watcher('three'));
  await scene.tell(listed);
  assert.deepEqual(scene.heard, ['three knows ']);
});
