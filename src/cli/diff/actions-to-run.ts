import { doneUnder, isDone, ledgerKeyOf } from '../../main/actions/ledger.ts';
import { requestedToken } from '../../main/actions/reconcile-stage.ts';
import type { Action, Hook, ObjectTarget, Stage, StageSet, Verb } from '../../shared/api/types.ts';
import type { ActionToRun } from './report.ts';

/** A stage as a rollout would meet it. */
export interface StageToRun {
  readonly stage: Stage;
  /** Undefined where local files stand in for the artifact: no ledger knows them. */
  readonly revision: string | undefined;
  readonly changes: boolean;
}

/**
 * The actions that a rollout would run: those that the ledger does not have under the revision at hand. Those for a
 * failure are told where something is done that may fail.
 */
export function actionsToRun(set: StageSet, stages: readonly StageToRun[]): readonly ActionToRun[] {
  return stages.flatMap(({ stage, revision, changes }) => {
    if (revision === undefined && !changes) return [];
    const left = (hook: Hook) =>
      (stage.actions?.[hook] ?? []).filter(({ name }) => !hasRun(set, stage, hook, name, revision));
    const [pre, post] = [left('pre'), left('post')];
    const onFailure = changes || pre.length + post.length > 0 ? left('onFailure') : [];
    const told = (hook: Hook) => (action: Action) => describe(stage.name, hook, action);
    return [...pre.map(told('pre')), ...post.map(told('post')), ...onFailure.map(told('onFailure'))];
  });
}

function hasRun(set: StageSet, stage: Stage, hook: Hook, action: string, revision: string | undefined): boolean {
  if (revision === undefined) return false;
  const status = set.status?.stages?.find(({ name }) => name === stage.name);
  const key = ledgerKeyOf(status, revision, requestedToken(set, stage.name));
  return isDone(doneUnder(key, status), hook, action);
}

function describe(stage: string, hook: Hook, action: Action): ActionToRun {
  const [verb, target] = verbAndTarget(action);
  return { stage, hook, name: action.name, verb, target };
}

function verbAndTarget({ patch, http, wait, job, delete: remove, apply }: Action): readonly [Verb, string] {
  if (patch !== undefined) return ['patch', objectText(patch.target)];
  if (http !== undefined) return ['http', withoutCredentials(http.url)];
  if (job !== undefined) return ['job', job.sourceRef.name];
  if (remove !== undefined) return ['delete', objectText(remove.target)];
  if (apply !== undefined) return ['apply', apply.sourceRef.name];
  return ['wait', wait?.duration ?? (wait?.target === undefined ? '' : objectText(wait.target))];
}

function objectText({ kind, namespace, name }: ObjectTarget): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** A URL may carry a password, or a token behind its question mark. */
function withoutCredentials(url: string): string {
  return url.replace(/^(https?:\/\/)[^/?#]*@/, '$1***@').replace(/[?#].*$/s, (rest) => `${rest[0]}***`);
}
