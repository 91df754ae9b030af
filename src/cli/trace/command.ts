import { type Command, Option } from 'commander';
import type { TraceFlags } from './trace.ts';

const EXAMPLES = `
Examples:
  stagesetctl trace deployment/web            which StageSet and stage put it up, from which source and revision
  stagesetctl trace pod web-6f9c7 -n shop     the same of a pod, through what owns it
  stagesetctl trace cm settings -o yaml       the same for programs

Kinds are written as for kubectl: kind, plural or short name, with the group behind it where several have the name.
Exit codes: 0 a StageSet owns it, 1 none does, 2 wrong usage, 3 anything else.
`;

export function addTraceCommand(program: Command): void {
  const command = program
    .command('trace')
    .summary('Say which StageSet and stage own an object.')
    .description('Says which StageSet and stage put an object up, from which source and revision.')
    .argument('<kind/name>', 'the object, such as deployment/web; or its kind')
    .argument('[name]', 'its name, where the first argument is the kind alone')
    .addOption(new Option('-o, --output <format>', 'output format').choices(['json', 'yaml']))
    .addHelpText('after', EXAMPLES);
  command.action(async (kind: string, name: string | undefined) => {
    const { trace } = await import('./trace.ts');
    const { text, owned } = await trace(kind, name, command.optsWithGlobals<TraceFlags>());
    process.stdout.write(text);
    if (!owned) process.exitCode = 1;
  });
}
