import type { KubeObject } from '../../src/shared/objects/object.ts';
import type { KubeApi } from '../../tools/control-plane/kube-api.ts';
import { canariesIn } from '../support/canary.ts';
import type { ControllerProcess } from './controller.ts';

/** What it has told so far that holds a secret, on standard output, standard error and in metrics. */
export async function leaksOf({ log, errors, metrics }: Teller, others: readonly string[]): Promise<readonly string[]> {
  // Of one that has ended, or hangs, the log is all there is.
  const exported = await metrics(AbortSignal.timeout(2_000)).catch(() => '');
  return [
    ...canariesIn(log, others).map((found) => `in the log, ${found}`),
    ...canariesIn(errors, others).map((found) => `on standard error, ${found}`),
    ...canariesIn(exported, others).map((found) => `in metrics, ${found}`),
  ];
}

export type Teller = Pick<ControllerProcess, 'log' | 'errors' | 'metrics'>;

/** What controllers have written for all to read: events, StageInventories, and what of a StageSet is not its user's. */
export async function leaksOn(api: KubeApi, others: readonly string[]): Promise<readonly string[]> {
  const [events, inventories, stageSets] = await Promise.all([
    api.list('events.k8s.io/v1', 'Event'),
    api.list('stages.metio.wtf/v1', 'StageInventory'),
    api.list<KubeObject & { readonly spec?: unknown }>('stages.metio.wtf/v1', 'StageSet'),
  ]);
  const ours = stageSets.map(({ spec: _users, ...rest }) => rest);
  return [...events, ...inventories, ...ours].flatMap((object) =>
    canariesIn(JSON.stringify(object), others).map(
      (found) => `in ${object.kind} ${object.metadata.namespace}/${object.metadata.name}, ${found}`,
    ),
  );
}
