import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { LookupFunction } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { load, YAMLException } from 'js-yaml';
import { type Clock, systemClock } from '../../shared/time/clock.ts';
import { type AuthHeaders, authHeadersFor, impersonating } from './auth.ts';
import { execPlugin } from './exec-plugin.ts';
import { homeFolder } from './home-folder.ts';
import { type Destination, type Kubeconfig, mergeKubeconfigs, readKubeconfig, resolvePaths } from './kubeconfig.ts';
import { destinationWithoutFiles, type Overrides, overridden, overriddenDestination } from './overrides.ts';

/** Where a cluster is and who we are there. */
export interface ClusterConfig {
  /** `https://host:port`, perhaps with a path before `/api`. */
  readonly server: string;
  readonly tls: ClusterTls;
  readonly proxyUrl?: string;
  /** The context's, or the pod's own. */
  readonly namespace?: string;
  readonly authHeaders: AuthHeaders;
  /** A tenant named this server. */
  readonly untrusted?: UntrustedServer;
}

/** It may be any server at all: of what it says beside a Status object nothing is quoted, and it is to fill no memory. */
export interface UntrustedServer {
  readonly maxAnswerBytes: number;
  /** How its name, or its proxy's, is resolved. */
  readonly lookup: LookupFunction;
}

export interface ClusterTls {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly serverName?: string;
  readonly insecure: boolean;
}

export interface ConfigWishes extends Overrides {
  readonly kubeconfigPath?: string;
}

/** What of the process and its machine decides which cluster is meant. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly serviceAccountFolder: string;
  readonly clock: Clock;
}

const surroundingsHere: Surroundings = {
  env: process.env,
  home: homeFolder(),
  serviceAccountFolder: '/var/run/secrets/kubernetes.io/serviceaccount',
  clock: systemClock,
};

/**
 * The kubeconfig asked for, else `KUBECONFIG`, else the service account this pod runs as, else `~/.kube/config`:
 * the order of every controller. `@kubernetes/client-node` answers for exec plugins and auth providers only: loading
 * the rest of it costs 90 MiB and a third of a second, and it neither reads `tokenFile` nor trims a token.
 */
export async function loadClusterConfig(wishes: ConfigWishes = {}, around = surroundingsHere): Promise<ClusterConfig> {
  const paths = wishes.kubeconfigPath ? [wishes.kubeconfigPath] : thoseThere(pathsIn(around.env.KUBECONFIG));
  if (paths.length > 0) return fromFiles(paths, wishes, around);
  if (!namesCluster(wishes) && runsInCluster(around)) return fromServiceAccount(wishes, around);
  const homeConfig = join(around.home, '.kube', 'config');
  if (existsSync(homeConfig)) return fromFiles([homeConfig], wishes, around);
  const destination = destinationWithoutFiles(wishes);
  if (destination !== undefined) return configFor(destination, around.clock);
  throw new Error(`no cluster to talk to: no --kubeconfig, no KUBECONFIG, not in a pod, and no ${homeConfig}`);
}

/** What a destination comes to: its files are read, and its credential plugin is run. */
export async function configFor(to: Destination, clock: Clock): Promise<ClusterConfig> {
  const { cluster, user } = to;
  const plugin = user.exec && execPlugin(user.exec);
  const credential = await plugin?.();
  const ca = await dataOrFile(cluster['certificate-authority-data'], cluster['certificate-authority']);
  const cert = credential?.cert ?? (await dataOrFile(user['client-certificate-data'], user['client-certificate']));
  const key = credential?.key ?? (await dataOrFile(user['client-key-data'], user['client-key']));
  return {
    server: checkedServer(cluster.server),
    tls: {
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
      ...(cluster['tls-server-name'] && { serverName: cluster['tls-server-name'] }),
      insecure: cluster['insecure-skip-tls-verify'] === true,
    },
    ...(cluster['proxy-url'] && { proxyUrl: cluster['proxy-url'] }),
    ...(to.namespace && { namespace: to.namespace }),
    authHeaders: plugin ? impersonating(user, async () => (await plugin()).headers) : authHeadersFor(to, clock),
  };
}

export function parseKubeconfig(text: string): Kubeconfig {
  return readKubeconfig(documentIn(text));
}

/** The parser's own message quotes the lines around the place: a token, as likely as not. */
function documentIn(text: string): unknown {
  try {
    return load(text);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new Error(error.mark === undefined ? 'is not YAML' : `line ${error.mark.line + 1} is not YAML`);
  }
}

function namesCluster({ context, cluster, clusterFields }: Overrides): boolean {
  return context !== undefined || cluster !== undefined || clusterFields?.server !== undefined;
}

async function fromFiles(paths: readonly string[], overrides: Overrides, around: Surroundings) {
  const configs = await Promise.all(paths.map(readKubeconfigFile));
  const merged = mergeKubeconfigs(configs);
  try {
    return await configFor(overriddenDestination(merged, overrides), around.clock);
  } catch (cause) {
    throw new Error(`kubeconfig ${paths.join(delimiter)}: ${messageOf(cause)}`, { cause });
  }
}

async function readKubeconfigFile(path: string): Promise<Kubeconfig> {
  try {
    return resolvePaths(parseKubeconfig(await readFile(path, 'utf8')), dirname(path));
  } catch (cause) {
    throw new Error(`kubeconfig ${path}: ${messageOf(cause)}`, { cause });
  }
}

function runsInCluster({ env, serviceAccountFolder }: Surroundings): boolean {
  return Boolean(env.KUBERNETES_SERVICE_HOST) && existsSync(join(serviceAccountFolder, 'token'));
}

async function fromServiceAccount(overrides: Overrides, { env, serviceAccountFolder, clock }: Surroundings) {
  const host = env.KUBERNETES_SERVICE_HOST ?? '';
  const port = env.KUBERNETES_SERVICE_PORT ?? '443';
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const namespace = await readFile(join(serviceAccountFolder, 'namespace'), 'utf8').catch(() => '');
  const own = {
    cluster: { server, 'certificate-authority': join(serviceAccountFolder, 'ca.crt') },
    user: { tokenFile: join(serviceAccountFolder, 'token') },
    namespace: namespace.trim() || undefined,
  };
  return configFor(overridden(own, overrides), clock);
}

function pathsIn(list: string | undefined): readonly string[] {
  return (list ?? '').split(delimiter).filter((path) => path !== '');
}

/** As kubectl has it: of a list, files that are missing do not count. Where all are, that is the error. */
function thoseThere(paths: readonly string[]): readonly string[] {
  const there = paths.filter((path) => existsSync(path));
  return there.length > 0 ? there : paths;
}

async function dataOrFile(base64: string | undefined, path: string | undefined): Promise<Buffer | undefined> {
  if (base64) return Buffer.from(base64, 'base64');
  return path ? readFile(path) : undefined;
}

function checkedServer(server: string | undefined): string {
  const url = URL.parse(server ?? '');
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new Error('the cluster needs a server such as https://host:6443');
  }
  return (server ?? '').replace(/\/+$/, '');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
