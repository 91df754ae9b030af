import type { StageSet } from '../../shared/api/types.ts';
import type { Clock } from '../../shared/time/clock.ts';
import type { Settings } from '../flags/table.ts';
import type { StoreReader } from '../kube/store.ts';
import type { ClusterClient } from '../kube/types.ts';
import type { Log } from '../log/log.ts';
import { parseBindAddress } from '../servers/address.ts';
import type { Handler } from '../servers/answer.ts';
import { Callers } from './callers.ts';
import { Changes } from './changes.ts';
import { mcpEndpoint } from './endpoint.ts';
import type { Target } from './schemas.ts';

export interface McpMeans {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly sets: Pick<StoreReader<StageSet>, 'get' | 'values'>;
  readonly put: (set: StageSet) => void;
  readonly isSynced: () => boolean;
}

/** What agents are served, and where; undefined where no flag turns it on, and then the SDK is not loaded either. */
export async function mcpService(
  settings: Settings,
  { client, clock, log, version, sets, put, isSynced }: McpMeans,
): Promise<{ readonly address: string; readonly handler: Handler } | undefined> {
  const address = mcpAddress(settings);
  if (address === undefined) return undefined;
  const { answerMessage } = await import('./answer-message.ts');
  const { watchNamespaces: scope, runbookBaseUrl } = settings;
  const get = ({ namespace, name }: Target) => sets.get(`${namespace}/${name}`);
  const callers = settings.mcpAuth === 'none' ? undefined : new Callers({ client, clock });
  const changes = settings.mcpAllowMutations
    ? new Changes({ client, scope, clock, log, callers, get, put })
    : undefined;
  const handler = mcpEndpoint({
    bindHost: parseBindAddress(address)?.host ?? '',
    version,
    known: { all: () => sets.values(), get, isSynced, scope, runbookBaseUrl },
    changes,
    answer: answerMessage,
  });
  return { address, handler };
}

function mcpAddress({ mcpBindAddress, enableMcp }: Settings): string | undefined {
  if (mcpBindAddress !== '') return mcpBindAddress;
  return enableMcp ? ':8084' : undefined;
}
