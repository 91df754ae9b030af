import { setImmediate as nextLoop } from 'node:timers/promises';
import { isFailure } from '../../shared/api/reasons.ts';
import type { StageSet } from '../../shared/api/types.ts';
import { KubeError, LeaseLost } from '../kube/errors.ts';
import type { Resource } from '../kube/types.ts';
import { RunLease } from '../lease/run-lease.ts';
import type { Owns, ShardKeeper } from '../lease/shards.ts';
import type { LiveObject } from '../live/live-object.ts';
import { asBug } from '../log/log.ts';
import type { ReconcileResult } from '../metrics/controller-runtime.ts';
import { type Outcome, outcomeOf, Superseded } from '../outcome/outcome.ts';
import { backoffMs } from '../queue/backoff.ts';
import type { Wish, Work, WorkQueue } from '../queue/work-queue.ts';
import type { SourceObject } from '../source/source-object.ts';
import { announce } from './announce.ts';
import { finish } from './finish.ts';
import { emptyMemory, type Memory } from './memory.ts';
import { newRun } from './new-run.ts';
import { newsIn } from './prints.ts';
import { requeue } from './requeue.ts';
import { run } from './run.ts';
import { type StageSetIndex, sourceKeysOf } from './stage-sets.ts';
import { isToGo, whatSupersedes } from './superseding.ts';
import { readinessMoved, whyItRuns } from './triggers.ts';
import type { Run, World } from './world.ts';

interface UnderWay {
  readonly run: Run;
  readonly lease: RunLease;
  readonly abort: AbortController;
  readonly deleted: AbortController;
  readonly ended: Promise<void>;
}

/** None goes on for longer. */
const LONGEST_RUN_MS = 7 * 24 * 3_600_000;

/** Timers ring up to a millisecond early. */
const TIMER_MS = 5;

/** Turns what the watches tell into runs, one at a time for each StageSet, and what came of them into the next wake-up. */
export class Controller implements ShardKeeper {
  readonly #world: World;
  readonly #queue: WorkQueue;
  readonly #sets: StageSetIndex;
  readonly #memories = new Map<string, Memory>();
  readonly #underWay = new Map<string, UnderWay>();
  /** Those that are under way, and those that still write down what came of them. */
  readonly #sending = new Set<UnderWay>();
  /** Why the last run did not succeed: what an event may mend. */
  readonly #unsettled = new Map<string, Outcome['reason']>();

  constructor(world: World, queue: WorkQueue, sets: StageSetIndex) {
    this.#world = world;
    this.#queue = queue;
    this.#sets = sets;
  }

