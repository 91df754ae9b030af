import type { Command } from 'commander';
import { UsageError } from '../cli-error.ts';

const EXAMPLES = `
Examples:
  stagesetctl help          all commands, as --help lists them
  stagesetctl help diff     as "stagesetctl diff --help"
`;

export function addHelpCommand(program: Command): void {
  program
    .command('help')
    .summary('Describe a command, as its --help does.')
    .description('Prints what --help prints, of one command or of all.')
    .argument('[command]', 'which command')
    .addHelpText('after', EXAMPLES)
    .action((name: string | undefined) => {
      const command = name === undefined ? program : program.commands.find((each) => each.name() === name);
      if (command === undefined) throw new UsageError(`there is no command "${name}": see --help`);
      command.help();
    });
}
