import { parseDurationMs } from '../time/duration.ts';
import { defaultValues } from './default-values.ts';
import type {
  Action,
  ConflictAction,
  HttpAction,
  PatchAction,
  SourceRef,
  Stage,
  StageSetSpec,
  UpdateWindow,
  VersionSource,
  WindowScope,
} from './types.ts';

/** How often a StageSet at rest runs. */
export function intervalMs(spec: StageSetSpec, flagDefaultMs: number): number {
  return durationMs(spec.interval) ?? flagDefaultMs;
}

export function retryIntervalMs(spec: StageSetSpec, flagDefaultMs: number): number {
  return durationMs(spec.retryInterval) ?? intervalMs(spec, flagDefaultMs);
}

/** The next run after a success: drift may be looked for sooner than the interval, never later. */
export function steadyIntervalMs(spec: StageSetSpec, flagDefaultMs: number): number {
  const interval = intervalMs(spec, flagDefaultMs);
  return Math.min(interval, durationMs(spec.driftDetectionInterval) ?? interval);
}

/** From a stage's first apply to verified. */
export function stageTimeoutMs(spec: StageSetSpec, stage: Stage): number {
  return durationMs(stage.timeout) ?? durationMs(spec.timeout) ?? mustParse(defaultValues.stageTimeout);
}

/** Undefined for a wait by duration, which ends by itself. */
export function actionTimeoutMs(action: Action): number | undefined {
  if (action.wait?.duration !== undefined) return undefined;
  const named = [action.timeout, action.wait?.timeout].map(durationMs).filter((ms) => ms !== undefined);
  if (named.length > 0) return Math.min(...named);
  return mustParse(action.job === undefined ? defaultValues.actionTimeout : defaultValues.jobTimeout);
}

export function retriesOf(action: Action): number {
  return action.retries ?? defaultValues.retries;
}

export interface ResolvedSourceRef {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly apiVersion?: string;
}

/** Of a stage, or of a `job` or `apply` action. */
export function sourceRefOf(owner: { readonly sourceRef: SourceRef }, ownerNamespace: string): ResolvedSourceRef {
  const { name, kind = defaultValues.sourceKind, namespace = ownerNamespace, apiVersion } = owner.sourceRef;
  return { kind, name, namespace, ...(apiVersion !== undefined && { apiVersion }) };
}

/** Of a stage, or of a `job` or `apply` action. */
export function pathOf(owner: { readonly path?: string }): string {
  return owner.path ?? defaultValues.path;
}

export function prunes(stage: Stage): boolean {
  return stage.prune ?? defaultValues.prune;
}

export function appliesHelmHooks(stage: Stage): boolean {
  return stage.applyHelmHookResources ?? defaultValues.applyHelmHookResources;
}

/** For objects that no rule matches. */
export function defaultConflictAction(stage: Stage): ConflictAction {
  return stage.conflictPolicy?.default ?? (stage.force === true ? 'Recreate' : defaultValues.conflictAction);
}

export function windowScopeOf(spec: StageSetSpec): WindowScope {
  return spec.windowScope ?? defaultValues.windowScope;
}

export function timeZoneOf(window: UpdateWindow): string {
  return window.timeZone ?? defaultValues.timeZone;
}

export function fieldPathOf(fromObject: NonNullable<VersionSource['fromObject']>): string {
  return fromObject.fieldPath ?? defaultValues.versionFieldPath;
}

export function patchTypeOf(patch: PatchAction): NonNullable<PatchAction['type']> {
  return patch.type ?? defaultValues.patchType;
}

export function httpMethodOf(http: HttpAction): NonNullable<HttpAction['method']> {
  return http.method ?? defaultValues.httpMethod;
}

function durationMs(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDurationMs(text);
}

function mustParse(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === undefined) throw new Error(`not a duration: ${text}`);
  return ms;
}
