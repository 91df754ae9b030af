import { type Command, Option } from 'commander';
import type { ConfigWishes } from '../../main/kube/config.ts';
import type { KubeconfigCluster, KubeconfigUser } from '../../main/kube/kubeconfig.ts';
import { parseDurationMs } from '../../shared/time/duration.ts';
import { UsageError } from '../cli-error.ts';
import { several } from '../options.ts';

/** kubectl's connection flags, as commander reads them. */
export interface ConnectionFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly server?: string;
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  readonly as?: string;
  readonly asGroup?: readonly string[];
  readonly asUid?: string;
  readonly asUserExtra?: readonly string[];
  readonly certificateAuthority?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly tlsServerName?: string;
  readonly requestTimeout?: string;
}

export function addConnectionFlags(program: Command): void {
  const options = [
    new Option('--kubeconfig <file>', 'kubeconfig file (else KUBECONFIG, else ~/.kube/config)'),
    new Option('--context <name>', 'kubeconfig context'),
    new Option('--cluster <name>', 'kubeconfig cluster'),
    new Option('--user <name>', 'kubeconfig user'),
    new Option('-n, --namespace <name>', "namespace (else the context's, else default)"),
    new Option('-s, --server <url>', 'address of the API server'),
    new Option('--token <token>', 'bearer token'),
    new Option('--username <name>', 'user name for basic authentication'),
    new Option('--password <password>', 'password for basic authentication'),
    new Option('--as <user>', 'user to impersonate'),
    new Option('--as-group <group>', 'group to impersonate; repeatable').argParser(several),
    new Option('--as-uid <uid>', 'UID to impersonate'),
    new Option('--as-user-extra <key=value>', 'extra of the user to impersonate; repeatable').argParser(several),
    new Option('--certificate-authority <file>', 'certificates that sign the API server'),
    new Option('--client-certificate <file>', 'client certificate'),
    new Option('--client-key <file>', 'key of the client certificate'),
    new Option('--insecure-skip-tls-verify', 'trust any API server'),
    new Option('--tls-server-name <name>', 'name that the API server must prove'),
    new Option('--request-timeout <duration>', 'longest wait for one answer, such as 30s; 0: none').default('0'),
    // Accepted, for scripts that pass them to kubectl as well: nothing is cached here, and bodies are small.
    new Option('--cache-dir <folder>', 'has no effect').hideHelp(),
    new Option('--disable-compression', 'has no effect').hideHelp(),
  ];
  program.optionsGroup('Connection flags:');
  for (const option of options) program.addOption(option);
}

/** Which cluster the flags mean, and as whom. */
export function wishesOf(flags: ConnectionFlags): ConfigWishes {
  const { kubeconfig, context, cluster, user } = flags;
  const clusterFields = given<KubeconfigCluster>({
    server: serverOf(flags),
    'certificate-authority': flags.certificateAuthority,
    'insecure-skip-tls-verify': flags.insecureSkipTlsVerify,
    'tls-server-name': flags.tlsServerName,
  });
  return { ...given({ kubeconfigPath: kubeconfig, context, cluster, user }), clusterFields, userFields: userOf(flags) };
}

function serverOf({ server }: ConnectionFlags): string | undefined {
  if (server && !/^https?:$/.test(URL.parse(server)?.protocol ?? '')) {
    throw new UsageError(`--server "${server}" is no address such as https://host:6443`);
  }
  return server;
}

function userOf(flags: ConnectionFlags): KubeconfigUser {
  if (!flags.as && (flags.asGroup ?? flags.asUid ?? flags.asUserExtra) !== undefined) {
    throw new UsageError('--as-group, --as-uid and --as-user-extra need --as: they say more about whom it names');
  }
  if (flags.token && flags.username) {
    throw new UsageError('--token and --username both say who you are: give one of them');
  }
  return given<KubeconfigUser>({
    token: flags.token,
    username: flags.username,
    password: flags.password,
    'client-certificate': flags.clientCertificate,
    'client-key': flags.clientKey,
    as: flags.as,
    'as-groups': flags.asGroup,
    'as-uid': flags.asUid,
    'as-user-extra': flags.asUserExtra && extrasIn(flags.asUserExtra),
  });
}

function extrasIn(pairs: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const extras: Record<string, string[]> = {};
  for (const pair of pairs) {
    const [key = '', ...value] = pair.split('=');
    if (key === '' || value.length === 0) throw new UsageError(`--as-user-extra "${pair}" is not <key>=<value>`);
    extras[key] = [...(extras[key] ?? []), value.join('=')];
  }
  return extras;
}

/** Undefined where the context decides. */
export function namespaceOf({ namespace }: ConnectionFlags): string | undefined {
  if (namespace === undefined || namespace === '') return undefined;
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(namespace)) {
    throw new UsageError(`--namespace "${namespace}" is no namespace: lower case letters, digits and hyphens only`);
  }
  return namespace;
}

/** Undefined: no limit but the client's own. A bare number counts seconds, as for kubectl. */
export function requestTimeoutMs({ requestTimeout = '0' }: ConnectionFlags): number | undefined {
  const text = /^\d+$/.test(requestTimeout) ? `${requestTimeout}s` : requestTimeout;
  const ms = parseDurationMs(text);
  if (ms === undefined || ms < 0) {
    throw new UsageError(`--request-timeout "${requestTimeout}" is no duration such as 30s or 2m`);
  }
  return ms === 0 ? undefined : ms;
}

/** The same without what is undefined, or empty: to kubectl `--token "$TOKEN"` says nothing where there is no TOKEN. */
function given<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')) as T;
}
