import { hash } from 'node:crypto';
import { keys, labelValue } from '../../shared/labels.ts';
import type { JobStamp } from '../../shared/protocol/tasks.ts';
import { isMap, type YamlMap } from '../../shared/yaml/yaml-value.ts';
import type { IdentifiedObject } from './identity.ts';

/**
 * A Job as a `job` action applies it: under a name of this rollout's own, so that it is found again, and never taken for
 * one of another rollout. Other objects stay as they are.
 */
export function asActionJob(object: IdentifiedObject, { key, owner, action }: JobStamp): IdentifiedObject {
  if (object.group !== 'batch' || object.kind !== 'Job') return object;
  const name = nameIn(object.name, [owner, key, object.namespace ?? '', object.name]);
  const labels = { ...object.labels, [keys.actionOwner]: owner, [keys.action]: labelValue(action) };
  const annotations = { ...object.annotations, [keys.actionKey]: key };
  const { spec } = object.object;
  return {
    ...object,
    name,
    labels,
    annotations,
    metadata: { ...object.metadata, name, annotations },
    object: { ...object.object, ...(isMap(spec) && { spec: untilRecorded(spec) }) },
  };
}

const WEEK_S = 7 * 24 * 60 * 60;

/**
 * One that the cluster took away as soon as it had finished would, after a restart, look as if it had never run. We delete
 * it when its success is recorded; what a crash in between leaves goes by itself.
 */
function untilRecorded(spec: YamlMap): YamlMap {
  return { ...spec, ttlSecondsAfterFinished: WEEK_S };
}

/** Pods bear a Job's name in a label. */
const NAME_MAX = 63;
const HASH_DIGITS = 10;

function nameIn(name: string, identity: readonly string[]): string {
  const suffix = hash('sha256', JSON.stringify(identity)).slice(0, HASH_DIGITS);
  const base = name.slice(0, NAME_MAX - HASH_DIGITS - 1).replace(/[-.]+$/, '');
  return `${base}-${suffix}`;
}
