import type { Hook, Verb } from '../../shared/api/types.ts';
import type { YamlMap } from '../../shared/yaml/yaml-value.ts';
import type { Difference } from './compare.ts';

/** What a reconcile would do. Nothing secret is in it: whatever prints it may print all of it. */
export interface Report {
  /** `namespace/name`. */
  readonly stageSet: string;
  /** What is compared, the older first. */
  readonly sides: readonly [string, string];
  /** Stage by stage, in the order in which the stages apply them; what is pruned comes last. */
  readonly changes: readonly Change[];
  readonly actions: readonly ActionToRun[];
  /** Why the run would stop, where that is not about one object. */
  readonly objections: readonly string[];
}

export interface ObjectName {
  readonly stage: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for a cluster-scoped one. */
  readonly namespace: string;
  readonly name: string;
}

export type Change = { readonly object: ObjectName } & (
  | { readonly is: 'created'; readonly to: YamlMap }
  | { readonly is: 'changed'; readonly difference: Difference; readonly note?: string }
  /** Deleted and created anew. */
  | { readonly is: 'replaced'; readonly because: string; readonly difference: Difference | undefined }
  | { readonly is: 'pruned'; readonly because: string }
  /** The server would not take it, or the conflict policy says that the stage fails. */
  | { readonly is: 'refused'; readonly because: string }
  | { readonly is: 'unchanged'; readonly note?: string }
);

export type ChangeKind = Change['is'];
export type ChangeOf<K extends ChangeKind> = Extract<Change, { readonly is: K }>;

export interface ActionToRun {
  readonly stage: string;
  readonly hook: Hook;
  readonly name: string;
  readonly verb: Verb;
  /** What it is about, as short as can be. */
  readonly target: string;
}

export function changesOf<K extends ChangeKind>({ changes }: Report, kind: K): readonly ChangeOf<K>[] {
  return changes.filter((change): change is ChangeOf<K> => change.is === kind);
}

/** Whether a reconcile would do anything at all. */
export function holdsChanges({ changes, actions }: Report): boolean {
  return actions.length > 0 || changes.some(({ is }) => is !== 'unchanged');
}

/** Whether it would fail. */
export function holdsRefusals({ changes, objections }: Report): boolean {
  return objections.length > 0 || changes.some(({ is }) => is === 'refused');
}

export function describeName({ kind, namespace, name }: ObjectName): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
