import { sourceRefOf } from '../../shared/api/defaults.ts';
import { FLUX_SOURCE_GROUP, isFluxSourceKind } from '../../shared/flux-sources.ts';
import type { Command } from './answer.ts';
import { inNamespace } from './commands.ts';
import type { Question } from './question.ts';

/** The source of the stage that the message names. */
export function showSource(question: Question): Command {
  const { ref, resource } = sourceIn(question);
  if (ref === undefined || resource === undefined) return notInstalled;
  return ['kubectl', 'describe', resource, ref.name, ...inNamespace(ref.namespace)];
}

/** The sources that there are instead of the one that the message names. */
export function listSources(question: Question): Command {
  const { ref, resource } = sourceIn(question);
  if (ref === undefined || resource === undefined) return notInstalled;
  return ['kubectl', 'get', resource, ...inNamespace(ref.namespace)];
}

const notInstalled: Command = ['kubectl', 'api-resources', `--api-group=${FLUX_SOURCE_GROUP}`];

function sourceIn({ set, message, evidence }: Question) {
  const { namespace = '' } = set.metadata;
  const name = /^stage "([^"]*)"/.exec(message)?.[1];
  const owner = set.spec.stages.find((stage) => stage.name === name) ?? foreignStage(set.spec.stages, namespace);
  if (owner === undefined) return { ref: undefined, resource: undefined };
  const ref = sourceRefOf(owner, namespace);
  const flux = isFluxSourceKind(ref.kind) ? `${FLUX_SOURCE_GROUP}/v1` : undefined;
  const apiVersion = ref.apiVersion ?? flux;
  const resource = evidence.resourceName({ kind: ref.kind, ...(apiVersion !== undefined && { apiVersion }) });
  return { ref, resource };
}

type Stages = Question['set']['spec']['stages'];

/** A message about another namespace names no stage. */
function foreignStage(stages: Stages, home: string): Stages[number] | undefined {
  return stages.find(({ sourceRef }) => (sourceRef.namespace ?? home) !== home) ?? stages[0];
}
