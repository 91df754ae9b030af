import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSet } from '../../shared/api/types.ts';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { KubeError } from '../kube/errors.ts';
import { type ClusterClient, type KubeRequest, unleased } from '../kube/types.ts';
import { patched } from './merge-patch.ts';
import { StatusWriter } from './writer.ts';

/** A server that holds one StageSet and refuses a patch of an older version, as the real one does. */
class Server {
  set: StageSet = {
    apiVersion: 'stages.metio.wtf/v1',
    kind: 'StageSet',
    metadata: { name: 'a', namespace: 'n', uid: 'u', generation: 1, resourceVersion: '1' },
    spec: { stages: [] },
  };
  patches: object[] = [];

  readonly client = {
    send: async (request: KubeRequest) => ({ status: 200, warnings: [], body: this.#answer(request) }),
  } as unknown as ClusterClient;

  /** Somebody else writes. */
  touch(change: Partial<StageSet> = {}): void {
    const { metadata } = this.set;
    const resourceVersion = String(Number(metadata.resourceVersion) + 1);
    this.set = { ...this.set, ...change, metadata: { ...metadata, ...change.metadata, resourceVersion } };
  }

  #answer({ method, body }: KubeRequest): StageSet {
    if (method === 'GET') return this.set;
    const patch = JSON.parse(String(body)) as { metadata: { resourceVersion: string }; status: object };
    if (patch.metadata.resourceVersion !== this.set.metadata.resourceVersion) {
      throw new KubeError({ status: 409, reason: 'Conflict', message: 'changed meanwhile' });
    }
    this.patches.push(patch.status);
    this.touch({ status: patched({ ...this.set.status }, { ...patch.status }) });
    return this.set;
  }
}

function scene() {
  const server = new Server();
  const clock = new ManualClock();
  const written: StageSet[] = [];
  const writer = new StatusWriter(server.set, {
    client: server.client,
    clock,
    lease: unleased,
    written: (set) => written.push(set),
    interimFailed: (error) => assert.fail(String(error)),
  });
  return { server, clock, written, writer };
}

const version = (version: string) => (status: object) => ({ ...status, version });

test('progress within a moment is one write, with the newest', async () => {
  const { server, clock, writer } = scene();
  writer.show(version('1'));
  writer.show(version('2'));
  await clock.advance(1_000);
  await writer.stop();
  assert.deepEqual(server.patches, [{ version: '2' }]);
});

test('the end overtakes progress that was not sent yet', async () => {
  const { server, written, writer } = scene();
  writer.show(version('1'));
  await writer.settle(version('2'));
  assert.deepEqual(server.patches, [{ version: '2' }]);
  assert.equal(written.length, 1);
});

test('a status that does not differ is not written', async () => {
  const { server, writer } = scene();
  await writer.settle((status) => status);
  await writer.settle(version('1'));
  await writer.settle(version('1'));
  assert.equal(server.patches.length, 1);
});

test('a conflict means reading again, and what others wrote stays', async () => {
  const { server, writer } = scene();
  server.touch({ status: { lastHandledUpdateOverride: 'kept' } });
  await writer.settle(version('1'));
  assert.deepEqual(server.set.status, { lastHandledUpdateOverride: 'kept', version: '1' });
  await writer.settle(version('2'));
  assert.deepEqual(server.set.status, { lastHandledUpdateOverride: 'kept', version: '2' });
});

test('what a run of a newer generation wrote is not overwritten', async () => {
  const { server, writer } = scene();
  server.touch({ status: { observedGeneration: 2, version: 'newer' } });
  await writer.settle(version('older'));
  await writer.settle(version('older still'));
  assert.equal(server.set.status?.version, 'newer');
  assert.deepEqual(server.patches, []);
});

test('nor is it when a write to the object itself brought it to light', async () => {
  const { server, writer } = scene();
  server.touch({ metadata: { ...server.set.metadata, generation: 2 }, status: { observedGeneration: 2 } });
  writer.rebase(server.set); // our finalizer, say: it went onto the newer version
  await writer.settle(version('older'));
  assert.deepEqual(server.set.status, { observedGeneration: 2 });
});

test('an edit of the spec alone stops nobody: what the run found is true of the generation it names', async () => {
  const { server, writer } = scene();
  server.touch({ metadata: { ...server.set.metadata, generation: 2 } });
  await writer.settle((status) => ({ ...status, observedGeneration: 1 }));
  assert.deepEqual(server.set.status, { observedGeneration: 1 });
});

test('a namesake that came after it hears nothing', async () => {
  const { server, writer } = scene();
  server.touch({ metadata: { ...server.set.metadata, uid: 'another' } });
  await writer.settle(version('1'));
  assert.equal(server.set.status, undefined);
});
