import { eventually } from '../tools/control-plane/eventually.ts';
import type { Bench } from './harness/bench.ts';
import { look } from './harness/controller-metrics.ts';
import { during, figuresOf } from './harness/doing.ts';
import { assertDelivered, createAndAwait, publishFleet } from './harness/fleet.ts';
import { mebibytes, milliseconds, percent, seconds } from './harness/report.ts';
import { openSite } from './harness/site.ts';

const INTERVAL = '10s';
const INTERVALS = 3;
/** Metrics of so many StageSets are no small work. */
const PATIENCE = { timeoutMs: 600_000, everyMs: 1_000 };

export const steady: Bench = {
  about: 'StageSets of which nothing changes, over some intervals: what a run asks for and costs',

  async run({ stageSets, objects, concurrent }) {
    await using site = await openSite();
    const fleet = await publishFleet(site, { stageSets, objects });
    const controller = await site.startController([`--concurrent=${concurrent}`]);
    await during(site, controller, () => createAndAwait(site, fleet, INTERVAL)); // and is at rest again

    const { result: wallMs, doing } = await during(site, controller, async () => {
      const beganMs = performance.now();
      const enough = (await look(controller)).runs + INTERVALS * stageSets;
      await eventually(async () => {
        const { runs } = await look(controller);
        if (runs < enough) throw new Error(`${enough - runs} runs are still to come`);
      }, PATIENCE);
      return performance.now() - beganMs;
    });
    await assertDelivered(site, fleet);

    const { before, after, sent } = doing;
    const { requestsByWhat, cpuMs, loopDelayP50Ms, loopDelayP99Ms, peakBytes } = figuresOf(doing, stageSets);
    const runs = after.runs - before.runs;
    const figures = {
      stageSets,
      objects,
      concurrent,
      interval: INTERVAL,
      wallMs,
      runs,
      requests: sent.length,
      requestsPerRun: sent.length / runs,
      requestsByWhat,
      cpuMs,
      cpuMsPerRun: cpuMs / runs,
      cpuShare: cpuMs / wallMs,
      peakBytes,
      loopDelayP50Ms,
      loopDelayP99Ms,
    };
    return {
      title: `steady: ${stageSets} StageSets × ${objects} ConfigMaps at rest, interval ${INTERVAL}`,
      rows: [
        ['runs', String(runs), `in ${seconds(wallMs)}`],
        ['requests', String(sent.length), `${figures.requestsPerRun.toFixed(2)} a run`],
        ...Object.entries(requestsByWhat).map(([what, count]) => [`  ${what}`, String(count)] as const),
        ['controller CPU', milliseconds(figures.cpuMsPerRun), `a run; ${percent(figures.cpuShare)} of a CPU`],
        ['peak memory', mebibytes(peakBytes), 'since it began'],
        ['event loop delay, p50', milliseconds(loopDelayP50Ms)],
        ['event loop delay, p99', milliseconds(loopDelayP99Ms)],
      ],
      figures,
      wrong: sent.length === 0 ? [] : [`${sent.length} requests by runs that had nothing to do`],
    };
  },
};
