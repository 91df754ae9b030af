import type { StagePatch } from '../../shared/api/types.ts';
import type { Remedy } from './note.ts';

/** Whether it may hold a Secret's values: for sure where it names the kind, and where its target might be one. */
export function patchesSecret({ patch, target }: StagePatch): boolean {
  if (/\bSecret\b/.test(`${target?.kind ?? ''} ${patch}`)) return true;
  return target !== undefined && target.kind === undefined && /\b(?:data|stringData)\b/.test(patch);
}

export const secretPatch: Remedy = [
  'it patches a Secret and may hold what nobody else should read',
  'run again with --show-secrets to take it over as it is, or better, encrypt it with SOPS in the source',
];
