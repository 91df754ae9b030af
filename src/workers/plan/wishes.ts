import { keys } from '../../shared/labels.ts';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import type { IdentifiedObject } from './identity.ts';

const ssaWishes = ['Merge', 'IfNotPresent', 'Ignore'] as const;

/** Asked for by annotation or label, in any letter case, as Flux reads its own. */
export function wantsToBeKept(object: IdentifiedObject): boolean {
  return asks(object, keys.prune, 'disabled');
}

export function ssaWishOf(object: IdentifiedObject): PlannedObject['ssa'] {
  return ssaWishes.find((wish) => asks(object, keys.fluxSsa, wish));
}

export function isHelmHook({ annotations }: IdentifiedObject): boolean {
  return annotations['helm.sh/hook'] !== undefined;
}

function asks({ annotations, labels }: IdentifiedObject, key: string, value: string): boolean {
  return [annotations[key], labels[key]].some((text) => text?.toLowerCase() === value.toLowerCase());
}
