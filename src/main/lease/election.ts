import type { Clock } from '../../shared/time/clock.ts';
import { isConflict, KubeError, LeaseLost } from '../kube/errors.ts';
import { createObject, listPaged, replaceObject } from '../kube/requests.ts';
import { type ClusterClient, type Lease, unleased } from '../kube/types.ts';
import type { Log } from '../log/log.ts';
import { askedFor, heldBy, type LeaseObject, leaseName, leaseResource, newLease } from './lease-object.ts';
import { Sightings } from './sightings.ts';
import { type Hold, nextDeathMs, nextSteps, type Step } from './steps.ts';
import { Term } from './term.ts';
import { RENEW_DEADLINE_MS, RETRY_MS } from './times.ts';

/** What is done for a shard by whoever leads it. */
export interface ShardWork {
  /** From now on this process may write for it, under this lease. */
  gained(shard: number, lease: Lease): void;
  /** Starts nothing more; resolves when nothing is under way. */
  drained(shard: number): Promise<void>;
  /** It may write no more: what was under way is cut. */
  lost(shard: number, why: LeaseLost): void;
}

export interface ElectionOptions {
  /** Of its own: a crowded one would hold up renewals. */
  readonly client: ClusterClient;
  readonly namespace: string;
  readonly shards: number;
  /** No other process, not even the next in this pod, has the same. */
  readonly identity: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly work: ShardWork;
  readonly random: () => number;
  /** Whether this process leads by the Lease of this name. */
  readonly observe: (lease: string, leads: boolean) => void;
}

interface Held {
  readonly term: Term;
  hold: Hold;
  /** It has been led. */
  wasLed: boolean;
  /** Nothing of it is under way. */
  isIdle: boolean;
}

type Attempt = 'done' | 'failed' | 'outrun';

/** Two tries have to fit into the renew deadline. */
const REQUEST_MS = RENEW_DEADLINE_MS / 2;
const SOON_MS = 100;
/** So that two replicas that have got into each other's way do not keep in step. */
const JITTER = 0.2;

/** The driver: it renews, looks at all Leases and acts. What follows from a look is decided in steps.ts. */
export class Election {
  readonly #options: ElectionOptions;
  readonly #sightings = new Sightings();
  readonly #held = new Map<number, Held>();
  #nap = new AbortController();
  #isWoken = false;
  #stopping = false;
  #trouble = '';

