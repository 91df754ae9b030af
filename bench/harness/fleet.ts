import { isDeepStrictEqual } from 'node:util';
import { mapped } from '../../src/main/apply/mapped.ts';
import type { StageSet } from '../../src/shared/api/types.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import type { KubeApi } from '../../tools/control-plane/kube-api.ts';
import type { Publisher } from '../../tools/publisher/publisher.ts';
import { awaitEach, type Waits, WIDTH } from './await-each.ts';

/** As much of a site as a fleet needs. */
export interface FleetSite {
  readonly plane: { readonly api: KubeApi };
  readonly publisher: Publisher;
  createNamespace(name: string): Promise<void>;
}

/** N StageSets of M ConfigMaps each, with an artifact each, in one namespace. */
export interface Fleet {
  readonly namespace: string;
  readonly stageSets: readonly string[];
  /** ConfigMaps of each StageSet. */
  readonly objects: number;
  /** Each StageSet has a Secret besides. */
  readonly withSecret: boolean;
}

interface FleetPlan {
  readonly namespace?: string;
  readonly stageSets: number;
  readonly objects: number;
  readonly withSecret?: boolean;
}

/** A namespace and what its StageSets are to deliver, but for the StageSets themselves and their artifacts. */
export async function prepareFleet(site: FleetSite, plan: FleetPlan): Promise<Fleet> {
  const { namespace = 'fleet', stageSets, objects, withSecret = false } = plan;
  await site.createNamespace(namespace);
  const names = Array.from({ length: stageSets }, (_, i) => `set-${String(i).padStart(4, '0')}`);
  return { namespace, stageSets: names, objects, withSecret };
}

export async function publishFleet(site: FleetSite, plan: FleetPlan): Promise<Fleet> {
  const fleet = await prepareFleet(site, plan);
  await mapped(fleet.stageSets, WIDTH, (name) => publish(site, fleet, name));
  return fleet;
}

/** Of two versions, one ConfigMap in each StageSet differs. Resolves with the revision. */
export async function publish(site: FleetSite, fleet: Fleet, name: string, version = 1): Promise<string> {
  return publishManifests(site, fleet, name, manifestsOf(fleet, name, version));
}

export async function publishManifests(
  site: FleetSite,
  { namespace }: Fleet,
  name: string,
  manifests: readonly object[],
): Promise<string> {
  const stream = manifests.map((each) => JSON.stringify(each)).join('\n---\n'); // JSON documents are YAML
  const { artifact } = await site.publisher.publish({ namespace, name, files: { 'all.yaml': stream } });
  return artifact.revision;
}

interface Manifest extends KubeObject {
  readonly data: Readonly<Record<string, string>>;
}

function manifestsOf({ objects, withSecret }: Fleet, stageSet: string, version: number): readonly Manifest[] {
  const labels = { app: stageSet };
  const configMaps = Array.from({ length: objects }, (_, i) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `${stageSet}-${String(i).padStart(4, '0')}`, labels },
    data: {
      'settings.ini': `[${stageSet}]\nobject = ${i}\nlevel = info\ncolour = blue\n`,
      owner: 'bench',
      version: String(i === 0 ? version : 1),
    },
  }));
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: stageSet, labels },
    data: { key: btoa(stageSet) },
  };
  return withSecret ? [...configMaps, secret] : configMaps;
}

export function stageSetOf({ namespace }: Pick<Fleet, 'namespace'>, name: string, interval: string) {
  return {
    apiVersion: 'stages.metio.wtf/v1',
    kind: 'StageSet',
    metadata: { namespace, name },
    spec: { interval, stages: [{ name: 'app', sourceRef: { name } }] },
  };
}

/** Creates all StageSets and waits until each is Ready. */
export async function createAndAwait(site: FleetSite, fleet: Fleet, interval = '1h'): Promise<Waits> {
  return awaitEach(site, fleet, isReadyNow, (name) => create(site, fleet, name, interval));
}

export async function create(site: FleetSite, fleet: Fleet, name: string, interval = '1h'): Promise<void> {
  await site.plane.api.create(stageSetOf(fleet, name, interval));
}

/** Publishes this version for all StageSets and waits until each is Ready with it. */
export async function rollOutAndAwait(site: FleetSite, fleet: Fleet, version: number): Promise<Waits> {
  const revisions = new Map<string, string>();
  return awaitEach(
    site,
    fleet,
    (set) =>
      isReadyNow(set) && Object.values(set.status?.lastAppliedRevisions ?? {})[0] === revisions.get(set.metadata.name),
    async (name) => {
      revisions.set(name, await publish(site, fleet, name, version));
    },
  );
}

export function isReadyNow({ metadata, status }: StageSet): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' && status?.observedGeneration === metadata.generation;
}

/** Everything that the artifacts of this version hold is there, and nothing else that a StageSet owns. */
export async function assertDelivered({ plane }: FleetSite, fleet: Fleet, version = 1): Promise<void> {
  const { namespace, stageSets } = fleet;
  const labelSelector = 'stages.metio.wtf/name';
  const kinds = ['ConfigMap', 'Secret', 'Deployment'] as const;
  const apiVersions = { ConfigMap: 'v1', Secret: 'v1', Deployment: 'apps/v1' };
  const lists = kinds.map(async (kind) => {
    const items = await plane.api.list<Manifest>(apiVersions[kind], kind, { namespace, labelSelector });
    return items.map((item) => [`${kind}/${item.metadata.name}`, item.data] as const);
  });
  const found = new Map<string, Manifest['data']>((await Promise.all(lists)).flat());
  const wanted = stageSets.flatMap((name) => manifestsOf(fleet, name, version));
  const wrong = wanted.filter(
    ({ kind, metadata, data }) => !isDeepStrictEqual(found.get(`${kind}/${metadata.name}`), data),
  );
  if (wrong.length > 0 || found.size !== wanted.length) {
    throw new Error(`of ${wanted.length} objects ${wrong.length} are missing or differ; ${found.size} are there`);
  }
}
