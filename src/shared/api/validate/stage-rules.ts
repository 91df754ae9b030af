import { celProblem } from '../../cel/problem.ts';
import { isFluxSourceKind } from '../../flux-sources.ts';
import { resolveInside } from '../../protocol/artifact-path.ts';
import type { SourceRef } from '../types.ts';
import { kustomizePatchProblem } from './patch-text.ts';
import { actionsOf, itemsOf, stagesOf } from './places.ts';
import type { Rule } from './rule.ts';
import { isGiven, type Sound } from './sound.ts';
import { quoted, type Violation, violation } from './violation.ts';

/** What is rendered: by stages, and by `job` and `apply` actions. */
export const sources: Rule = function* ({ spec }) {
  for (const { value: stage, path } of stagesOf(spec)) yield* renderedFrom(stage, path);
  for (const { value: action, path } of actionsOf(spec)) {
    if (action.job) yield* renderedFrom(action.job, `${path}.job`);
    if (action.apply) yield* renderedFrom(action.apply, `${path}.apply`);
  }
};

interface Rendered {
  readonly sourceRef?: Sound<SourceRef> | null;
  readonly path?: string | null;
}

function* renderedFrom({ sourceRef, path: folder }: Rendered, path: string): Iterable<Violation> {
  const kind = sourceRef?.kind;
  if (typeof kind === 'string' && !isFluxSourceKind(kind) && !isGiven(sourceRef?.apiVersion)) {
    const message = `is required for ${quoted(kind)}, which is not a kind of Flux’s source-controller`;
    yield violation(`${path}.sourceRef.apiVersion`, 'NeedsApiVersion', message);
  }
  if (typeof folder === 'string' && (folder.includes('\0') || resolveInside('', folder) === undefined)) {
    yield violation(`${path}.path`, 'BadPath', `must be relative and stay inside the artifact, not ${quoted(folder)}`);
  }
}

export const patches: Rule = function* ({ spec, room }) {
  for (const { value: stage, path } of stagesOf(spec)) {
    for (const { value, path: at } of itemsOf(stage.patches, `${path}.patches`)) {
      const problem = typeof value.patch === 'string' ? kustomizePatchProblem(value.patch, room) : undefined;
      if (problem !== undefined) yield violation(`${at}.patch`, 'BadPatch', problem);
    }
  }
};

const VOLUMES: ReadonlySet<string> = new Set(['PersistentVolumeClaim', 'PersistentVolume']);

export const conflictPolicies: Rule = function* ({ spec }) {
  for (const { value: stage, path } of stagesOf(spec)) {
    for (const { value: rule, path: at } of itemsOf(stage.conflictPolicy?.rules, `${path}.conflictPolicy.rules`)) {
      const kind = rule.target?.kind;
      if (rule.action === 'Recreate' && typeof kind === 'string' && VOLUMES.has(kind) && rule.allowDataLoss !== true) {
        const message = `recreating a ${kind} destroys its data: set allowDataLoss: true to accept that`;
        yield violation(`${at}.allowDataLoss`, 'NeedsAllowDataLoss', message);
      }
    }
  }
};

export const readyChecks: Rule = function* ({ spec }) {
  for (const { value: stage, path } of stagesOf(spec)) {
    for (const { value: expr, path: at } of itemsOf(stage.readyChecks?.exprs, `${path}.readyChecks.exprs`)) {
      for (const field of ['current', 'inProgress', 'failed'] as const)
        yield* expression(expr[field], `${at}.${field}`);
    }
  }
};

export function* expression(text: string | null | undefined, path: string): Iterable<Violation> {
  const problem = typeof text === 'string' ? celProblem(text) : undefined;
  if (problem !== undefined) yield violation(path, 'BadExpression', `is no CEL expression: ${problem}`);
}
