import type { Attempt } from '../../src/main/actions/verb.ts';
import type { Action } from '../../src/shared/api/types.ts';
import { systemClock } from '../../src/shared/time/clock.ts';

type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface AttemptWishes extends Partial<Pick<Attempt, 'key' | 'owner' | 'signal' | 'park'>> {
  /** In namespace `shop`, by name. */
  readonly secrets?: Secrets;
  readonly timeout?: string;
}

/** One try of an http action in namespace `shop`; it has no cluster. */
export function httpAttempt(
  http: NonNullable<Action['http']>,
  { secrets = {}, timeout, ...rest }: AttemptWishes = {},
): Attempt {
  const attempt: Partial<Attempt> = {
    action: { name: 'call', http, ...(timeout === undefined ? {} : { timeout }) },
    key: 'pre/call',
    owner: 'uid-1',
    namespace: 'shop',
    readData: async (_kind, name) => secrets[name],
    clock: systemClock,
    beganMs: systemClock.elapsedMs(),
    signal: new AbortController().signal,
    park: (_waitingFor, wait) => wait(),
    ...rest,
  };
  return attempt as Attempt;
}
