import type { StageSet } from '../../shared/api/types.ts';
import { validateStageSet } from '../../shared/api/validate.ts';
import { keys } from '../../shared/labels.ts';
import type { Outcome } from '../outcome/outcome.ts';
import { judgeDependencies } from './dependencies.ts';
import type { Run } from './world.ts';

type Gate = (run: Run) => Outcome | undefined;

/** What is asked before any work; the first to object ends the run. */
const gates: readonly Gate[] = [
  notSuspended,
  validSpec, // the webhook's own routine, so the two never differ
  dependenciesReady,
];

export function firstObjection(run: Run): Outcome | undefined {
  for (const gate of gates) {
    const objection = gate(run);
    if (objection !== undefined) return objection;
  }
  return undefined;
}

function notSuspended({ set }: Run): Outcome | undefined {
  if (set.spec.suspend !== true || forcedToken(set) !== undefined) return undefined;
  return { reason: 'Suspended', message: 'suspended: spec.suspend is true' };
}

/** `reconcile --force` runs a suspended StageSet once: the token is spent when it has been recorded. */
function forcedToken(set: StageSet): string | undefined {
  const { [keys.forceAt]: forced, [keys.requestedAt]: requested } = set.metadata.annotations ?? {};
  return forced !== undefined && forced === requested && forced !== set.status?.lastHandledReconcileAt
    ? forced
    : undefined;
}

function validSpec({ set }: Run): Outcome | undefined {
  const violations = validateStageSet(set).filter((violation) => violation.atRunTime === undefined);
  if (violations.length === 0) return undefined;
  const reason = violations.some((violation) => violation.reason === 'InvalidSpec') ? 'InvalidSpec' : 'InvalidVersion';
  return { reason, message: violations.map(({ path, message }) => `${path}: ${message}`).join('; ') };
}

function dependenciesReady({ set, world }: Run): Outcome | undefined {
  const verdict = judgeDependencies(set, world.sets, world.settings);
  switch (verdict.is) {
    case 'ready':
      return undefined;
    case 'notReady':
      return { reason: 'DependencyNotReady', message: verdict.message };
    case 'cycle':
      return { reason: 'Stalled', message: verdict.message };
    default:
      return verdict satisfies never;
  }
}
