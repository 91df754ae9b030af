import { hash, randomBytes } from 'node:crypto';
import { API_VERSION } from '../../shared/api/group.ts';
import type { StageSet } from '../../shared/api/types.ts';
import type { Clock } from '../../shared/time/clock.ts';
import { keyOf } from '../kube/store.ts';
import type { ClusterClient, Lease } from '../kube/types.ts';

export interface StageSetEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly note: string;
  /** What it is about, where the same words about other revisions are news. */
  readonly revisions?: Readonly<Record<string, string>> | undefined;
  /** When it happened, where the same words at another time are news. */
  readonly occasion?: number;
}

export interface EventRecorderOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  /** Of this StageSet; nothing is told of one that is another replica's. */
  readonly leaseOf: (key: string) => Lease | undefined;
  /** An event that could not be written is lost; nothing waits for it. */
  readonly lost: (event: StageSetEvent, error: unknown) => void;
  /** Whoever else wants to hear of each event, one that only counts on another included. */
  readonly forward?: (set: StageSet, event: StageSetEvent) => void;
  readonly instance: string;
}

/** The API server takes no longer note. */
const NOTE_MAX = 1_024;
/** The same again within this time is counted on the event that is there. */
const SERIES_MS = 10 * 60_000;
const PENDING_MAX = 1_000;

interface Series {
  /** Not the StageSet: thousands of series are remembered at once. */
  readonly regarding: Regarding;
  readonly lease: Lease;
  readonly event: StageSetEvent;
  readonly name: string;
  readonly startedMs: number;
  count: number;
  isPending: boolean;
  isWritten: boolean;
}

interface Regarding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** Writes events of `events.k8s.io/v1` beside the runs, one request at a time. */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  /** Oldest first. */
  readonly #series = new Map<string, Series>();
  readonly #pending: Series[] = [];
  #sending: Promise<void> | undefined;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  record(set: StageSet, event: StageSetEvent): void {
    const lease = this.#options.leaseOf(keyOf(set));
    if (lease === undefined) return;
    this.#options.forward?.(set, event);
    this.#forgetOld();
    const key = seriesKey(set, event);
    const known = this.#series.get(key);
    const series = known?.lease === lease ? known : this.#begin(set, event, lease);
    if (series !== known) {
      this.#series.delete(key);
      this.#series.set(key, series);
    }
    series.count += 1;
    if (series.isPending) return;
    if (this.#pending.length === PENDING_MAX) {
      this.#options.lost(event, new Error('too many events wait to be written'));
      return;
    }
    series.isPending = true;
    this.#pending.push(series);
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Resolves when what was recorded so far is written or lost. */
  async flush(): Promise<void> {
    while (this.#sending !== undefined) await this.#sending;
  }

  #begin(set: StageSet, event: StageSetEvent, lease: Lease): Series {
    const name = `${set.metadata.name.slice(0, 230)}.${randomBytes(8).toString('hex')}`;
    return {
      regarding: regardingOf(set),
      lease,
      event,
      name,
      startedMs: this.#options.clock.elapsedMs(),
      count: 0,
      isPending: false,
      isWritten: false,
    };
  }

  #forgetOld(): void {
    const since = this.#options.clock.elapsedMs() - SERIES_MS;
    for (const [key, { startedMs }] of this.#series) {
      if (startedMs > since) return;
      this.#series.delete(key);
    }
  }

  async #sendAll(): Promise<void> {
    await Promise.resolve(); // what is recorded in one go is gathered first
    for (let series = this.#pending.shift(); series !== undefined; series = this.#pending.shift()) {
      series.isPending = false;
      try {
        await this.#write(series);
      } catch (error) {
        this.#options.lost(series.event, error);
      }
    }
  }

  async #write(series: Series): Promise<void> {
    const { lease, regarding } = series;
    const path = `/apis/events.k8s.io/v1/namespaces/${regarding.namespace}/events`;
    const { client } = this.#options;
    const manner = { answer: 'metadata', lease } as const;
    if (series.isWritten) {
      const body = JSON.stringify({ series: { count: series.count, lastObservedTime: this.#now() } });
      const contentType = 'application/merge-patch+json';
      await client.send({ ...manner, method: 'PATCH', path: `${path}/${series.name}`, contentType, body });
      return;
    }
    await client.send({ ...manner, method: 'POST', path, body: JSON.stringify(this.#toEvent(series)) });
    series.isWritten = true;
  }

  #toEvent({ regarding, event, name }: Series): object {
    return {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { namespace: regarding.namespace, name },
      eventTime: this.#now(),
      type: event.type,
      reason: event.reason,
      action: 'Reconcile',
      note: event.note.length <= NOTE_MAX ? event.note : `${event.note.slice(0, NOTE_MAX - 1)}…`,
      regarding,
      reportingController: 'stages.metio.wtf/stageset-controller',
      reportingInstance: this.#options.instance,
    };
  }

  /** As metav1.MicroTime writes it. */
  #now(): string {
    return new Date(this.#options.clock.wallMs()).toISOString().replace('Z', '000Z');
  }
}

function regardingOf({
  metadata: { namespace = 'default', name, uid = '', resourceVersion = '' },
}: StageSet): Regarding {
  return { apiVersion: API_VERSION, kind: 'StageSet', namespace, name, uid, resourceVersion };
}

function seriesKey(set: StageSet, event: StageSetEvent): string {
  return hash('sha256', JSON.stringify([set.metadata.uid, event]), 'base64url');
}
