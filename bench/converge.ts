import { countByVerb, countByWhat } from './harness/audit-log.ts';
import { prepareBare } from './harness/bare.ts';
import type { Bench, Sizes } from './harness/bench.ts';
import { look, loopDelayMs } from './harness/controller-metrics.ts';
import { assertDelivered, converge as convergeFleet, publishFleet } from './harness/fleet.ts';
import { untilIdle } from './harness/idle.ts';
import { mebibytes, percent, quantile, type Report, seconds } from './harness/report.ts';
import { openSite } from './harness/site.ts';

export const converge: Bench = {
  about: 'StageSets of some ConfigMaps each, created at once: how long until all are Ready',
  run: measure,
};

async function measure(sizes: Sizes): Promise<Report> {
  await using site = await openSite();
  const fleet = await publishFleet(site, sizes.stageSets, sizes.objects);
  const controller = await site.startController([`--concurrent=${sizes.concurrent}`]);

  const busyBefore = await untilIdle();
  const audit = await site.audit();
  const before = await look(controller);
  const { wallMs, eachMs } = await convergeFleet(site, fleet);
  const after = await look(controller);
  const sent = await audit.requests();
  await controller.kill('SIGTERM');
  await assertDelivered(site, fleet);
  const bare = await prepareBare(site, fleet, sent);
  const busyBeforeBare = await untilIdle();
  const bareMs = await bare.send();

  const cpuMs = after.cpuMs - before.cpuMs;
  const loop = { p50Ms: loopDelayMs(before, after, 0.5), p99Ms: loopDelayMs(before, after, 0.99) };
  const each = { p50Ms: quantile(eachMs, 0.5), p95Ms: quantile(eachMs, 0.95) };
  return {
    title: `converge: ${sizes.stageSets} StageSets × ${sizes.objects} ConfigMaps, --concurrent=${sizes.concurrent}`,
    rows: [
      ['wall time', seconds(wallMs), 'from creating the first StageSet to all Ready'],
      ['bare', seconds(bareMs), 'the same requests, sent bare in this run'],
      ['ratio', (wallMs / bareMs).toFixed(2), 'times bare'],
      ['Ready after, p50', seconds(each.p50Ms), 'of one StageSet, from its creation'],
      ['Ready after, p95', seconds(each.p95Ms)],
      ['requests', String(sent.length), `${(sent.length / sizes.stageSets).toFixed(1)} a StageSet`],
      ...[...countByWhat(sent)].map(([what, count]) => [`  ${what}`, String(count)] as const),
      ['controller CPU', seconds(cpuMs), `${(cpuMs / sizes.stageSets).toFixed(1)} ms a StageSet`],
      ['peak memory', mebibytes(after.peakBytes), `${mebibytes(before.peakBytes)} before the first StageSet`],
      ['event loop delay, p50', `${loop.p50Ms.toFixed(1)} ms`, 'while they converged'],
      ['event loop delay, p99', `${loop.p99Ms.toFixed(1)} ms`],
      [
        'machine busy before',
        percent(busyBefore),
        'with whatever else runs on it: figures are only as good as it is idle',
      ],
      ['machine busy before bare', percent(busyBeforeBare)],
    ],
    figures: {
      sizes,
      wallMs,
      bareMs,
      ratio: wallMs / bareMs,
      readyAfter: each,
      requests: sent.length,
      requestsByVerb: countByVerb(sent),
      requestsByWhat: Object.fromEntries(countByWhat(sent)),
      cpuMs,
      peakBytes: after.peakBytes,
      idlePeakBytes: before.peakBytes,
      loopDelay: loop,
      busyBefore,
      busyBeforeBare,
    },
  };
}
