import type { Clock } from '../../shared/time/clock.ts';
import type { StandIn } from './client.ts';
import { isTransient, KubeError } from './errors.ts';
import { objectPath } from './paths.ts';
import { type ClusterClient, unleased } from './types.ts';

/** The server may give another life; it says which. */
const ASKED_SECONDS = 3_600;
/** Then there is time to get the next before the last request with this one is over. */
const USED_OF_LIFE = 0.8;

export interface TenantTokensOptions {
  /** Whose connection asks for the tokens; known once tokens are needed. */
  readonly client: () => ClusterClient;
  readonly clock: Clock;
}

interface Kept {
  readonly credentials: Promise<Readonly<Record<string, string>>>;
  /** Not before it is known when it lapses. */
  lapsesAtMs: number;
}

/**
 * Short-lived tokens, with which the controller acts as a ServiceAccount instead of impersonating it. One for each,
 * kept until 80% of its life, and shared by all who ask meanwhile.
 */
export class TenantTokens implements StandIn {
  readonly #options: TenantTokensOptions;
  readonly #kept = new Map<string, Kept>();

  constructor(options: TenantTokensOptions) {
    this.#options = options;
  }

  credentialsOf(user: string): Kept['credentials'] {
    const known = this.#kept.get(user);
    const nowMs = this.#options.clock.elapsedMs();
    if (known !== undefined && nowMs < known.lapsesAtMs) return known.credentials;
    for (const [each, { lapsesAtMs }] of this.#kept) if (lapsesAtMs <= nowMs) this.#kept.delete(each);
    return this.#ask(user, nowMs);
  }

  refused(user: string): void {
    this.#kept.delete(user);
  }

  #ask(user: string, askedAtMs: number): Kept['credentials'] {
    const issuing = this.#issue(user);
    const credentials = issuing.then(({ token }) => ({ authorization: `Bearer ${token}` }));
    const kept: Kept = { credentials, lapsesAtMs: Number.POSITIVE_INFINITY };
    this.#kept.set(user, kept);
    issuing.then(
      ({ seconds }) => {
        kept.lapsesAtMs = askedAtMs + seconds * 1_000 * USED_OF_LIFE;
      },
      () => {
        if (this.#kept.get(user) === kept) this.#kept.delete(user);
      },
    );
    return credentials;
  }

  async #issue(user: string): Promise<{ readonly token: string; readonly seconds: number }> {
    const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
    if (namespace === undefined || name === undefined) throw new RangeError('only a ServiceAccount can have a token');
    try {
      const { body } = await this.#options.client().send<TokenRequest>({
        method: 'POST',
        path: objectPath(serviceAccounts, namespace, name, 'token'),
        lease: unleased, // a token changes nothing
        body: JSON.stringify({
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenRequest',
          spec: { expirationSeconds: ASKED_SECONDS },
        }),
      });
      return { token: body.status.token, seconds: body.spec.expirationSeconds };
    } catch (error) {
      throw error instanceof KubeError ? noToken(namespace, name, error) : error;
    }
  }
}

interface TokenRequest {
  readonly spec: { readonly expirationSeconds: number };
  readonly status: { readonly token: string };
}

const serviceAccounts = { group: '', version: 'v1', plural: 'serviceaccounts', namespaced: true };

/** Never "not found", which whoever asked for an object would take for an answer about that. */
function noToken(namespace: string, name: string, error: KubeError): KubeError {
  const message = `no token for ServiceAccount ${namespace}/${name}: ${error.message}`;
  if (isTransient(error)) return new KubeError({ status: 0, reason: 'Credentials', message, cause: error });
  return new KubeError({ status: 403, reason: 'Forbidden', message, cause: error });
}
