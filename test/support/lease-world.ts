import assert from 'node:assert/strict';
import { KubeError } from '../../src/main/kube/errors.ts';
import type { ClusterClient, KubeRequest, Lease } from '../../src/main/kube/types.ts';
import { Election } from '../../src/main/lease/election.ts';
import type { LeaseObject } from '../../src/main/lease/lease-object.ts';
import { shardOf } from '../../src/main/lease/shard-of.ts';
import { Shards } from '../../src/main/lease/shards.ts';
import { createLog } from '../../src/main/log/log.ts';
import type { Clock } from '../../src/shared/time/clock.ts';
import { ManualClock } from '../../src/shared/time/manual-clock.ts';
import type { Random } from './seeds.ts';

/** StageSets enough for every shard to have some. */
const keys = Array.from({ length: 24 }, (_, i) => `shop/app-${i}`);

/** An API server that keeps Leases, a network that dawdles, and replicas that take part in the election. */
export class LeaseWorld {
  readonly clock = new ManualClock();
  isQuick = false;
  readonly #random: Random;
  readonly #leases = new Map<string, LeaseObject>();
  readonly #replicas: Replica[] = [];
  #version = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  get leases(): ReadonlyMap<string, LeaseObject> {
    return this.#leases;
  }

  start(shards: number): Replica {
    const replica = new Replica(`replica-${this.#replicas.length}`, shards, this, this.#random);
    this.#replicas.push(replica);
    return replica;
  }

  /** Time goes by, and at no moment of it a StageSet has two owners. */
  async pass(ms: number): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += 50) {
      await this.clock.advance(50);
      this.ownersByKey();
    }
  }

  ownersByKey(): ReadonlyMap<string, Replica | undefined> {
    return new Map(
      keys.map((key) => {
        const owners = this.#replicas.filter((replica) => replica.mayWriteFor(key));
        const names = owners.map(({ name }) => name).join(' and ');
        assert.ok(owners.length <= 1, `${key} is written by ${names} at ${this.clock.elapsedMs()} ms`);
        return [key, owners[0]];
      }),
    );
  }

  /** How many shards each of them leads, when the network has been quick for a minute and every StageSet has an owner. */
  async settled(replicas: readonly Replica[]): Promise<readonly number[]> {
    this.isQuick = true;
    await this.pass(60_000);
    this.isQuick = false;
    const owners = new Set(this.ownersByKey().values());
    assert.deepEqual(
      [...owners].filter((owner) => owner === undefined || !replicas.includes(owner)),
      [],
    );
    return replicas.map((replica) => replica.leading);
  }

  /** What the server does with a request at the moment it arrives. */
  answer({ method, path, body }: KubeRequest): unknown {
    const name = path.split('/').at(-1) ?? '';
    if (method === 'GET')
      return { metadata: { resourceVersion: String(this.#version) }, items: [...this.#leases.values()] };
    assert.ok(typeof body === 'string');
    const sent = JSON.parse(body) as LeaseObject;
    const known = this.#leases.get(method === 'POST' ? sent.metadata.name : name);
    if (method === 'PUT' && known === undefined) throw refusal(404, 'NotFound');
    if (known?.metadata.resourceVersion !== sent.metadata.resourceVersion) throw refusal(409, 'Conflict');
    this.#version += 1;
    const kept = { ...sent, metadata: { ...sent.metadata, resourceVersion: String(this.#version) } };
    this.#leases.set(sent.metadata.name, kept);
    return kept;
  }

  remove(name: string): void {
    this.#leases.delete(name);
  }
}

/** One process: its own clocks, its own luck with the network, and a drain that takes a while. */
export class Replica {
  readonly name: string;
  readonly shards: number;
  readonly #world: LeaseWorld;
  readonly #random: Random;
  readonly #stop = new AbortController();
  readonly #ownership: Shards;
  /** Still under way although nothing new is started. */
  readonly #draining = new Map<number, Lease>();
  readonly #gained = new Map<number, Lease>();
  #frozen: PromiseWithResolvers<void>[] | undefined;
  #requestsStarted = 0;
  isCutOff = false;
  readonly ended: Promise<void>;

  constructor(name: string, shards: number, world: LeaseWorld, random: Random) {
    this.name = name;
    this.shards = shards;
    this.#world = world;
    this.#random = random;
    const clock = this.#clock();
    this.#ownership = new Shards({
      count: shards,
      keeper: { gained: () => {}, drained: () => clock.sleep(random.below(3_000)), lost: () => {} },
      catchUp: () => clock.sleep(random.below(1_000)),
    });
    const ownership = this.#ownership;
    const election = new Election({
      client: this.#client(clock),
      namespace: 'stageset-system',
      shards,
      identity: name,
      clock,
      log: createLog({ level: 'error', encoding: 'text', clock, write: () => {} }),
      work: {
        gained: (shard, lease) => {
          this.#gained.set(shard, lease);
          ownership.gained(shard, lease);
        },
        drained: async (shard) => {
          const lease = this.#gained.get(shard);
          if (lease !== undefined) this.#draining.set(shard, lease);
          await ownership.drained(shard);
          this.#draining.delete(shard);
        },
        lost: (shard, why) => {
          this.#draining.delete(shard);
          this.#gained.delete(shard);
          ownership.lost(shard, why);
        },
      },
      random: () => random.below(1_000) / 1_000,
      observe: () => {},
    });
    this.ended = election.run(this.#stop.signal);
  }

  /** Writes that it has begun, renewals among them. */
  get requestsStarted(): number {
    return this.#requestsStarted;
  }

  get leading(): number {
    return this.#gained.size;
  }

  mayWriteFor(key: string): boolean {
    if (this.#frozen !== undefined) return false;
    const lease = this.#ownership.leaseOf(key) ?? this.#draining.get(shardOf(key, this.shards));
    try {
      lease?.throwIfEnded();
      return lease !== undefined;
    } catch {
      return false;
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  /** SIGSTOP, or kill -9 where nobody thaws it. */
  freeze(): void {
    this.#frozen ??= [];
  }

  /** SIGCONT: what was due meanwhile happens in any order. */
  thaw(): void {
    const waiting = this.#frozen ?? [];
    this.#frozen = undefined;
    while (waiting.length > 0) waiting.splice(this.#random.below(waiting.length), 1)[0]?.resolve();
  }

  async #running(): Promise<void> {
    while (this.#frozen !== undefined) {
      const thawed = Promise.withResolvers<void>();
      this.#frozen.push(thawed);
      await thawed.promise;
    }
  }

  /** Up to a tenth faster or slower than the others', and years apart. */
  #clock(): Clock {
    const { clock } = this.#world;
    const rate = 0.9 + this.#random.below(200) / 1_000;
    const skewMs = this.#random.below(10 ** 9);
    return {
      wallMs: () => clock.wallMs() + skewMs,
      elapsedMs: () => clock.elapsedMs() * rate + skewMs,
      sleep: async (ms, signal) => {
        await clock.sleep(ms / rate, signal);
        await this.#running();
      },
    };
  }

  #client(clock: Clock): ClusterClient {
    const send = async (request: KubeRequest) => {
      request.lease?.throwIfEnded();
      if (request.method !== 'GET') this.#requestsStarted += 1;
      const timeUp = clock.sleep(request.timeoutMs ?? 30_000).then(() => {
        throw new KubeError({ status: 0, reason: 'Timeout', message: 'no answer' });
      });
      timeUp.catch(() => {});
      const body = await Promise.race([this.#delivered(request), timeUp]);
      return { status: 200, body: body as never, warnings: [] };
    };
    const none = () => assert.fail();
    return { send, stream: none, stats: none, close: none };
  }

  /** Frozen or not, what has left arrives; the answer is read when the process runs. */
  async #delivered(request: KubeRequest): Promise<unknown> {
    const { clock } = this.#world;
    if (this.isCutOff) return new Promise(() => {});
    await clock.sleep(this.#latencyMs());
    let said: { readonly body: unknown } | { readonly error: unknown };
    try {
      said = { body: this.#world.answer(request) };
    } catch (error) {
      said = { error };
    }
    await clock.sleep(this.#latencyMs());
    if (this.isCutOff) return new Promise(() => {});
    await this.#running();
    if ('error' in said) throw said.error;
    return said.body;
  }

  /** Mostly quick; now and then longer than anyone waits. */
  #latencyMs(): number {
    return this.#random.below(40) === 0 && !this.#world.isQuick ? this.#random.below(20_000) : this.#random.below(80);
  }
}

function refusal(status: number, reason: string): KubeError {
  return new KubeError({ status, reason, message: reason });
}
