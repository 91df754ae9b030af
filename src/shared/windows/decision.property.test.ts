import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Random, randomFrom, seeds } from '../../../test/support/seeds.ts';
import type { UpdateWindow } from '../api/types.ts';
import { decideWindows } from './decision.ts';

/**
 * The judge is a clock that goes minute by minute, reads the wall of the zone and compares it with lists of minutes,
 * hours and days. It is asked around every change of the clocks of ten years, for there alone it is hard.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
// Not America/Nuuk: since 2024 it leaves out the last hour before midnight, and croner the starts in it, for that day.
const zones = [
  ...['UTC', 'Europe/Berlin', 'Europe/Dublin', 'America/New_York', 'America/Los_Angeles', 'America/St_Johns'],
  ...['America/Havana', 'America/Santiago', 'America/Asuncion', 'America/Sao_Paulo', 'Africa/Cairo'],
  ...['Africa/Casablanca', 'Asia/Tehran', 'Asia/Beirut', 'Asia/Gaza', 'Asia/Kathmandu', 'Australia/Lord_Howe'],
  ...['Pacific/Chatham', 'Antarctica/Troll'],
];
const years = { fromMs: Date.UTC(2020, 0, 1), toMs: Date.UTC(2030, 0, 1) };

interface Times {
  readonly minutes: readonly number[];
  /** Undefined: every hour. */
  readonly hours: readonly number[] | undefined;
  readonly weekdays: readonly number[] | undefined;
}

interface ModelWindow {
  readonly times: Times;
  readonly durationMinutes: number;
  readonly window: UpdateWindow;
}

function someWindow(random: Random, timeZone: string): ModelWindow {
  const minutes = [...new Set([random.pick([0, 15, 30, 59]), random.pick([0, 15, 30, 59])])].toSorted((a, b) => a - b);
  const hours = random.pick([[0], [1], [2], [3], [9], [23], [0, 12], [1, 2], [2, 3, 4], undefined]);
  const weekdays = random.pick([undefined, undefined, [0], [6, 0], [1, 2, 3, 4, 5]]);
  const times = { minutes, hours, weekdays };
  const durationMinutes = random.pick([1, 10, 30, 60, 90, 8 * 60, 25 * 60, 60 * 60]);
  const schedule = `${minutes.join()} ${hours?.join() ?? '*'} * * ${weekdays?.join() ?? '*'}`;
  const type = random.pick(['Allow', 'Deny'] as const);
  return { times, durationMinutes, window: { type, schedule, duration: `${durationMinutes}m`, timeZone } };
}

/** What the wall of a zone shows, as if it were UTC. */
class Wall {
  readonly #formatter: Intl.DateTimeFormat;
  /** Where it is set, and to what distance from UTC. */
  readonly changes: readonly { readonly atMs: number; readonly beforeMs: number; readonly afterMs: number }[];

  constructor(timeZone: string) {
    this.#formatter = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
    this.changes = this.#findChanges();
  }

  offsetMs(atMs: number): number {
    const later = this.changes.findIndex((change) => change.atMs > atMs);
    const change = this.changes[later];
    return change?.beforeMs ?? this.changes.at(-1)?.afterMs ?? this.#askedOffsetMs(atMs);
  }

  #askedOffsetMs(atMs: number): number {
    const text = this.#formatter.format(atMs);
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)$/.exec(text) ?? [];
    return hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * MINUTE);
  }

  #findChanges(): Wall['changes'] {
    const found: { atMs: number; beforeMs: number; afterMs: number }[] = [];
    for (let day = years.fromMs; day < years.toMs; day += DAY) {
      const [beforeMs, afterMs] = [this.#askedOffsetMs(day), this.#askedOffsetMs(day + DAY)];
      if (beforeMs === afterMs) continue;
      let [low, high] = [day, day + DAY];
      while (high - low > MINUTE) {
        const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE;
        if (this.#askedOffsetMs(middle) === beforeMs) low = middle;
        else high = middle;
      }
      found.push({ atMs: high, beforeMs, afterMs });
    }
    return found;
  }
}

