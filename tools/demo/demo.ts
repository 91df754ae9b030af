// `npm run demo`: a story told on a real control plane. Every act must come true on the API server, else it ends with 1.
import { Interrupted, interruption } from '../interruption.ts';
import { openShow } from '../show/open-show.ts';
import { closing } from './closing.ts';
import { perform } from './perform.ts';

const interrupted = interruption();
const show = openShow(process.stdout, process.env);

try {
  const view = await perform(show, interrupted);
  show.close();
  process.stdout.write(closing(view, performance.now()));
  process.exit(0);
} catch (error) {
  show.close();
  // What breaks once it is told to end is no news.
  if (interrupted.reason instanceof Interrupted) process.exit(interrupted.reason.exitCode);
  process.stderr.write(`\n✖ ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
