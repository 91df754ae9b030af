import { parseKubeconfig } from '../kube/config.ts';
import type { Destination, Kubeconfig, KubeconfigCluster, KubeconfigUser, Named } from '../kube/kubeconfig.ts';
import { type OutboundPolicy, refusalOfHost } from '../outbound/guard.ts';

export interface KubeconfigPolicy {
  readonly outbound: OutboundPolicy;
  /** Whether a server need not prove who it is. */
  readonly allowInsecureTls: boolean;
}

/** What a tenant brought is no use, or asks for what a tenant may not: told by the field's name, never by its value. */
export class KubeconfigRefused extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`the kubeconfig ${why}`, options);
    this.name = 'KubeconfigRefused';
  }
}

/** Many times what the longest needs. */
const LONGEST = 256 * 2 ** 10;

/**
 * Where a tenant's kubeconfig leads. It holds all it takes, in itself: what would run a command, read a file of ours or
 * load code is refused, and so is an address that the guard refuses.
 */
export function tenantDestination(text: string, policy: KubeconfigPolicy): Destination {
  if (text.length > LONGEST) throw new KubeconfigRefused(`is longer than ${LONGEST >> 10} KiB`);
  const destination = currentDestination(parsed(text));
  const objections = [...clusterObjections(destination.cluster, policy), ...userObjections(destination.user)];
  if (objections.length > 0) throw new KubeconfigRefused(objections.join('; '));
  return destination;
}

function parsed(text: string): Kubeconfig {
  try {
    return parseKubeconfig(text);
  } catch (error) {
    throw new KubeconfigRefused(error instanceof Error ? error.message : 'cannot be read');
  }
}

/** As `destinationOf`, which names what there is instead. */
function currentDestination({ currentContext, contexts, clusters, users }: Kubeconfig): Destination {
  if (currentContext === undefined) throw new KubeconfigRefused('has no current-context');
  const context = named(contexts, currentContext, 'current-context names no context');
  return {
    cluster: named(clusters, context.cluster, 'context names no cluster'),
    user: context.user === undefined ? {} : named(users, context.user, 'context names no user'),
    namespace: undefined, // every object has its own by the time it is sent
  };
}

function named<T>(entries: readonly Named<T>[], name: unknown, otherwise: string): T {
  const found = entries.find((entry) => entry.name === name);
  if (found === undefined) throw new KubeconfigRefused(`is of no use: its ${otherwise} in it`);
  return found.is;
}

const clusterTexts = ['server', 'certificate-authority-data', 'tls-server-name', 'proxy-url'] as const;
const userTexts = [
  'token',
  'client-certificate-data',
  'client-key-data',
  'username',
  'password',
  'as',
  'as-uid',
] as const;

function* clusterObjections(cluster: KubeconfigCluster, policy: KubeconfigPolicy): Generator<string> {
  if (cluster['certificate-authority']) yield mayNot('certificate-authority', inline('certificate-authority-data'));
  yield* notTexts(cluster, clusterTexts);
  yield* addressObjections('server', cluster.server, policy);
  if (cluster['proxy-url']) yield* addressObjections('proxy-url', cluster['proxy-url'], policy);
  if (policy.allowInsecureTls) return;
  if (cluster['insecure-skip-tls-verify']) yield mayNot('insecure-skip-tls-verify', insecure);
  if (URL.parse(String(cluster.server))?.protocol === 'http:') yield mayNot('server without TLS', insecure);
}

function* userObjections(user: KubeconfigUser): Generator<string> {
  if (user.exec !== undefined) yield mayNot('exec', 'no command is run for it; put in a token or a client certificate');
  if (user['auth-provider'] !== undefined) yield mayNot('auth-provider', 'put in a token or a client certificate');
  if (user.tokenFile) yield mayNot('tokenFile', inline('token'));
  if (user['client-certificate']) yield mayNot('client-certificate', inline('client-certificate-data'));
  if (user['client-key']) yield mayNot('client-key', inline('client-key-data'));
  yield* notTexts(user, userTexts);
  if (!isListOfTexts(user['as-groups'] ?? [])) yield 'has as-groups that are no list of texts';
  const extra: unknown = user['as-user-extra'] ?? {};
  if (typeof extra !== 'object' || extra === null || !Object.values(extra).every(isListOfTexts))
    yield 'has an as-user-extra that is no map of lists of texts';
}

function* addressObjections(field: string, address: unknown, { outbound }: KubeconfigPolicy): Generator<string> {
  const url = typeof address === 'string' ? URL.parse(address) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    yield `has no ${field} such as https://host:6443`;
    return;
  }
  const refusal = refusalOfHost(url, outbound);
  if (refusal !== undefined) yield `has a ${field} that is not allowed: ${refusal}`;
}

function* notTexts<T extends object>(entry: T, fields: readonly (keyof T & string)[]): Generator<string> {
  for (const field of fields) {
    const value: unknown = entry[field];
    const isText = typeof value === 'string' && !/[^\P{Cc}\s]/u.test(value);
    if (value !== undefined && value !== null && !isText) yield `has a ${field} that is not a plain text`;
  }
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

const insecure = 'the controller would need --insecure-kubeconfig-tls';

function inline(field: string): string {
  return `files are not read for it; use ${field}`;
}

function mayNot(field: string, instead: string): string {
  return `may not use ${field} (${instead})`;
}
