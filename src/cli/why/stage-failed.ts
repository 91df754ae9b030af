import type { StageFailure } from '../../main/outcome/stage-failure.ts';
import { actionsOf } from '../../main/source/pin-sources.ts';
import { titleOf } from './about-set.ts';
import { actionCommand } from './action.ts';
import { type Answer, type Command, sentences } from './answer.ts';
import { describeSet, ours } from './commands.ts';
import { withOthers } from './evidence.ts';
import type { Question } from './question.ts';
import { refusalCommand } from './refusals.ts';
import { showSource } from './source-commands.ts';

/** By what the stage was at. */
export async function explainStageFailure(question: Question, failure: StageFailure): Promise<Answer> {
  const { set, message, evidence } = question;
  const { stage, operation, detail } = failure;
  const failed = `${titleOf(set)} failed at its stage "${stage}"`;
  const told = (next: Command): Answer => ({ text: `${failed}: ${operation}: ${detail}`, next });
  switch (operation) {
    case 'fetch artifact':
      return told(showSource(question));
    case 'configure decryption':
      return told(secretCommand(question, set.spec.decryption?.secretRef?.name));
    case 'connect to target cluster':
      return told(secretCommand(question, set.spec.kubeConfig?.secretRef?.name));
    case 'build':
      return told(ours(set, 'build', '--stage', stage));
    case 'apply':
      return told(refusalCommand(detail, evidence) ?? ours(set, 'build', '--stage', stage));
    case 'prune': {
      const held = await evidence.lingering();
      return held === undefined
        ? told(refusalCommand(detail, evidence) ?? describeSet(set))
        : { text: sentences(`${failed}: ${operation}: ${detail}`, `It waits for ${held.text}`), next: held.next };
    }
    case 'verify': {
      const trouble = await evidence.trouble(stage, detail);
      return trouble === undefined
        ? {
            text: sentences(
              `${failed}: ${operation}: ${detail}`,
              'By now nothing of it that you may see is in trouble',
            ),
            next: ours(set, 'tree'),
          }
        : { text: `${failed}, which is not ready: ${withOthers(trouble)}`, next: trouble.next };
    }
    default: {
      const name = /"([^"]*)"/.exec(operation)?.[1] ?? '';
      const inMigration = set.spec.migrations?.find((each) => operation.startsWith('migration ') && each.name === name);
      const candidates = inMigration?.actions ?? actionsOf(set).filter((each) => each.name === name);
      const action = candidates.find((each) => message.includes(`"${each.name}"`)) ?? candidates[0];
      const trouble = action?.job === undefined ? undefined : await evidence.jobTrouble(action.name);
      if (trouble === undefined) return told(refusalCommand(detail, evidence) ?? actionCommand(set, action, evidence));
      return { text: `${failed}: ${operation}: ${withOthers(trouble)}`, next: trouble.next };
    }
  }
}

function secretCommand({ set }: Question, name: string | undefined): Command {
  if (name === undefined) return describeSet(set);
  // Which keys it has, and no value; one that is not there is no error to look for.
  return ['kubectl', 'get', 'secrets', '--field-selector', `metadata.name=${name}`, '-n', set.metadata.namespace ?? ''];
}
