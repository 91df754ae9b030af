import type { Cron } from 'croner';
import { timeZoneOf } from '../api/defaults.ts';
import type { UpdateWindow } from '../api/types.ts';
import { parseDurationMs } from '../time/duration.ts';
import { everStarts } from './ever-starts.ts';
import { parseSchedule } from './schedule.ts';

/** What a window is at a moment, and until when at least: the next stretch may be alike. */
export interface Activity {
  readonly active: boolean;
  readonly untilMs: number;
}

/** Needs a window that passed validation. Asked for rising times, it looks into its schedule only when something may have changed. */
export function activityOf(window: UpdateWindow): (atMs: number) => Activity {
  const look = window.schedule === undefined ? once(window) : recurring(window.schedule, window);
  let known: (Activity & { readonly fromMs: number }) | undefined;
  return (atMs) => {
    if (known === undefined || atMs < known.fromMs || atMs >= known.untilMs) known = { fromMs: atMs, ...look(atMs) };
    return known;
  };
}

/** From `from` on, before `to`. */
function once({ from, to }: UpdateWindow): (atMs: number) => Activity {
  const fromMs = from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from);
  const toMs = to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to);
  return (atMs) => {
    if (atMs < fromMs) return { active: false, untilMs: fromMs };
    return atMs < toMs ? { active: true, untilMs: toMs } : { active: false, untilMs: Number.POSITIVE_INFINITY };
  };
}

/** The latest start counts: windows that overlap themselves go on with it. */
function recurring(expression: string, window: UpdateWindow): (atMs: number) => Activity {
  const schedule = parseSchedule(expression, timeZoneOf(window));
  const durationMs = parseDurationMs(window.duration ?? '') ?? 0;
  if (schedule === undefined) throw new Error(`not a schedule: ${expression}`);
  if (!everStarts(expression)) return () => ({ active: false, untilMs: Number.POSITIVE_INFINITY });
  return (atMs) => {
    const started = latestStart(schedule, atMs);
    if (started !== undefined && started + durationMs > atMs) return { active: true, untilMs: started + durationMs };
    const nextMs = schedule.nextRun(new Date(atMs))?.getTime();
    return { active: false, untilMs: nextMs ?? Number.POSITIVE_INFINITY };
  };
}

/** At this moment or before. */
function latestStart(schedule: Cron, atMs: number): number | undefined {
  // Starts are whole minutes, and croner looks at whole seconds, before the one that it is given.
  const afterMs = Math.floor(atMs / 1_000) * 1_000 + 1_000;
  return schedule.previousRuns(1, new Date(afterMs))[0]?.getTime();
}
