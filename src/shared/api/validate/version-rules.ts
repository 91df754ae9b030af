import { parseJsonPath } from '../../jsonpath/parse.ts';
import { resolveInside } from '../../protocol/artifact-path.ts';
import { parseConstraint } from '../../semver/constraint.ts';
import { parseVersion } from '../../semver/version.ts';
import { itemsOf, missingStage } from './places.ts';
import type { Rule } from './rule.ts';
import { isGiven } from './sound.ts';
import { quoted, versionViolation, violation } from './violation.ts';

export const version: Rule = function* ({ spec }) {
  if (!spec.version) return;
  const { value, fromObject, fromArtifact } = spec.version;
  const given = [value, fromObject, fromArtifact].filter(isGiven).length;
  if (given !== 1) {
    yield violation(
      'spec.version',
      'ExactlyOne',
      `needs exactly one of value, fromObject and fromArtifact, not ${given}`,
    );
  }
  if (typeof value === 'string' && parseVersion(value) === undefined) {
    yield versionViolation('spec.version.value', 'BadVersion', `must be a semantic version, not ${quoted(value)}`);
  }
  const isMissing = missingStage(spec);
  for (const source of ['fromObject', 'fromArtifact'] as const) {
    const stage = spec.version[source]?.stage;
    if (isMissing(stage)) {
      yield versionViolation(`spec.version.${source}.stage`, 'UnknownStage', `there is no stage ${quoted(stage)}`);
    }
  }
  const fieldPath = fromObject?.fieldPath;
  if (typeof fieldPath === 'string') {
    const parsed = parseJsonPath(fieldPath);
    if (!parsed.ok)
      yield versionViolation('spec.version.fromObject.fieldPath', 'BadJsonPath', `is no JSONPath: ${parsed.problem}`);
  }
  const path = fromArtifact?.path;
  if (typeof path === 'string' && (path === '' || resolveInside('', path) !== path)) {
    const message = `must be relative and clean, such as deploy/VERSION, not ${quoted(path)}`;
    yield violation('spec.version.fromArtifact.path', 'BadPath', message);
  }
};

export const migrations: Rule = function* ({ spec }) {
  const isMissing = missingStage(spec);
  if ((spec.migrations?.length ?? 0) > 0 && !isGiven(spec.version)) {
    yield violation('spec.migrations', 'NeedsVersion', 'migrations need spec.version');
  }
  for (const { value: migration, path } of itemsOf(spec.migrations, 'spec.migrations')) {
    const { from, to, stage } = migration;
    if (isMissing(stage)) {
      yield violation(`${path}.stage`, 'UnknownStage', `there is no stage ${quoted(stage)}`);
    }
    if (typeof to === 'string' && parseVersion(to) === undefined) {
      yield versionViolation(`${path}.to`, 'BadVersion', `must be a semantic version, not ${quoted(to)}`);
    }
    if (typeof from === 'string' && parseConstraint(from) === undefined) {
      yield versionViolation(
        `${path}.from`,
        'BadConstraint',
        `must be a version constraint such as >=1.2.0 <2.0.0, not ${quoted(from)}`,
      );
    }
  }
};
