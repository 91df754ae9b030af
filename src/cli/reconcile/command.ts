import { type Command, InvalidArgumentError, Option } from 'commander';
import { durationFlag } from '../duration-flag.ts';
import type { ReconcileFlags } from './reconcile.ts';

const EXAMPLES = `
Examples:
  stagesetctl reconcile payments                        run now instead of at the next interval
  stagesetctl reconcile payments --wait                 and say how it ended
  stagesetctl reconcile payments --with-source --wait   look for a newer revision first
  stagesetctl reconcile payments --stage smoke-test     run this stage's actions again
  stagesetctl reconcile payments --update-now           do not wait for the update window
  stagesetctl reconcile payments --force                run once although suspended

Exit codes: 0 success, 2 wrong usage, 3 anything else: with --wait also when the StageSet is not ready in the end.
`;

export function addReconcileCommand(program: Command): void {
  const one = (value: string, before: string | undefined) => {
    if (before !== undefined) throw new InvalidArgumentError('One stage at a time can be asked for.');
    return value;
  };
  const command = program
    .command('reconcile')
    .summary('Force an out-of-band reconcile.')
    .description('Asks the controller to run a StageSet now.')
    .argument('<name>', 'name of a StageSet')
    .addOption(new Option('--stage <name>', "run only this stage's actions again").argParser(one))
    .addOption(new Option('--with-source', "also re-request the stages' sources, or what produces them, first"))
    .addOption(new Option('--update-now', 'apply a window-held rollout immediately, bypassing update windows'))
    .addOption(new Option('--force', 'proceed even when the StageSet is suspended'))
    .addOption(new Option('--wait', 'block until the controller reports the request handled'))
    .addOption(
      new Option('--timeout <duration>', 'how long to wait with --wait').argParser(durationFlag).default(300_000, '5m'),
    )
    .addOption(
      new Option('-o, --output <format>', 'print the StageSet as it is then; with --wait, as the run left it').choices([
        'json',
        'yaml',
      ]),
    )
    .addHelpText('after', EXAMPLES);
  command.action(async (name: string) => {
    const { reconcile } = await import('./reconcile.ts');
    await reconcile(name, command.optsWithGlobals<ReconcileFlags>());
  });
}
