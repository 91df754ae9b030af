import { type Command, Option } from 'commander';
import { renderingOptions, several } from '../options.ts';
import type { DiffFlags } from './flags.ts';

const EXAMPLES = `
Examples:
  stagesetctl diff payments                      what a reconcile would change on the cluster
  stagesetctl diff payments --source-dir ./out   with local files in place of the artifacts
  stagesetctl diff payments --as-tenant          with the rights of its spec.serviceAccountName
  stagesetctl diff --from ./old --to ./new -f stageset.yaml -o markdown
                                                 two checkouts, without any cluster, for a comment on a pull request

Nothing is written. Values of Secrets are shown by number, *** (1), *** (2): the same number is the same value.
Exit codes: 0 no change, 1 changes, 2 wrong usage, 3 a reconcile would fail, or anything else.
`;

export function addDiffCommand(program: Command): void {
  const option = (flags: string, text: string) => new Option(flags, text);
  const options = [
    option('--stage <name>', 'compare only this stage; repeatable').argParser(several),
    option('--source-dir <[stage=]folder>', 'local files in place of artifacts; repeatable').argParser(several),
    option('--server-side', 'let the server play the apply through; =false compares texts').default(true),
    option('--no-server-side', '').hideHelp(),
    option('--as-tenant', "read and ask as the StageSet's spec.serviceAccountName"),
    option('--show-secrets', 'print the values of Secrets'),
    option('--show-unchanged', 'list objects without a change, too'),
    option('--prune', 'show what would be deleted; =false hides it').default(true),
    option('--no-prune', '').hideHelp(),
    option('--color <when>', 'colors').choices(['auto', 'always', 'never']).default('auto'),
    option('--exit-code', 'exit with 1 when there are changes; =false exits with 0').default(true),
    option('--no-exit-code', '').hideHelp(),
    option('-o, --output <format>', 'output format; text when absent').choices(['markdown', 'json', 'yaml']),
    option('--from <[stage=]folder>', 'files as they were, with --to and -f; repeatable').argParser(several),
    option('--to <[stage=]folder>', 'files as they are to be; repeatable').argParser(several),
    option('-f, --filename <file>', 'the StageSet that renders both, - for standard input'),
    ...renderingOptions(),
  ];
  const command = program
    .command('diff')
    .summary('Preview what a reconcile would change; usable as a CI gate.')
    .description('Shows what a reconcile would create, change, replace and delete, and which actions it would run.')
    .argument('[name]', 'name of a StageSet')
    .addHelpText('after', EXAMPLES);
  for (const each of options) command.addOption(each);
  command.action(async (name: string | undefined) => {
    const { diff } = await import('./diff.ts');
    const { text, exitCode } = await diff(name, command.optsWithGlobals<DiffFlags>());
    process.stdout.write(text);
    process.exitCode = exitCode;
  });
}
