import { KubeError } from '../kube/errors.ts';

/** So long was given, and it was not done by then. */
export class TimeUp extends Error {
  readonly timeUp = true;
}

/** Whether a deadline passed, down to what first went wrong: an error of ours that comes of one has `timeUp`. */
export function isTimeUp(error: unknown): boolean {
  if (error instanceof KubeError && error.reason === 'Timeout') return true;
  if (typeof error !== 'object' || error === null) return false;
  if ('timeUp' in error && error.timeUp === true) return true;
  return 'cause' in error && isTimeUp(error.cause);
}
