import { type Command, Option } from 'commander';
import type { HistoryFlags } from './history.ts';

const EXAMPLES = `
Examples:
  stagesetctl history payments            how its last runs have ended, newest first
  stagesetctl history payments -o json    the same, with full revisions and times

A run that ends as the one before it is not added, and five are kept.
Exit codes: 0 success, 2 wrong usage, 3 anything else.
`;

export function addHistoryCommand(program: Command): void {
  const command = program
    .command('history')
    .summary('Print how the last runs of a StageSet have ended.')
    .description('Prints the last outcomes of a StageSet that differed, newest first.')
    .argument('<name>', 'name of a StageSet')
    .addOption(new Option('-o, --output <format>', 'output format; a table when absent').choices(['json', 'yaml']))
    .addHelpText('after', EXAMPLES);
  command.action(async (name: string) => {
    const { history } = await import('./history.ts');
    process.stdout.write(await history(name, command.optsWithGlobals<HistoryFlags>()));
  });
}
