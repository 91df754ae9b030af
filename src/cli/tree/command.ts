import { type Command, InvalidArgumentError, Option } from 'commander';
import { several } from '../options.ts';
import type { TreeFlags } from './tree.ts';

const EXAMPLES = `
Examples:
  stagesetctl tree payments                    stages, their objects, and what those have made, down to pods
  stagesetctl tree payments --stage database   one stage only
  stagesetctl tree payments --depth 2          stages and their objects
  stagesetctl tree payments -o json            the same for programs

Objects stand as kstatus has it: Current, InProgress, Failed, Terminating, Unknown; NotFound and Unread (you may not look)
are added here. Expressions of readyChecks are the controller's alone.
Exit codes: 0 success, 2 wrong usage, 3 anything else.
`;

export function addTreeCommand(program: Command): void {
  const options = [
    new Option('--stage <name>', 'only this stage; repeatable').argParser(several),
    new Option('--depth <levels>', 'so many levels: 1 stages, 2 their objects, 3 and more what those own').argParser(
      levels,
    ),
    new Option('-o, --output <format>', 'output format').choices(['json', 'yaml']),
  ];
  const command = program
    .command('tree')
    .summary('Show the objects of a StageSet and how they stand.')
    .description('Shows what a StageSet has put up, stage by stage, and how it stands.')
    .argument('<name>', 'name of a StageSet')
    .addHelpText('after', EXAMPLES);
  for (const option of options) command.addOption(option);
  command.action(async (name: string) => {
    const { tree } = await import('./tree.ts');
    process.stdout.write(await tree(name, command.optsWithGlobals<TreeFlags>()));
  });
}

function levels(value: string): number {
  if (!/^[1-9]\d?$/.test(value)) throw new InvalidArgumentError('It is a number of levels, from 1 to 99.');
  return Number(value);
}
