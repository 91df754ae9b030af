import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Rule } from '../../tools/chart/grants.ts';
import { watching } from './chart-rules.ts';
import { type ControllerProcess, startController } from './controller.ts';
import { allow } from './rbac.ts';
import { crashesIn, type Scene } from './scene.ts';
import type { TestPlane } from './test-plane.ts';

/** What tests that name no others apply of kinds that the controller may watch. */
const watchedKinds = watching(
  { apiGroups: [''], resources: ['configmaps', 'services', 'namespaces'] },
  { apiGroups: ['apps'], resources: ['deployments'] },
);

const release = 'stageset-controller';
/** It has the rights that a test gives it. */
export const controllerUser = { kind: 'User', name: 'controller' } as const;

const running: ControllerProcess[] = [];

after(async () => {
  for (const controller of running) await controller.kill();
  assert.deepEqual(running.flatMap(crashesIn), []);
});

/** Starts the controller as a user who has these rights and no other, but to watch what is applied here. It ends with the test file. */
export async function startWithRights(
  { plane }: Scene,
  rules: readonly Rule[],
  flags: readonly string[] = [],
): Promise<ControllerProcess> {
  await allow(plane.api, release, controllerUser, [...rules, ...watchedKinds]);
  return startAsController(plane, flags);
}

/** The same with these rights in these namespaces, and none anywhere else. */
export async function startWithin(
  { plane }: Scene,
  namespaces: readonly string[],
  rules: readonly Rule[],
  flags: readonly string[] = [],
): Promise<ControllerProcess> {
  for (const namespace of namespaces) {
    await allow(plane.api, release, controllerUser, [...rules, ...watchedKinds], namespace);
  }
  return startAsController(plane, [`--watch-namespaces=${namespaces.join(',')}`, ...flags]);
}

async function startAsController(plane: TestPlane, flags: readonly string[]): Promise<ControllerProcess> {
  const path = join(plane.dir, 'controller.kubeconfig');
  await writeFile(path, asController(plane.kubeconfig), { mode: 0o600 });
  const controller = await startController(path, flags);
  running.push(controller);
  return controller;
}

function asController(kubeconfig: string): string {
  const changed = kubeconfig.replace(/(current-context"?: "?)admin/, '$1controller');
  assert.notEqual(changed, kubeconfig);
  return changed;
}
