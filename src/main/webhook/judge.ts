import { isDeepStrictEqual } from 'node:util';
import { GROUP, VERSION } from '../../shared/api/group.ts';
import type { StageSet } from '../../shared/api/types.ts';
import type { ValidationOptions } from '../../shared/api/validate/rule.ts';
import { describeViolation, type Violation } from '../../shared/api/validate/violation.ts';
import { validateStageSet } from '../../shared/api/validate.ts';
import { type WarningOptions, warnings } from '../../shared/api/warnings.ts';
import { type AdmissionRequest, type Denial, fieldsOf, type Verdict } from './review.ts';

export type JudgeOptions = ValidationOptions & WarningOptions;

const allowed: Verdict = { allowed: true, warnings: [] };

/**
 * Refuses what a run would refuse, for the same reasons. What an older version let in stays deletable and movable: only
 * a change of the spec is judged.
 */
export function judge(request: AdmissionRequest, options: JudgeOptions): Verdict {
  const { kind, object } = request;
  if (kind.group !== GROUP || kind.kind !== 'StageSet' || kind.version !== VERSION) {
    return { allowed: false, denial: wrongKind(request) };
  }
  if (!changesSpec(request)) return allowed;
  const violations = validateStageSet(object, options);
  if (violations.length > 0) return { allowed: false, denial: denialFor(object, violations) };
  return { allowed: true, warnings: warnings(object as StageSet, options).map(describeViolation) };
}

function changesSpec({ operation, subResource, object, oldObject }: AdmissionRequest): boolean {
  if (subResource !== '') return false;
  if (operation === 'CREATE') return true;
  if (operation !== 'UPDATE') return false;
  const old = fieldsOf(oldObject);
  // The old one's: nobody gets past by writing it into the new one.
  if (fieldsOf(old.metadata).deletionTimestamp !== undefined) return false;
  return !isSame(old.spec, fieldsOf(object).spec);
}

function isSame(before: unknown, now: unknown): boolean {
  try {
    return isDeepStrictEqual(before, now);
  } catch {
    return false; // nested deeper than the stack: the API server keeps no such object
  }
}

function wrongKind({ kind: { group, version, kind } }: AdmissionRequest): Denial {
  return {
    code: 400,
    reason: 'BadRequest',
    message: `only StageSets of ${GROUP}/${VERSION} are judged here, not ${kind} of ${group}/${version}: mend the rules of the webhook configuration`,
  };
}

function denialFor(object: unknown, violations: readonly Violation[]): Denial {
  const { name } = fieldsOf(fieldsOf(object).metadata);
  return {
    code: 422,
    reason: 'Invalid',
    message: violations.map(describeViolation).join('; '),
    details: {
      group: GROUP,
      kind: 'StageSet',
      name: typeof name === 'string' ? name : undefined,
      causes: violations.map(({ path, code, message }) => ({ reason: code, message, field: path })),
    },
  };
}
