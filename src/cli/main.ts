import { Command, CommanderError } from 'commander';
import { versionAndCommit } from '../shared/version.ts';

/** Usage errors end with 2, runtime errors with 3; 1 is left to commands that answer a question. */
const USAGE_ERROR = 2;
const RUNTIME_ERROR = 3;

const program = new Command('stagesetctl')
  .description('Previews, renders and drives StageSets.')
  .version(versionAndCommit(), '--version', 'Print version and commit.')
  .exitOverride()
  .action(() => program.help());

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  // Commander has already said what it found; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_ERROR;
  process.stderr.write(`stagesetctl: ${error instanceof Error ? error.message : String(error)}\n`);
  return RUNTIME_ERROR;
}
