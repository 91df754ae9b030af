import assert from 'node:assert/strict';
import { after, type TestContext } from 'node:test';
import type { Condition, StageSet, StageSetSpec } from '../../src/shared/api/types.ts';
import { keys } from '../../src/shared/labels.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import type { ControlPlane } from '../../tools/control-plane/control-plane.ts';
import { eventually, type Patience } from '../../tools/control-plane/eventually.ts';
import type { KubeApi, ObjectRef } from '../../tools/control-plane/kube-api.ts';
import { createNamespace } from '../../tools/control-plane/namespace.ts';
import { type Publication, type Published, type Publisher, startPublisher } from '../../tools/publisher/publisher.ts';
import { type ControllerProcess, startController, startedControllers } from './controller.ts';
import { controllerAccount, controllerUsers, createControllerAccount } from './controller-account.ts';
import { leaksOf, leaksOn } from './leaks.ts';
import { forbidden, type SentRequest, sentRequests } from './sent-requests.ts';
import { startTestControlPlane } from './shared-cluster.ts';
import { letTenantWork, tenant } from './tenant.ts';
import { type TestPlane, takePlane } from './test-plane.ts';
import { versionsSince } from './versions.ts';

const apiVersion = 'stages.metio.wtf/v1';

/** A cluster of this test file's own, on which it may run, kill and misuse controllers; each test has a namespace. */
export interface Scene {
  readonly plane: TestPlane;
  readonly api: KubeApi;
  readonly publisher: Publisher;
  readonly namespace: string;
  /** Leads a controller there as an account with exactly the rights that the chart gives it. */
  readonly controllerKubeconfig: string;
  /** The controller that all tests of the file share; who asks first says with which flags. */
  controller(flags?: readonly string[]): Promise<ControllerProcess>;
  /** Publishes manifests as the ExternalArtifact of this name. */
  publish(name: string, manifests: readonly Manifest[]): Promise<Published>;
  /** The same of anything else: files, or an archive of ill will. */
  publishAs(name: string, content: Omit<Publication, 'namespace' | 'name'>): Promise<Published>;
  /** Creates a StageSet, or changes the spec of the one that is there; one that names no account acts as the `tenant` of tests. */
  roll(name: string, spec: SpecToRoll, annotations?: Readonly<Record<string, string>>): Promise<StageSet>;
  annotate(name: string, annotations: Readonly<Record<string, string>>): Promise<StageSet>;
  /** Asks for the StageSet to go. */
  remove(name: string): Promise<void>;
  /** Resolves when the StageSet is not there any more. */
  gone(name: string, patience?: Patience): Promise<void>;
  read(name: string): Promise<StageSet>;
  /** The Ready condition, once it satisfies this for the newest generation. */
  settled(name: string, wanted: (ready: Condition, set: StageSet) => boolean, patience?: Patience): Promise<Condition>;
  /** It has succeeded and the event that says so, which comes after the status, is written: nothing more is sent. */
  atRest(name: string): Promise<void>;
  /** The reasons of the events about this StageSet. */
  events(name: string): Promise<readonly { readonly reason: string; readonly note: string; readonly type: string }[]>;
  /** Every status that this StageSet has had since it was this one. */
  versions(name: string, since: StageSet): Promise<readonly StageSet[]>;
  ref(kind: Kind, name: string): ObjectRef;
  find<T = KubeObject>(kind: Kind, name: string): Promise<T | undefined>;
  /** What carries the labels of this StageSet, as `ConfigMap/settings`, sorted. */
  ownedBy(name: string): Promise<readonly string[]>;
  /** What the controller has asked for about this namespace so far. */
  requests(): Promise<readonly SentRequest[]>;
}

/** An account that is `undefined` is nobody, who acts as the controller. */
export type SpecToRoll = Omit<StageSetSpec, 'serviceAccountName'> & {
  readonly serviceAccountName?: string | undefined;
};

export type Manifest = Readonly<Record<string, unknown>>;

interface Stage {
  readonly plane: TestPlane;
  readonly publisher: Publisher;
  readonly controllerKubeconfig: string;
  /** An API server that has just started refuses what it does not know to be allowed yet. */
  readonly restarts: boolean;
  controller: Promise<ControllerProcess> | undefined;
}

