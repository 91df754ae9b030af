import { capacityFlags } from './table/capacity.ts';
import { clusterFlags } from './table/cluster.ts';
import { endpointFlags } from './table/endpoints.ts';
import { loggingFlags } from './table/logging.ts';
import { reconcilingFlags } from './table/reconciling.ts';
import { rollbackStoreFlags } from './table/rollback-store.ts';
import { tenantFlags } from './table/tenants.ts';
import { webhookFlags } from './table/webhook.ts';

/** Every flag of the controller, as `--help` and the docs page group them. */
export const flagGroups = [
  { title: 'Cluster and replicas', flags: clusterFlags },
  { title: 'Reconciling', flags: reconcilingFlags },
  { title: 'Tenants and what they may reach', flags: tenantFlags },
  { title: 'Rollback store', flags: rollbackStoreFlags },
  { title: 'Threads and memory', flags: capacityFlags },
  { title: 'Webhook', flags: webhookFlags },
  { title: 'Gate, MCP, metrics, probes and events', flags: endpointFlags },
  { title: 'Logging', flags: loggingFlags },
] as const;

export const flags = {
  ...clusterFlags,
  ...reconcilingFlags,
  ...tenantFlags,
  ...rollbackStoreFlags,
  ...capacityFlags,
  ...webhookFlags,
  ...endpointFlags,
  ...loggingFlags,
} as const;

export type Settings = { readonly [K in keyof typeof flags]: (typeof flags)[K]['fallback'] };
