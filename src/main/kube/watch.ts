import type { KubeObject } from '../../shared/objects/object.ts';
import { type Clock, systemClock } from '../../shared/time/clock.ts';
import { KubeError } from './errors.ts';
import { LineCutter } from './lines.ts';
import { collectionPath } from './paths.ts';
import { listPages, selectors } from './requests.ts';
import { SilenceWatch } from './silence.ts';
import { nextSlice, sliceIsOver } from './slices.ts';
import { keyOf, type ObjectKey, type StoreWriter } from './store.ts';
import type { ClusterClient, ReadRequest, Resource, WatchedForm, WatchedObject } from './types.ts';
import { readWatchLine, type WatchLine } from './watch-line.ts';
import { nextStep, startOfWatch, type WatchEvent, type WatchState } from './watch-step.ts';

export interface WatchOptions<T, K = T> {
  readonly client: ClusterClient;
  readonly resource: Resource;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly form: WatchedForm;
  readonly as?: string;
  /**
   * What the sink gets of each object; absent, the object itself. Called as objects come in, a few ms at a time,
   * so neither a long list nor the whole of its objects is ever held or worked through at once.
   */
  readonly keep?: (object: T) => K;
  readonly sink: StoreWriter<K>;
  /** A list of more objects than this is given up. */
  readonly most?: number | undefined;
  /** We may not watch this (403), or it is not served (404, 405). Called each time; the watch asks again, slowly, until stopped. */
  readonly onRefused?: (error: KubeError) => void;
  /** Told when trouble lasts, not of every stream that is cut and resumed. */
  readonly log?: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly clock?: Clock;
  readonly random?: () => number;
}

export interface WatchHandle {
  /** Resolves when the sink holds everything for the first time; never, if the watch is stopped before. */
  readonly synced: Promise<void>;
  stop(): void;
}

/** Keeps a sink equal to what the server has, until stopped. */
export function watchKind<T extends WatchedObject = KubeObject, K = T>(options: WatchOptions<T, K>): WatchHandle {
  const watch = new KindWatch(options);
  watch.run();
  return { synced: watch.synced, stop: () => watch.stop() };
}

/** The server ends a stream after this time at least and twice it at most, so that many do not end together. */
const STREAM_SECONDS = 300;
const GRACE_MS = 30_000;
/** A server that sends bookmarks sends one a minute. */
const SILENT_BOOKMARKS_MS = 150_000;
/** Without a word for so long, a list has not begun: the server took the request for a plain watch. */
const SILENT_LIST_MS = 10_000;
const FAILURES_WORTH_A_WORD = 3;

/** The driver: it asks, reads and tells. What follows from what is decided in watch-step.ts. */
class KindWatch<T extends WatchedObject, K> {
  readonly synced: Promise<void>;
  readonly #options: WatchOptions<T, K>;
  readonly #keep: (object: T) => K;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #becameSynced: () => void;
  readonly #stopped = new AbortController();
  #attempt = new AbortController();
  #state: WatchState = startOfWatch;
  #bookmarks = false;
  /** What a streaming list has brought so far; undefined once it is complete. */
  #initial: Map<ObjectKey, K> | undefined;

  constructor(options: WatchOptions<T, K>) {
    this.#options = options;
    this.#keep = options.keep ?? ((object) => object as unknown as K);
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.synced = promise;
    this.#becameSynced = resolve;
  }

  stop(): void {
    this.#stopped.abort();
    this.#attempt.abort();
  }

