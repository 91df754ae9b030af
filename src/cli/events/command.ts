import { type Command, Option } from 'commander';
import type { EventsFlags } from './events.ts';

const EXAMPLES = `
Examples:
  stagesetctl events payments            about it, its objects and their pods, the newest last
  stagesetctl events payments --watch    and those to come, until Ctrl-C
  stagesetctl events payments -o yaml    in full

Kubernetes forgets events after an hour. What you may not read is left out, and said so.
Exit codes: 0 success, 2 wrong usage, 3 anything else.
`;

export function addEventsCommand(program: Command): void {
  const command = program
    .command('events')
    .summary('Print the events of a StageSet and of all it owns.')
    .description('Prints the events of a StageSet, its objects and their pods, in the order of time.')
    .argument('<name>', 'name of a StageSet')
    .addOption(new Option('-w, --watch', 'go on with those to come'))
    .addOption(new Option('-o, --output <format>', 'output format; a table when absent').choices(['json', 'yaml']))
    .addHelpText('after', EXAMPLES);
  command.action(async (name: string) => {
    const { events } = await import('./events.ts');
    await events(name, command.optsWithGlobals<EventsFlags>());
  });
}
