import { OutOfRoomError } from '../../shared/heap-room.ts';
import { TaskError } from '../../shared/protocol/task-error.ts';
import type { TaskFailureCode } from '../../shared/protocol/tasks.ts';

/** What is wrong with an input, in kind: the real kustomize fails for the same kind of reason. */
export type ProblemKind =
  /** Text that is no YAML, or YAML that is no Kubernetes object. */
  | 'syntax'
  /** A kustomization, or a configuration it names, with an unknown field, a value of the wrong type or nothing in it. */
  | 'configuration'
  /** A file or directory that is not there, or not what it is used as. */
  | 'missing'
  /** A directory that comes back to itself. */
  | 'cycle'
  /** A file outside of what may be read. */
  | 'outside'
  /** What this build does not do at all: remote resources, functions, Helm. */
  | 'refused'
  /** Two objects of one identity. */
  | 'conflict'
  /** A patch, replacement, replica count, variable or merge that fits no object. */
  | 'noTarget'
  /** … or more than one. */
  | 'ambiguous'
  /** A field that is not there, or is not what is done to it. */
  | 'field';

const codeOf: Readonly<Record<ProblemKind, TaskFailureCode>> = {
  syntax: 'badManifest',
  configuration: 'badManifest',
  missing: 'missingPath',
  cycle: 'badManifest',
  outside: 'pathEscape',
  refused: 'unsupported',
  conflict: 'duplicateObject',
  noTarget: 'badManifest',
  ambiguous: 'badManifest',
  field: 'badManifest',
};

/** The message names files, objects and fields; it never quotes a value, which may be a secret. */
export class Problem extends TaskError {
  readonly kind: ProblemKind;
  /** Without the places that the message begins with. */
  readonly reason: string;

  constructor(kind: ProblemKind, reason: string, place?: string) {
    super(codeOf[kind], place === undefined ? reason : `${place}: ${reason}`);
    this.name = 'Problem';
    this.kind = kind;
    this.reason = reason;
  }
}

/** Runs `work`; a problem in it is told with `place` before it, unless it says that already. */
export function placed<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof OutOfRoomError) {
      throw new TaskError('limitExceeded', `${place} ${error.message} (--worker-memory)`);
    }
    if (!(error instanceof Problem) || error.message.startsWith(place)) throw error;
    throw new Problem(error.kind, error.message, place);
  }
}
