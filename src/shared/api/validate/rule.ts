import type { HeapRoom } from '../../heap-room.ts';
import type { SoundSpec } from './places.ts';
import type { Violation } from './violation.ts';

/** What the operator's flags decide. */
export interface ValidationOptions {
  readonly noCrossNamespaceRefs?: boolean;
}

export interface Subject {
  readonly spec: SoundSpec;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly options: ValidationOptions;
  /** For all the patches together: a small text can stand for a large one. */
  readonly room: HeapRoom;
}

/** One family of rules. It meets only sound fields and reports all it finds. */
export type Rule = (subject: Subject) => Iterable<Violation>;
