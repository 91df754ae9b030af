import { readStageFailure } from '../../main/outcome/stage-failure.ts';
import { type Reason, type Requeue, reasons } from '../../shared/api/reasons.ts';
import type { StageSet } from '../../shared/api/types.ts';
import { titleOf } from './about-set.ts';
import { type Answer, sentences } from './answer.ts';
import { describeSet, ours, showSpec } from './commands.ts';
import { explainDependency } from './dependency.ts';
import type { Question } from './question.ts';
import { listSources, showSource } from './source-commands.ts';
import { explainStageFailure } from './stage-failed.ts';
import { explainSuccess } from './success.ts';

type Explain = (question: Question) => Answer | Promise<Answer>;

/** One for each reason of the Ready condition. */
export const explanations: Readonly<Record<Reason, Explain>> = {
  Succeeded: explainSuccess,
  Suspended: ({ set }) => ({
    text: sentences(
      `${titleOf(set)} is suspended (spec.suspend is true): nothing is rolled out or corrected until somebody resumes it`,
      'What stands on the cluster stays',
    ),
    next: ours(set, 'resume'),
  }),
  InvalidSpec: refusedSpec,
  InvalidVersion: refusedSpec,
  DowngradeRequiresMigration: refusedSpec,
  Stalled: ({ set, message }) => ({
    text: notReady(set, 'Stalled', message),
    next: [
      'kubectl',
      'get',
      'stagesets.stages.metio.wtf',
      '-n',
      set.metadata.namespace ?? '',
      '-o',
      'custom-columns=NAME:.metadata.name,DEPENDS ON:.spec.dependsOn[*].name',
    ],
  }),
  DependencyNotReady: explainDependency,
  SourceNotReady: (question) => ({
    text: notReady(question.set, 'SourceNotReady', question.message),
    next: showSource(question),
  }),
  ArtifactNotFound: (question) => ({
    text: notReady(question.set, 'ArtifactNotFound', question.message),
    next: listSources(question),
  }),
  ResolveFailed: (question) => ({
    text: notReady(question.set, 'ResolveFailed', question.message),
    next: listSources(question),
  }),
  UpdateDeferred: ({ set, message }) => ({
    text: notReady(set, 'UpdateDeferred', message),
    next: ours(set, 'reconcile', '--update-now'),
  }),
  StageFailed: async (question) => {
    const { set, message } = question;
    const failure = readStageFailure(message);
    const answer = failure === undefined ? undefined : await explainStageFailure(question, failure);
    return {
      text: sentences(answer?.text ?? `${titleOf(set)} failed: ${message}`, onceMore('StageFailed', set)),
      next: answer?.next ?? describeSet(set),
    };
  },
  PreviousRevisionUnavailable: ({ set, message }) => ({
    text: sentences(
      `${titleOf(set)} failed, and what stood before cannot be put back: ${message}`,
      onceMore('PreviousRevisionUnavailable', set),
    ),
    next: describeSet(set),
  }),
};

function refusedSpec({ set, message }: Question): Answer {
  const text = sentences(
    `${titleOf(set)} cannot be rolled out as it is written: ${message}`,
    onceMore('InvalidSpec', set),
  );
  return { text, next: showSpec(set) };
}

function notReady(set: StageSet, reason: Reason, message: string): string {
  return sentences(`${titleOf(set)} ${verbs[reasons[reason].kind]}: ${message}`, onceMore(reason, set));
}

const verbs = {
  steady: 'is Ready',
  intended: 'is at rest',
  terminal: 'is stalled',
  waiting: 'waits',
  failure: 'failed',
  byCause: 'cannot find its source',
} as const;

/** What makes the controller try again. */
function onceMore(reason: Reason, { spec }: StageSet): string | undefined {
  const { retryInterval = spec.interval } = spec;
  const every = retryInterval === undefined ? 'after its retryInterval' : `every ${retryInterval}`;
  const afterwards: Readonly<Record<Requeue, string | undefined>> = {
    steadyInterval: undefined,
    specChange: undefined,
    specOrSourceChange: 'Nothing is tried again before the spec or a source changes',
    graphChange: 'Nothing is tried again before a StageSet of that circle changes',
    eventOrRetryInterval: 'It goes on by itself as soon as that changes',
    byCause: 'It goes on by itself as soon as that changes',
    windowBoundary: 'It goes on by itself when a window opens',
    retryIntervalOrBackoff: `It is tried again ${every}, and as soon as the spec or a source changes`,
    retryInterval: `It is tried again ${every}, and as soon as the spec or a source changes`,
  };
  return afterwards[reasons[reason].requeue];
}
