import { type Command, Option } from 'commander';
import type { WhyFlags } from './why.ts';

const EXAMPLES = `
Examples:
  stagesetctl why payments              what it waits for or why it failed, and one command to go on with
  stagesetctl why payments -o json      the same for programs

Looks from the StageSet down to stages, objects, pods and their events, with your own rights; what you may not read is
said in half a sentence.
Exit codes: 0 success, whatever the answer is; 2 wrong usage, 3 anything else.
`;

export function addWhyCommand(program: Command): void {
  const command = program
    .command('why')
    .summary('Say what a StageSet waits for or why it failed.')
    .description('Says in one paragraph what a StageSet waits for or why it failed, and names one next command.')
    .argument('<name>', 'name of a StageSet')
    .addOption(new Option('-o, --output <format>', 'output format').choices(['json', 'yaml']))
    .addHelpText('after', EXAMPLES);
  command.action(async (name: string) => {
    const { why } = await import('./why.ts');
    process.stdout.write(await why(name, command.optsWithGlobals<WhyFlags>()));
  });
}
