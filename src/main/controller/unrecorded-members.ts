import { keys } from '../../shared/labels.ts';
import type { Target } from '../apply/cluster.ts';
import { listLabelled } from '../apply/list-labelled.ts';
import { readGroupKinds } from '../inventory/apply-set.ts';
import type { Entry } from '../inventory/shards.ts';
import { isSteady } from './drift.ts';
import type { Run } from './world.ts';

/**
 * In mode `applyset`: members of the stage's ApplySet by their label, whether recorded or not. Looked for when
 * something is rolled out; a steady run costs no requests.
 */
export async function unrecordedMembers(run: Run, target: Target, stage: string): Promise<readonly Entry[]> {
  if (run.world.settings.inventoryMode !== 'applyset' || isSteady(run)) return [];
  const recorded = run.inventory.recordedAt({ stage, target: target.recordedAs });
  if (recorded === undefined) return [];
  const parent = recorded.shards[0]?.inventory.metadata;
  const id = parent?.labels?.[keys.applySetId];
  if (parent === undefined || id === undefined) return [];
  const { discovery } = target.cluster;
  const kinds = readGroupKinds(parent.annotations?.[keys.applySetGroupKinds] ?? '');
  const resources = kinds.flatMap((kind) => discovery.find(kind) ?? []);
  const others = (parent.annotations?.[keys.applySetNamespaces] ?? '').split(',').filter((name) => name !== '');
  const namespaces = [parent.namespace ?? '', ...others];
  const members = await listLabelled(target, resources, `${keys.applySetPartOf}=${id}`, namespaces);
  return members
    .filter((member) => !recorded.entries.has(member.id))
    .map(({ id, apiVersion }) => ({ id, v: apiVersion }));
}
