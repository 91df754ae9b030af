import type { Stage, StageSetSpec, Verb } from '../../shared/api/types.ts';
import type { Outcome } from '../outcome/outcome.ts';

type Asks<T> = readonly [path: string, asks: (of: T) => boolean];

const ofSpec: readonly Asks<StageSetSpec>[] = [['version', (spec) => spec.version !== undefined]];

/** Those that src/main/start.ts does not know yet. */
const verbsToCome: readonly Verb[] = ['job', 'apply'];

const ofStage: readonly Asks<Stage>[] = verbsToCome.map((verb) => [
  `actions: ${verb}`,
  ({ actions = {} }) => [actions.pre, actions.post, actions.onFailure].some((each) => each?.some((one) => one[verb])),
]);

/** A field that this version cannot honour fails the run: to pass over it in silence would roll out something else. */
export function notYetSupported(spec: StageSetSpec): Outcome | undefined {
  const asked = [
    ...ofSpec.filter(([, asks]) => asks(spec)).map(([path]) => `spec.${path}`),
    ...spec.stages.flatMap((stage, i) =>
      ofStage.filter(([, asks]) => asks(stage)).map(([path]) => `spec.stages[${i}].${path}`),
    ),
  ];
  const [stage] = spec.stages;
  if (asked.length === 0 || stage === undefined) return undefined;
  const message = `this version of the controller does not support ${asked.join(', ')} yet: remove it, or wait for a release that does`;
  return { reason: 'StageFailed', stage: stage.name, message, retry: 'retryInterval' };
}
