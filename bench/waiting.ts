import type { Action, StageSet, StageSetSpec } from '../src/shared/api/types.ts';
import { awaitEach } from './harness/await-each.ts';
import type { Bench } from './harness/bench.ts';
import { createAndAwait, publishFleet, publishManifests } from './harness/fleet.ts';
import { heapOf, withInspector } from './harness/heap.ts';
import { untilIdle } from './harness/idle.ts';
import { type Row, seconds } from './harness/report.ts';
import { openSite, type Site } from './harness/site.ts';

export const waiting: Bench = {
  about: 'StageSets that wait, in windows, actions and Jobs: what one costs in memory, and a new one in time',
  usual: { objects: 1 },

  async run({ stageSets, objects, concurrent }) {
    await using site = await openSite();
    const controller = await site.startController([`--concurrent=${concurrent}`], withInspector);
    const newOne = async (namespace: string): Promise<number> => {
      await untilIdle();
      const one = await createAndAwait(site, await publishFleet(site, { namespace, stageSets: 1, objects }));
      return one.wallMs;
    };
    await createAndAwait(site, await publishFleet(site, { namespace: 'warm-up', stageSets: 100, objects }));
    const onIdleMs = await newOne('on-idle');

    const costs: Cost[] = [];
    let before = await heapOf(controller);
    for (const way of ways) {
      await begin(site, way, { stageSets, objects });
      const besideMs = await newOne(`beside-${namespaceOf(way)}`);
      const after = await heapOf(controller);
      costs.push({ way: way.name, bytes: (after - before) / stageSets, besideMs });
      before = after;
    }
    return {
      title: `waiting: ${stageSets} StageSets × ${objects} ConfigMaps each way, --concurrent=${concurrent}`,
      rows: [...costs.flatMap(rowsOf), ['a new one, on an idle controller', seconds(onIdleMs)]],
      figures: { stageSets, objects, concurrent, costs, onIdleMs },
    };
  },
};

interface Cost {
  readonly way: string;
  /** On the heap, the StageSet itself included. */
  readonly bytes: number;
  /** How long a new StageSet took to become Ready meanwhile. */
  readonly besideMs: number;
}

function rowsOf({ way, bytes, besideMs }: Cost): readonly Row[] {
  return [
    [`one that ${way}`, `${(bytes / 1024).toFixed(1)} KiB`, 'of heap, all that is kept of its StageSet included'],
    [`a new one beside those that ${way}`, seconds(besideMs), 'from its creation to Ready'],
  ];
}

interface Way {
  readonly name: string;
  readonly spec: Partial<StageSetSpec>;
  readonly action?: Action;
  isThere(set: StageSet): boolean;
}

const isAtIts = (action: string) => (set: StageSet) =>
  set.status?.conditions?.some(({ type, message }) => type === 'Reconciling' && message.includes(action)) === true;

const ways: readonly Way[] = [
  {
    name: 'is Ready',
    spec: {},
    isThere: ({ status }) =>
      status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true,
  },
  {
    name: 'waits for a window',
    spec: { updateWindows: [{ type: 'Deny', from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' }] },
    isThere: ({ status }) => status?.pendingUpdate !== undefined,
  },
  {
    name: 'waits by CEL',
    spec: {},
    action: {
      name: 'gate',
      timeout: '2h',
      wait: { target: { apiVersion: 'v1', kind: 'ConfigMap', name: 'kube-root-ca.crt' }, expr: 'has(data.open)' },
    },
    isThere: isAtIts('gate'),
  },
  {
    name: 'waits in a Job',
    spec: {},
    action: { name: 'migrate', timeout: '2h', job: { sourceRef: { name: 'jobs' } } },
    isThere: isAtIts('migrate'),
  },
];

async function begin(site: Site, way: Way, sizes: { readonly stageSets: number; readonly objects: number }) {
  const fleet = await publishFleet(site, { namespace: namespaceOf(way), ...sizes });
  await publishManifests(site, fleet, 'jobs', [jobForEver]);
  await awaitEach(site, fleet, way.isThere, async (name) => {
    const stage = { name: 'app', sourceRef: { name }, ...(way.action && { actions: { pre: [way.action] } }) };
    await site.plane.api.create({
      apiVersion: 'stages.metio.wtf/v1',
      kind: 'StageSet',
      metadata: { namespace: fleet.namespace, name },
      spec: { interval: '1h', ...way.spec, stages: [stage] },
    } as never);
  });
}

/** It never begins. */
const jobForEver = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate' },
  spec: {
    suspend: true,
    template: {
      spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'example/app:1' }] },
    },
  },
};

function namespaceOf({ name }: Way): string {
  return name.toLowerCase().replaceAll(' ', '-');
}
