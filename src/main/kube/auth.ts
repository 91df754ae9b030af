import { readFile } from 'node:fs/promises';
import type { Clock } from '../../shared/time/clock.ts';
import type { Destination, KubeconfigUser } from './kubeconfig.ts';

/** Who we are, as headers. Asked for with every request, so it answers from memory nearly always. */
export type AuthHeaders = () => Promise<Readonly<Record<string, string | string[]>>>;

/** A kubelet renews a mounted token long before it lapses; the Go client looks as often. */
const TOKEN_FILE_KEPT_MS = 60_000;

/** Of the ways that a user names, the first in this order counts, as for kubectl. `exec` is in exec-plugin.ts. */
export function authHeadersFor({ cluster, user }: Destination, clock: Clock): AuthHeaders {
  return impersonating(user, credentialsOf(user, cluster.server ?? '', clock));
}

/** Whoever the credentials stand in for, as the kubeconfig says. */
export function impersonating(user: KubeconfigUser, credentials: AuthHeaders): AuthHeaders {
  const { as, 'as-uid': uid, 'as-groups': groups = [], 'as-user-extra': extra = {} } = user;
  if (!as) {
    if (uid || groups.length > 0) throw new Error('impersonates groups or a uid without a user');
    return credentials;
  }
  const headers = {
    'impersonate-user': as,
    ...(uid && { 'impersonate-uid': uid }),
    ...(groups.length > 0 && { 'impersonate-group': [...groups] }),
    ...Object.fromEntries(
      Object.entries(extra).map(([key, values]) => [`impersonate-extra-${encodeURIComponent(key)}`, [...values]]),
    ),
  };
  return async () => ({ ...(await credentials()), ...headers });
}

/** A file's token, read again now and then. */
function tokenFileHeaders(path: string, clock: Clock): AuthHeaders {
  return keptFor(TOKEN_FILE_KEPT_MS, clock, async () => bearer((await readFile(path, 'utf8')).trim()));
}

function bearer(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}

function credentialsOf(user: KubeconfigUser, server: string, clock: Clock): AuthHeaders {
  if (user.tokenFile) return tokenFileHeaders(user.tokenFile, clock);
  if (user.token) return always(bearer(user.token));
  if (user.username) {
    return always({
      authorization: `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`,
    });
  }
  if (user['auth-provider']) return authProviderHeaders(user['auth-provider'], server);
  return always({});
}

function always(headers: Awaited<ReturnType<AuthHeaders>>): AuthHeaders {
  const answer = Promise.resolve(headers);
  return () => answer;
}

/** One reading for all who ask meanwhile; a failed one is tried again by the next who asks. */
function keptFor(ms: number, clock: Clock, read: AuthHeaders): AuthHeaders {
  let kept: ReturnType<AuthHeaders> | undefined;
  let readAtMs = 0;
  return () => {
    if (kept !== undefined && clock.elapsedMs() - readAtMs < ms) return kept;
    readAtMs = clock.elapsedMs();
    const reading = read();
    reading.catch(() => {
      if (kept === reading) kept = undefined;
    });
    kept = reading;
    return reading;
  };
}

/** OIDC and its elders, which kubectl has nearly given up: worth loading all of client-node only where one is named. */
function authProviderHeaders(authProvider: object, server: string): AuthHeaders {
  let loaded: Promise<AuthHeaders> | undefined;
  const loadClient = async (): Promise<AuthHeaders> => {
    const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ name: 'cluster', server, skipTLSVerify: false }, { name: 'user', authProvider });
    return async () => {
      const options = { headers: {} };
      await config.applyToHTTPSOptions(options);
      return options.headers;
    };
  };
  return async () => {
    loaded ??= loadClient();
    return (await loaded)();
  };
}