  async run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const waitMs = this.#note(await this.#tryOnce());
      if (waitMs > 0) await this.#clock.sleep(waitMs, this.#stopped.signal).catch(() => {});
    }
  }

  #note(event: WatchEvent): number {
    const { state, waitMs } = nextStep(this.#state, event, this.#random());
    this.#state = state;
    return waitMs;
  }

  /** Lists, or streams until the stream ends, and says how it ended. */
  async #tryOnce(): Promise<WatchEvent> {
    this.#attempt = new AbortController();
    try {
      const { at, how } = this.#state;
      return at === 'listing' && how === 'pages' ? await this.#listPages() : await this.#readStream();
    } catch (error) {
      return this.#explain(error);
    }
  }

  async #listPages(): Promise<WatchEvent> {
    const { client, form, sink } = this.#options;
    const request = { ...this.#options, answer: form, signal: this.#attempt.signal };
    const kept: K[] = [];
    let resourceVersion = '';
    for await (const page of listPages<T>(client, request)) {
      for (const item of page.items) {
        kept.push(this.#keep(item));
        this.#refuseMoreThan(kept.length);
        if (sliceIsOver()) await this.#breathe();
      }
      resourceVersion = page.resourceVersion;
    }
    sink.replaceAll(kept, resourceVersion);
    this.#becameSynced();
    return { type: 'listed', version: resourceVersion };
  }

  async #readStream(): Promise<WatchEvent> {
    const openedAtMs = this.#clock.elapsedMs();
    const seconds = Math.round(STREAM_SECONDS * (1 + this.#random()));
    this.#initial = this.#state.at === 'listing' ? new Map() : undefined;
    const answer = await this.#options.client.stream(this.#streamRequest(seconds));
    const chunks = answer[Symbol.asyncIterator]();

    const silence = new SilenceWatch(this.#clock, () => this.#silenceAllowedMs(seconds), this.#cutSilentStream);
    const lines = new LineCutter();
    try {
      while (await this.#readOn(chunks, lines)) silence.heard();
    } finally {
      silence.end();
      await chunks.return?.();
    }
    return { type: 'closed', afterMs: this.#clock.elapsedMs() - openedAtMs };
  }

  /** Whether there may be more. While it waits it holds nothing of what came last: most watches wait nearly always. */
  async #readOn(chunks: AsyncIterator<Uint8Array>, lines: LineCutter): Promise<boolean> {
    const { done, value } = await chunks.next();
    if (done === true) return false;
    for (const line of lines.cut(value)) {
      this.#take(readWatchLine<T>(line));
      if (sliceIsOver()) await this.#breathe();
    }
    return true;
  }

  #streamRequest(timeoutSeconds: number): ReadRequest {
    const { resource, namespace, form, as } = this.#options;
    const from: Record<string, string> =
      this.#state.at === 'listing'
        ? { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' }
        : { resourceVersion: this.#state.version };
    return {
      method: 'GET',
      path: collectionPath(resource, namespace),
      query: {
        watch: 'true',
        allowWatchBookmarks: 'true',
        timeoutSeconds: String(timeoutSeconds),
        ...selectors(this.#options),
        ...from,
      },
      answer: form,
      signal: this.#attempt.signal,
      ...(as !== undefined && { as }),
    };
  }

  async #breathe(): Promise<void> {
    await nextSlice();
    this.#attempt.signal.throwIfAborted(); // stopped meanwhile: the sink is no longer ours
  }

  #take(line: WatchLine<T>): void {
    if (this.#initial !== undefined) {
      this.#takeInitial(line, this.#initial);
      return;
    }
    if (line.type === 'error') throw line.error;
    if (line.type === 'put') this.#options.sink.put(this.#keep(line.object));
    else if (line.type === 'remove') this.#options.sink.remove(this.#keep(line.object));
    else this.#bookmarks = true;
    this.#note({ type: 'progressed', version: line.version });
  }

  /** Nothing reaches the sink until the list is complete: then it takes the place of the old one, deletions and all. */
  #takeInitial(line: WatchLine<T>, initial: Map<ObjectKey, K>): void {
    switch (line.type) {
      case 'put':
        initial.set(keyOf(line.object), this.#keep(line.object));
        this.#refuseMoreThan(initial.size);
        return;
      case 'remove':
        initial.delete(keyOf(line.object));
        return;
      case 'bookmark':
        if (!line.endsInitialEvents) throw new NoStreamingList();
        this.#initial = undefined;
        this.#bookmarks = true;
        this.#options.sink.replaceAll([...initial.values()], line.version);
        this.#note({ type: 'listed', version: line.version });
        this.#becameSynced();
        return;
      case 'error':
        throw line.error;
      default:
        line satisfies never;
    }
  }

  #refuseMoreThan(count: number): void {
    const { most = Number.POSITIVE_INFINITY } = this.#options;
    if (count > most) throw new Error(`more than ${most} objects`);
  }

  #silenceAllowedMs(streamSeconds: number): number {
    if (this.#initial !== undefined) return SILENT_LIST_MS;
    return this.#bookmarks ? SILENT_BOOKMARKS_MS : streamSeconds * 1_000 + GRACE_MS;
  }

  readonly #cutSilentStream = (): void => {
    this.#attempt.abort(this.#initial === undefined ? new Error('silent for too long') : new NoStreamingList());
  };

  #explain(error: unknown): WatchEvent {
    if (this.#stopped.signal.aborted) return { type: 'cut' };
    const event = eventOf(error, this.#state);
    const { resource, onRefused, log } = this.#options;
    if (event.type === 'refused' && error instanceof KubeError) onRefused?.(error);
    else if (this.#state.failures + 1 === FAILURES_WORTH_A_WORD) {
      const why = error instanceof Error ? error.message : String(error);
      log?.('a watch fails again and again', { resource: resource.plural, error: why });
    }
    return event;
  }
}

/** The server took no notice of `sendInitialEvents`. */
class NoStreamingList extends Error {}

function eventOf(error: unknown, state: WatchState): WatchEvent {
  if (error instanceof NoStreamingList) return { type: 'unsupported' };
  if (!(error instanceof KubeError)) return { type: 'cut' };
  switch (error.status) {
    case 400:
    case 422:
      return state.at === 'listing' && state.how === 'stream' ? { type: 'unsupported' } : { type: 'cut' };
    case 403:
    case 404:
    case 405:
      return { type: 'refused' };
    case 410:
      return { type: 'gone' };
  }
  if (error.details?.causes?.some(({ reason }) => reason === 'ResourceVersionTooLarge')) return { type: 'ahead' };
  return { type: 'cut', ...(error.retryAfterMs !== undefined && { waitAtLeastMs: error.retryAfterMs }) };
}
