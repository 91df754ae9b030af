import { flushCompileCache } from 'node:module';
import { systemClock } from '../shared/time/clock.ts';
import { version, versionAndCommit } from '../shared/version.ts';
import { contradictionIn } from './flags/contradictions.ts';
import { helpText, parseFlags } from './flags/parse.ts';
import { flags } from './flags/table.ts';
import { createLog } from './log/log.ts';
import { start } from './start.ts';

const PROGRAM = 'stageset-controller';
/** After this, what has not ended by itself is left. */
const STOP_MS = 10_000;

const parsed = parseFlags(flags, process.argv.slice(2), process.env);
switch (parsed.is) {
  case 'help':
    process.stdout.write(helpText(PROGRAM, flags));
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

async function runController(settings: Parameters<typeof start>[0]): Promise<void> {
  const log = createLog({
    level: settings.logLevel,
    encoding: settings.logEncoding,
    clock: systemClock,
    write: (line) => process.stdout.write(line),
  });
  try {
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
  // Whatever socket or timer is left has nothing to do any more.
  process.exit();
}
