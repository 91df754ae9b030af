import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { StageInventory, StageSet } from '../shared/api/types.ts';
import { systemClock } from '../shared/time/clock.ts';
import { orAborted } from '../shared/time/deadline.ts';
import { apply } from './actions/apply/apply.ts';
import { remove } from './actions/delete/delete.ts';
import { ActionClients } from './actions/http/action-clients.ts';
import { httpVerb } from './actions/http/http.ts';
import { job } from './actions/job/job.ts';
import { patch } from './actions/patch/patch.ts';
import { waitVerb } from './actions/wait/wait.ts';
import { askClusterName, asksOnce } from './apply/cluster-name.ts';
import { Artifacts, type Download } from './build/artifacts.ts';
import { Builds } from './build/builds.ts';
import { Controller } from './controller/controller.ts';
import { ownerKey, StageSetIndex, type StageSetIndexName, stageSetIndexes } from './controller/stage-sets.ts';
import { WatchedStageSets } from './controller/watch-stage-sets.ts';
import type { World } from './controller/world.ts';
import { keyServices } from './decrypt/key-services.ts';
import { unwrapKeys } from './decrypt/unwrap-keys.ts';
import { FluxOutbox } from './events/flux-outbox.ts';
import { EventRecorder } from './events/recorder.ts';
import type { Settings } from './flags/table.ts';
import { knownInventories } from './inventory/known.ts';
import { connect, type ObservedRequest } from './kube/client.ts';
import { loadClusterConfig } from './kube/config.ts';
import { Discovery } from './kube/discovery.ts';
import { stageInventoryResource, stageSetResource } from './kube/own-kinds.ts';
import type { RateWishes } from './kube/rate.ts';
import { ScopedStore } from './kube/scoped-store.ts';
import { TenantTokens } from './kube/tenant-tokens.ts';
import { isInScope } from './kube/watch-scope.ts';
import { withoutManagedFields } from './kube/without-managed-fields.ts';
import { campaign } from './lease/campaign.ts';
import { catchUp } from './lease/catch-up.ts';
import { Shards } from './lease/shards.ts';
import { AccessReviews } from './live/access-reviews.ts';
import type { Judge } from './live/awaited-objects.ts';
import { LiveObjects } from './live/live-objects.ts';
import { ObjectWatches } from './live/object-watches.ts';
import { overrideManagers } from './live/override-managers.ts';
import { ReferencedObjects } from './live/referenced-objects.ts';
import type { Log } from './log/log.ts';
import { mcpService } from './mcp/mcp.ts';
import { sizeMemory } from './memory-sizes.ts';
import { Metrics } from './metrics/metrics.ts';
import { OutboundClient } from './outbound/client.ts';
import { createByteBudget } from './pool/byte-budget.ts';
import { createPool } from './pool/pool.ts';
import { Turns } from './queue/turns.ts';
import { WorkQueue } from './queue/work-queue.ts';
import { RemoteClusters } from './remote/remote-clusters.ts';
import { Readiness } from './servers/readiness.ts';
import { serve } from './servers/serve.ts';
import { fetchArtifact } from './source/fetch.ts';
import { NewKinds } from './source/new-kinds.ts';
import { WatchedSources } from './source/watched-sources.ts';
import { openStore } from './store/open-store.ts';
import type { RollbackStore } from './store/rollback-store.ts';
import { keepSwept, type Swept, sweep } from './store/sweep.ts';
import { openWebhook } from './webhook/webhook.ts';

export interface Running {
  /** Resolves when it has stopped: after `stop`, or because it could not go on. */
  readonly stopped: Promise<void>;
  stop(): void;
}

