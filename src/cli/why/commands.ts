import type { Resource } from '../../main/kube/types.ts';
import type { StageSet } from '../../shared/api/types.ts';
import type { Command } from './answer.ts';

/** A command of ours about this StageSet. */
export function ours(set: StageSet, verb: string, ...flags: readonly string[]): Command {
  const { namespace = '', name } = set.metadata;
  return ['stagesetctl', verb, name, '-n', namespace, ...flags];
}

/** Status and events: where to look when nothing else is known. */
export function describeSet(set: StageSet): Command {
  const { namespace = '', name } = set.metadata;
  return ['kubectl', 'describe', 'stagesets.stages.metio.wtf', name, '-n', namespace];
}

export function showSpec(set: StageSet): Command {
  const { namespace = '', name } = set.metadata;
  return ['kubectl', 'get', 'stagesets.stages.metio.wtf', name, '-n', namespace, '-o', 'yaml'];
}

/** As kubectl finds a kind whatever others are called: `deployments.apps`. */
export function resourceName({ plural, group }: Pick<Resource, 'plural' | 'group'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

export function inNamespace(namespace: string | undefined): readonly string[] {
  return namespace === undefined || namespace === '' ? [] : ['-n', namespace];
}
