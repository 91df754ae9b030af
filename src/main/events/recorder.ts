import { createHash, randomBytes } from 'node:crypto';
import { API_VERSION } from '../../shared/api/group.ts';
import type { StageSet } from '../../shared/api/types.ts';
import type { Clock } from '../../shared/time/clock.ts';
import type { ClusterClient } from '../kube/types.ts';

export interface StageSetEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly note: string;
  /** What it is about, where the same words about other revisions are news. */
  readonly revisions?: Readonly<Record<string, string>> | undefined;
}

export interface EventRecorderOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly lease: AbortSignal;
  /** An event that could not be written is lost; nothing waits for it. */
  readonly lost: (event: StageSetEvent, error: unknown) => void;
  readonly instance: string;
}

/** The API server takes no longer note. */
const NOTE_MAX = 1_024;
const REPEAT_MS = 10 * 60_000;
const PENDING_MAX = 1_000;

/** Writes events of `events.k8s.io/v1` beside the runs, one at a time; the same again within ten minutes is not written. */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #toldAtMs = new Map<string, number>();
  readonly #pending: { readonly set: StageSet; readonly event: StageSetEvent }[] = [];
  #sending: Promise<void> | undefined;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  record(set: StageSet, event: StageSetEvent): void {
    if (this.#isRepeat(set, event)) return;
    if (this.#pending.length === PENDING_MAX) {
      this.#options.lost(event, new Error('too many events wait to be written'));
      return;
    }
    this.#pending.push({ set, event });
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Resolves when what was recorded so far is written or lost. */
  async flush(): Promise<void> {
    while (this.#sending !== undefined) await this.#sending;
  }

  #isRepeat(set: StageSet, event: StageSetEvent): boolean {
    const nowMs = this.#options.clock.elapsedMs();
    for (const [key, atMs] of this.#toldAtMs) {
      if (nowMs - atMs < REPEAT_MS) break; // oldest first
      this.#toldAtMs.delete(key);
    }
    const key = createHash('sha256')
      .update(JSON.stringify([set.metadata.uid, set.metadata.generation, event]))
      .digest('base64url');
    if (this.#toldAtMs.has(key)) return true;
    this.#toldAtMs.set(key, nowMs);
    return false;
  }

  async #sendAll(): Promise<void> {
    await Promise.resolve();
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
      try {
        await this.#send(next.set, next.event);
      } catch (error) {
        this.#options.lost(next.event, error);
      }
    }
  }

  async #send(set: StageSet, event: StageSetEvent): Promise<void> {
    const { namespace = 'default', name, uid, resourceVersion } = set.metadata;
    const body = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { namespace, name: `${name.slice(0, 230)}.${randomBytes(8).toString('hex')}` },
      eventTime: new Date(this.#options.clock.wallMs()).toISOString().replace('Z', '000Z'),
      type: event.type,
      reason: event.reason,
      action: 'Reconcile',
      note: event.note.length <= NOTE_MAX ? event.note : `${event.note.slice(0, NOTE_MAX - 1)}…`,
      regarding: { apiVersion: API_VERSION, kind: 'StageSet', namespace, name, uid, resourceVersion },
      reportingController: 'stages.metio.wtf/stageset-controller',
      reportingInstance: this.#options.instance,
    };
    await this.#options.client.send({
      method: 'POST',
      path: `/apis/events.k8s.io/v1/namespaces/${namespace}/events`,
      body: JSON.stringify(body),
      answer: 'metadata',
      signal: this.#options.lease,
    });
  }
}
