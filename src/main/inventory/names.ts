import { hash } from 'node:crypto';

const NAME_MAX = 253;

/**
 * `<stageset>-<stage>-<shard>-<hash>`. The hash covers the three with their lengths, or `a-b`, `c` would share
 * a name with `a`, `b-c`. For people only: inventories are found by labels and owner, never by name.
 */
export function inventoryName(stageSet: string, stage: string, shard: number): string {
  const index = shardLabel(shard);
  const parts = [stageSet, stage, index].map((part) => `${part.length}:${part}`).join('');
  const tail = `-${hash('sha256', parts).slice(0, 10)}`;
  const readable = `${stageSet}-${stage}-${index}`.slice(0, NAME_MAX - tail.length);
  return `${readable.replace(/[.-]+$/, '')}${tail}`;
}

/** The shard in two digits, as names and the shard label write it. */
export function shardLabel(shard: number): string {
  return String(shard).padStart(2, '0');
}

/** KEP-3659: the ApplySet whose parent is this stage's first shard. */
export function applySetId(parentName: string, parentNamespace: string): string {
  const identity = `${parentName}.${parentNamespace}.StageInventory.stages.metio.wtf`;
  return `applyset-${hash('sha256', identity, 'base64url')}-v1`;
}
