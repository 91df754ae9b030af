import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { startController } from '../harness/controller.ts';
import { type ProxiedRequest, startFaultProxy } from '../harness/fault-proxy.ts';
import { crashesIn, type Scene } from '../harness/scene.ts';
import { isSoak, randomFrom } from '../support/seeds.ts';

export interface Killing {
  /** What was written last before each kill. */
  readonly killedAfter: readonly string[];
  /** Ends the last controller too. */
  stop(): Promise<void>;
}

/** After which write it is let live, though something has changed: `PATCH configmaps/settings`, and those before. */
export type Spares = (what: string, killedAfter: readonly string[]) => boolean;

/**
 * A controller that is killed with -9 after writes in the scene's namespace that change anything, and started again:
 * in a soak after each of them, in a test after every other, as the seed throws.
 */
export async function killAfterWrites(
  t: TestContext,
  scene: Scene,
  { seed, spares }: { readonly seed: number; readonly spares: Spares },
): Promise<Killing> {
  const random = randomFrom(seed);
  const proxy = await startFaultProxy(scene);
  t.after(() => proxy[Symbol.asyncDispose]());
  /** As each object was after the last write to it: a write that changes nothing kills nobody, or it would go on for ever. */
  const versions = new Map<string, string>();
  const hasChanged = async ({ path }: ProxiedRequest) => {
    const object = path.replace(/\/status$/, '');
    const found = await scene.api.send<KubeObject>('GET', object).catch(() => undefined);
    const version = found?.metadata.resourceVersion ?? 'gone';
    const before = versions.get(object);
    versions.set(object, version);
    return version !== before;
  };
  const killedAfter: string[] = [];
  let controller = await startController(proxy.kubeconfigPath);
  t.after(() => controller.kill());
  proxy.afterWrite = async (request) => {
    if (!request.path.includes(`/namespaces/${scene.namespace}/`) || request.path.includes('/events')) return;
    if (!(await hasChanged(request))) return;
    const what = `${request.method} ${request.path.split('/').slice(-2).join('/')}`;
    if (spares(what, killedAfter) || (!isSoak && random.below(2) === 0)) return;
    killedAfter.push(what);
    await controller.kill('SIGKILL');
  };
  const stopping = new AbortController();
  const restarts = (async () => {
    while (!stopping.signal.aborted) {
      await controller.exited;
      assert.deepEqual(crashesIn(controller), []);
      if (!stopping.signal.aborted) controller = await startController(proxy.kubeconfigPath);
    }
  })();
  return {
    killedAfter,
    async stop() {
      proxy.afterWrite = undefined;
      stopping.abort();
      await controller.kill();
      await restarts;
    },
  };
}
