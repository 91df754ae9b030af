import type { Bench } from './harness/bench.ts';
import { measureConvergence } from './harness/convergence.ts';
import { openSite } from './harness/site.ts';

export const converge: Bench = {
  about: 'StageSets of some ConfigMaps each, created at once: how long until all are Ready',

  async run(sizes) {
    await using site = await openSite();
    const { stageSets, objects, concurrent } = sizes;
    return {
      title: `converge: ${stageSets} StageSets × ${objects} ConfigMaps, --concurrent=${concurrent}`,
      ...(await measureConvergence(site, sizes)),
    };
  },
};
