import { API_VERSION } from '../../shared/api/group.ts';
import type { StageSet, StageSetStatus } from '../../shared/api/types.ts';
import type { Clock } from '../../shared/time/clock.ts';
import { isConflict, isNotFound } from '../kube/errors.ts';
import type { ClusterClient, Lease } from '../kube/types.ts';
import { mergePatch, patched } from './merge-patch.ts';

export interface StatusWriterOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly lease: Lease;
  /** Hands on what the server answered, so that the next run never starts from before our own write. */
  readonly written: (set: StageSet) => void;
  /** What to do with an interim write that failed; the run goes on without it. */
  readonly interimFailed: (error: unknown) => void;
}

/** Progress within this time goes out as one write: a quick rollout shows its end only, a slow one where it stands. */
const GATHER_MS = 500;
const CONFLICT_TRIES = 5;

/** What the server has, as far as it is of use here: a run may wait for days. */
interface Written {
  readonly resourceVersion: string | undefined;
  readonly uid: string | undefined;
  readonly status: StageSetStatus;
}

function writtenIn({ metadata: { resourceVersion, uid }, status = {} }: StageSet): Written {
  return { resourceVersion, uid, status };
}

/**
 * Writes one StageSet's status, one write at a time, only when it differs, and only onto the version it was
 * computed from: a conflict means reading again. What others wrote meanwhile stays, but for the fields that this run
 * changes; where a run of a newer generation has ended, all of it stays, and this one is silent from then on.
 */
export class StatusWriter {
  readonly #options: StatusWriterOptions;
  readonly #path: string;
  /** That the run is for; the object may have moved on. */
  readonly #generation: number;
  #server: Written;
  #wanted: StageSetStatus;
  #timer: AbortController | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(set: StageSet, options: StatusWriterOptions) {
    const { namespace = '', name } = set.metadata;
    this.#options = options;
    this.#path = `/apis/${API_VERSION}/namespaces/${namespace}/stagesets/${name}/status`;
    this.#generation = set.metadata.generation ?? 0;
    this.#server = writtenIn(set);
    this.#wanted = set.status ?? {};
  }

  /** As it will be once everything wanted so far is written. */
  get status(): StageSetStatus {
    return this.#wanted;
  }

  /** The object itself changed (its finalizers, say): write onto that version from now on. */
  rebase(set: StageSet): void {
    const ours = mergePatch(this.#server.status, this.#wanted) ?? {};
    this.#wanted = patched(set.status ?? {}, ours);
    this.#server = writtenIn(set);
  }

  /** Progress: shows soon, holds nobody up, may be skipped when something newer comes first. */
  show(change: (status: StageSetStatus) => StageSetStatus): void {
    this.#wanted = change(this.#wanted);
    if (this.#timer !== undefined) return;
    const timer = new AbortController();
    this.#timer = timer;
    this.#options.clock
      .sleep(GATHER_MS, timer.signal)
      .then(() => {
        this.#timer = undefined;
        return this.#write();
      })
      .catch((error: unknown) => {
        if (!timer.signal.aborted) this.#options.interimFailed(error);
      });
  }

  /** Resolves once the server has it. */
  async settle(change: (status: StageSetStatus) => StageSetStatus): Promise<void> {
    this.#timer?.abort();
    this.#timer = undefined;
    this.#wanted = change(this.#wanted);
    await this.#write();
  }

  /** Drops what has not been sent and waits for what has. */
  async stop(): Promise<void> {
    this.#timer?.abort();
    this.#timer = undefined;
    await this.#writing.catch(() => {});
  }

  #write(): Promise<void> {
    const next = this.#writing.catch(() => {}).then(() => this.#send());
    this.#writing = next;
    return next;
  }

  async #send(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const patch = mergePatch(this.#server.status, this.#wanted);
      if (patch === undefined || this.#isOutdated()) return;
      try {
        const { resourceVersion } = this.#server;
        const answer = await this.#options.client.send<StageSet>({
          method: 'PATCH',
          path: this.#path,
          contentType: 'application/merge-patch+json',
          body: JSON.stringify({ metadata: { resourceVersion }, status: patch }),
          query: { fieldManager: 'stageset-controller' },
          lease: this.#options.lease,
        });
        this.#server = writtenIn(answer.body);
        this.#options.written(answer.body);
        return;
      } catch (error) {
        if (isNotFound(error)) return; // gone meanwhile: nobody is left to tell
        if (!isConflict(error) || attempt === CONFLICT_TRIES) throw error;
        const now = await this.#read();
        if (now.metadata.uid !== this.#server.uid) return; // a namesake
        this.rebase(now);
      }
    }
  }

  #isOutdated(): boolean {
    return (this.#server.status.observedGeneration ?? 0) > this.#generation;
  }

  async #read(): Promise<StageSet> {
    const { client, lease } = this.#options;
    const path = this.#path.slice(0, -'/status'.length);
    return (await client.send<StageSet>({ method: 'GET', path, lease })).body;
  }
}
