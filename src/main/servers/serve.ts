import type { Registry } from 'prom-client';
import type { StageSet } from '../../shared/api/types.ts';
import type { Clock } from '../../shared/time/clock.ts';
import type { Settings } from '../flags/table.ts';
import type { Log } from '../log/log.ts';
import { answering, type Handler } from './answer.ts';
import { gate } from './gate.ts';
import { metricsPage } from './metrics-server.ts';
import { probes } from './probes.ts';
import type { Readiness } from './readiness.ts';
import { Servers } from './servers.ts';

export interface Served {
  readonly registry: Registry;
  readonly readiness: Readiness;
  /** Nothing is found before the caches are synced. */
  readonly findSet: (key: string) => StageSet | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Undefined: agents are not served. */
  readonly mcp: { readonly address: string; readonly handler: Handler } | undefined;
}

/** Opens every server that the flags ask for. Rejects with CannotListen where one that must be there cannot be. */
export async function serve(
  { healthProbeBindAddress, metricsBindAddress, gateBindAddress }: Settings,
  { registry, readiness, findSet, clock, log, mcp }: Served,
): Promise<{ close(): Promise<void> }> {
  const servers = new Servers({ log, clock });
  // These go last: until then who asks is told that this replica is not ready, rather than nothing.
  const last = new Servers({ log, clock });
  const failed = (error: unknown) => log.error('request failed', { error });
  const read = (handler: Handler) => answering({ methods: ['GET', 'HEAD'], failed }, handler);

  if (healthProbeBindAddress !== '0') {
    const service = { what: 'probes', flag: '--health-probe-bind-address', address: healthProbeBindAddress };
    await last.open(service, read(probes(readiness)));
  }
  if (metricsBindAddress !== '0') {
    const service = { what: 'metrics', flag: '--metrics-bind-address', address: metricsBindAddress };
    await servers.open(service, read(metricsPage(registry)));
  }
  if (gateBindAddress !== '') {
    const service = { what: 'gate', flag: '--gate-bind-address', address: gateBindAddress };
    await servers.openIfPossible(service, read(gate(findSet)));
  }
  if (mcp !== undefined) {
    const service = { what: 'MCP', flag: '--mcp-bind-address', address: mcp.address };
    await servers.openIfPossible(service, answering({ methods: ['POST'], failed }, mcp.handler));
  }
  return {
    async close() {
      await servers.close();
      await last.close();
    },
  };
}
