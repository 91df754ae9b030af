import type { StageSet } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import { isNotFound } from '../kube/errors.ts';
import { stageSetResource } from '../kube/own-kinds.ts';
import { patchObject } from '../kube/requests.ts';
import { FIELD_MANAGER } from '../live/ownership-print.ts';
import type { Run } from './world.ts';

/** Before the first object is applied: nothing is put up that nobody would take down. */
export async function addFinalizer(run: Run): Promise<void> {
  const { finalizers = [] } = newest(run).metadata;
  if (finalizers.includes(keys.finalizer)) return;
  await setFinalizers(run, [...finalizers, keys.finalizer]);
}

export async function removeFinalizer(run: Run): Promise<void> {
  await run.status.stop(); // what a long wait has shown made versions that the removal must not meet half-way
  const { finalizers = [] } = newest(run).metadata;
  if (!finalizers.includes(keys.finalizer)) return;
  try {
    await setFinalizers(
      run,
      finalizers.filter((each) => each !== keys.finalizer),
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Its finalizers and its version, of one and the same reading. */
function newest(run: Run): StageSet {
  return run.world.sets.get(run.key) ?? run.set;
}

/** With the version it was read at, so that nobody else's finalizer is lost: a conflict ends the run, and the next reads anew. */
async function setFinalizers(run: Run, finalizers: readonly string[]): Promise<void> {
  const { namespace, name, resourceVersion } = newest(run).metadata;
  const { body } = await patchObject<StageSet>(run.world.cluster.client, {
    resource: stageSetResource,
    namespace,
    name,
    patch: { metadata: { resourceVersion, finalizers } },
    fieldManager: FIELD_MANAGER,
    lease: run.lease,
  });
  run.world.sets.put(body);
  run.status.rebase(body);
}
