import { KubeError, type StatusDetails } from './errors.ts';

/** One line of a watch. */
export type WatchLine<T> =
  | { readonly type: 'put' | 'remove'; readonly object: T; readonly version: string }
  | { readonly type: 'bookmark'; readonly version: string; readonly endsInitialEvents: boolean }
  | { readonly type: 'error'; readonly error: KubeError };

export function readWatchLine<T>(line: string): WatchLine<T> {
  const { type, object } = JSON.parse(line) as WireEvent<T>;
  const version = object.metadata?.resourceVersion ?? '';
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      return { type: 'put', object, version };
    case 'DELETED':
      return { type: 'remove', object, version };
    case 'BOOKMARK':
      return { type: 'bookmark', version, endsInitialEvents: object.metadata?.annotations?.[INITIAL_END] === 'true' };
    default:
      return { type: 'error', error: errorOf(object) };
  }
}

const INITIAL_END = 'k8s.io/initial-events-end';

interface WireEvent<T> {
  readonly type: string;
  readonly object: T & {
    readonly metadata?: { readonly resourceVersion?: string; readonly annotations?: Readonly<Record<string, string>> };
    readonly code?: number;
    readonly reason?: string;
    readonly message?: string;
    readonly details?: StatusDetails;
  };
}

/** An ERROR event carries a Status object: what a plain request would have been answered with. */
function errorOf({
  code = 500,
  reason = 'Unknown',
  message = 'the watch failed',
  details,
}: WireEvent<unknown>['object']) {
  return new KubeError({ status: code, reason, message, details });
}
