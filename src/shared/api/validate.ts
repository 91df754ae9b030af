import { HeapRoom } from '../heap-room.ts';
import { stageSetSpec } from './schema/stage-set.ts';
import { actions } from './validate/action-rules.ts';
import type { Rule, Subject, ValidationOptions } from './validate/rule.ts';
import { decryption, dependencies, kubeConfig } from './validate/spec-rules.ts';
import { conflictPolicies, patches, readyChecks, sources } from './validate/stage-rules.ts';
import { checkStructure } from './validate/structure.ts';
import { migrations, version } from './validate/version-rules.ts';
import { type Violation, violation } from './validate/violation.ts';
import { updateWindows } from './validate/window-rules.ts';

const rules: readonly Rule[] = [
  dependencies,
  kubeConfig,
  decryption,
  version,
  migrations,
  updateWindows,
  sources,
  patches,
  conflictPolicies,
  readyChecks,
  actions,
];

/** Nobody reads more, and a hostile object could yield millions. */
const MAX_VIOLATIONS = 100;

/** More than all patches that people write need; what their aliases stand for has to fit as well. */
const PATCH_BYTES = 64 * 1024 * 1024;

/**
 * Everything that is wrong with a StageSet, by field. The webhook, the controller and the CLI all ask here.
 * Promises: any value is answered, whatever its shape and origin; one wrong field hides no other.
 */
export function validateStageSet(set: unknown, options: ValidationOptions = {}): readonly Violation[] {
  const violations: Violation[] = [];
  const report = (found: Violation) => {
    if (violations.length < MAX_VIOLATIONS) violations.push(found);
    else violations[MAX_VIOLATIONS] = violation('spec', 'TooMany', 'more violations are not listed');
  };
  const { metadata, spec } = fieldsOf(set);
  const { name, namespace } = fieldsOf(metadata);
  const sound = checkStructure(spec, stageSetSpec, 'spec', report);
  if (sound === null) return violations;
  const subject: Subject = {
    spec: sound,
    name: textOrNone(name),
    namespace: textOrNone(namespace),
    options,
    room: new HeapRoom(PATCH_BYTES),
  };
  for (const rule of rules) {
    for (const found of rule(subject)) report(found);
  }
  return violations;
}

function fieldsOf(value: unknown): { readonly [field: string]: unknown } {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function textOrNone(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
