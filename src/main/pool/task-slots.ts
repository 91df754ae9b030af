import type { Clock } from '../../shared/time/clock.ts';
import { type Budget, createBudget } from './budget.ts';
import type { CpuShare } from './cpu-share.ts';
import { type Decision, keepTuned } from './keep-tuned.ts';
import type { LimitBounds } from './limit-bounds.ts';
import { MeanLoad } from './mean-load.ts';

export interface TaskSlotsOptions {
  readonly bounds: LimitBounds;
  readonly cpu: CpuShare;
  readonly clock: Clock;
  readonly onDecision: (decision: Decision) => void;
}

export interface TaskSlot {
  release(): void;
}

/** How many tasks may be in flight, first come first served; a tuner moves their number until it is closed. */
export class TaskSlots {
  readonly #slots: Budget;
  readonly #load: MeanLoad;
  readonly #closing = new AbortController();
  readonly #tuned: Promise<void>;

  constructor({ onDecision, ...options }: TaskSlotsOptions) {
    this.#slots = createBudget(options.bounds.start);
    this.#load = new MeanLoad(options.clock);
    const decided = (decision: Decision) => {
      this.#slots.setTotal(decision.limit);
      this.#noteLoad();
      onDecision(decision);
    };
    this.#tuned = keepTuned({ ...options, load: this.#load, onDecision: decided }, this.#closing.signal);
  }

  get limit(): number {
    return this.#slots.total;
  }

  get running(): number {
    return this.#slots.reserved;
  }

  get queued(): number {
    return this.#slots.waiting;
  }

  /** Rejects with the signal's reason when that comes first. */
  async take(signal: AbortSignal): Promise<TaskSlot> {
    const reserved = this.#slots.reserve(1, signal);
    this.#noteLoad();
    const slot = await reserved.finally(() => this.#noteLoad());
    return {
      release: () => {
        slot.release();
        this.#noteLoad();
      },
    };
  }

  /** Ends the tuner. Slots go on being handed out. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#tuned;
  }

  #noteLoad(): void {
    this.#load.note({ queued: this.#slots.waiting, running: this.#slots.reserved });
  }
}
