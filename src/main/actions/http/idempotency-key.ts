import { createHash } from 'node:crypto';
import type { Attempt } from '../verb.ts';

/** One value for all tries of an action, and another one for any other action of any StageSet. */
export function idempotencyKey({ owner, key }: Pick<Attempt, 'owner' | 'key'>): string {
  return createHash('sha256')
    .update(JSON.stringify([owner, key]))
    .digest('hex')
    .slice(0, 32);
}
