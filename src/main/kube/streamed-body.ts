import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

export interface Head {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** A reader that is slower than the server has the connection wait. */
const MOST_WAITING_BYTES = 256 * 1024;

type Result = IteratorResult<Uint8Array, undefined>;
const end: Result = { done: true, value: undefined };

type End = { readonly is: 'complete' } | { readonly is: 'broken'; readonly error: unknown };

/**
 * The bytes of one answer as they come, for one reader. A stream of Node's would do the same and takes some 8 KB more:
 * thousands of watches are open at once, most of them silent for hours.
 */
export class StreamedBody implements AsyncIterableIterator<Uint8Array> {
  /** Rejects where there is no answer. */
  readonly began: Promise<Head>;
  readonly #explain: (error: unknown) => unknown;
  readonly #head = Promise.withResolvers<Head>();
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #reader: PromiseWithResolvers<Result> | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  /** How it ended. */
  #over: End | undefined;
  #letGo = () => {};

  /** `explain` is asked what a connection that broke off means to the reader. */
  constructor(explain: (error: unknown) => unknown) {
    this.#explain = explain;
    this.began = this.#head.promise;
    this.began.catch(() => {}); // whoever reads the body is told as well
  }

  readonly handler: Dispatcher.DispatchHandler = {
    onRequestStart: (controller) => {
      this.#controller = controller;
      if (this.#over?.is === 'broken') controller.abort(asError(this.#over.error));
    },
    onResponseStart: (_controller, status, headers) => {
      if (status >= 200) this.#head.resolve({ status, headers });
    },
    onResponseData: (controller, chunk) => {
      if (this.#over !== undefined) return;
      if (this.#reader !== undefined) {
        this.#answer({ done: false, value: chunk });
        return;
      }
      this.#waiting.push(chunk);
      this.#waitingBytes += chunk.length;
      if (this.#waitingBytes > MOST_WAITING_BYTES) controller.pause();
    },
    onResponseEnd: () => this.#finish({ is: 'complete' }),
    onResponseError: (_controller, error) => {
      if (this.#over === undefined) this.#finish({ is: 'broken', error: this.#explain(error) });
    },
  };

  /** Read or not, it ends with this signal. */
  cutBy(signal: AbortSignal): void {
    const cut = () => this.cut(signal.reason);
    signal.addEventListener('abort', cut);
    this.#letGo = () => signal.removeEventListener('abort', cut);
    if (signal.aborted) cut();
    else if (this.#over !== undefined) this.#letGo();
  }

  /** What has not been read is dropped. */
  cut(reason: unknown): void {
    this.#waiting.length = 0;
    if (this.#over?.is === 'complete') this.#over = { is: 'broken', error: reason };
    else this.#finish({ is: 'broken', error: reason });
    this.#controller?.abort(asError(reason));
  }

  next(): Promise<Result> {
    const chunk = this.#waiting.shift();
    if (chunk === undefined) return this.#nothingWaits();
    this.#waitingBytes -= chunk.length;
    if (this.#controller?.paused === true && this.#waitingBytes === 0) this.#controller.resume();
    return Promise.resolve({ done: false, value: chunk });
  }

  /** The reader has had enough. */
  async return(): Promise<Result> {
    if (this.#over === undefined) this.cut(new Error('no longer read'));
    return end;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #nothingWaits(): Promise<Result> {
    if (this.#over?.is === 'complete') return Promise.resolve(end);
    if (this.#over?.is === 'broken') return Promise.reject(this.#over.error);
    this.#reader = Promise.withResolvers();
    return this.#reader.promise;
  }

  #answer(result: Result): void {
    this.#reader?.resolve(result);
    this.#reader = undefined;
  }

  #finish(over: End): void {
    if (this.#over !== undefined) return;
    this.#over = over;
    this.#letGo();
    this.#head.reject(over.is === 'broken' ? over.error : new Error('ended before it began'));
    if (over.is === 'complete') this.#answer(end);
    else this.#reader?.reject(over.error);
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
