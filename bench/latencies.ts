import type { Bench } from './harness/bench.ts';
import { createAndAwait, publishFleet, rollOutAndAwait } from './harness/fleet.ts';
import { milliseconds } from './harness/report.ts';
import { openSite } from './harness/site.ts';
import { latenciesOf, saveLatencies } from './stand-in/latencies.ts';

export const latencies: Bench = {
  about: 'records how long the real API server takes for each request, for the stand-in of `fleet`',
  usual: { stageSets: 300, concurrent: 4 }, // few at once: how long the server takes, not how long it lets wait

  async run({ stageSets, objects, concurrent }) {
    await using site = await openSite();
    const audit = await site.audit();
    await site.startController([`--concurrent=${concurrent}`]);
    const fleet = await publishFleet(site, { stageSets, objects });
    await createAndAwait(site, fleet);
    await rollOutAndAwait(site, fleet, 2);
    const recorded = latenciesOf(await audit.requests());
    const file = await saveLatencies(recorded);
    return {
      title: `latencies of the real API server, ${stageSets} StageSets × ${objects} ConfigMaps: kept in ${file}`,
      rows: Object.entries(recorded).map(([what, ms]) => [
        what,
        milliseconds(ms[10] ?? 0),
        `p50; p95 ${milliseconds(ms[19] ?? 0)}`,
      ]),
      figures: { stageSets, objects, concurrent, latencies: recorded },
    };
  },
};
