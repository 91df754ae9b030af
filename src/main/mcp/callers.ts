import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../../shared/time/clock.ts';
import { isForbidden } from '../kube/errors.ts';
import { type ClusterClient, unleased } from '../kube/types.ts';
import { Refused } from './refused.ts';
import { Shares } from './shares.ts';

/** A token that is taken away counts for so long still, as it does with API servers. */
const REMEMBERED_MS = 10_000;
const MOST_REMEMBERED = 1_000;
const TIMEOUT_MS = 5_000;

export interface Bearer {
  readonly token: string;
  /** The address that it came from. */
  readonly peer: string;
}

/** As a TokenReview tells of them and a SubjectAccessReview wants them. */
export interface User {
  readonly username: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

interface Known {
  /** Undefined: the API server does not know the token. */
  readonly user: User | undefined;
  readonly untilMs: number;
}

export interface CallersOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
}

/** Whom a bearer token stands for, as the API server says. Tokens themselves are not kept: a hash finds what is known of one. */
export class Callers {
  readonly #options: CallersOptions;
  readonly #salt = randomBytes(32);
  readonly #shares = new Shares();
  readonly #users = new Map<string, Known>();
  /** Apart: made-up tokens, however many, take nobody's place above. */
  readonly #nobodies = new Map<string, Known>();
  readonly #asking = new Map<string, Promise<User | undefined>>();

  constructor(options: CallersOptions) {
    this.#options = options;
  }

  /** Undefined: nobody's. */
  async whoHas({ token, peer }: Bearer): Promise<User | undefined> {
    const key = createHmac('sha256', this.#salt).update(token).digest('base64');
    const known = this.#users.get(key) ?? this.#nobodies.get(key);
    if (known !== undefined && known.untilMs > this.#options.clock.elapsedMs()) return known.user;
    const asking = this.#asking.get(key) ?? this.#ask(key, { token, peer });
    return await asking;
  }

  async #ask(key: string, { token, peer }: Bearer): Promise<User | undefined> {
    const asking = this.#shares.run(peer, () => review(this.#options.client, token));
    this.#asking.set(key, asking);
    try {
      const user = await asking;
      this.#remember(key, user);
      return user;
    } finally {
      this.#asking.delete(key);
    }
  }

  #remember(key: string, user: User | undefined): void {
    for (const known of [this.#users, this.#nobodies]) known.delete(key);
    const known = user === undefined ? this.#nobodies : this.#users;
    const [oldest] = known.keys();
    if (oldest !== undefined && known.size >= MOST_REMEMBERED) known.delete(oldest);
    known.set(key, { user, untilMs: this.#options.clock.elapsedMs() + REMEMBERED_MS });
  }
}

interface Review {
  readonly status?: { readonly authenticated?: boolean; readonly user?: Partial<User> };
}

async function review(client: ClusterClient, token: string): Promise<User | undefined> {
  try {
    const { body } = await client.send<Review>({
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/tokenreviews',
      lease: unleased,
      timeoutMs: TIMEOUT_MS,
      body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } }),
    });
    const { authenticated, user: { username = '', ...user } = {} } = body.status ?? {};
    return authenticated === true && username !== '' ? { ...user, username } : undefined;
  } catch (error) {
    if (!isForbidden(error)) throw error;
    throw new Refused(
      'the controller may not look at bearer tokens: grant it create of tokenreviews.authentication.k8s.io',
    );
  }
}
