import { mapped } from '../../src/main/apply/mapped.ts';
import type { StageSet } from '../../src/shared/api/types.ts';
import type { FleetSite } from './fleet.ts';

/** Requests of the bench itself, as little in the way as can be. */
export const WIDTH = 8;
const PATIENCE_MS = 600_000;

export interface Waits {
  /** From the first act to the last StageSet's end. */
  readonly wallMs: number;
  /** Of each StageSet, from its own act to its end as a watch tells it. */
  readonly eachMs: readonly number[];
}

interface Awaited {
  readonly namespace: string;
  readonly stageSets: readonly string[];
}

/** Does something to each of these StageSets and waits until all have come to an end that none was at before. */
export async function awaitEach(
  site: Pick<FleetSite, 'plane'>,
  { namespace, stageSets }: Awaited,
  isEnd: (set: StageSet) => boolean,
  act: (name: string) => Promise<void>,
): Promise<Waits> {
  const begunAtMs = new Map<string, number>();
  const endedAtMs = new Map<string, number>();
  const newest = new Map<string, StageSet>();
  const ending = new AbortController();
  const judge = (set: StageSet | undefined) => {
    if (set === undefined || !begunAtMs.has(set.metadata.name) || endedAtMs.has(set.metadata.name) || !isEnd(set))
      return;
    endedAtMs.set(set.metadata.name, performance.now());
    if (endedAtMs.size === stageSets.length) ending.abort();
  };
  const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(PATIENCE_MS)]);
  const watched = follow(site, namespace, signal, (set) => {
    newest.set(set.metadata.name, set);
    judge(set);
  });
  const beganMs = performance.now();
  const acted = mapped(stageSets, WIDTH, async (name) => {
    begunAtMs.set(name, performance.now());
    await act(name);
    judge(newest.get(name)); // it may have been quicker than the answer that says what to wait for
  });
  await Promise.all([acted, watched]);
  const left = stageSets.filter((name) => !endedAtMs.has(name));
  if (left.length > 0) throw new Error(`${left.length} StageSets have not come to their end: ${left.slice(0, 10)}`);
  return {
    wallMs: Math.max(...endedAtMs.values()) - beganMs,
    eachMs: stageSets.map((name) => (endedAtMs.get(name) ?? 0) - (begunAtMs.get(name) ?? 0)),
  };
}

/** A watch begins with all there are, so one that the server has cut off is simply opened again. */
async function follow(
  { plane }: Pick<FleetSite, 'plane'>,
  namespace: string,
  signal: AbortSignal,
  tell: (set: StageSet) => void,
) {
  while (!signal.aborted) {
    try {
      const changes = plane.api.watch<StageSet>('stages.metio.wtf/v1', 'StageSet', { namespace, signal });
      for await (const { object } of changes) tell(object);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
