import { openBare } from './harness/bare.ts';
import type { Bench } from './harness/bench.ts';
import { readBodies } from './harness/bodies.ts';
import { during, figuresOf, rowsOf } from './harness/doing.ts';
import { assertDelivered, createAndAwait, publishFleet, rollOutAndAwait } from './harness/fleet.ts';
import { untilIdle } from './harness/idle.ts';
import { percent, quantile, seconds } from './harness/report.ts';
import { openSite } from './harness/site.ts';

export const rollout: Bench = {
  about: 'one ConfigMap changes in each StageSet: one dry run and one apply, and how long until all are Ready',

  async run({ stageSets, objects, concurrent }) {
    await using site = await openSite();
    const fleet = await publishFleet(site, { stageSets, objects });
    const controller = await site.startController([`--concurrent=${concurrent}`]);
    const { doing: creating } = await during(site, controller, () => createAndAwait(site, fleet));
    const bodiesBefore = await readBodies(site, fleet);
    const busyBefore = await untilIdle();
    const { result: waits, doing } = await during(site, controller, () => rollOutAndAwait(site, fleet, 2));
    await controller.kill('SIGTERM');
    await assertDelivered(site, fleet, 2);

    const bare = await openBare(site, fleet);
    const bareCreating = bare.prepare(creating.sent, bodiesBefore);
    const bareRollout = bare.prepare(doing.sent, await readBodies(site, fleet, bodiesBefore));
    await bareCreating.send();
    const busyBeforeBare = await untilIdle();
    const bareMs = await bareRollout.send();

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
      title: `rollout: one of ${objects} ConfigMaps changes in each of ${stageSets} StageSets, --concurrent=${concurrent}`,
      rows: [
        ['wall time', seconds(figures.wallMs), 'from the first artifact to all Ready with theirs'],
        ['sent bare', seconds(bareMs), 'the same requests, 32 at once, in the same run'],
        ['wall time ÷ sent bare', figures.timesBare.toFixed(2)],
        ['StageSet Ready, p50', seconds(figures.readyP50Ms), 'from its own artifact'],
        ['StageSet Ready, p95', seconds(figures.readyP95Ms)],
        ...rowsOf(done),
        ['machine busy before', percent(busyBefore), 'with something else: the times are as good as it is idle'],
        ['machine busy before bare', percent(busyBeforeBare)],
      ],
      figures,
      wrong: ['patch configmaps', 'patch configmaps (dry run)'].flatMap((what) => {
        const count = done.requestsByWhat[what] ?? 0;
        return count === stageSets ? [] : [`${what}: ${count}, not one for each of ${stageSets} changed objects`];
      }),
    };
  },
};
