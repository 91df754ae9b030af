import { hash } from 'node:crypto';

/** Which of so many shards a StageSet belongs to: the same answer in every replica and every version of this program. */
export function shardOf(key: string, shards: number): number {
  return shards === 1 ? 0 : Number.parseInt(hash('sha256', key).slice(0, 8), 16) % shards;
}
