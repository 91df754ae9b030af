import type { WriteStream } from 'node:tty';
import { liveShow } from './live-show.ts';
import { plainShow } from './plain-show.ts';
import type { Show } from './show.ts';

/** In place on a terminal, else a line for each thing that happens. */
export function openShow(out: WriteStream, env: NodeJS.ProcessEnv): Show {
  if (!out.isTTY || env.TERM === 'dumb') return plainShow((text) => out.write(text));
  return liveShow(out, { color: !isSet(env.NO_COLOR), nowMs: () => performance.now() });
}

/** As no-color.org has it: an empty one does not count. */
function isSet(variable: string | undefined): boolean {
  return variable !== undefined && variable !== '';
}