let stage: Promise<Stage> | undefined;
let scenes = 0;

after(async () => {
  const { plane, publisher, controller, restarts } = (await stage?.catch(() => undefined)) ?? {};
  const running = await controller?.catch(() => undefined);
  const leaks = plane === undefined ? [] : await leaksTo(plane).catch(String); // first, while they are there to be asked
  const refused = plane === undefined || restarts ? [] : await forbidden(plane.auditLogPath ?? '', controllerUsers);
  await running?.kill();
  await publisher?.close();
  await plane?.stop();
  assert.deepEqual(leaks, []);
  assert.deepEqual(refused, [], 'the chart does not grant it');
  if (running !== undefined) assert.deepEqual(crashesIn(running), []);
});

/** No secret in what any controller tells: `test/support/canary.ts`. */
async function leaksTo({ api, adminToken }: TestPlane): Promise<readonly string[]> {
  const told = await Promise.all(startedControllers.map((each) => leaksOf(each, [adminToken])));
  // A file that ends within seconds of its start meets kinds whose storage is not served yet.
  return [...told.flat(), ...(await eventually(() => leaksOn(api, [adminToken])))];
}

/** Runs that ended in a way that none should: whatever came of them, there is a bug behind each. */
export function crashesIn({ log }: ControllerProcess): readonly string[] {
  return log.split('\n').filter((line) => /"msg":"(run crashed|a failure that nobody waited for)"/.test(line));
}

export async function startScene(t: TestContext): Promise<Scene> {
  stage ??= takePlane().then((plane) => setStage(plane));
  const own = await stage;
  const { plane, publisher, controllerKubeconfig } = own;
  const { api } = plane;
  scenes += 1;
  const namespace = `${t.name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)}-${scenes}`.replace(/^-+/, '');
  await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await letTenantWork(api, namespace);
  await eventually(() => api.get({ apiVersion: 'v1', kind: 'ServiceAccount', namespace, name: 'default' }));
  const ref = (kind: Kind, name: string) => ({ apiVersion: apiVersions[kind], kind, namespace, name });
  const read = (name: string) => api.get<StageSet>(ref('StageSet', name));
  const settled: Scene['settled'] = (name, wanted, patience) =>
    eventually(async () => {
      const set = await read(name);
      const ready = set.status?.conditions?.find(({ type }) => type === 'Ready');
      const upToDate = set.status?.observedGeneration === set.metadata.generation;
      if (ready === undefined || !upToDate || !wanted(ready, set)) {
        throw new Error(`${namespace}/${name} has not settled: ${JSON.stringify(set.status, null, 1)}`);
      }
      return ready;
    }, patience);
  const events: Scene['events'] = async (name) => {
    const all = await api.list<EventOf>('events.k8s.io/v1', 'Event', { namespace });
    return all.filter(({ regarding }) => regarding.name === name);
  };
  return {
    plane,
    api,
    publisher,
    namespace,
    controllerKubeconfig,
    read,
    controller: (flags) => {
      own.controller ??= startController(controllerKubeconfig, flags);
      return own.controller;
    },
    publish: (name, manifests) => publisher.publish({ namespace, name, files: filesOf(manifests) }),
    publishAs: (name, content) => publisher.publish({ ...content, namespace, name }),
    annotate: (name, annotations) => api.patch<StageSet>(ref('StageSet', name), { metadata: { annotations } }),
    remove: (name) => api.delete(ref('StageSet', name)),
    gone: (name, patience) =>
      eventually(async () => {
        const left = await api.find<StageSet>(ref('StageSet', name));
        if (left !== undefined)
          throw new Error(`${namespace}/${name} is still there: ${JSON.stringify(left, null, 1)}`);
      }, patience),
    roll: (name, spec, annotations = {}) =>
      api.apply<StageSet>({
        apiVersion,
        kind: 'StageSet',
        metadata: { name, namespace, annotations },
        spec: { serviceAccountName: tenant, ...spec },
      }),
    settled,
    events,
    atRest: async (name) => {
      await settled(name, succeeded);
      await eventually(async () => {
        const told = (await events(name)).some(({ reason }) => reason === 'Succeeded');
        if (!told) throw new Error(`no event tells that ${namespace}/${name} has succeeded`);
      });
    },
    versions: async (name, { metadata: { resourceVersion = '' } }) =>
      versionsSince(plane, `/apis/${apiVersion}/namespaces/${namespace}/stagesets`, await read(name), resourceVersion),
    ref,
    find: (kind, name) => api.find(ref(kind, name)),
    ownedBy: async (name) => {
      const labelSelector = `${keys.ownerName}=${name},${keys.ownerNamespace}=${namespace}`;
      const found = await Promise.all(
        appliedKinds.map(async (kind) => {
          const objects = await api.list<KubeObject>(apiVersions[kind], kind, { namespace, labelSelector });
          return objects.map(({ metadata }) => `${kind}/${metadata.name}`);
        }),
      );
      return found.flat().toSorted();
    },
    requests: () => sentRequests(plane.auditLogPath ?? '', namespace),
  };
}

