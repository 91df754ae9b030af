/** Where a watch stands. `failures` counts those since the stream last told us anything. */
export type WatchState =
  | { readonly at: 'listing'; readonly how: ListForm; readonly failures: number }
  | { readonly at: 'watching'; readonly how: ListForm; readonly failures: number; readonly version: string };

/** A streaming list is a watch that begins with everything there is; else pages. */
export type ListForm = 'stream' | 'pages';

export type WatchEvent =
  | { readonly type: 'listed'; readonly version: string }
  /** A change or a bookmark: the stream is alive and stands here. */
  | { readonly type: 'progressed'; readonly version: string }
  /** The server ended the stream, as it does every few minutes. */
  | { readonly type: 'closed'; readonly afterMs: number }
  /** The network or the server failed, or nothing was heard for too long. */
  | { readonly type: 'cut'; readonly waitAtLeastMs?: number }
  /** 410: our version has left the server's memory. */
  | { readonly type: 'gone' }
  /** The server has not got as far as our version: a replica that lags, or a cluster restored from a backup. */
  | { readonly type: 'ahead' }
  /** This server has no streaming lists. */
  | { readonly type: 'unsupported' }
  /** We may not watch this, or it is not there. */
  | { readonly type: 'refused' };

export interface WatchStep {
  readonly state: WatchState;
  readonly waitMs: number;
}

export const startOfWatch: WatchState = { at: 'listing', how: 'stream', failures: 0 };

/** A stream that ends sooner was no stream: to resume it at once would go round and round. */
const SHORT_STREAM_MS = 5_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30_000;
const REFUSED_RETRY_MS = 30_000;
/** A replica that lags catches up within a few tries. */
const AHEAD_TRIES = 3;

/** `chance`, from 0 to 1, spreads the retries of many watches that were cut at one moment. */
export function nextStep(state: WatchState, event: WatchEvent, chance: number): WatchStep {
  switch (event.type) {
    case 'listed':
      return { state: { at: 'watching', how: state.how, failures: state.failures, version: event.version }, waitMs: 0 };
    case 'progressed':
      return { state: { at: 'watching', how: state.how, failures: 0, version: event.version }, waitMs: 0 };
    case 'closed':
      return event.afterMs < SHORT_STREAM_MS ? retry(state, chance) : { state: { ...state, failures: 0 }, waitMs: 0 };
    case 'cut': {
      const { state: next, waitMs } = retry(state, chance);
      return { state: next, waitMs: Math.max(waitMs, event.waitAtLeastMs ?? 0) };
    }
    case 'gone':
      return relist(state, chance);
    case 'ahead':
      return state.failures < AHEAD_TRIES ? retry(state, chance) : relist(state, chance);
    case 'unsupported':
      return { state: { at: 'listing', how: 'pages', failures: state.failures }, waitMs: 0 };
    case 'refused':
      return { state, waitMs: REFUSED_RETRY_MS * (0.75 + chance / 2) };
    default:
      return event satisfies never;
  }
}

function retry(state: WatchState, chance: number): WatchStep {
  const failures = state.failures + 1;
  const waitMs = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LAST_RETRY_MS) * (0.5 + chance);
  return { state: { ...state, failures }, waitMs };
}

/** At once the first time, for a version may expire honestly; then with patience, for each list costs the server. */
function relist({ how, failures }: WatchState, chance: number): WatchStep {
  const listing: WatchState = { at: 'listing', how, failures };
  return failures === 0 ? { state: { ...listing, failures: 1 }, waitMs: 0 } : retry(listing, chance);
}
