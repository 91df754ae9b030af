import { type AuditedRequest, countByVerb, countByWhat } from './harness/audit-log.ts';
import { prepareBare } from './harness/bare.ts';
import type { Bench, Sizes } from './harness/bench.ts';
import { type Look, look, loopDelayMs } from './harness/controller-metrics.ts';
import { assertDelivered, type Convergence, createAndAwait, publishFleet } from './harness/fleet.ts';
import { untilIdle } from './harness/idle.ts';
import { mebibytes, milliseconds, percent, quantile, type Report, seconds } from './harness/report.ts';
import { openSite } from './harness/site.ts';

export const converge: Bench = {
  about: 'StageSets of some ConfigMaps each, created at once: how long until all are Ready',

  async run(sizes) {
    await using site = await openSite();
    const fleet = await publishFleet(site, sizes.stageSets, sizes.objects);
    const controller = await site.startController([`--concurrent=${sizes.concurrent}`]);

    const busyBefore = await untilIdle();
    const audit = await site.audit();
    const before = await look(controller);
    const convergence = await createAndAwait(site, fleet);
    const after = await look(controller);
    const sent = await audit.requests();
    await controller.kill('SIGTERM');
    await assertDelivered(site, fleet);

    const bare = await prepareBare(site, fleet, sent);
    const busyBeforeBare = await untilIdle();
    const bareMs = await bare.send();
    return report(sizes, { convergence, before, after, sent, bareMs, busyBefore, busyBeforeBare });
  },
};

interface Measured {
  readonly convergence: Convergence;
  /** Of the controller, before the first StageSet and after the last was Ready. */
  readonly before: Look;
  readonly after: Look;
  readonly sent: readonly AuditedRequest[];
  readonly bareMs: number;
  readonly busyBefore: number;
  readonly busyBeforeBare: number;
}

function report({ stageSets, objects, concurrent }: Sizes, measured: Measured): Report {
  const { convergence, before, after, sent, bareMs, busyBefore, busyBeforeBare } = measured;
  const figures = {
    stageSets,
    objects,
    concurrent,
    wallMs: convergence.wallMs,
    bareMs,
    timesBare: convergence.wallMs / bareMs,
    readyP50Ms: quantile(convergence.eachMs, 0.5),
    readyP95Ms: quantile(convergence.eachMs, 0.95),
    requests: sent.length,
    requestsPerStageSet: sent.length / stageSets,
    requestsByVerb: countByVerb(sent),
    requestsByWhat: countByWhat(sent),
    cpuMs: after.cpuMs - before.cpuMs,
    cpuMsPerStageSet: (after.cpuMs - before.cpuMs) / stageSets,
    peakBytes: after.peakBytes,
    peakBytesBefore: before.peakBytes,
    loopDelayP50Ms: loopDelayMs(before, after, 0.5),
    loopDelayP99Ms: loopDelayMs(before, after, 0.99),
    busyBefore,
    busyBeforeBare,
  };
  return {
    title: `converge: ${stageSets} StageSets × ${objects} ConfigMaps, --concurrent=${concurrent}`,
    rows: [
      ['wall time', seconds(figures.wallMs), 'from creating the first StageSet to all Ready'],
      ['sent bare', seconds(bareMs), 'the same requests, 32 at once, in the same run'],
      ['wall time ÷ sent bare', figures.timesBare.toFixed(2)],
      ['StageSet Ready, p50', seconds(figures.readyP50Ms), 'from its own creation'],
      ['StageSet Ready, p95', seconds(figures.readyP95Ms)],
      ['requests', String(figures.requests), `${figures.requestsPerStageSet.toFixed(1)} a StageSet`],
      ...Object.entries(figures.requestsByWhat).map(([what, count]) => [`  ${what}`, String(count)] as const),
      ['controller CPU', seconds(figures.cpuMs), `${milliseconds(figures.cpuMsPerStageSet)} a StageSet`],
      ['peak memory', mebibytes(after.peakBytes), `${mebibytes(before.peakBytes)} before the first StageSet`],
      ['event loop delay, p50', milliseconds(figures.loopDelayP50Ms), 'from the first StageSet to the last'],
      ['event loop delay, p99', milliseconds(figures.loopDelayP99Ms)],
      ['machine busy before', percent(busyBefore), 'with something else: the times are as good as it is idle'],
      ['machine busy before bare', percent(busyBeforeBare)],
    ],
    figures,
  };
}