const apiVersions = {
  ConfigMap: 'v1',
  Secret: 'v1',
  Service: 'v1',
  Deployment: 'apps/v1',
  Job: 'batch/v1',
  StageSet: apiVersion,
  StageInventory: apiVersion,
  ExternalArtifact: 'source.toolkit.fluxcd.io/v1',
} as const;

export type Kind = keyof typeof apiVersions;

const appliedKinds = ['ConfigMap', 'Secret', 'Service', 'Deployment', 'Job'] as const;

interface EventOf {
  readonly reason: string;
  readonly note: string;
  readonly type: string;
  readonly regarding: { readonly name: string };
}

/** As `settled` wants it. */
export const succeeded = (ready: Condition): boolean => ready.status === 'True' && ready.reason === 'Succeeded';
export const because =
  (reason: string) =>
  (ready: Condition): boolean =>
    ready.reason === reason;

/** As `succeeded`, of what was published here. */
export const succeededWith =
  ({ artifact }: Published) =>
  (ready: Condition, { status }: StageSet): boolean =>
    succeeded(ready) && Object.values(status?.lastAppliedRevisions ?? {}).includes(artifact.revision);

/** The phase of each stage, in the order of status. */
export function phasesOf({ status }: StageSet): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries((status?.stages ?? []).map(({ name, phase }) => [name, phase]));
}

export function oneStage(source: string, rest: Partial<StageSetSpec['stages'][number]> = {}): StageSetSpec {
  return { interval: '1h', retryInterval: '1h', stages: [{ name: 'app', sourceRef: { name: source }, ...rest }] };
}

/** One stage for each source, named after it. */
export function stagesOf(...sources: readonly string[]): StageSetSpec {
  return {
    interval: '1h',
    retryInterval: '1h',
    stages: sources.map((name) => ({ name, sourceRef: { name } })),
  };
}

export function configMap(name: string, data: Readonly<Record<string, string>> = { key: 'value' }): Manifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

interface PodWishes {
  readonly replicas?: number;
  readonly image?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly nodeName?: string;
}

export function deployment(
  name: string,
  { replicas = 1, image = 'example/app:1', ...podSpec }: PodWishes = {},
): Manifest {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { ...podSpec, containers: [{ name: 'app', image }] } },
    },
  };
}

/** No node has what it asks for: its pods wait for ever. */
export function stuckDeployment(name: string): Manifest {
  return deployment(name, { nodeSelector: { 'no-such': 'node' } });
}

function filesOf(manifests: readonly Manifest[]): Readonly<Record<string, string>> {
  return Object.fromEntries(manifests.map((each, i) => [`${String(i).padStart(4, '0')}.yaml`, JSON.stringify(each)]));
}

/** For a file that breaks the control plane under its scenes; before the first of them. */
export async function breakablePlane(): Promise<ControlPlane> {
  assert.equal(stage, undefined);
  const plane = await startTestControlPlane();
  stage = setStage(plane, { restarts: true });
  return plane;
}

async function setStage(plane: TestPlane, { restarts = false } = {}): Promise<Stage> {
  const publisher = await startPublisher(plane.api);
  await createNamespace(plane.api, controllerAccount.namespace);
  const controllerKubeconfig = await createControllerAccount(plane, controllerAccount);
  return { plane, publisher, controllerKubeconfig, restarts, controller: undefined };
}
