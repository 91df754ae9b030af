import type { UpdateWindow } from '../api/types.ts';
import { activityOf } from './activity.ts';

/** Whether new revisions may roll out, and when that turns over: not at the next boundary of some window, which may change nothing. */
export interface WindowDecision {
  readonly is: 'open' | 'closed';
  /** Undefined where it never does, or where so much happens until then that it is to be asked again later. */
  readonly flipsAtMs: number | undefined;
}

/**
 * Looks into schedules, a tenth of a millisecond each, on the main thread. A daily window under a freeze of a season is far
 * below this; windows that keep shut for ever must not be followed for ever, nor a thousand of them for long.
 */
const MOST_LOOKS = 200;

/** Deny wins. Once there is an Allow window, one must be active. */
export function decideWindows(windows: readonly UpdateWindow[], nowMs: number): WindowDecision {
  const tracks = windows.map((window) => ({ type: window.type, at: activityOf(window) }));
  const lookAt = (ms: number) => tracks.map(({ type, at }) => ({ type, ...at(ms) }));
  let stretches = lookAt(nowMs);
  const is = verdictOf(stretches);
  let looks = 0;
  while (looks < MOST_LOOKS) {
    const untilMs = standsUntil(stretches);
    if (untilMs === Number.POSITIVE_INFINITY) break;
    looks += stretches.filter((stretch) => stretch.untilMs <= untilMs).length;
    stretches = lookAt(untilMs);
    if (verdictOf(stretches) !== is) return { is, flipsAtMs: untilMs };
  }
  return { is, flipsAtMs: undefined };
}

interface Stretch {
  readonly type: UpdateWindow['type'];
  readonly active: boolean;
  readonly untilMs: number;
}

function verdictOf(stretches: readonly Stretch[]): WindowDecision['is'] {
  const allows = stretches.filter(({ type }) => type === 'Allow');
  const denied = stretches.some(({ type, active }) => type === 'Deny' && active);
  return denied || (allows.length > 0 && !allows.some(({ active }) => active)) ? 'closed' : 'open';
}

/** The first moment at which the verdict can change: most boundaries of most windows do not matter. */
function standsUntil(stretches: readonly Stretch[]): number {
  const ends = (type: UpdateWindow['type'], active: boolean) =>
    stretches.filter((each) => each.type === type && each.active === active).map(({ untilMs }) => untilMs);
  const activeDenies = ends('Deny', true);
  if (activeDenies.length > 0) return Math.max(...activeDenies);
  const activeAllows = ends('Allow', true);
  const idleAllows = ends('Allow', false);
  if (activeAllows.length === 0 && idleAllows.length > 0) return Math.min(...idleAllows);
  const lastAllowEnds = activeAllows.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...activeAllows);
  return Math.min(lastAllowEnds, ...ends('Deny', false));
}
