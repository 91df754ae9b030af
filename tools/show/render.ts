import type { StageSet } from '../../src/shared/api/types.ts';
import type { FeedLine } from './feed.ts';
import { detailOf, type ObjectShown, type ObjectStanding, standingOf } from './objects.ts';
import { seconds } from './seconds.ts';
import { asLine, fitted, type Span, type Spans, type Style, wrapped } from './spans.ts';
import type { ActShown, StageShown, View } from './view.ts';

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
}

/** The view as lines that fit the screen. */
export function render(view: View, screen: Screen, nowMs: number): string[] {
  const set = setLines(view, nowMs);
  const acts = view.acts.flatMap((act) => actLines(act, screen, nowMs));
  const roomy = [header(view, nowMs), blank, ...acts, blank, ...set, blank];
  const dense = roomy.filter((line) => line !== blank);
  const playing = view.acts.filter(({ standing }) => standing.is === 'playing' || standing.is === 'failed');
  const densest = [header(view, nowMs), ...playing.flatMap((act) => actLines(act, screen, nowMs)), ...set];
  // On a low screen the blank lines go first, then what has been shown and what is ahead.
  const above = [roomy, dense].find((lines) => lines.length <= screen.rows - fewestFeedLines) ?? densest;
  const feed = feedLines(view, screen.columns, Math.max(screen.rows - above.length, 0));
  return [...above, ...feed].slice(0, screen.rows).map((spans) => asLine(spans, screen.columns, screen.color));
}

const blank: Spans = [];
/** As many as an answer of stagesetctl usually has. */
const fewestFeedLines = 8;

function header(view: View, nowMs: number): Spans {
  return [['bold', 'stageset-controller'], ' on a cluster of its own', ['dim', `  ${seconds(nowMs - view.startedMs)}`]];
}

function actLines({ title, tells, standing }: ActShown, { columns }: Screen, nowMs: number): readonly Spans[] {
  switch (standing.is) {
    case 'ahead':
      return [['  ', ['dim', title]]];
    case 'shown':
      return [[['green', '✔ '], title, ['dim', `  ${seconds(standing.tookMs)}`]]];
    case 'failed':
      return [
        [
          ['red', '✖ '],
          ['bold', title],
          ['dim', `  ${seconds(standing.tookMs)}`],
        ],
      ];
    case 'playing':
      return [
        [
          ['cyan', `${spinner(nowMs)} `],
          ['bold', title],
          ['dim', `  ${seconds(nowMs - standing.sinceMs)}`],
        ],
        ...wrapped(tells, Math.max(columns - 4, 20)).map((line): Spans => ['    ', ['cyan', line]]),
      ];
    default:
      return standing satisfies never;
  }
}

function setLines({ set, revision, stages, objects }: View, nowMs: number): readonly Spans[] {
  if (set === undefined) return [];
  const inStage = (name: string) => [...objects.values()].filter(({ stage }) => stage === name);
  return [
    [
      `StageSet `,
      ['bold', set.metadata.name],
      ['dim', revision === undefined ? '' : `  artifact at revision ${revision}`],
    ],
    ...stages.flatMap((stage) => [
      stageLine(stage, nowMs),
      ...inStage(stage.name).map((object) => objectLine(object, nowMs)),
    ]),
    [['dim', 'controller: '], doing(set)],
  ];
}

function stageLine({ name, phase, workingSinceMs, tookMs }: StageShown, nowMs: number): Spans {
  const ms = workingSinceMs === undefined ? tookMs : nowMs - workingSinceMs;
  const time: Span = ['dim', ms === undefined ? '' : `  ${seconds(ms)}`];
  return ['  stage ', ['bold', name.padEnd(9)], phaseSpan(phase), time];
}

function phaseSpan(phase: StageShown['phase']): Span {
  if (phase === 'Pending') return ['dim', phase];
  if (phase === 'Ready') return ['green', phase];
  return [phase === 'Failed' ? 'red' : 'cyan', phase];
}

const marks: Readonly<Record<ObjectStanding, { readonly mark: string; readonly style: Style; readonly says: string }>> =
  {
    awaited: { mark: '·', style: 'dim', says: '' },
    progressing: { mark: '…', style: 'cyan', says: 'not ready yet' },
    ready: { mark: '✔', style: 'green', says: '' },
    failed: { mark: '✖', style: 'red', says: 'failed' },
    leftover: { mark: '−', style: 'yellow', says: 'no longer in the artifact' },
    removed: { mark: '−', style: 'dim', says: 'removed from the cluster' },
  };

function objectLine(object: ObjectShown, nowMs: number): Spans {
  const standing = standingOf(object, nowMs);
  const { mark, style, says } = marks[standing];
  const name = `${object.kind}/${object.name}`;
  const detail = detailOf(object) || says;
  const dimmed = standing === 'awaited' || standing === 'removed';
  const padded = detail === '' ? name : name.padEnd(26);
  return ['    ', [style, mark], ' ', dimmed ? ['dim', padded] : padded, ['dim', detail]];
}

/** In the controller's own words. */
function doing({ status }: StageSet): string {
  const conditions = status?.conditions ?? [];
  const working = conditions.find(({ type }) => type === 'Reconciling');
  if (working !== undefined) return working.message;
  const ready = conditions.find(({ type }) => type === 'Ready');
  return ready === undefined ? 'beginning' : `${ready.reason}: ${ready.message}`;
}

const tones: Readonly<Record<FeedLine['tone'], Style | undefined>> = {
  title: undefined,
  tale: undefined,
  deed: 'bold',
  rollout: undefined,
  warning: 'yellow',
  proof: 'green',
  answer: 'cyan',
};

/** The newest; titles and tales stand above. What stagesetctl answers is not cut. */
function feedLines({ feed, startedMs }: View, columns: number, rows: number): readonly Spans[] {
  const heard = feed.filter(({ tone }) => tone !== 'title' && tone !== 'tale');
  const lines = heard.slice(-rows || heard.length).flatMap(({ atMs, tone, text }): readonly Spans[] => {
    const style = tones[tone];
    const time = tone === 'answer' ? '' : seconds(atMs - startedMs);
    const marked = tone === 'proof' ? `✔ ${text}` : text;
    const shown = tone === 'answer' ? fitted(text, Math.max(columns - 9, 20)) : [marked];
    return shown.map((each) => [['dim', `${time.padStart(7)}  `], style === undefined ? each : [style, each]]);
  });
  return lines.slice(-rows || lines.length);
}

function spinner(nowMs: number): string {
  const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
  return frames.charAt(Math.floor(nowMs / 100) % frames.length);
}
