import { SubstitutedYamlError } from '../../shared/go-yaml/read-yaml.ts';
import { HeapRoom, OutOfRoomError } from '../../shared/heap-room.ts';
import { keysIn } from '../../shared/objects/mask.ts';
import { TaskError } from '../../shared/protocol/task-error.ts';
import type { CancelFlag, Variable } from '../../shared/protocol/tasks.ts';
import { isMap, type YamlMap } from '../../shared/yaml/yaml-value.ts';
import { stopIfCancelled } from '../cancel.ts';
import type { KustomizedObject } from '../kustomize/build-kustomization.ts';
import { quoted } from '../quoted.ts';
import { EffortError } from './effort.ts';
import { UndefinedVariableError } from './evaluate.ts';
import { substituteObject } from './substitute-object.ts';
import { TemplateError } from './template.ts';
import { recordingUse, VariableNameError, type Variables, variablesOf } from './variables.ts';

/** Every object with its `${…}` replaced; one that a Secret's variable went into is sensitive. */
export function substituteAll(
  objects: readonly KustomizedObject[],
  definitions: readonly Variable[],
  flag: CancelFlag,
): readonly KustomizedObject[] {
  if (definitions.length === 0) return objects;
  const variables = namedWell(definitions);
  // The last definition of a name is the one that counts.
  const secretOf = new Map(definitions.map(({ name, secret }) => [name, secret]));
  const room = new HeapRoom();
  return objects.map((built) => {
    stopIfCancelled(flag);
    const used = new Set<string>();
    const object = namingObject(built, () => substituteObject(built.object, recordingUse(variables, used), room));
    if (!used.values().some((name) => secretOf.get(name) === true)) return { ...built, object };
    const known = keysIn(built.object);
    return { ...built, object, sensitive: true, hasSecretKeys: [...keysIn(object)].some((key) => !known.has(key)) };
  });
}

function namedWell(definitions: readonly Variable[]): Variables {
  try {
    return variablesOf(definitions.map(({ name, value }) => [name, value]));
  } catch (error) {
    if (error instanceof VariableNameError) throw new TaskError('badManifest', `postBuild: ${error.message}`);
    throw error;
  }
}

const quoting = [UndefinedVariableError, TemplateError];
const refusals = [...quoting, SubstitutedYamlError];
const excesses = [EffortError, OutOfRoomError];

function namingObject<T>({ object, origin, sensitive }: KustomizedObject, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const says = (kinds: readonly (new (message: string) => Error)[]) => kinds.some((kind) => error instanceof kind);
    // A password may hold `${`, and what follows it is no name but a part of the password.
    if (sensitive && says(quoting)) {
      const why = 'a reference has no value, or is none that Flux reads; which one is not told, for it was encrypted';
      throw new TaskError('badManifest', `${nameOf(object)} in ${origin}: ${why}`);
    }
    if (says(refusals)) throw new TaskError('badManifest', `${nameOf(object)} in ${origin}: ${textOf(error)}`);
    if (says(excesses)) throw new TaskError('limitExceeded', `${nameOf(object)} in ${origin}: ${textOf(error)}`);
    throw error;
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

function nameOf({ kind, metadata }: YamlMap): string {
  const name = isMap(metadata) ? metadata.name : undefined;
  return `${typeof kind === 'string' ? kind : 'object'} ${quoted(typeof name === 'string' ? name : '')}`;
}
