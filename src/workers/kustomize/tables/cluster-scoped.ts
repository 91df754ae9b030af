import { readTable } from './read-table.ts';

/** `<apiVersion> <kind>` of what kustomize knows to be outside of namespaces: as of Kubernetes 1.21. */
export const clusterScopedKinds: ReadonlySet<string> = new Set(readTable('cluster-scoped') as readonly string[]);
