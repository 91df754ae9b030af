import type { Command, Option } from 'commander';

/** What stands to be completed at the end of a command line. */
export type Question =
  | { readonly is: 'command'; readonly prefix: string }
  | { readonly is: 'flag'; readonly command: Command; readonly prefix: string }
  /** `lead` is what stands before the value within the word: `--namespace=`. */
  | {
      readonly is: 'value';
      readonly option: Option;
      readonly positionals: readonly string[];
      readonly prefix: string;
      readonly lead: string;
    }
  | {
      readonly is: 'argument';
      readonly command: Command;
      readonly positionals: readonly string[];
      readonly prefix: string;
    };

/** `words` are those behind the program's name; the last one, empty perhaps, is to be completed. */
export function questionIn(words: readonly string[], program: Command): Question {
  const before = words.slice(0, -1);
  const prefix = words.at(-1) ?? '';
  let command = program;
  let awaiting: Option | undefined;
  let isPastFlags = false;
  const positionals: string[] = [];
  for (const word of before) {
    if (awaiting !== undefined) {
      awaiting = undefined;
    } else if (!isPastFlags && word === '--') {
      isPastFlags = true;
    } else if (!isPastFlags && word.startsWith('-')) {
      awaiting = word.includes('=') ? undefined : optionNamed(word, command, program);
    } else {
      const named = command === program ? program.commands.find((each) => each.name() === word) : undefined;
      if (named === undefined) positionals.push(word);
      else command = named;
    }
  }
  if (awaiting !== undefined) return { is: 'value', option: awaiting, positionals, prefix, lead: '' };
  if (!isPastFlags && prefix.startsWith('-')) return flagQuestion(prefix, { command, program, positionals });
  if (command === program && positionals.length === 0) return { is: 'command', prefix };
  return { is: 'argument', command, positionals, prefix };
}

interface Place {
  readonly command: Command;
  readonly program: Command;
  readonly positionals: readonly string[];
}

function flagQuestion(prefix: string, { command, program, positionals }: Place): Question {
  const [, flag = '', value = ''] = /^(--[^=]+)=(.*)$/s.exec(prefix) ?? [];
  const option = flag === '' ? undefined : optionNamed(flag, command, program);
  if (option === undefined) return { is: 'flag', command, prefix };
  return { is: 'value', option, positionals, prefix: value, lead: `${flag}=` };
}

/** One that takes a value. */
function optionNamed(flag: string, command: Command, program: Command): Option | undefined {
  const option = [...command.options, ...program.options].find(({ long, short }) => flag === long || flag === short);
  return option?.isBoolean() ? undefined : option;
}
