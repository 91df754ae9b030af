import { isAbsolute, join } from 'node:path';

/**
 * A kubeconfig as it is written, and what one of its contexts leads to. Nothing is read or run here, so that
 * whoever accepts only some of its ways to authenticate can look first: see config.ts.
 */
export interface Kubeconfig {
  readonly contexts: readonly Named<KubeconfigContext>[];
  readonly clusters: readonly Named<KubeconfigCluster>[];
  readonly users: readonly Named<KubeconfigUser>[];
  readonly currentContext: string | undefined;
}

export interface Named<T> {
  readonly name: string;
  readonly is: T;
}

export interface KubeconfigContext {
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
}

export interface KubeconfigCluster {
  readonly server?: string;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
  readonly 'proxy-url'?: string;
}

export interface KubeconfigUser {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly 'client-certificate'?: string;
  readonly 'client-certificate-data'?: string;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: string;
  readonly username?: string;
  readonly password?: string;
  readonly as?: string;
  readonly 'as-groups'?: readonly string[];
  readonly 'as-uid'?: string;
  readonly 'as-user-extra'?: Readonly<Record<string, readonly string[]>>;
  readonly exec?: KubeconfigExec;
  readonly 'auth-provider'?: { readonly name?: string };
}

export interface KubeconfigExec {
  readonly apiVersion?: string;
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
}

/** Where one context leads. */
export interface Destination {
  readonly cluster: KubeconfigCluster;
  readonly user: KubeconfigUser;
  readonly namespace: string | undefined;
}

/** Reads what YAML made of the text; throws an Error that names what is wrong, never a value. */
export function readKubeconfig(document: unknown): Kubeconfig {
  if (!isRecord(document)) throw new Error('is not a mapping');
  const current = document['current-context'];
  return {
    contexts: namedEntries(document, 'contexts', 'context'),
    clusters: namedEntries(document, 'clusters', 'cluster'),
    users: namedEntries(document, 'users', 'user'),
    currentContext: typeof current === 'string' && current !== '' ? current : undefined,
  };
}

/** Paths in a file are relative to where it lies; a command without a slash is looked for in PATH. */
export function resolvePaths(config: Kubeconfig, folder: string): Kubeconfig {
  const resolve = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  return {
    ...config,
    clusters: config.clusters.map(({ name, is }) => ({ name, is: withPaths(is, ['certificate-authority'], resolve) })),
    users: config.users.map(({ name, is }) => {
      const user = withPaths(is, ['tokenFile', 'client-certificate', 'client-key'], resolve);
      const { exec } = user;
      if (!exec?.command?.includes('/')) return { name, is: user };
      return { name, is: { ...user, exec: withPaths(exec, ['command'], resolve) } };
    }),
  };
}

/** Several files read as one: of two entries with one name the earlier file's counts, as for kubectl. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  return {
    contexts: configs.flatMap(({ contexts }) => contexts),
    clusters: configs.flatMap(({ clusters }) => clusters),
    users: configs.flatMap(({ users }) => users),
    currentContext: configs.find(({ currentContext }) => currentContext !== undefined)?.currentContext,
  };
}

/** Which entries to go by, in place of what the files choose. */
export interface Chosen {
  readonly context?: string | undefined;
  readonly cluster?: string | undefined;
  readonly user?: string | undefined;
  /** False where the server is known from elsewhere. */
  readonly needsCluster?: boolean;
}

export function destinationOf(config: Kubeconfig, chosen: Chosen = {}): Destination {
  const { context: contextName = config.currentContext, needsCluster = true } = chosen;
  if (contextName === undefined && chosen.cluster === undefined && needsCluster) {
    throw new Error('has no current-context');
  }
  const context = contextName === undefined ? {} : pick(config.contexts, contextName, 'context');
  const { cluster = context.cluster, user = context.user } = chosen;
  const hasCluster = cluster !== undefined || needsCluster;
  return {
    cluster: hasCluster ? pick(config.clusters, cluster ?? '', 'cluster') : {},
    user: user === undefined ? {} : pick(config.users, user, 'user'),
    namespace: context.namespace,
  };
}

function withPaths<T extends object>(entry: T, fields: readonly (keyof T)[], resolve: (path: string) => string): T {
  const copy = { ...entry };
  for (const field of fields) {
    const path = entry[field];
    if (typeof path === 'string' && path !== '') Object.assign(copy, { [field]: resolve(path) });
  }
  return copy;
}

function pick<T>(entries: readonly Named<T>[], name: string, what: string): T {
  const found = entries.find((entry) => entry.name === name);
  if (found !== undefined) return found.is;
  const there = entries.map((entry) => `"${entry.name}"`).join(', ') || 'none';
  throw new Error(`has no ${what} "${name}" (it has: ${there})`);
}

function namedEntries<T>(document: Record<string, unknown>, list: string, field: string): readonly Named<T>[] {
  const entries = document[list] ?? [];
  if (!Array.isArray(entries)) throw new Error(`${list} is not a list`);
  return entries.map((entry: unknown, index) => {
    const is = isRecord(entry) ? (entry[field] ?? {}) : undefined;
    if (!isRecord(entry) || typeof entry.name !== 'string' || !isRecord(is)) {
      throw new Error(`${list}[${index}] needs a name and a ${field}`);
    }
    for (const [key, value] of Object.entries(is)) {
      // What is read as text further on must be text: a token such as 12345 comes out of YAML as a number.
      if (typeof value === 'number') throw new Error(`${list}[${index}].${field}.${key} must be quoted`);
    }
    const given = Object.entries(is).filter(([, value]) => value !== null);
    return { name: entry.name, is: Object.fromEntries(given) as T };
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
