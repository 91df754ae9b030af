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
}

/** One family of rules. It meets only sound fields and reports all it finds. */
export type Rule = (subject: Subject) => Iterable<Violation>;
