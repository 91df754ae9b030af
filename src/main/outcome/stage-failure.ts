import type { Operation } from './outcome.ts';

/** What the message of a StageError tells, for whoever only has the message. */
export interface StageFailure {
  readonly stage: string;
  readonly operation: Operation;
  readonly detail: string;
}

/** Undefined: it is no such message. */
export function readStageFailure(message: string): StageFailure | undefined {
  const [, stage, operation, detail = ''] = failureText.exec(message) ?? [];
  if (stage === undefined || operation === undefined) return undefined;
  return { stage, operation: operation as Operation, detail };
}

const operations: readonly string[] = [
  'fetch artifact',
  'configure decryption',
  'build',
  'apply',
  'verify',
  'prune',
  'connect to target cluster',
  '(?:pre|post) action "[^"]*"',
  'migration "[^"]*"',
] satisfies readonly (Operation | '(?:pre|post) action "[^"]*"' | 'migration "[^"]*"')[];

const failureText = new RegExp(`^stage "([^"]*)" failed: (${operations.join('|')}): (.*)$`, 's');
