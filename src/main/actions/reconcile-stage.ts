import type { StageSet } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';

/** The token of a request that this stage's actions run again: `<stage>@<token>`. A stage's name holds no `@`. */
export function requestedToken({ metadata }: Pick<StageSet, 'metadata'>, stage: string): string | undefined {
  const request = metadata.annotations?.[keys.reconcileStage] ?? '';
  const prefix = `${stage}@`;
  return request.startsWith(prefix) && request.length > prefix.length ? request.slice(prefix.length) : undefined;
}
