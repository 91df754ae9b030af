import type { InventoryTarget } from '../../shared/api/types.ts';
import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { RecordedStage } from './recorded.ts';
import type { Entry } from './shards.ts';
import { sameCluster } from './target.ts';

export interface PruneFacts {
  readonly recorded: readonly RecordedStage[];
  /** Where the spec leads now, and as whom. */
  readonly here: InventoryTarget;
  /** The stages of the spec. */
  readonly stages: readonly { readonly name: string; readonly prunes: boolean }[];
  /** By all of them together: an object that moved between stages is among these. */
  readonly rendered: ReadonlySet<ObjectId>;
  /** What is out of reach may be forgotten. */
  readonly forgets: boolean;
}

export interface PrunePlan {
  /** By stage of the spec: what it has put up here and renders no more. Whatever is not named is let go. */
  readonly doomed: ReadonlyMap<string, readonly Entry[]>;
  /** Records that end, last stage first: the stage left the spec, or is applied elsewhere or as somebody else now. */
  readonly former: readonly FormerStage[];
  /** Out of reach: another cluster's, until the spec leads there again. */
  readonly elsewhere: readonly RecordedStage[];
  /** How many objects are recorded within reach. */
  readonly held: number;
}

export interface FormerStage {
  readonly recorded: RecordedStage;
  readonly doomed: readonly Entry[];
}

/** What a run deletes once all its stages are applied: what was recorded, minus what is rendered, where it prunes. */
export function planPrune({ recorded, here, stages, rendered, forgets }: PruneFacts): PrunePlan {
  const prunes = new Map(stages.map((stage) => [stage.name, stage.prunes]));
  const isReached = ({ target }: RecordedStage) => sameCluster(target.cluster, here.cluster);
  const goesOn = (each: RecordedStage) => prunes.has(each.stage) && isAt(each, here);
  const doomedOf = (each: RecordedStage) =>
    isReached(each) && prunes.get(each.stage) !== false
      ? [...each.entries.values()].filter(({ id }) => !rendered.has(id))
      : [];
  return {
    doomed: new Map(recorded.filter(goesOn).map((each) => [each.stage, doomedOf(each)])),
    former: recorded
      .filter((each) => !goesOn(each) && (isReached(each) || forgets))
      .map((each) => ({ recorded: each, doomed: doomedOf(each) }))
      .toSorted((a, b) => b.recorded.position - a.recorded.position),
    elsewhere: recorded.filter((each) => !isReached(each) && !forgets),
    held: new Set(recorded.filter(isReached).flatMap(({ entries }) => [...entries.keys()])).size,
  };
}

/** Word for word: what counts as the same target is settled where records are read. */
export function isAt({ target }: Pick<RecordedStage, 'target'>, { cluster, identity }: InventoryTarget): boolean {
  return target.cluster === cluster && target.identity === identity;
}
