import type { StagePatch } from '../../shared/api/types.ts';
import { printYaml } from '../../shared/go-yaml/print-yaml.ts';
import { keys } from '../../shared/labels.ts';

export interface ObjectName {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
}

/** This object and no other: a target's fields are regular expressions. */
export function exactly({ group, kind, name, namespace }: ObjectName): NonNullable<StagePatch['target']> {
  return {
    ...(group !== '' && { group: literal(group) }),
    kind: literal(kind),
    name: literal(name),
    ...(namespace !== undefined && { namespace: literal(namespace) }),
  };
}

export function literal(text: string): string {
  return text.replaceAll(/[.+*?^${}()|[\]\\]/g, '\\$&');
}

/** It is never pruned and outlives its StageSet. */
export function keeping(object: ObjectName): StagePatch {
  const metadata = { name: 'any', annotations: { [keys.prune]: 'disabled' } };
  return { patch: printYaml({ apiVersion: 'v1', kind: 'Any', metadata }), target: exactly(object) };
}

/** To recreate it is to lose what it holds. */
export function holdsData({ kind }: Pick<ObjectName, 'kind'>): boolean {
  return kind === 'PersistentVolumeClaim' || kind === 'PersistentVolume';
}

export const losesData = [
  'its data would be lost with it',
  'add a rule to conflictPolicy with Recreate and allowDataLoss if that is meant',
] as const;
