import type { Stage } from '../shared/api/types.ts';
import { UsageError } from './cli-error.ts';

/** A flag may name only stages that there are. */
export function refuseUnknownStage(
  flag: string,
  asked: Iterable<string>,
  stages: readonly Pick<Stage, 'name'>[],
): void {
  const names = stages.map(({ name }) => name);
  const unknown = [...asked].find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new UsageError(`${flag} names a stage "${unknown}", and the StageSet has only: ${names.join(', ')}`);
}
