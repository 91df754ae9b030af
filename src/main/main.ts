import { flushCompileCache } from 'node:module';
import { version, versionAndCommit } from '../shared/version.ts';
import { contradictionIn } from './flags/contradictions.ts';
import { helpText } from './flags/help.ts';
import { parseFlags } from './flags/parse.ts';
import { flagGroups, flags, type Settings } from './flags/table.ts';
import { asBug } from './log/log.ts';
import { openLog } from './log/open-log.ts';

const PROGRAM = 'stageset-controller';
/** After this, what has not ended by itself is left. */
const STOP_MS = 10_000;

const parsed = parseFlags(flags, process.argv.slice(2), process.env);
switch (parsed.is) {
  case 'help':
    process.stdout.write(helpText(PROGRAM, flagGroups));
    break;
  case 'version':
    process.stdout.write(`${PROGRAM} ${versionAndCommit()}\n`);
    break;
  case 'wrong':
    refuse(parsed.message);
    break;
  case 'run': {
    const contradiction = contradictionIn(parsed.settings);
    if (contradiction === undefined) await runController(parsed.settings);
    else refuse(contradiction);
    break;
  }
  default:
    parsed satisfies never;
}

function refuse(message: string): void {
  process.stderr.write(`${PROGRAM}: ${message}\n`);
  process.exitCode = 2;
}

async function runController(settings: Settings): Promise<void> {
  const { log, drained } = openLog(settings);
  // A bug, each of them, of one run or one watch: to end for it would stop everybody's deliveries, on each replica in turn.
  process.on('unhandledRejection', (error) => log.error('a failure that nobody waited for', asBug(error)));
  try {
    const { start } = await import('./start.ts'); // --help need not wait for all of it
    const running = await start(settings, log, version());
    flushCompileCache(); // whoever is killed leaves none to the next
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        log.info('stopping', { signal });
        running.stop();
        setTimeout(() => process.exit(0), STOP_MS).unref();
      });
    }
    await running.stopped;
    log.info('stopped');
  } catch (error) {
    log.error('cannot go on', { error });
    process.exitCode = 3;
  }
  await drained();
  // Whatever socket or timer is left has nothing to do any more.
  process.exit();
}
