import type { StagePhase, StageSet } from '../../src/shared/api/types.ts';
import { type FeedLine, feedOf } from './feed.ts';
import type { News } from './news.ts';
import { type ObjectShown, withLive, withoutRemoved, withPublished } from './objects.ts';

/** All that is to be seen, whether it is drawn or told in lines. */
export interface View {
  readonly startedMs: number;
  readonly acts: readonly ActShown[];
  readonly revision: string | undefined;
  readonly set: StageSet | undefined;
  readonly stages: readonly StageShown[];
  readonly objects: ReadonlyMap<string, ObjectShown>;
  readonly feed: readonly FeedLine[];
}

export interface Announced {
  readonly title: string;
  /** What there is to see, for someone who sees it for the first time. */
  readonly tells: string;
}

export interface ActShown extends Announced {
  readonly standing: Standing;
}

export type Standing =
  | { readonly is: 'ahead' }
  | { readonly is: 'playing'; readonly sinceMs: number }
  | { readonly is: 'shown'; readonly tookMs: number }
  | { readonly is: 'failed'; readonly tookMs: number };

export interface StageShown {
  readonly name: string;
  readonly phase: StagePhase;
  readonly workingSinceMs: number | undefined;
  /** From its first apply to ready, once it is. */
  readonly tookMs: number | undefined;
}

export function opening(acts: readonly Announced[], startedMs: number): View {
  return {
    startedMs,
    acts: acts.map(({ title, tells }) => ({ title, tells, standing: { is: 'ahead' } })),
    revision: undefined,
    set: undefined,
    stages: [],
    objects: new Map(),
    feed: [],
  };
}

export function next(view: View, news: News, nowMs: number): View {
  const feed = [...view.feed, ...feedOf(view, news, nowMs)];
  switch (news.is) {
    case 'act begun':
      return {
        ...withAct(view, news.act, { is: 'playing', sinceMs: nowMs }),
        objects: withoutRemoved(view.objects),
        feed,
      };
    case 'act shown':
      return { ...withAct(view, news.act, { is: 'shown', tookMs: played(view, news.act, nowMs) }), feed };
    case 'act failed':
      return { ...withAct(view, news.act, { is: 'failed', tookMs: played(view, news.act, nowMs) }), feed };
    case 'published':
      return { ...view, revision: news.revision, objects: withPublished(view.objects, news.objects), feed };
    case 'stage set':
      return { ...view, set: news.set, stages: stagesOf(news.set, view.stages, nowMs), feed };
    case 'object':
      return { ...view, objects: withLive(view.objects, news.object, news.gone), feed };
    case 'deed':
    case 'proof':
    case 'answer':
    case 'event':
      return { ...view, feed };
    default:
      return news satisfies never;
  }
}

function withAct(view: View, index: number, standing: Standing): View {
  return { ...view, acts: view.acts.map((act, i) => (i === index ? { ...act, standing } : act)) };
}

function played(view: View, index: number, nowMs: number): number {
  const standing = view.acts[index]?.standing;
  return standing?.is === 'playing' ? nowMs - standing.sinceMs : 0;
}

function stagesOf(set: StageSet, before: readonly StageShown[], nowMs: number): readonly StageShown[] {
  const known = new Map((set.status?.stages ?? []).map((stage) => [stage.name, stage.phase]));
  return set.spec.stages.map(({ name }) => {
    const was = before.find((stage) => stage.name === name);
    return { name, ...timed(known.get(name) ?? 'Pending', was, nowMs) };
  });
}

function timed(phase: StagePhase, was: StageShown | undefined, nowMs: number): Omit<StageShown, 'name'> {
  const since = was?.workingSinceMs;
  switch (phase) {
    case 'Pending':
    case 'Failed':
      return { phase, workingSinceMs: undefined, tookMs: undefined };
    case 'Ready':
    case 'Pruning': // comes after all stages are ready, and is no part of getting there
      return { phase, workingSinceMs: undefined, tookMs: since === undefined ? was?.tookMs : nowMs - since };
    default:
      return { phase, workingSinceMs: since ?? nowMs, tookMs: undefined };
  }
}
