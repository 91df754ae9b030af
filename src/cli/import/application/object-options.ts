import type { ConflictRule, StagePatch } from '../../../shared/api/types.ts';
import type { Input } from '../input.ts';
import { holdsData, keeping, losesData } from '../one-object.ts';
import { describe, HELM_HOOK, HOOK, type Manifest, SYNC_WAVE, wordsOf } from './manifest.ts';
import { remedyFor, soAnyway } from './sync-options.ts';

export interface ObjectOptions {
  readonly patches: readonly StagePatch[];
  readonly rules: readonly ConflictRule[];
}

const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';
const read = new Set([SYNC_OPTIONS, SYNC_WAVE, HOOK, 'argocd.argoproj.io/tracking-id', 'argocd.argoproj.io/instance']);

/** What the annotations of single objects ask for. */
export function objectOptions(manifests: readonly Manifest[], input: Input): ObjectOptions {
  const patches: StagePatch[] = [];
  const rules: ConflictRule[] = [];
  for (const manifest of manifests) {
    const { annotations, apiVersion, kind, name } = manifest;
    const options = wordsOf(annotations[SYNC_OPTIONS]);
    const stays = options.includes('Prune=false') || options.includes('Delete=false');
    if (stays || annotations['helm.sh/resource-policy'] === 'keep') patches.push(keeping(manifest));
    const losing = holdsData(manifest);
    const recreates = options.includes('Force=true');
    if (recreates && !losing) rules.push({ target: { apiVersion, kind, name }, action: 'Recreate' });
    for (const option of options) {
      const isDone =
        soAnyway.has(option) || /^(?:Prune|Delete)=false$/.test(option) || (option === 'Force=true' && !losing);
      if (isDone || (option === 'Replace=true' && recreates)) continue;
      const [why, instead] = losing && option === 'Force=true' ? losesData : remedyFor(option);
      input.noteAt(`${describe(manifest)}: ${option}`, [why, instead]);
    }
    for (const key of Object.keys(annotations)) {
      const isOfHook = manifest.phases.length > 0 && /hook/.test(key);
      if (!/argoproj\.io\//.test(key) || read.has(key) || isOfHook || key === HELM_HOOK) continue;
      input.noteAt(`${describe(manifest)}: ${key}`, ['only Argo CD reads it', 'see what of it you still need']);
    }
  }
  return { patches, rules };
}
