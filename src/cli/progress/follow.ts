import type { StageSet } from '../../shared/api/types.ts';
import { systemClock } from '../../shared/time/clock.ts';
import { deadlineIn } from '../../shared/time/deadline.ts';
import { formatDuration } from '../../shared/time/duration.ts';
import { RuntimeError } from '../cli-error.ts';
import { lookUntil } from '../cluster/look-until.ts';
import type { OpenCluster } from '../connection/open-cluster.ts';
import { conditionOf } from '../summary.ts';
import { newsSince } from './news.ts';
import { goneError, waitOf } from './verdict.ts';

export interface Following<T> {
  /** Undefined: for ever. */
  readonly timeoutMs: number | undefined;
  /** Called with each state and what is new in it, before it is judged. */
  readonly show: (set: StageSet, news: readonly string[]) => void;
  readonly judge: (set: StageSet) => T | undefined;
}

/** Follows one StageSet until there is a judgement; throws when time is up before, or the StageSet is gone. */
export async function follow<T>(cluster: OpenCluster, name: string, following: Following<T>): Promise<T> {
  const { timeoutMs, show, judge } = following;
  let first: StageSet | undefined;
  let last: StageSet | undefined;
  const look = (set: StageSet | undefined) => {
    if (set === undefined) throw goneError(cluster.namespace, name);
    show(set, newsSince(last, set));
    first ??= set;
    last = set;
    return judge(set);
  };
  if (timeoutMs === undefined) return lookUntil(cluster, name, look);
  const timeUp = () => new RuntimeError(stillAt({ cluster, name, timeoutMs, first, last }));
  using deadline = deadlineIn(timeoutMs, { clock: systemClock, unless: undefined, timeUp });
  return await lookUntil(cluster, name, look, deadline.signal);
}

interface Late {
  readonly cluster: OpenCluster;
  readonly name: string;
  readonly timeoutMs: number;
  readonly first: StageSet | undefined;
  readonly last: StageSet | undefined;
}

function stillAt({ cluster, name, timeoutMs, first, last }: Late): string {
  const what = `StageSet ${cluster.namespace}/${name}`;
  const after = `within ${formatDuration(timeoutMs)}`;
  const waitsFor = last && waitOf(last);
  if (waitsFor !== undefined) {
    const who = `stagesetctl why ${name} -n ${cluster.namespace}`;
    return `${what} did not get there ${after}, it waits: ${waitsFor}: ask ${who}`;
  }
  const isWorking = conditionOf(last?.status, 'Reconciling') !== undefined;
  if (!isWorking && last?.metadata.resourceVersion === first?.metadata.resourceVersion) {
    return `${what} has not moved ${after}: see that the controller runs`;
  }
  const doing = last === undefined ? [] : newsSince(undefined, last).filter((line) => line.includes(','));
  const how = `stagesetctl watch ${name} -n ${cluster.namespace}`;
  const where = doing.length === 0 ? '' : ` (${doing.join('; ')})`;
  return `${what} did not get there ${after}${where}: it goes on by itself, follow it with ${how}`;
}