  async process(stop: AbortSignal): Promise<void> {
    await this.#queue.process({
      signal: stop,
      handle: (key, work) => this.#handle(key, work),
      onCrash: (key, error) => this.#crashed(key, error),
    });
  }

  gained(owns: Owns): void {
    for (const set of this.#sets.all()) {
      if (owns(this.#sets.keyOf(set))) this.#add(set, whyItRuns(set, undefined));
    }
  }

  async drained(owns: Owns, why: LeaseLost): Promise<void> {
    await Promise.all(this.#cut(owns, why));
    await this.#world.events.flush();
  }

  lost(owns: Owns, why: LeaseLost): void {
    this.#cut(owns, why);
    for (const set of this.#sets.all()) {
      const key = this.#sets.keyOf(set);
      if (owns(key)) this.#forget(key, set);
    }
  }

  setChanged(key: string, now: StageSet | undefined, before: StageSet | undefined): void {
    this.#reconsider(key);
    if (readinessMoved(now, before)) this.#wakeDependents(key);
    if (now === undefined) {
      if (before !== undefined) this.#forget(key, before);
      return;
    }
    const why = whyItRuns(now, before);
    if (why !== undefined) this.#add(now, why);
  }

  sourceChanged(now: SourceObject | undefined, before: SourceObject | undefined): void {
    const keysOfBoth = new Set([now, before].flatMap((source) => (source === undefined ? [] : sourceKeysOf(source))));
    for (const sourceKey of keysOfBoth) {
      for (const set of this.#sets.bySource(sourceKey)) this.#wake(set, { because: 'source moved', lane: 'asked' });
    }
  }

  /** A ConfigMap or a producer, perhaps one that no StageSet names. */
  referenceChanged(resource: Resource, name: string, namespace: string): void {
    for (const set of this.#sets.byReference(resource, namespace, name)) {
      const memory = this.#memories.get(this.#sets.keyOf(set));
      if (memory !== undefined) memory.inputsMoved = true;
      this.#wake(set, { because: `${resource.kind} ${name} changed`, lane: 'woken' });
    }
  }

  /** A source kind has been installed. */
  kindsInstalled(): void {
    for (const [key, reason] of this.#unsettled) {
      if (reason === 'ResolveFailed') this.#wakeKey(key, 'a source kind was installed');
    }
  }

  /** `users`: who applies to the cluster that tells this; undefined where it is this one. */
  liveChanged(now: LiveObject | undefined, before: LiveObject | undefined, users?: ReadonlySet<string>): void {
    // Of both, where it changes hands; labels that name nobody were changed by hand.
    for (const set of new Set([this.#ownerOf(now), this.#ownerOf(before)])) {
      if (set !== undefined) this.#objectChanged(set, now, before, users);
    }
  }

  #objectChanged(
    set: StageSet,
    now: LiveObject | undefined,
    before: LiveObject | undefined,
    users: ReadonlySet<string> | undefined,
  ): void {
    const key = this.#sets.keyOf(set);
    if (users === undefined ? set.spec.kubeConfig !== undefined : !users.has(key)) return;
    if (this.#underWay.has(key)) return; // its run watches for itself, and looks again at its end
    if (this.#unsettled.has(key) && now?.readiness.is !== before?.readiness.is) {
      this.#wakeKey(key, 'an object changed its readiness');
    } else if (this.#world.settings.driftWatch && this.#drifted(key, now, before)) {
      this.#wakeKey(key, 'drift noticed');
    }
  }

  /** Everything that is running and waiting, for metrics. */
  get runsUnderWay(): number {
    return this.#underWay.size;
  }

  async #handle(key: string, work: Work): Promise<void> {
    await nextLoop(); // thousands of steady runs in a row wait for nothing: they must not hold up all I/O
    const set = this.#world.sets.get(key);
    const leave = this.#world.leadership.leaseOf(key);
    if (set === undefined || leave === undefined) return;
    const lease = new RunLease(leave);
    const { clock, metrics } = this.#world;
    const startedMs = clock.elapsedMs();
    let result: ReconcileResult = 'error';
    metrics.runBegan(work);
    const abort = new AbortController();
    const over = new AbortController();
    const deleted = new AbortController();
    const ended = Promise.withResolvers<void>();
    const current = newRun(this.#world, set, {
      key,
      memory: this.#takeMemory(key),
      turn: work.turn,
      lease,
      superseded: abort.signal,
      deleted: deleted.signal,
      lookAgainAt: (wallMs) => this.#lookAgainAt(wallMs, key, over.signal),
    });
    const underWay = { run: current, lease, abort, deleted, ended: ended.promise };
    this.#underWay.set(key, underWay);
    this.#sending.add(underWay);
    current.log.debug('run begins', { because: work.because });
    try {
      const outcome = await this.#outcomeOf(current);
      if (outcome === undefined) {
        result = abort.signal.aborted ? 'requeue' : 'success';
        return;
      }
      lease.throwIfEnded(); // what a lost lease has broken is no failure
      // Decided: what the watches tell from here on is for the next run, also while this one's status is written.
      this.#underWay.delete(key);
      this.#heedAwaited(current, outcome);
      if (outcome.reason === 'Succeeded') this.#unsettled.delete(key);
      else this.#unsettled.set(key, outcome.reason);
      await finish(current, outcome);
      result = this.#settle(current, outcome);
    } catch (error) {
      if (error instanceof LeaseLost) result = 'requeue'; // whoever leads now begins anew
      throw error;
    } finally {
      metrics.controllerRuntime.ended(result, clock.elapsedMs() - startedMs - work.turn.parkedMs);
      over.abort();
      await current.status.stop();
      this.#underWay.delete(key);
      this.#sending.delete(underWay);
      ended.resolve();
    }
  }

  /** What a failed run has waited for may yet come, as with what it applied; of anything else nothing more is to be known. */
  #heedAwaited({ key, memory }: Run, { reason }: Outcome): void {
    if (reason !== 'StageFailed') memory.awaited?.stop();
    else memory.awaited?.whenMoved(() => this.#wakeKey(key, 'an awaited object changed its readiness'));
  }

  /** What the last run knew; what it awaits is no longer awaited. */
  #takeMemory(key: string): Memory {
    const memory = this.#memories.get(key) ?? emptyMemory(this.#world.clock);
    this.#memories.set(key, memory);
    memory.awaited?.stop();
    memory.awaited = undefined;
    return memory;
  }

  /** Undefined where there is nothing to write down: torn down, superseded, or not to be tried yet. */
  async #outcomeOf(current: Run): Promise<Outcome | undefined> {
    try {
      const outcome = await run(current);
      if (outcome === 'torn down') return undefined;
      if (!('heldMs' in outcome)) return outcome;
      current.log.debug('was rolled back, and is not tried again yet', { heldMs: outcome.heldMs });
      this.#add(current.set, { because: 'retry interval', lane: 'retry', afterMs: outcome.heldMs });
      return undefined;
    } catch (error) {
      if (error instanceof Superseded) {
        current.log.info('superseded', { by: error.message });
        announce(current, { type: 'Normal', reason: 'Superseded', note: `superseded: ${error.message}` });
        return undefined;
      }
      const outcome = outcomeOf(error);
      if (outcome === undefined) throw error;
      return outcome;
    }
  }

  #settle(current: Run, outcome: Outcome): ReconcileResult {
    const { key, set, memory, world, hold } = current;
    const succeeded = outcome.reason === 'Succeeded';
    if (succeeded) memory.granted = undefined; // that rollout is over
    memory.failures = succeeded ? 0 : memory.failures + 1;
    memory.inputsMoved = false;
    memory.startedAtMs.clear(); // only a run that was superseded hands its deadlines on
    memory.tries.clear();

    const { defaultIntervalMs } = world.settings;
    const next = requeue(outcome, {
      spec: set.spec,
      failures: memory.failures,
      isBeingDeleted: set.metadata.deletionTimestamp !== undefined,
      defaultIntervalMs,
      chance: Math.random(),
      opensInMs: hold?.untilMs === undefined ? undefined : hold.untilMs - world.clock.wallMs(),
    });
    if (next !== undefined) this.#add(set, next);
    if (succeeded && this.#driftedMeanwhile(current)) this.#wakeKey(key, 'drift noticed');
    if (isFailure(outcome.reason)) return 'error';
    return next === undefined ? 'success' : 'requeue_after';
  }

  /** Nothing that a run foresees: a conflict on its own writes, a server that is away, or a bug. Tried again. */
  #crashed(key: string, error: unknown): void {
    const log = this.#world.log.with({ stageset: key });
    if (error instanceof LeaseLost) log.debug('run cut', { because: error.message });
    const memory = this.#memories.get(key);
    const set = this.#world.sets.get(key);
    if (memory === undefined || set === undefined || error instanceof LeaseLost) return;
    memory.failures += 1;
    if (error instanceof KubeError) {
      log.warn('run cut short', { error });
    } else {
      this.#world.metrics.controllerRuntime.panicked();
      log.error('run crashed', asBug(error));
    }
    this.#add(set, { because: 'back-off', lane: 'retry', afterMs: backoffMs(memory.failures, 60_000) });
  }

  /** A StageSet of another replica runs there. */
  #add(set: StageSet, wish: Omit<Wish, 'namespace'> | undefined): void {
    const key = this.#sets.keyOf(set);
    if (wish === undefined || this.#world.leadership.leaseOf(key) === undefined) return;
    this.#queue.add(key, { namespace: set.metadata.namespace ?? '', ...wish });
  }

  /** What they wait for ends, and they send nothing more. The ends of those that had anything under way. */
  #cut(owns: Owns, why: LeaseLost): readonly Promise<void>[] {
    return [...this.#sending].flatMap(({ run, lease, abort, deleted, ended }) => {
      if (!owns(run.key)) return [];
      lease.close(why);
      abort.abort(why);
      deleted.abort(why);
      return [ended];
    });
  }

  /** A run that waits with an old revision ends its wait when the windows open for a newer one. */
  #lookAgainAt(wallMs: number, key: string, over: AbortSignal): void {
    const { clock } = this.#world;
    const inMs = Math.max(wallMs - clock.wallMs(), 0);
    if (inMs > LONGEST_RUN_MS) return;
    clock.sleep(inMs + TIMER_MS, over).then(
      () => this.#wakeKey(key, 'update windows open'),
      () => {}, // the run is over, and its end has set the next time
    );
  }

  /** Ends what a run waits for when it has become pointless. */
  #reconsider(key: string): void {
    const underWay = this.#underWay.get(key);
    if (underWay === undefined) return;
    const now = this.#world.sets.get(key);
    if (isToGo(now, underWay.run.set)) underWay.deleted.abort(new Superseded('the StageSet is being deleted'));
    if (underWay.abort.signal.aborted) return;
    const by = whatSupersedes({ ...underWay.run, override: underWay.run.admission?.override }, now, this.#world);
    if (by !== undefined) underWay.abort.abort(new Superseded(by));
  }

  #wake(set: StageSet, wish: { readonly because: string; readonly lane: 'asked' | 'woken' }): void {
    this.#reconsider(this.#sets.keyOf(set));
    this.#add(set, wish);
  }

  #wakeKey(key: string, because: string): void {
    const set = this.#world.sets.get(key);
    if (set !== undefined) this.#wake(set, { because, lane: 'woken' });
  }

  #wakeDependents(key: string): void {
    for (const set of this.#sets.dependentsOf(key)) this.#wake(set, { because: 'dependency moved', lane: 'woken' });
    for (const [stalled, reason] of this.#unsettled) {
      if (reason === 'Stalled') this.#wakeKey(stalled, 'the dependency graph changed');
    }
  }

  #ownerOf(object: LiveObject | undefined): StageSet | undefined {
    return object === undefined ? undefined : this.#sets.byOwner(object.owner);
  }

  /** An object that we applied went, came back or changed in what is ours. */
  #drifted(key: string, now: LiveObject | undefined, before: LiveObject | undefined): boolean {
    const memory = this.#memories.get(key);
    const id = (now ?? before)?.id;
    if (id === undefined || memory?.prints?.has(id) !== true || memory.corrections.isLost(id)) return false;
    return now === undefined || now.print !== before?.print;
  }

  /** What changed while the run was under way, after it had dealt with it: only what another run would put right. */
  #driftedMeanwhile(current: Run): boolean {
    const { memory, world, target } = current;
    if (!world.settings.driftWatch || target === undefined) return false;
    return [...memory.builds].some(([stage, { summary }]) =>
      newsIn(current, target.cluster.live, stage, summary).some((id) => !memory.corrections.isLost(id)),
    );
  }

  #forget(key: string, set: StageSet): void {
    this.#memories.get(key)?.awaited?.stop();
    this.#memories.delete(key);
    this.#unsettled.delete(key);
    this.#world.cluster.live.forget(key);
    this.#world.references.forget(key);
    this.#world.remotes.leave(key);
    this.#world.metrics.forget(set);
  }
}
