import { isDeepStrictEqual } from 'node:util';
import { Agent } from 'undici';
import { mapped } from '../../src/main/apply/mapped.ts';
import { LineCutter } from '../../src/main/kube/lines.ts';
import type { StageSet } from '../../src/shared/api/types.ts';
import type { Site } from './site.ts';

/** N StageSets of M ConfigMaps each, with an artifact each, in one namespace. */
export interface Fleet {
  readonly namespace: string;
  readonly stageSets: readonly string[];
  /** Of each StageSet. */
  readonly objects: number;
}

/** Requests of the bench itself, as little in the way as can be. */
const WIDTH = 8;
const PATIENCE_MS = 600_000;

export async function publishFleet(site: Site, stageSets: number, objects: number): Promise<Fleet> {
  const namespace = 'fleet';
  await site.createNamespace(namespace);
  const names = Array.from({ length: stageSets }, (_, i) => `set-${String(i).padStart(4, '0')}`);
  await mapped(names, WIDTH, (name) =>
    site.publisher.publish({ namespace, name, files: { 'all.yaml': configMapsOf(name, objects) } }),
  );
  return { namespace, stageSets: names, objects };
}

/** A YAML stream of JSON documents. */
function configMapsOf(stageSet: string, objects: number): string {
  const documents = Array.from({ length: objects }, (_, i) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `${stageSet}-${String(i).padStart(4, '0')}`, labels: { app: stageSet } },
    data: { 'settings.ini': `[${stageSet}]\nobject = ${i}\nlevel = info\ncolour = blue\n`, owner: 'bench' },
  }));
  return documents.map((each) => JSON.stringify(each)).join('\n---\n');
}

export function stageSetOf({ namespace }: Pick<Fleet, 'namespace'>, name: string, interval: string) {
  return {
    apiVersion: 'stages.metio.wtf/v1',
    kind: 'StageSet',
    metadata: { namespace, name },
    spec: { interval, stages: [{ name: 'app', sourceRef: { name } }] },
  };
}

export interface Convergence {
  /** From the first creation to the last one's Ready. */
  readonly wallMs: number;
  /** Of each StageSet, from its own creation to its Ready as a watch tells it. */
  readonly eachMs: readonly number[];
}

/** Creates all StageSets and waits until each is Ready. */
export async function createAndAwait(site: Site, fleet: Fleet, interval = '1h'): Promise<Convergence> {
  const createdAtMs = new Map<string, number>();
  const readyAtMs = new Map<string, number>();
  await using watch = await watchReadiness(site, fleet.namespace, (name) => {
    if (!readyAtMs.has(name)) readyAtMs.set(name, performance.now());
    return readyAtMs.size === fleet.stageSets.length;
  });
  const beganMs = performance.now();
  await mapped(fleet.stageSets, WIDTH, async (name) => {
    createdAtMs.set(name, performance.now());
    await site.plane.api.create(stageSetOf(fleet, name, interval));
  });
  await watch.last;
  return {
    wallMs: Math.max(...readyAtMs.values()) - beganMs,
    eachMs: fleet.stageSets.map((name) => (readyAtMs.get(name) ?? Number.NaN) - (createdAtMs.get(name) ?? Number.NaN)),
  };
}

/** Tells each Ready StageSet until it hears that this was the last. */
async function watchReadiness(site: Site, namespace: string, isReady: (name: string) => boolean) {
  const { server, adminToken } = site.plane;
  const agent = new Agent({ connect: { ca: server.certificateAuthority }, bodyTimeout: PATIENCE_MS });
  /** It begins with all there are, so one that the server has cut off is simply opened again. */
  const open = () =>
    agent.request({
      origin: server.url,
      path: `/apis/stages.metio.wtf/v1/namespaces/${namespace}/stagesets?watch=true`,
      method: 'GET',
      headers: { authorization: `Bearer ${adminToken}` },
    });
  const tooLong = setTimeout(
    () => agent.destroy(new Error(`not all StageSets are Ready after ${PATIENCE_MS / 1_000} s`)),
    PATIENCE_MS,
  );
  async function untilLast(first: Awaited<ReturnType<typeof open>>): Promise<void> {
    for (let answer = first; ; answer = await open()) {
      const lines = new LineCutter();
      for await (const chunk of answer.body) {
        for (const line of lines.cut(chunk)) {
          const { object } = JSON.parse(line) as { readonly object: StageSet };
          if (isReadyNow(object) && isReady(object.metadata.name)) return;
        }
      }
    }
  }
  const last = untilLast(await open());
  last.catch(() => {}); // told to who awaits it
  return {
    last,
    async [Symbol.asyncDispose]() {
      clearTimeout(tooLong);
      await agent.destroy();
    },
  };
}

function isReadyNow({ metadata, status }: StageSet): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' && status?.observedGeneration === metadata.generation;
}

interface LiveConfigMap {
  readonly metadata: { readonly name: string };
  readonly data: Readonly<Record<string, string>>;
}

/** Everything that the artifacts hold is there, and nothing else that a StageSet owns. */
export async function assertDelivered({ plane }: Site, fleet: Fleet): Promise<void> {
  const { namespace, stageSets, objects } = fleet;
  const labelSelector = 'stages.metio.wtf/name';
  const live = await plane.api.list<LiveConfigMap>('v1', 'ConfigMap', { namespace, labelSelector });
  const wanted = stageSets.flatMap((name) =>
    configMapsOf(name, objects)
      .split('\n---\n')
      .map((text) => JSON.parse(text)),
  );
  const found = new Map(live.map((each) => [each.metadata.name, each.data]));
  const wrong = wanted.filter(({ metadata, data }) => !isDeepStrictEqual(found.get(metadata.name), data));
  if (wrong.length > 0 || live.length !== wanted.length) {
    throw new Error(`of ${wanted.length} ConfigMaps ${wrong.length} are missing or differ; ${live.length} are there`);
  }
}