  constructor(options: ElectionOptions) {
    this.#options = options;
    for (let shard = 0; shard < options.shards; shard += 1) options.observe(this.#nameOf(shard), false);
  }

  /** Until the signal; then it ends when nothing held is at work any more. */
  async run(stop: AbortSignal): Promise<void> {
    stop.addEventListener('abort', () => this.#leave(), { once: true });
    if (stop.aborted) this.#leave();
    while (!this.#stopping || this.#held.size > 0) await this.#rest(await this.#round());
  }

  /** How long to rest before the next. */
  async #round(): Promise<number> {
    // Renewals first: when the server has been away, they are what its first answers are for.
    const renewals = [...this.#holding()].map(([shard, held]) => this.#attempt(() => this.#renew(shard, held)));
    const look = this.#attempt(() => this.#look());
    const attempts = await Promise.all([...renewals, look]);
    if ((await look) === 'failed') return RETRY_MS;
    const steps = nextSteps(this.#view()).filter(({ step }) => !this.#stopping || step === 'lose');
    attempts.push(...(await Promise.all(steps.map((step) => this.#attempt(() => this.#take(step))))));
    if (attempts.includes('outrun')) return SOON_MS;
    if (!attempts.includes('failed')) this.#trouble = '';
    const untilDeathMs = nextDeathMs(this.#view()) - this.#options.clock.elapsedMs();
    return Math.min(RETRY_MS * (1 + JITTER * this.#options.random()), untilDeathMs);
  }

  /** Without what has ended meanwhile: a process that was frozen learns of it here. */
  #holding(): ReadonlyMap<number, Held> {
    for (const [shard, { term }] of [...this.#held]) {
      const name = this.#nameOf(shard);
      if (!term.isOver && this.#sightings.objectOf(name) === undefined) term.end(`lease ${name} was deleted`);
    }
    return this.#held;
  }

  #view() {
    const { clock, identity, shards } = this.#options;
    const holds = new Map([...this.#holding()].map(([shard, { hold }]) => [shard, hold]));
    return { nowMs: clock.elapsedMs(), identity, shards, holds, sightings: this.#sightings.all };
  }

  async #look(): Promise<void> {
    const { client, namespace, clock } = this.#options;
    const selection = { resource: leaseResource, namespace, timeoutMs: REQUEST_MS };
    const { items } = await listPaged<LeaseObject>(client, selection);
    this.#sightings.lookedAt(items, clock.elapsedMs());
  }

  /** Or, once nothing of it is under way, hands it on, or leaves it to lapse. */
  async #renew(shard: number, { term, hold, isIdle }: Held): Promise<void> {
    const lease = this.#known(this.#nameOf(shard));
    const isOver = hold.is === 'leaving' && isIdle;
    if (isOver && hold.to === undefined) return term.end(`the holder of lease ${this.#nameOf(shard)} stops`);
    const handOnTo = isOver ? hold.to : undefined;
    const sentAtMs = this.#options.clock.elapsedMs();
    await this.#write(this.#heldBy(lease, handOnTo ?? this.#options.identity), term);
    if (handOnTo === undefined) term.renewed(sentAtMs);
    else term.end(`lease ${this.#nameOf(shard)} was handed on`);
  }

  async #take(step: Step): Promise<void> {
    switch (step.step) {
      case 'claim':
        return this.#claim(step.shard);
      case 'lead':
        return this.#lead(step.shard);
      case 'give':
        return this.#give(step.shard, step.to);
      case 'lose':
        return this.#held.get(step.shard)?.term.end(`somebody else holds lease ${this.#nameOf(step.shard)}`);
      case 'ask':
        return this.#write(askedFor(this.#known(step.name), this.#options.identity), unleased);
      case 'clear':
        await this.#write(this.#heldBy(this.#known(step.name), ''), unleased);
        return this.#wake();
      default:
        step satisfies never;
    }
  }

  async #claim(shard: number): Promise<void> {
    const { clock, identity } = this.#options;
    const name = this.#nameOf(shard);
    const sentAtMs = clock.elapsedMs();
    await this.#write(this.#heldBy(this.#known(name), identity), unleased);
    const term = new Term(name, sentAtMs, clock);
    const hold: Hold = this.#stopping ? { is: 'leaving', to: undefined } : { is: 'claimed' };
    const held: Held = { term, hold, wasLed: false, isIdle: true };
    this.#held.set(shard, held);
    term.signal.addEventListener('abort', () => this.#ended(shard, held), { once: true });
    this.#wake();
  }

  #lead(shard: number): void {
    const { work, log, observe } = this.#options;
    const held = this.#held.get(shard);
    if (held === undefined || held.term.isOver) return;
    held.hold = { is: 'leading' };
    held.wasLed = true;
    held.isIdle = false;
    observe(this.#nameOf(shard), true);
    log.info('leading', { lease: this.#nameOf(shard) });
    work.gained(shard, held.term);
  }

  #give(shard: number, to: string | undefined): void {
    const held = this.#held.get(shard);
    if (held === undefined || held.hold.is === 'leaving') return;
    held.hold = { is: 'leaving', to };
    this.#wake();
    if (held.isIdle) return;
    this.#options.log.info(to === undefined ? 'stopping to lead' : 'handing on', { lease: this.#nameOf(shard), to });
    this.#options.work.drained(shard).then(() => {
      held.isIdle = true;
      this.#wake();
    });
  }

  /** Leases are left to lapse, as every installation knows it: what was sent last may still be on its way. */
  #leave(): void {
    this.#stopping = true;
    for (const shard of this.#held.keys()) this.#give(shard, undefined);
    this.#wake();
  }

  #ended(shard: number, held: Held): void {
    this.#held.delete(shard);
    if (!held.wasLed) return;
    const { work, log, observe } = this.#options;
    const why = held.term.signal.reason as LeaseLost;
    observe(this.#nameOf(shard), false);
    log.info('leading no more', { lease: this.#nameOf(shard), why: why.message });
    work.lost(shard, why);
  }

  async #write(lease: LeaseObject, under: Lease): Promise<void> {
    const { client, namespace, clock } = this.#options;
    const { name, resourceVersion } = lease.metadata;
    const request = { resource: leaseResource, namespace, body: JSON.stringify(lease) };
    const manner = { timeoutMs: REQUEST_MS, lease: under };
    const { body } =
      resourceVersion === undefined
        ? await createObject<LeaseObject>(client, { ...request, ...manner })
        : await replaceObject<LeaseObject>(client, { ...request, ...manner, name });
    this.#sightings.saw(body, clock.elapsedMs());
  }

  #heldBy(lease: LeaseObject, holder: string): LeaseObject {
    const { shards, clock } = this.#options;
    return heldBy(lease, { holder, shards, wallMs: clock.wallMs() });
  }

  #known(name: string): LeaseObject {
    return this.#sightings.objectOf(name) ?? newLease(name, this.#options.namespace);
  }

  #nameOf(shard: number): string {
    return leaseName(shard, this.#options.shards);
  }

  async #attempt(work: () => Promise<void>): Promise<Attempt> {
    try {
      await work();
      return 'done';
    } catch (error) {
      // Another replica has written meanwhile, or our own time is up: the next look tells what is so now.
      if (isConflict(error) || error instanceof LeaseLost) return 'outrun';
      if (!(error instanceof KubeError)) throw error;
      this.#tellTrouble(error);
      return 'failed';
    }
  }

  /** Once, however long it lasts. */
  #tellTrouble(error: KubeError): void {
    if (error.message === this.#trouble) return;
    this.#trouble = error.message;
    const { log, namespace } = this.#options;
    const remedy = error.status === 403 ? `: grant list, create and update of leases in namespace ${namespace}` : '';
    log.error(`cannot take part in the election${remedy}`, { error });
  }

  #wake(): void {
    this.#isWoken = true;
    this.#nap.abort();
  }

  async #rest(ms: number): Promise<void> {
    this.#nap = new AbortController();
    if (!this.#isWoken) await this.#options.clock.sleep(ms, this.#nap.signal).catch(() => {});
    this.#isWoken = false;
  }
}
