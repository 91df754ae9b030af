import { Command, CommanderError } from 'commander';
import { versionAndCommit } from '../shared/version.ts';
import { addBuildCommand } from './build/command.ts';
import { UsageError } from './cli-error.ts';
import { addCompletionCommand } from './completion/command.ts';
import { addConnectionFlags } from './connection/flags.ts';
import { addDiffCommand } from './diff/command.ts';
import { addEventsCommand } from './events/command.ts';
import { addGetCommand } from './get/command.ts';
import { withoutGoBooleans } from './go-booleans.ts';
import { addHelpCommand } from './help/command.ts';
import { addHistoryCommand } from './history/command.ts';
import { addImportCommand } from './import/command.ts';
import { addReconcileCommand } from './reconcile/command.ts';
import { addResumeCommand, addSuspendCommand } from './suspend/command.ts';
import { tell } from './tell.ts';
import { addTraceCommand } from './trace/command.ts';
import { addTreeCommand } from './tree/command.ts';
import { addWatchCommand } from './watch/command.ts';
import { addWhyCommand } from './why/command.ts';

/** Usage errors end with 2, runtime errors with 3; 1 is left to commands that answer a question. */
const USAGE_ERROR = 2;
const RUNTIME_ERROR = 3;

/** In the order in which --help lists them. */
const commands: readonly ((program: Command) => void)[] = [
  addGetCommand,
  addWhyCommand,
  addTreeCommand,
  addTraceCommand,
  addBuildCommand,
  addDiffCommand,
  addImportCommand,
  addReconcileCommand,
  addWatchCommand,
  addHistoryCommand,
  addEventsCommand,
  addSuspendCommand,
  addResumeCommand,
  addCompletionCommand,
  addHelpCommand,
];

const EXAMPLES = `
Examples:
  stagesetctl get -A                      every StageSet and how it stands
  stagesetctl why payments                what it waits for or why it failed, and what to do next
  stagesetctl diff payments               what a reconcile would change
  stagesetctl reconcile payments --wait   run it now, and say how that ended

"stagesetctl <command> --help" has more. As kubectl-stageset on the PATH it is "kubectl stageset".
`;

/** Runs the command line and leaves the exit code behind. */
export async function run(args: readonly string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads our output may stop in the middle of it, as `head` does: there is nobody left to tell anything.
    if (error.code === 'EPIPE') process.exit();
    tell(`cannot write the output: ${error.message}`);
    process.exitCode = RUNTIME_ERROR;
  });
  process.stderr.on('error', () => {}); // the same, and no other place to say so
  const program = createProgram();
  try {
    // Not a command like others: the words behind it are another command line, flags and all.
    if (args[0] === '__complete') {
      const { complete } = await import('./completion/complete.ts');
      process.stdout.write(await complete(args.slice(1), program));
      return;
    }
    const options = [program, ...program.commands].flatMap((command) => command.options);
    await program.parseAsync(withoutGoBooleans(args, options), { from: 'user' });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function createProgram(): Command {
  const program = new Command('stagesetctl')
    .description('Shows, explains, previews and drives StageSets.')
    .addHelpText('after', EXAMPLES)
    .option('--version', 'print version and commit')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      outputError: (text) => tell(`${text.replace(/^error: /, '').replace(/\.?\s*$/, '')}: see --help`),
    })
    .exitOverride()
    .action(({ version }: { readonly version?: boolean }) => {
      const [command] = program.args;
      if (command !== undefined) throw new UsageError(`there is no command "${command}": see --help`);
      if (version) process.stdout.write(`${versionAndCommit()}\n`);
      else program.help();
    });
  addConnectionFlags(program);
  for (const add of commands) add(program);
  // Not before: commands take over how strict their parent is.
  return program.allowExcessArguments();
}

function exitCodeOf(error: unknown): number {
  // Commander has already said what it found; help is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_ERROR;
  tell(error instanceof Error ? error.message : String(error));
  return error instanceof UsageError ? USAGE_ERROR : RUNTIME_ERROR;
}
