import { openBare } from './bare.ts';
import type { Sizes } from './bench.ts';
import { readBodies } from './bodies.ts';
import { during, figuresOf, rowsOf } from './doing.ts';
import { assertDelivered, createAndAwait, publishFleet } from './fleet.ts';
import { untilIdle } from './idle.ts';
import { percent, quantile, type Report, seconds } from './report.ts';
import type { Site } from './site.ts';

/** From creating StageSets to all Ready, against the same requests sent bare. */
export async function measureConvergence(site: Site, sizes: Sizes): Promise<Omit<Report, 'title'>> {
  const { stageSets, objects, concurrent } = sizes;
  const fleet = await publishFleet(site, sizes);
  const controller = await site.startController([`--concurrent=${concurrent}`]);
  const busyBefore = await untilIdle();
  const { result: waits, doing } = await during(site, controller, () => createAndAwait(site, fleet));
  await controller.kill('SIGTERM');
  await assertDelivered(site, fleet);

  const bare = await openBare(site, fleet);
  const again = bare.prepare(doing.sent, await readBodies(site, fleet));
  const busyBeforeBare = await untilIdle();
  const bareMs = await again.send();

  const done = figuresOf(doing, stageSets);
  const figures = {
    stageSets,
    objects,
    concurrent,
    wallMs: waits.wallMs,
    bareMs,
    timesBare: waits.wallMs / bareMs,
    readyP50Ms: quantile(waits.eachMs, 0.5),
    readyP95Ms: quantile(waits.eachMs, 0.95),
    ...done,
    busyBefore,
    busyBeforeBare,
  };
  return {
    rows: [
      ['wall time', seconds(figures.wallMs), 'from creating the first StageSet to all Ready'],
      ['sent bare', seconds(bareMs), 'the same requests, 32 at once, in the same run'],
      ['wall time ÷ sent bare', figures.timesBare.toFixed(2)],
      ['StageSet Ready, p50', seconds(figures.readyP50Ms), 'from its own creation'],
      ['StageSet Ready, p95', seconds(figures.readyP95Ms)],
      ...rowsOf(done),
      ['machine busy before', percent(busyBefore), 'with something else: the times are as good as it is idle'],
      ['machine busy before bare', percent(busyBeforeBare)],
    ],
    figures,
  };
}
