import type { Stage, StageSetSpec } from '../../../shared/api/types.ts';
import { defined } from '../imported.ts';
import type { Input } from '../input.ts';
import { ofBackoff, ofRetry, ofSyncPolicy } from './leave.ts';
import { syncOptionsOf } from './sync-options.ts';

export interface SyncPolicy {
  readonly spec: Pick<StageSetSpec, 'suspend' | 'retryInterval'>;
  readonly stage: Pick<Stage, 'prune' | 'force'>;
  readonly allowsEmpty: boolean;
}

/** Without automation Argo CD waits to be asked: so does a suspended StageSet. */
export function syncPolicyOf(spec: Input): SyncPolicy {
  const policy = spec.part('syncPolicy');
  policy?.leaveAll(ofSyncPolicy);
  const options = syncOptionsOf(policy);
  const automated = policy?.part('automated');
  const isAutomatic = automated !== undefined && automated.bool('enabled') !== false;
  if (!isAutomatic) {
    spec.noteAt('spec.syncPolicy.automated', [
      'it syncs when somebody says so; a StageSet does by itself, so this one is suspended',
      'take suspend out, or ask for single runs with stagesetctl reconcile --force',
    ]);
  }
  const prunes = automated?.bool('prune') ?? false;
  if (automated?.bool('selfHeal') !== true) {
    spec.noteAt('spec.syncPolicy.automated.selfHeal', [
      'drift is always corrected, also what was changed by hand',
      'suspend the StageSet while you work by hand, or mark objects kustomize.toolkit.fluxcd.io/ssa: IfNotPresent',
    ]);
  }
  const retry = policy?.part('retry');
  retry?.leaveAll(ofRetry);
  const backoff = retry?.part('backoff');
  backoff?.leaveAll(ofBackoff);
  return {
    spec: defined({ suspend: isAutomatic ? undefined : true, retryInterval: inSeconds(backoff?.text('duration')) }),
    stage: defined({
      prune: prunes && !options.keepsAll ? undefined : false,
      force: options.recreates ? true : undefined,
    }),
    allowsEmpty: automated?.bool('allowEmpty') ?? false,
  };
}

/** A number without a unit is one of seconds there. */
function inSeconds(duration: string | undefined): string | undefined {
  return duration !== undefined && /^\d+$/.test(duration) ? `${duration}s` : duration;
}
