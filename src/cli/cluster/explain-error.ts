import { KubeError } from '../../main/kube/errors.ts';
import { RuntimeError } from '../cli-error.ts';

/** What a cluster's answer, or its silence, means to whoever sits before the terminal, and what to do next. */
export function explainError(error: unknown): unknown {
  const remedy = error instanceof KubeError ? remedyFor(error) : undefined;
  return remedy === undefined
    ? error
    : new RuntimeError(`${(error as KubeError).message}: ${remedy}`, { cause: error });
}

function remedyFor({ status, reason }: KubeError): string | undefined {
  if (status === 401 || reason === 'Credentials') return 'log in again, or be somebody else with --context';
  if (status === 403) return 'ask for this grant, or be somebody else with --context or --as';
  if (status === 0) return 'choose another cluster with --context, or see that this one is up';
  return undefined;
}
