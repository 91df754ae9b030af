import { eventually } from '../tools/control-plane/eventually.ts';
import type { Bench } from './harness/bench.ts';
import { type Look, look, loopDelayMs, nothingYet } from './harness/controller-metrics.ts';
import { assertDelivered, createAndAwait, publishFleet } from './harness/fleet.ts';
import { mebibytes, milliseconds, type Row, seconds } from './harness/report.ts';
import { openStandIn } from './stand-in/open.ts';
import type { Served } from './stand-in/server.ts';

const PATIENCE = { timeoutMs: 600_000, everyMs: 1_000 };

export const fleet: Bench = {
  about: 'a fleet on a STAND-IN for the API server, as late as a real one was: what more StageSets cost',
  usual: { stageSets: 10_000 },

  async run({ stageSets, objects, concurrent }) {
    await using site = await openStandIn();
    const plan = await publishFleet(site, { stageSets, objects });
    const flags = [`--concurrent=${concurrent}`];
    const first = await site.startController(flags);
    const before = await look(first);
    const servedBefore = await site.served();
    const { wallMs } = await createAndAwait(site, plan);
    const rollout = costs({ before, after: await look(first) }, { before: servedBefore, after: await site.served() });
    await assertDelivered(site, plan);
    await first.kill('SIGTERM');

    const servedAtRest = await site.served();
    const startedMs = performance.now();
    const second = await site.startController(flags);
    const readyMs = performance.now() - startedMs;
    await eventually(async () => {
      const { runs } = await look(second);
      if (runs < stageSets) throw new Error(`${stageSets - runs} StageSets have not been looked at`);
    }, PATIENCE);
    const allMs = performance.now() - startedMs;
    const restart = costs(
      { before: nothingYet, after: await look(second) },
      { before: servedAtRest, after: await site.served() },
    );
    return {
      title: `fleet, on a stand-in for the API server: ${stageSets} StageSets × ${objects} ConfigMaps, --concurrent=${concurrent}`,
      rows: [
        ['created at once, all Ready', seconds(wallMs)],
        ...rowsOf(rollout),
        ['restarted, ready', seconds(readyMs), 'the program, from its start'],
        ['restarted, all looked at', seconds(allMs), 'nothing had changed'],
        ...rowsOf(restart),
      ],
      figures: { stageSets, objects, concurrent, standIn: true, wallMs, rollout, readyMs, allMs, restart },
    };
  },
};

interface Span<T> {
  readonly before: T;
  readonly after: T;
}

function costs(looks: Span<Look>, served: Span<Served>) {
  const runs = looks.after.runs - looks.before.runs;
  const cpuMs = looks.after.cpuMs - looks.before.cpuMs;
  const sum = (counts: Served['requests']) => Object.values(counts).reduce((all, count) => all + count, 0);
  return {
    runs,
    cpuMs,
    cpuMsPerRun: cpuMs / runs,
    peakBytes: looks.after.peakBytes,
    loopDelayP99Ms: loopDelayMs(looks.before, looks.after, 0.99),
    requests: sum(served.after.requests) - sum(served.before.requests),
    watchEvents: served.after.watchEvents - served.before.watchEvents,
    watchBytes: served.after.watchBytes - served.before.watchBytes,
  };
}

function rowsOf(costs: FleetCosts): readonly Row[] {
  return [
    ['  controller CPU', milliseconds(costs.cpuMsPerRun), `a run, of ${costs.runs}; ${seconds(costs.cpuMs)} in all`],
    ['  peak memory', mebibytes(costs.peakBytes)],
    ['  event loop delay, p99', milliseconds(costs.loopDelayP99Ms)],
    ['  watch events', String(costs.watchEvents), `${mebibytes(costs.watchBytes)}, the bench's own watch included`],
  ];
}

type FleetCosts = ReturnType<typeof costs>;
