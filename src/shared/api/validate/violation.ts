/** What is wrong in a closed set of words; the message says it to people. */
export type ViolationCode =
  | 'WrongType'
  | 'Missing'
  | 'NotAllowed'
  | 'Malformed'
  | 'OutOfRange'
  | 'Duplicate'
  | 'ForbiddenKey'
  | 'ExactlyOne'
  | 'NotTogether'
  | 'Incomplete'
  | 'NotSupported'
  | 'SelfReference'
  | 'CrossNamespace'
  | 'UnknownStage'
  | 'NeedsVersion'
  | 'NeedsApiVersion'
  | 'NeedsAllowDataLoss'
  | 'BadVersion'
  | 'BadConstraint'
  | 'BadJsonPath'
  | 'BadPath'
  | 'BadSchedule'
  | 'BadTimeZone'
  | 'BadPatch'
  | 'BadExpression'
  | 'BadUrl'
  | 'TooMany';

export interface Violation {
  /** `spec.stages[1].actions.pre[0].http.url` */
  readonly path: string;
  readonly code: ViolationCode;
  readonly reason: 'InvalidSpec' | 'InvalidVersion';
  /** Without the path, fit to follow it and a colon. */
  readonly message: string;
  /** Refused at admission; a run that meets it reports it as that step's failure instead of `reason`. */
  readonly atRunTime?: 'connect' | 'dependency';
}

export function violation(path: string, code: ViolationCode, message: string): Violation {
  return { path, code, reason: 'InvalidSpec', message };
}

export function versionViolation(path: string, code: ViolationCode, message: string): Violation {
  return { path, code, reason: 'InvalidVersion', message };
}

export function describeViolation({ path, message }: Pick<Violation, 'path' | 'message'>): string {
  return `${path}: ${message}`;
}

/** A value as a message shows it: quoted, and short. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > 64 ? `${value.slice(0, 64)}…` : value);
}
