import type { StageInventory } from '../../shared/api/types.ts';
import { keys, labelValue } from '../../shared/labels.ts';
import type { ParentMarks } from './apply-set.ts';
import { shardLabel } from './names.ts';
import type { RecordedStage } from './recorded.ts';

/** A stage as one target has it. */
export type StageAt = Pick<RecordedStage, 'stage' | 'position' | 'target'>;

/** All that a shard says besides its entries. */
export interface Envelope extends StageAt {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export function envelope(
  stageSet: string,
  { stage, position, target }: StageAt,
  index: number,
  marks: ParentMarks,
): Envelope {
  const own = {
    [keys.inventoryStageSet]: labelValue(stageSet),
    [keys.stage]: stage,
    [keys.inventoryShard]: shardLabel(index),
  };
  return { stage, position, target, labels: { ...own, ...marks.labels }, annotations: marks.annotations };
}

const ownLabels = [keys.inventoryStageSet, keys.stage, keys.inventoryShard, keys.applySetId] as const;
const ownAnnotations = [keys.applySetTooling, keys.applySetGroupKinds, keys.applySetNamespaces] as const;

/** Whether a shard needs no writing but for its entries. */
export function isIn(wanted: Envelope, { metadata, spec }: StageInventory): boolean {
  return (
    spec.stagePosition === wanted.position &&
    spec.target?.cluster === wanted.target.cluster &&
    spec.target?.identity === wanted.target.identity &&
    ownLabels.every((key) => metadata.labels?.[key] === wanted.labels[key]) &&
    ownAnnotations.every((key) => metadata.annotations?.[key] === wanted.annotations[key])
  );
}

/** A patch that takes off what the shard carries of an ApplySet and is not to; undefined where nothing is. */
export function staleMarks({ metadata }: StageInventory, wanted: Envelope): unknown {
  const labels = ownLabels.filter((key) => metadata.labels?.[key] !== undefined && !(key in wanted.labels));
  const annotations = ownAnnotations.filter(
    (key) => metadata.annotations?.[key] !== undefined && !(key in wanted.annotations),
  );
  if (labels.length + annotations.length === 0) return undefined;
  const nulls = (gone: readonly string[]) => Object.fromEntries(gone.map((key) => [key, null]));
  return { metadata: { labels: nulls(labels), annotations: nulls(annotations) } };
}
