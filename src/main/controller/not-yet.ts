import type { StageSetSpec } from '../../shared/api/types.ts';
import type { Outcome } from '../outcome/outcome.ts';

const ofSpec: readonly (readonly [path: string, asks: (spec: StageSetSpec) => boolean])[] = [
  ['version', (spec) => spec.version !== undefined],
];

/** A field that this version cannot honour fails the run: to pass over it in silence would roll out something else. */
export function notYetSupported(spec: StageSetSpec): Outcome | undefined {
  const asked = ofSpec.filter(([, asks]) => asks(spec)).map(([path]) => `spec.${path}`);
  const [stage] = spec.stages;
  if (asked.length === 0 || stage === undefined) return undefined;
  const message = `this version of the controller does not support ${asked.join(', ')} yet: remove it, or wait for a release that does`;
  return { reason: 'StageFailed', stage: stage.name, message, retry: 'retryInterval' };
}
