import type { Destination, Kubeconfig, KubeconfigCluster, KubeconfigUser } from './kubeconfig.ts';
import { destinationOf } from './kubeconfig.ts';

/** What a command line says about a cluster and who asks; it counts before what the files say, field by field. */
export interface Overrides {
  readonly context?: string;
  /** Names of entries. */
  readonly cluster?: string;
  readonly user?: string;
  readonly clusterFields?: KubeconfigCluster;
  readonly userFields?: KubeconfigUser;
}

const nothing: Kubeconfig = { contexts: [], clusters: [], users: [], currentContext: undefined };

export function overriddenDestination(config: Kubeconfig, overrides: Overrides): Destination {
  const { context, cluster, user, clusterFields } = overrides;
  const needsCluster = clusterFields?.server === undefined;
  return overridden(destinationOf(config, { context, cluster, user, needsCluster }), overrides);
}

export function overridden(found: Destination, { clusterFields = {}, userFields = {} }: Overrides): Destination {
  return {
    ...found,
    cluster: mergeCluster(found.cluster, clusterFields),
    user: mergeUser(found.user, userFields),
  };
}

/** A server alone is enough to go by, without any file. */
export function destinationWithoutFiles(overrides: Overrides): Destination | undefined {
  return overrides.clusterFields?.server === undefined ? undefined : overriddenDestination(nothing, overrides);
}

/** Another server has another name; another way to trust it takes the place of the one in the file. */
function mergeCluster(cluster: KubeconfigCluster, fields: KubeconfigCluster): KubeconfigCluster {
  return {
    ...without(cluster, [
      ...(fields.server === undefined ? [] : (['tls-server-name'] as const)),
      ...(trustsOtherwise(fields) ? trustFields : []),
    ]),
    ...fields,
  };
}

const trustFields = ['certificate-authority', 'certificate-authority-data', 'insecure-skip-tls-verify'] as const;

function trustsOtherwise(fields: KubeconfigCluster): boolean {
  return trustFields.some((field) => fields[field] !== undefined);
}

/** A credential takes the place of every other of its sort: a token that a plugin outdoes would be no token. */
function mergeUser(user: KubeconfigUser, fields: KubeconfigUser): KubeconfigUser {
  const bringsToken = fields.token !== undefined || fields.username !== undefined;
  return {
    ...without(user, [
      ...(bringsToken ? (['token', 'tokenFile', 'username', 'password', 'exec', 'auth-provider'] as const) : []),
      ...(fields['client-certificate'] === undefined ? [] : (['client-certificate-data'] as const)),
      ...(fields['client-key'] === undefined ? [] : (['client-key-data'] as const)),
      ...(fields.as === undefined ? [] : (['as', 'as-groups', 'as-uid', 'as-user-extra'] as const)),
    ]),
    ...fields,
  };
}

function without<T extends object>(entry: T, fields: readonly (keyof T)[]): T {
  return Object.fromEntries(Object.entries(entry).filter(([key]) => !fields.includes(key as keyof T))) as T;
}
