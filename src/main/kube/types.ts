import type { KubeObject, ObjectMeta } from '../../shared/objects/object.ts';
import type { Ending } from '../../shared/time/deadline.ts';

/** One connection to one cluster. Who asks is part of each request, so all tenants share the sockets. */
export interface ClusterClient {
  /**
   * Resolves with a 2xx answer; anything else rejects with a KubeError, except that a caller who gave up
   * (`signal`) gets the signal's own reason. A write is sent at most once.
   */
  send<T = unknown>(request: KubeRequest): Promise<KubeResponse<T>>;
  /** Opens a watch stream on connections that never take a stream from a write. */
  stream(request: ReadRequest): Promise<AsyncIterable<Uint8Array>>;
  /** What a dashboard shows of this connection now. */
  stats(): ClientStats;
  /** Cuts the streams, lets the requests in flight finish. */
  close(): Promise<void>;
}

export interface ClientStats {
  /** Requests the server may have from us at once: see pace.ts. */
  readonly limit: number;
  readonly inFlight: number;
  readonly waiting: number;
  /** False while the breaker is open: see breaker.ts. */
  readonly answering: boolean;
}

/** Leave to write, while it lasts: ended, it throws a LeaseLost. */
export type Lease = Ending;

/** For what needs no leave: it is no replica that asks, or no replica's turn that it changes. */
export const unleased: Lease = { signal: new AbortController().signal, throwIfEnded() {} };

export type KubeRequest = ReadRequest | WriteRequest;

export interface ReadRequest extends AnyRequest {
  readonly method: 'GET';
  /** Ends it early; never a run's superseding (a request sent is let finish). */
  readonly signal?: AbortSignal;
  /** In place of `signal`, where it only serves a write. */
  readonly lease?: Lease;
}

/** Whoever writes says by what leave: the compiler asks. */
export interface WriteRequest extends AnyRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly signal?: never;
  /**
   * When it ends, what waits is not sent and what is under way is cut. It is asked once more, by the clock, just
   * before the first byte leaves.
   */
  readonly lease: Lease;
}

interface AnyRequest {
  /** Begins with `/api` or `/apis`; segments already encoded: see paths.ts. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly contentType?: PatchType | 'application/json';
  /**
   * `metadata` asks for a PartialObjectMetadata, or its List where a collection is read;
   * `discovery` for aggregated discovery, where the server has it.
   */
  readonly answer?: 'full' | 'metadata' | 'discovery';
  /** User to impersonate; undefined is the controller itself. Empty is refused. */
  readonly as?: string;
  /**
   * Every request has a deadline, its wait for a turn included; 30 s when absent. It is looked at once more just
   * before the first byte leaves, so a process that was frozen sends nothing late. A stream's ends with its headers.
   */
  readonly timeoutMs?: number;
}

export type PatchType =
  | 'application/apply-patch+yaml'
  | 'application/merge-patch+json'
  | 'application/json-patch+json'
  | 'application/strategic-merge-patch+json';

export interface KubeResponse<T> {
  readonly status: number;
  readonly body: T;
  /** `Warning` headers, without their code and agent. */
  readonly warnings: readonly string[];
}

/** What `answer: 'metadata'` brings. */
export interface MetadataObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** A kind as the server serves it. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** Such as `deploy`. */
  readonly shortNames?: readonly string[];
}

export type WatchedForm = 'full' | 'metadata';
export type WatchedObject = KubeObject | MetadataObject;
