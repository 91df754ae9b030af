import type { Command, Option } from 'commander';
import type { Question } from './question.ts';

export interface Candidate {
  readonly value: string;
  readonly description?: string;
}

export interface Answers {
  readonly candidates: readonly Candidate[];
  /** Whether a file may stand here too: the shell knows them. */
  readonly files: boolean;
}

/** What only the cluster or the kubeconfig knows; nothing, where it cannot be had. */
export interface Lists {
  stageSets(): Promise<readonly string[]>;
  stages(stageSet: string): Promise<readonly string[]>;
  namespaces(): Promise<readonly string[]>;
  fromKubeconfig(what: 'contexts' | 'clusters' | 'users'): Promise<readonly string[]>;
}

export async function answersTo(question: Question, program: Command, lists: Lists): Promise<Answers> {
  const { prefix } = question;
  const all = await allAnswers(question, program, lists);
  const lead = question.is === 'value' ? question.lead : '';
  const fitting = all.candidates.filter(({ value }) => value.startsWith(prefix));
  return { ...all, candidates: fitting.map((each) => ({ ...each, value: lead + each.value })) };
}

function allAnswers(question: Question, program: Command, lists: Lists): Promise<Answers> | Answers {
  switch (question.is) {
    case 'command':
      return commandsOf(program);
    case 'flag':
      return none([...question.command.options, ...program.options].filter(({ hidden }) => !hidden).map(flagOf));
    case 'value':
      return valuesOf(question, lists);
    case 'argument':
      return argumentsOf(question, program, lists);
    default:
      return question satisfies never;
  }
}

async function valuesOf(
  { option, positionals }: Extract<Question, { readonly is: 'value' }>,
  lists: Lists,
): Promise<Answers> {
  if (option.argChoices !== undefined) return plain(option.argChoices);
  switch (option.long) {
    case '--namespace':
      return plain(await lists.namespaces());
    case '--context':
      return plain(await lists.fromKubeconfig('contexts'));
    case '--cluster':
      return plain(await lists.fromKubeconfig('clusters'));
    case '--user':
      return plain(await lists.fromKubeconfig('users'));
    case '--stage':
      return plain(positionals[0] === undefined ? [] : await lists.stages(positionals[0]));
    default:
      return { candidates: [], files: /file|folder|path|dir/.test(option.flags) };
  }
}

async function argumentsOf(
  { command, positionals }: Extract<Question, { readonly is: 'argument' }>,
  program: Command,
  lists: Lists,
): Promise<Answers> {
  const argument = command.registeredArguments[positionals.length];
  if (argument?.argChoices !== undefined) return plain(argument.argChoices);
  switch (positionals.length === 0 && argument?.name()) {
    case 'name':
      return plain(await lists.stageSets());
    case 'command':
      return commandsOf(program);
    case 'name-or-folder':
      return { ...plain(await lists.stageSets()), files: true };
    default:
      return plain([]);
  }
}

function commandsOf(program: Command): Answers {
  return none(program.commands.map((command) => ({ value: command.name(), description: command.summary() })));
}

function flagOf({ long, short, description }: Option): Candidate {
  return { value: long ?? short ?? '', description };
}

function plain(values: readonly string[]): Answers {
  return none(values.map((value) => ({ value })));
}

/** No files beside them. */
function none(candidates: readonly Candidate[]): Answers {
  return { candidates, files: false };
}
