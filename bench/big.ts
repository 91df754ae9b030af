import type { StageInventory } from '../src/shared/api/types.ts';
import type { Bench } from './harness/bench.ts';
import { measureConvergence } from './harness/convergence.ts';
import { openSite } from './harness/site.ts';

export const big: Bench = {
  about: 'a StageSet of very many ConfigMaps: how long until it is Ready, in how much memory, in how many shards',
  usual: { stageSets: 1, objects: 5_000 },

  async run(sizes) {
    await using site = await openSite();
    const { rows, figures } = await measureConvergence(site, sizes);
    const inventories = await site.plane.api.list<StageInventory>('stages.metio.wtf/v1', 'StageInventory', {
      namespace: 'fleet',
    });
    const recorded = inventories.reduce((sum, { spec }) => sum + spec.entries.length, 0);
    const applied = sizes.stageSets * sizes.objects;
    if (recorded !== applied) throw new Error(`the inventories hold ${recorded} of ${applied} objects`);
    return {
      title: `big: ${sizes.stageSets} StageSet of ${sizes.objects} ConfigMaps, --concurrent=${sizes.concurrent}`,
      rows: [...rows, ['inventory shards', String(inventories.length)]],
      figures: { ...figures, inventoryShards: inventories.length },
    };
  },
};
