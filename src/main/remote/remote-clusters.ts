import type { Clock } from '../../shared/time/clock.ts';
import type { Connection } from '../apply/cluster.ts';
import { askClusterName, asksOnce } from '../apply/cluster-name.ts';
import { type ConnectOptions, connect } from '../kube/client.ts';
import { type ClusterConfig, configFor } from '../kube/config.ts';
import { Discovery } from '../kube/discovery.ts';
import { everywhere } from '../kube/watch-scope.ts';
import type { LiveObject } from '../live/live-object.ts';
import { LiveObjects } from '../live/live-objects.ts';
import { ObjectWatches } from '../live/object-watches.ts';
import type { IsOverridden } from '../live/override-managers.ts';
import { guardedLookup } from '../outbound/guarded-connect.ts';
import { type KubeconfigPolicy, KubeconfigRefused, tenantDestination } from './tenant-kubeconfig.ts';

export interface RemoteClustersOptions {
  readonly policy: KubeconfigPolicy;
  readonly clock: Clock;
  readonly connection: Pick<ConnectOptions, 'userAgent' | 'observe'>;
  readonly isOverridden: IsOverridden;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** `users` are those who apply there: what a tenant's cluster tells concerns nobody else. */
  readonly onChange: (users: ReadonlySet<string>, now: LiveObject | undefined, before: LiveObject | undefined) => void;
}

/** A page of 250 objects of 64 KiB each. */
const MAX_ANSWER_BYTES = 16 * 2 ** 20;
/** Of one kind, with our labels. */
const MAX_OBJECTS = 100_000;

/** How a StageSet gets to its cluster. */
export interface Way {
  /** The text of the Secret. */
  readonly kubeconfig: string;
  /** Whom to impersonate there; undefined: whoever the kubeconfig says. */
  readonly as: string | undefined;
}

/**
 * The clusters that StageSets bring kubeconfigs for. One connection, with its sockets, pace, breaker, discovery and
 * watches, for all that bring the same kubeconfig and act as the same user; closed behind the last of them.
 */
export class RemoteClusters {
  readonly #options: RemoteClustersOptions;
  /** By the way itself, which is secret: these keys leave the process in no form. */
  readonly #connections = new Map<string, OpenedWay>();
  /** The key of the one that each user has. */
  readonly #wayOf = new Map<string, string>();

  constructor(options: RemoteClustersOptions) {
    this.#options = options;
  }

  /** Resolves once the server has said what it serves. A user has one cluster at most: the one it had is left. */
  open(user: string, way: Way): Promise<Connection> {
    const key = JSON.stringify(way);
    if (this.#wayOf.get(user) !== key) this.leave(user);
    const connection = this.#connections.get(key) ?? this.#begin(key, way);
    connection.users.add(user);
    this.#wayOf.set(user, key);
    return connection.reached();
  }

  leave(user: string): void {
    const key = this.#wayOf.get(user);
    const connection = key === undefined ? undefined : this.#connections.get(key);
    if (key === undefined || connection === undefined) return;
    this.#wayOf.delete(user);
    connection.left(user);
    if (connection.users.size > 0) return;
    this.#connections.delete(key);
    void connection.close();
  }

  async close(): Promise<void> {
    const all = [...this.#connections.values()];
    this.#connections.clear();
    this.#wayOf.clear();
    await Promise.all(all.map((connection) => connection.close()));
  }

  get size(): number {
    return this.#connections.size;
  }

  /** How many answer, and how many have stopped to. */
  stats(): { readonly true: number; readonly false: number } {
    const answering = [...this.#connections.values()].filter(({ answers }) => answers).length;
    return { true: answering, false: this.#connections.size - answering };
  }

  isConnectedTo(host: string): boolean {
    return [...this.#connections.values()].some((connection) => connection.host === host);
  }

  #begin(key: string, way: Way): OpenedWay {
    const connection = new OpenedWay(way, this.#options);
    this.#connections.set(key, connection);
    return connection;
  }
}

class OpenedWay {
  readonly users = new Set<string>();
  readonly #cluster: Promise<Connection>;
  #opened: Connection | undefined;
  #host: string | undefined;
  #reached: Promise<Connection> | undefined;

  constructor(way: Way, options: RemoteClustersOptions) {
    this.#cluster = this.#open(way, options);
    this.#cluster.catch(() => {}); // told to those who wait for it
  }

  /** Once the kubeconfig has been read. */
  get host(): string | undefined {
    return this.#host;
  }

  get answers(): boolean {
    return this.#opened?.client.stats().answering ?? false;
  }

  left(user: string): void {
    this.users.delete(user);
    this.#opened?.live.forget(user);
  }

  /** Tried anew by the next who asks, if nobody has got there yet. */
  reached(): Promise<Connection> {
    this.#reached ??= this.#reach().catch((error: unknown) => {
      this.#reached = undefined;
      throw error;
    });
    return this.#reached;
  }

  async close(): Promise<void> {
    const cluster = await this.#cluster.catch(() => undefined);
    cluster?.live.stop();
    await cluster?.client.close();
  }

  async #reach(): Promise<Connection> {
    const cluster = await this.#cluster;
    await cluster.discovery.refresh();
    return cluster;
  }

  async #open({ kubeconfig, as }: Way, options: RemoteClustersOptions) {
    const { clock, connection, isOverridden, log, onChange } = options;
    const config = await tenantConfig(kubeconfig, options);
    this.#host = new URL(config.server).host;
    const client = connectTo(config, { ...connection, clock });
    const live = new LiveObjects({ client, as, clock, isOverridden, most: MAX_OBJECTS, log });
    live.onChange((_id, now, before) => onChange(this.users, now, before));
    const discovery = new Discovery(client, { clock, ...(as !== undefined && { as }) });
    const name = asksOnce(() => askClusterName({ client, server: config.server, ca: config.tls.ca, as }));
    const watches = new ObjectWatches(client, clock);
    this.#opened = { client, live, watches, scope: everywhere, discovery, name };
    return this.#opened;
  }
}

async function tenantConfig(text: string, { policy, clock }: RemoteClustersOptions): Promise<ClusterConfig> {
  const config = await configFor(tenantDestination(text, policy), clock);
  return { ...config, untrusted: { lookup: guardedLookup(policy.outbound), maxAnswerBytes: MAX_ANSWER_BYTES } };
}

function connectTo(config: ClusterConfig, options: ConnectOptions) {
  try {
    return connect(config, options);
  } catch (cause) {
    throw new KubeconfigRefused('holds a certificate or a key that cannot be read', { cause });
  }
}
