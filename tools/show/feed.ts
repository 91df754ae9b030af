import type { StageSet } from '../../src/shared/api/types.ts';
import type { News } from './news.ts';
import { detailOf, objectKey, standingOf, withLive } from './objects.ts';
import type { View } from './view.ts';

export interface FeedLine {
  readonly atMs: number;
  readonly tone: 'title' | 'tale' | 'deed' | 'rollout' | 'warning' | 'proof' | 'answer';
  readonly text: string;
}

/** What this news adds for someone who reads along, given what has been seen before it. */
export function feedOf(view: View, news: News, atMs: number): readonly FeedLine[] {
  switch (news.is) {
    case 'act begun': {
      const act = view.acts[news.act];
      return act === undefined
        ? []
        : [
            { atMs, tone: 'title', text: act.title },
            { atMs, tone: 'tale', text: act.tells },
          ];
    }
    case 'act shown':
    case 'act failed':
      return [];
    case 'deed':
      return [{ atMs, tone: 'deed', text: news.text }];
    case 'proof':
      return [{ atMs, tone: 'proof', text: news.text }];
    case 'answer':
      return news.lines.map((text) => ({ atMs, tone: 'answer', text }));
    case 'published':
      return [{ atMs, tone: 'deed', text: `revision ${news.revision} is published` }];
    case 'stage set':
      return phaseMoves(view, news.set).map((text) => ({ atMs, tone: 'rollout', text }));
    case 'object':
      return objectMoves(view, news, atMs).map((text) => ({ atMs, tone: 'rollout', text }));
    case 'event':
      return [{ atMs, tone: news.type === 'Warning' ? 'warning' : 'rollout', text: `${news.reason}: ${news.note}` }];
    default:
      return news satisfies never;
  }
}

function phaseMoves(view: View, set: StageSet): readonly string[] {
  return (set.status?.stages ?? []).flatMap(({ name, phase = 'Pending', message = '' }) => {
    const before = view.stages.find((stage) => stage.name === name)?.phase ?? 'Pending';
    if (phase === before || phase === 'Pending') return [];
    const why = message === '' || phase === 'Failed' ? '' : `, ${message}`; // an event tells of a failure
    return [`stage ${name}: ${phase}${why}`];
  });
}

function objectMoves(view: View, { object, gone }: News & { is: 'object' }, nowMs: number): readonly string[] {
  const key = objectKey({ kind: object.kind, name: object.metadata.name });
  const before = view.objects.get(key);
  const after = withLive(view.objects, object, gone).get(key);
  if (after === undefined) return [];
  if (gone) return [`${key} is gone`];
  const [was, is] = [before === undefined ? 'awaited' : standingOf(before, nowMs), standingOf(after, nowMs)];
  const detail = detailOf(after) === '' ? '' : `: ${detailOf(after)}`;
  if (before?.live === undefined) return [is === 'ready' ? `${key} is there` : `${key} is there, not ready yet`];
  if (was === is) return [];
  if (is === 'ready') return [`${key} is ready${detail}`];
  if (is === 'failed') return [`${key} has failed`];
  if (is === 'progressing') return [`${key} is changing`];
  return [];
}