function matches({ minutes, hours, weekdays }: Times, wallMs: number): boolean {
  const wall = new Date(wallMs);
  return (
    minutes.includes(wall.getUTCMinutes()) &&
    (hours === undefined || hours.includes(wall.getUTCHours())) &&
    (weekdays === undefined || weekdays.includes(wall.getUTCDay()))
  );
}

/** Whether a window starts at this minute. Who names hours means one start for each of those times, whatever the clocks do. */
function starts(times: Times, wall: Wall, atMs: number): boolean {
  const offsetMs = wall.offsetMs(atMs);
  const near = wall.changes.filter((change) => change.atMs <= atMs && atMs < change.atMs + 3 * HOUR);
  if (matches(times, atMs + offsetMs)) {
    const isSecondTime = near.some(
      ({ atMs: changedMs, beforeMs, afterMs }) => afterMs < beforeMs && atMs < changedMs + (beforeMs - afterMs),
    );
    return times.hours === undefined || !isSecondTime;
  }
  const gap = near.find(({ atMs: changedMs, beforeMs, afterMs }) => changedMs === atMs && afterMs > beforeMs);
  if (gap === undefined || times.hours === undefined) return false;
  for (let wallMs = atMs + gap.beforeMs; wallMs < atMs + gap.afterMs; wallMs += MINUTE) {
    if (matches(times, wallMs)) return true;
  }
  return false;
}

const LOOK_AHEAD = 4 * DAY;

for (const seed of seeds()) {
  test(`decisions are those of a clock that goes minute by minute (seed ${seed})`, () => {
    const random = randomFrom(seed);
    for (const zone of zones) {
      const wall = new Wall(zone);
      const someDay = years.fromMs + random.below(3_650) * DAY;
      const moments = [someDay, ...wall.changes.map(({ atMs }) => atMs)].filter(() => random.below(SHARE) === 0);
      for (const moment of moments) {
        const windows = Array.from({ length: 1 + random.below(3) }, () => someWindow(random, zone));
        agreeAround(moment, windows, wall, random);
      }
    }
  });
}

/** Of all the changes; six seeds and twenty zones make it many. */
const SHARE = 6;

function agreeAround(moment: number, windows: readonly ModelWindow[], wall: Wall, random: Random): void {
  const longest = Math.max(...windows.map(({ durationMinutes }) => durationMinutes));
  const begin = moment - 12 * HOUR - longest * MINUTE;
  const end = moment + 12 * HOUR + LOOK_AHEAD;
  const lastStarts = windows.map(() => Number.NEGATIVE_INFINITY);
  const open: boolean[] = [];
  for (let atMs = begin; atMs < end; atMs += MINUTE) {
    for (const [i, { times }] of windows.entries()) if (starts(times, wall, atMs)) lastStarts[i] = atMs;
    const active = windows.map(({ durationMinutes }, i) => atMs < (lastStarts[i] ?? 0) + durationMinutes * MINUTE);
    const isActive = (type: string) => windows.some(({ window }, i) => window.type === type && active[i]);
    const allows = windows.some(({ window }) => window.type === 'Allow');
    open.push(!isActive('Deny') && (!allows || isActive('Allow')));
  }
  for (let i = 0; i < 4; i += 1) {
    const askedMs = moment - 12 * HOUR + random.below((24 * HOUR) / 1_000) * 1_000;
    const at = Math.floor((askedMs - begin) / MINUTE);
    const flip = open.findIndex((each, minute) => minute > at && each !== open[at]);
    const decision = decideWindows(
      windows.map(({ window }) => window),
      askedMs,
    );
    const context = `${new Date(askedMs).toISOString()} ${JSON.stringify(windows.map(({ window }) => window))}`;
    assert.equal(decision.is, open[at] ? 'open' : 'closed', context);
    if (flip !== -1) {
      assert.equal(isoOf(decision.flipsAtMs), isoOf(begin + flip * MINUTE), context);
    } else if (decision.flipsAtMs !== undefined) {
      assert.ok(decision.flipsAtMs >= end, `${context}: ${isoOf(decision.flipsAtMs)}`);
    }
  }
}

function isoOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