/** Puts the process together, from flags to the running controller. */
export async function start(settings: Settings, log: Log, version: string): Promise<Running> {
  const clock = systemClock;
  const metrics = new Metrics();
  const stopping = new AbortController();

  const config = await loadClusterConfig(settings.kubeconfig === '' ? {} : { kubeconfigPath: settings.kubeconfig });
  const userAgent = `stageset-controller/${version}`;
  const observe = (seen: ObservedRequest) => metrics.requestSent(seen, 'own');
  const tokens = new TenantTokens({ client: () => client, clock });
  const standIn = settings.tenantAuth === 'token' ? tokens : undefined;
  const client = connect(config, { userAgent, clock, standIn, observe, rate: rateOf(settings) });
  const discovery = new Discovery(client, { clock });
  const isOverridden = overrideManagers(settings.overrideManagers);
  const scope = settings.watchNamespaces;
  const warn = (message: string, fields: object) => log.warn(message, { ...fields });
  const live = new LiveObjects({ client, scope, clock, isOverridden, log: warn });
  const sources = new WatchedSources({
    client,
    scope,
    discovery,
    clock,
    log: warn,
    onChange: (now, before) => controller.sourceChanged(now, before),
  });

  const references = new ReferencedObjects({
    client,
    clock,
    log: warn,
    onChange: (resource, name, namespace) => controller.referenceChanged(resource, name, namespace),
  });

  const memory = sizeMemory(settings);
  const pool = createPool({
    workers: settings.workers,
    workersMax: settings.workersMax,
    workerMemoryMiB: Math.round(memory.workerBytes / 2 ** 20),
    observe: (ran) => metrics.taskRan(ran),
    observeTuning: (decision) => metrics.poolTuned(decision),
    clock,
  });
  const forTenants = { allowLoopback: settings.allowLoopbackArtifacts, allowLinkLocal: false };
  const outbound = new OutboundClient(forTenants);
  // For what the operator names, VAULT_ADDR first.
  const unguarded = new OutboundClient({ allowLoopback: true, allowLinkLocal: true });
  const actionClients = new ActionClients({ allowed: settings.allowedActionHosts });
  const remotes = new RemoteClusters({
    policy: { outbound: forTenants, allowInsecureTls: settings.insecureKubeconfigTls },
    clock,
    connection: { userAgent, observe: (seen) => metrics.requestSent(seen, 'other') },
    isOverridden,
    log: warn,
    onChange: (users, now, before) => controller.liveChanged(now, before, users),
  });
  const budget = createByteBudget(memory.budgetBytes);
  const store = openStore(settings, { clock, budget, log });
  const download: Download = async (artifact, signal) => {
    if (store !== undefined && artifact.kept !== undefined) return await store.archive(artifact.kept, signal);
    const bytes = await fetchArtifact(artifact, { client: outbound, clock, signal });
    metrics.artifactFetched(bytes.byteLength);
    return bytes;
  };
  const artifacts = new Artifacts({
    download,
    runTask: pool.run,
    budget,
    idleBytes: memory.idleArtifactBytes,
  });

  const sets = new ScopedStore<StageSet, StageSetIndexName>(scope, stageSetIndexes);
  const inventories = new ScopedStore<StageInventory, 'owner'>(scope, { owner: ownerUids });
  const shards = new Shards({
    count: settings.shards,
    keeper: {
      gained: (owns) => controller.gained(owns),
      drained: (owns, why) => controller.drained(owns, why),
      lost: (owns, why) => controller.lost(owns, why),
    },
    catchUp: async () => {
      const reading = { client, clock, log };
      await Promise.all([
        catchUp({ resource: stageSetResource, scope, put: world.sets.put }, stopping.signal, reading),
        catchUp({ resource: stageInventoryResource, scope, put: world.inventories.put }, stopping.signal, reading),
      ]);
    },
  });
  const outbox =
    settings.eventsAddr === ''
      ? undefined
      : new FluxOutbox({
          address: settings.eventsAddr,
          clock,
          instance: hostname(),
          ended: ({ involvedObject: { namespace, name }, reason }, end, because) => {
            metrics.fluxEventEnded(end);
            if (end === 'dropped') {
              log.warn('event not taken by --events-addr', {
                stageset: `${namespace}/${name}`,
                reason,
                error: because,
              });
            }
          },
        });
  const judge: Judge = (input, signal) => pool.run('judge', input, signal);
  const world: World = {
    clock,
    log,
    settings,
    version,
    metrics,
    sources,
    references,
    sets: {
      get: (key) => sets.get(key),
      put: (set) => sets.put(withoutManagedFields(set)),
      // Elsewhere another controller may look after it.
      isThere: (owner) => !isInScope(scope, owner.namespace) || sets.byIndex('owner', ownerKey(owner)).length > 0,
    },
    cluster: {
      client,
      discovery,
      live,
      watches: new ObjectWatches(client, clock),
      scope,
      name: asksOnce(() => askClusterName({ client, server: config.server, ca: config.tls.ca })),
    },
    reviews: new AccessReviews({
      client,
      clock,
      asked: scope.length === 0 ? 'clusterwide' : 'local',
      onForbidden: (error) => {
        const reviews = scope.length === 0 ? 'subjectaccessreviews' : 'localsubjectaccessreviews';
        log.warn(`tenants are not served by watches: grant create of ${reviews}`, { error });
      },
    }),
    remotes,
    inventories: knownInventories(inventories, sets),
    builds: new Builds({
      artifacts,
      budget,
      runTask: pool.run,
      unwrapKeys: (wanted, entries, signal) =>
        unwrapKeys(wanted, keyServices({ entries, guarded: outbound, unguarded, env: process.env }), signal),
      cacheBytes: memory.buildCacheBytes,
    }),
    judge,
    verbs: { patch, http: httpVerb(actionClients), wait: waitVerb(judge), job, delete: remove, apply },
    download,
    budget,
    store,
    events: new EventRecorder({
      client,
      clock,
      leaseOf: (key) => shards.leaseOf(key),
      instance: hostname(),
      lost: (event, error) => log.warn('event lost', { reason: event.reason, error }),
      forward: (set, event) => outbox?.post(set, event),
    }),
    leadership: shards,
  };
  const turns = new Turns({ slots: settings.concurrent, clock });
  const queue = new WorkQueue({ turns, clock });
  const index = new StageSetIndex(sets);
  const controller = new Controller(world, queue, index);
  metrics.controllerRuntime.watch(queue, turns, settings.concurrent);
  metrics.restClient.forgetUnless((host) => remotes.isConnectedTo(host));
  metrics.readings.watchQueue(queue, turns);
  metrics.readings.watchClient(client);
  metrics.readings.watchPool(pool, world.builds);
  metrics.readings.watchBudget(budget);
  metrics.readings.watchRemotes(remotes);

  let synced = false;
  const readiness = new Readiness();
  readiness.require(() => (stopping.signal.aborted ? 'stopping' : undefined));
  readiness.require(() => (synced ? undefined : 'caches are not synced yet'));
  const findSet = (key: string) => (synced ? sets.get(key) : undefined);
  const mcp = await mcpService(settings, {
    client,
    clock,
    log,
    version,
    sets,
    put: world.sets.put,
    isSynced: () => synced,
  });
  const servers = await serve(settings, { registry: metrics.registry, readiness, findSet, clock, log, mcp });
  const webhook = settings.enableWebhook
    ? await openWebhook(
        {
          settings,
          client,
          namespace: config.namespace ?? 'default',
          podUid: process.env.POD_UID || randomUUID(),
          readiness,
          metrics: metrics.webhook,
          clock,
          log,
        },
        stopping.signal,
      )
    : undefined;

  const newKinds = new NewKinds({
    client,
    discovery,
    scope,
    clock,
    onInstalled: async () => {
      if (await sources.watchInstalled()) controller.kindsInstalled();
    },
    failed: (error) => log.warn('could not look for new kinds', { error }),
  });

  const stageSets = new WatchedStageSets({ client, clock, log, sets, inventories });
  let campaigning: Promise<void> | undefined;
  async function work(): Promise<void> {
    await unlessStopping(discovery.refresh());
    live.onChange((_id, now, before) => controller.liveChanged(now, before));
    sets.onChange((key, now, before) => controller.setChanged(key, now, before));
    await unlessStopping(stageSets.start(Promise.all([sources.watchInstalled(), newKinds.start()])));
    synced = true;
    log.info('ready', { stagesets: sets.size });
    campaigning = campaign(stopping.signal, {
      config,
      userAgent,
      leaderElect: settings.leaderElect,
      shardCount: settings.shards,
      shards,
      clock,
      log,
      observeRequest: observe,
      observeLeading: (lease, leads) => metrics.leads(lease, leads),
    });
    if (store !== undefined) void keepSwept(() => sweepStore(store), { clock, log }, stopping.signal);
    await Promise.all([controller.process(stopping.signal), campaigning]);
  }

  async function sweepStore(kept: RollbackStore): Promise<Swept> {
    const uids = new Set([...index.all()].map(({ metadata }) => metadata.uid));
    const sweeping = {
      store: kept,
      cluster: await world.cluster.name(),
      namespaces: scope,
      isOurs: (key: string) => shards.leaseOf(key) !== undefined,
      isThere: (uid: string) => uids.has(uid),
      nowMs: clock.wallMs(),
    };
    return await sweep(sweeping, stopping.signal);
  }

  /** Where rights or CRDs are missing, the cluster is never known; asked to stop, we do not wait for it. */
  async function unlessStopping(known: Promise<unknown>): Promise<void> {
    await orAborted(known, stopping.signal);
  }

  async function close(): Promise<void> {
    stopping.abort();
    await campaigning?.catch(() => {}); // told by `stopped`
    newKinds.stop();
    sources.stop();
    references.stop();
    live.stop();
    stageSets.stop();
    await webhook?.close();
    await servers.close(); // while what they answer from is there
    await Promise.all([
      outbox?.close(),
      pool.close(),
      outbound.close(),
      unguarded.close(),
      actionClients.close(),
      remotes.close(),
      client.close(),
    ]);
  }

  return {
    stopped: work()
      .catch((error: unknown) => {
        if (!stopping.signal.aborted || error !== stopping.signal.reason) throw error;
      })
      .finally(close),
    stop: () => stopping.abort(),
  };
}

function ownerUids({ metadata }: StageInventory): readonly string[] {
  return (metadata.ownerReferences ?? []).map((owner) => owner.uid);
}

function rateOf({ kubeApiQps, kubeApiBurst }: Settings): RateWishes | undefined {
  if (kubeApiQps === 0) return undefined;
  return { perSecond: kubeApiQps, burst: kubeApiBurst === 0 ? 2 * kubeApiQps : kubeApiBurst };
}
