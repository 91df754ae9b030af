import { awaitEach } from './harness/await-each.ts';
import type { Bench } from './harness/bench.ts';
import { create, isReadyNow, publishFleet, rollOutAndAwait } from './harness/fleet.ts';
import { untilIdle } from './harness/idle.ts';
import { milliseconds, percent } from './harness/report.ts';
import { openSite } from './harness/site.ts';
import { latenciesOf, saveLatencies } from './stand-in/latencies.ts';

export const latencies: Bench = {
  about: 'records how long the real API server takes for each request, for the stand-in of `fleet`',
  usual: { stageSets: 40, concurrent: 1 },

  async run({ stageSets, objects, concurrent }) {
    await using site = await openSite();
    const audit = await site.audit();
    await site.startController([`--concurrent=${concurrent}`]);
    const fleet = await publishFleet(site, { stageSets, objects });
    const busyBefore = await untilIdle();
    for (const name of fleet.stageSets) {
      // One rollout at a time: how long the server takes, not how long it lets wait on a machine as small as this.
      const one = { ...fleet, stageSets: [name] };
      await awaitEach(site, one, isReadyNow, () => create(site, fleet, name));
      await rollOutAndAwait(site, one, 2);
    }
    const recorded = latenciesOf(await audit.requests());
    const file = await saveLatencies(recorded);
    return {
      title: `latencies of the real API server, ${stageSets} StageSets × ${objects} ConfigMaps one by one: kept in ${file}`,
      rows: [
        ...Object.entries(recorded).map(
          ([what, ms]) => [what, milliseconds(ms[10] ?? 0), `p50; p95 ${milliseconds(ms[19] ?? 0)}`] as const,
        ),
        ['machine busy before', percent(busyBefore), 'with something else'],
      ],
      figures: { stageSets, objects, concurrent, latencies: recorded, busyBefore },
    };
  },
};
