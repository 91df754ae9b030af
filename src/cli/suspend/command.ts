import { type Command, Option } from 'commander';
import type { SuspendFlags } from './set-suspend.ts';

const SUSPEND_EXAMPLES = `
Examples:
  stagesetctl suspend payments                leave everything as it is until further notice
  stagesetctl reconcile payments --force      run once nevertheless
  stagesetctl resume payments                 go on

Exit codes: 0 success, 2 wrong usage, 3 anything else.
`;

export function addSuspendCommand(program: Command): void {
  add(program, true)
    .summary('Suspend a StageSet: nothing is applied until it is resumed.')
    .description('Sets spec.suspend: the controller leaves everything as it is, and heals no drift.');
}

export function addResumeCommand(program: Command): void {
  add(program, false)
    .summary('Resume a suspended StageSet.')
    .description('Clears spec.suspend: the controller runs the StageSet at once.');
}

function add(program: Command, suspend: boolean): Command {
  const command = program
    .command(suspend ? 'suspend' : 'resume')
    .argument('<name>', 'name of a StageSet')
    .addOption(new Option('-o, --output <format>', 'print the StageSet as it is then').choices(['json', 'yaml']))
    .addHelpText('after', SUSPEND_EXAMPLES);
  return command.action(async (name: string) => {
    const { setSuspend } = await import('./set-suspend.ts');
    process.stdout.write(await setSuspend(name, suspend, command.optsWithGlobals<SuspendFlags>()));
  });
}
