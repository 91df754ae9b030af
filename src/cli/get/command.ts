import { type Command, Option } from 'commander';
import type { GetFlags } from './get.ts';

const EXAMPLES = `
Examples:
  stagesetctl get                          the StageSets of this namespace
  stagesetctl get -A -l team=payments      those of all namespaces with this label
  stagesetctl get payments                 one in detail: stages, phases, revisions
  stagesetctl get payments -o yaml         as it is on the cluster

Exit codes: 0 success, 2 wrong usage, 3 anything else.
`;

export function addGetCommand(program: Command): void {
  const command = program
    .command('get')
    .summary("Print a StageSet's status, or list StageSets.")
    .description('Lists StageSets, or prints the status of one.')
    .argument('[name]', 'name of a StageSet')
    .addOption(new Option('-A, --all-namespaces', 'list StageSets across all namespaces'))
    .addOption(new Option('-l, --selector <labels>', 'list those with these labels, such as team=payments'))
    .addOption(
      new Option('-o, --output <format>', 'output format; a table when absent').choices(['json', 'yaml', 'wide']),
    )
    .addHelpText('after', EXAMPLES);
  command.action(async (name: string | undefined) => {
    const { get } = await import('./get.ts');
    process.stdout.write(await get(name, command.optsWithGlobals<GetFlags>()));
  });
}
