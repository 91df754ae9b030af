import { type Command, Option } from 'commander';
import { durationFlag } from '../duration-flag.ts';
import type { WatchFlags } from './watch.ts';

const EXAMPLES = `
Examples:
  stagesetctl watch payments                  until its rollout has ended
  stagesetctl watch payments --timeout 10m    or until ten minutes are over
  stagesetctl watch payments && ./announce    go on only if all is well
  stagesetctl watch payments -o json          a line of JSON each time something changes

On a terminal the stages are drawn over themselves; in a pipe each change is a line of its own.
Exit codes: 0 the StageSet is ready, 2 wrong usage, 3 anything else: it is not ready, or time is up.
`;

export function addWatchCommand(program: Command): void {
  const command = program
    .command('watch')
    .summary('Follow a rollout, stage by stage, until it has ended.')
    .description('Shows what each stage of a StageSet does and waits for, until the rollout has ended.')
    .argument('<name>', 'name of a StageSet')
    .addOption(new Option('--timeout <duration>', 'how long to watch; for ever when absent').argParser(durationFlag))
    .addOption(new Option('-o, --output <format>', 'a document each time something changes').choices(['json', 'yaml']))
    .addHelpText('after', EXAMPLES);
  command.action(async (name: string) => {
    const { watch } = await import('./watch.ts');
    await watch(name, command.optsWithGlobals<WatchFlags>());
  });
}
