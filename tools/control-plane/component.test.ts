import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Component, ComponentFailure, createComponent } from './component.ts';
import { type Guard, openGuard } from './guard.ts';
import { isAlive } from './liveness.ts';

test('one that ends by itself has failed, and its log is quoted', async () => {
  await using guard = await openGuard();
  const component = scripted(guard, 'echo first; echo "bind: address already in use" >&2; exit 3');
  await component.start();
  await ended(component);
  assert.ok(component.failed.reason instanceof ComponentFailure);
  assert.equal(
    component.failed.reason.message,
    'etcd ended with code 3. Its last lines:\nfirst\nbind: address already in use',
  );
  assert.equal(component.pid, undefined);
});

test('one killed on purpose has not failed and starts again', async () => {
  await using guard = await openGuard();
  const component = scripted(guard, 'exec sleep 300');
  await component.start();
  const first = component.pid!;
  await component.kill();
  assert.deepEqual([isAlive(first), component.pid, component.failed.aborted], [false, undefined, false]);
  await component.start();
  assert.ok(isAlive(component.pid!));
  await assert.rejects(component.start(), /runs already/);
});

function scripted(guard: Guard, script: string): Component {
  return createComponent(guard, 'etcd', { file: '/bin/sh', args: ['-c', script], logFile: join(guard.dir, 'log') });
}

async function ended(component: Component): Promise<void> {
  if (!component.failed.aborted) await once(component.failed, 'abort');
}
