import { parseJsonPath } from '../jsonpath/parse.ts';
import { parseDurationMs } from '../time/duration.ts';
import { parseSchedule } from '../windows/schedule.ts';
import { timeZoneOf } from './defaults.ts';
import { hooks } from './hooks.ts';
import type { Action, Stage, StageSet, StageSetSpec, UpdateWindow } from './types.ts';

/** Legal, but hardly what was meant. */
export interface Warning {
  readonly path: string;
  readonly message: string;
}

export interface WarningOptions {
  /** The controller has no rights of its own to apply with. */
  readonly multiTenant?: boolean;
  readonly nowMs: number;
}

/** What to tell the author of a StageSet that validateStageSet found sound. */
export function warnings(set: StageSet, options: WarningOptions): readonly Warning[] {
  return [...specWarnings(set.spec, options)];
}

function* specWarnings(spec: StageSetSpec, options: WarningOptions): Iterable<Warning> {
  yield* accountWarnings(spec, options);
  yield* intervalWarnings(spec);
  yield* fieldPathWarnings(spec);
  for (const [index, window] of (spec.updateWindows ?? []).entries()) {
    yield* windowWarnings(window, `spec.updateWindows[${index}]`, options.nowMs);
  }
  for (const [index, stage] of spec.stages.entries()) yield* stageWarnings(stage, `spec.stages[${index}]`);
}

function* accountWarnings(spec: StageSetSpec, { multiTenant }: WarningOptions): Iterable<Warning> {
  if (multiTenant !== true || spec.serviceAccountName !== undefined || spec.kubeConfig !== undefined) return;
  yield {
    path: 'spec.serviceAccountName',
    message: 'not set: the controller applies as itself, which in a multi-tenant installation it has no rights for',
  };
}

function* intervalWarnings(spec: StageSetSpec): Iterable<Warning> {
  const { interval, driftDetectionInterval } = spec;
  if (interval === undefined || driftDetectionInterval === undefined) return;
  if ((parseDurationMs(driftDetectionInterval) ?? 0) < (parseDurationMs(interval) ?? 0)) return;
  yield { path: 'spec.driftDetectionInterval', message: 'has no effect unless shorter than interval' };
}

function* fieldPathWarnings(spec: StageSetSpec): Iterable<Warning> {
  const fieldPath = spec.version?.fromObject?.fieldPath;
  const parsed = fieldPath === undefined ? undefined : parseJsonPath(fieldPath);
  if (parsed?.ok !== true || parsed.template.some((node) => node.is === 'action')) return;
  yield {
    path: 'spec.version.fromObject.fieldPath',
    message: 'is literal text: a JSONPath stands in braces, such as {.data.version}',
  };
}

function* windowWarnings(window: UpdateWindow, path: string, nowMs: number): Iterable<Warning> {
  if (window.schedule !== undefined) {
    const next = parseSchedule(window.schedule, timeZoneOf(window))?.nextRun(new Date(nowMs));
    if (next === null) yield { path: `${path}.schedule`, message: 'never fires, so the window is never active' };
  } else if (window.timeZone !== undefined) {
    yield { path: `${path}.timeZone`, message: 'has no effect: from and to carry their own offset' };
  }
  if (window.type === 'Allow' && window.to !== undefined && Date.parse(window.to) <= nowMs) {
    yield { path: `${path}.to`, message: 'is in the past, so the window never opens again' };
  }
}

function* stageWarnings(stage: Stage, path: string): Iterable<Warning> {
  const { force, conflictPolicy, readyChecks } = stage;
  if (force === true && conflictPolicy?.default !== undefined && conflictPolicy.default !== 'Recreate') {
    yield { path: `${path}.force`, message: `has no effect beside conflictPolicy.default: ${conflictPolicy.default}` };
  } else if (force === true && (conflictPolicy?.rules?.length ?? 0) > 0) {
    yield { path: `${path}.force`, message: 'recreates every object that none of conflictPolicy.rules matches' };
  }
  for (const [index, rule] of (conflictPolicy?.rules ?? []).entries()) {
    if (rule.action === 'Recreate' && rule.target.kind === undefined) {
      const message = 'names no kind, so the rule recreates whatever it matches; volumes only with allowDataLoss: true';
      yield { path: `${path}.conflictPolicy.rules[${index}].target`, message };
    }
  }
  if (readyChecks?.disableWait === true && (readyChecks.checks !== undefined || readyChecks.exprs !== undefined)) {
    yield { path: `${path}.readyChecks.disableWait`, message: 'turns checks and exprs off' };
  }
  for (const hook of hooks) {
    for (const [index, action] of (stage.actions?.[hook] ?? []).entries()) {
      yield* actionWarnings(action, `${path}.actions.${hook}[${index}]`);
    }
  }
}

function* actionWarnings(action: Action, path: string): Iterable<Warning> {
  if (action.wait?.duration === undefined) return;
  for (const [at, timeout] of [
    [`${path}.timeout`, action.timeout],
    [`${path}.wait.timeout`, action.wait.timeout],
  ] as const) {
    if (timeout !== undefined) yield { path: at, message: 'has no effect on a wait by duration' };
  }
}
