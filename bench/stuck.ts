import { mapped } from '../src/main/apply/mapped.ts';
import type { StageSet } from '../src/shared/api/types.ts';
import { awaitEach, type Waits, WIDTH } from './harness/await-each.ts';
import type { Bench } from './harness/bench.ts';
import {
  assertDelivered,
  create,
  createAndAwait,
  prepareFleet,
  publishFleet,
  publishManifests,
  rollOutAndAwait,
} from './harness/fleet.ts';
import { untilIdle } from './harness/idle.ts';
import { quantile, seconds } from './harness/report.ts';
import { openSite } from './harness/site.ts';

export const stuck: Bench = {
  about: 'StageSets that never become ready: what healthy ones notice of them, and how soon a pushed fix ends that',
  usual: { stageSets: 200, concurrent: 4 },

  async run({ stageSets, objects, stuck, concurrent }) {
    await using site = await openSite();
    await site.startController([`--concurrent=${concurrent}`]);
    const healthy = async (namespace: string): Promise<Waits> => {
      const fleet = await publishFleet(site, { namespace, stageSets, objects });
      await untilIdle();
      const waits = await createAndAwait(site, fleet);
      await assertDelivered(site, fleet);
      return waits;
    };

    await healthy('warm-up');
    const before = await healthy('before');
    const held = await prepareFleet(site, { namespace: 'stuck', stageSets: stuck, objects });
    await mapped(held.stageSets, WIDTH, (name) => publishManifests(site, held, name, [deploymentOfNoNode(name)]));
    await awaitEach(site, held, isWaiting, (name) => create(site, held, name));
    const beside = await healthy('beside');
    const [first = '', ...rest] = held.stageSets;
    const fixOfOne = await rollOutAndAwait(site, { ...held, stageSets: [first] }, 1);
    const fixOfAll = rest.length === 0 ? fixOfOne : await rollOutAndAwait(site, { ...held, stageSets: rest }, 1);
    await assertDelivered(site, held);
    const after = await healthy('after');

    const aloneMs = (before.wallMs + after.wallMs) / 2;
    const figures = {
      stageSets,
      objects,
      stuck,
      concurrent,
      besideMs: beside.wallMs,
      beforeMs: before.wallMs,
      afterMs: after.wallMs,
      timesAlone: beside.wallMs / aloneMs,
      besideP95Ms: quantile(beside.eachMs, 0.95),
      beforeP95Ms: quantile(before.eachMs, 0.95),
      afterP95Ms: quantile(after.eachMs, 0.95),
      fixOfOneMs: fixOfOne.wallMs,
      fixOfAllP50Ms: quantile(fixOfAll.eachMs, 0.5),
      fixOfAllP95Ms: quantile(fixOfAll.eachMs, 0.95),
    };
    return {
      title: `stuck: ${stageSets} StageSets × ${objects} ConfigMaps beside ${stuck} that wait, --concurrent=${concurrent}`,
      rows: [
        ['beside the stuck', seconds(figures.besideMs), 'from creating the first healthy one to all Ready'],
        ['alone, before', seconds(figures.beforeMs)],
        ['alone, after', seconds(figures.afterMs)],
        ['beside ÷ alone', figures.timesAlone.toFixed(2), 'to the mean of before and after'],
        ['StageSet Ready, p95, beside', seconds(figures.besideP95Ms), 'from its own creation'],
        ['StageSet Ready, p95, alone', seconds((figures.beforeP95Ms + figures.afterP95Ms) / 2)],
        ['a fix of one', seconds(figures.fixOfOneMs), 'from its artifact to Ready, what was stuck pruned'],
        ['fixes of all others, p50', seconds(figures.fixOfAllP50Ms), 'published at once'],
        ['fixes of all others, p95', seconds(figures.fixOfAllP95Ms)],
      ],
      figures,
    };
  },
};

/** No node has what its pod asks for. */
function deploymentOfNoNode(name: string): object {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { nodeSelector: { 'no-such': 'node' }, containers: [{ name: 'app', image: 'example/app:1' }] },
      },
    },
  };
}

function isWaiting({ status }: StageSet): boolean {
  return status?.stages?.[0]?.phase === 'Verifying';
}
