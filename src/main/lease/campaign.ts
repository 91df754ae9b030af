import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { hostname } from 'node:os';
import type { Clock } from '../../shared/time/clock.ts';
import { connect, type ObservedRequest } from '../kube/client.ts';
import type { ClusterConfig } from '../kube/config.ts';
import { unleased } from '../kube/types.ts';
import type { Log } from '../log/log.ts';
import { Election } from './election.ts';
import type { Shards } from './shards.ts';

export interface CampaignOptions {
  readonly config: ClusterConfig;
  readonly userAgent: string;
  readonly leaderElect: boolean;
  readonly shardCount: number;
  readonly shards: Shards;
  readonly clock: Clock;
  readonly log: Log;
  readonly observeRequest: (seen: ObservedRequest) => void;
  readonly observeLeading: (lease: string, leads: boolean) => void;
}

/**
 * Leads what this replica may until the signal: all there is, or what the others leave to it.
 * Resolves when nothing is under way any more. Its Leases are left to lapse.
 */
export async function campaign(stop: AbortSignal, options: CampaignOptions): Promise<void> {
  if (options.leaderElect || options.shardCount > 1) await takePart(stop, options);
  else await leadAlone(stop, options.shards);
}

async function takePart(stop: AbortSignal, options: CampaignOptions): Promise<void> {
  const { config, userAgent, shards, clock, log } = options;
  // Its own: a crowded pool, or one that waits for a server it has given up on, would hold up renewals.
  const client = connect(config, { userAgent, clock, observe: options.observeRequest });
  try {
    const election = new Election({
      client,
      namespace: config.namespace ?? 'default',
      shards: options.shardCount,
      identity: `${hostname()}_${randomUUID()}`,
      clock,
      log,
      work: shards,
      random: Math.random,
      observe: options.observeLeading,
    });
    await election.run(stop);
  } finally {
    await client.close();
  }
}

async function leadAlone(stop: AbortSignal, shards: Shards): Promise<void> {
  shards.lead(0, unleased);
  if (!stop.aborted) await once(stop, 'abort');
  await shards.drained(0);
}
