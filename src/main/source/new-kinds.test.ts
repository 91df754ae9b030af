import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import type { Discovery } from '../kube/discovery.ts';
import { KubeError } from '../kube/errors.ts';
import type { ClusterClient } from '../kube/types.ts';
import { NewKinds } from './new-kinds.ts';

/** A server that lets nobody watch CRDs. */
function startScene(t: TestContext, scope: readonly string[]) {
  const clock = new ManualClock();
  const scene = { clock, refused: 0, refreshed: 0, installed: 0, failed: 0, isDown: false };
  const crds = { group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition' };
  const discovery = {
    find: () => ({ ...crds, plural: 'customresourcedefinitions', namespaced: false, verbs: [] }),
    refresh: async () => {
      scene.refreshed += 1;
      if (scene.isDown) throw new KubeError({ status: 0, reason: 'Network', message: 'nobody is there' });
    },
  } as unknown as Discovery;
  const client = {
    stream: async () => {
      scene.refused += 1;
      throw new KubeError({ status: 403, reason: 'Forbidden', message: '' });
    },
  } as unknown as ClusterClient;
  const kinds = new NewKinds({
    client,
    discovery,
    scope,
    clock,
    onInstalled: async () => {
      scene.installed += 1;
    },
    failed: () => {
      scene.failed += 1;
    },
  });
  t.after(() => kinds.stop());
  return { ...scene, scene, kinds };
}

for (const [why, scope, refusals] of [
  ['in a scope CRDs are not watched', ['shop'], 0],
  ['where CRDs may not be watched', [], 1],
] as const) {
  test(`${why}: discovery is asked now and then, whatever fails meanwhile`, async (t) => {
    const { scene, clock, kinds } = startScene(t, scope);
    await kinds.start();
    assert.equal(scene.refused, refusals);
    await clock.advance(29_000);
    assert.equal(scene.refreshed, 0);
    scene.isDown = true;
    await clock.advance(1_000);
    assert.deepEqual([scene.refreshed, scene.installed, scene.failed], [1, 0, 1]);
    scene.isDown = false;
    await clock.advance(30_000);
    assert.deepEqual([scene.refreshed, scene.installed], [2, 1]);
    kinds.stop();
    await clock.advance(60_000);
    assert.equal(scene.refreshed, 2);
  });
}
