// `npm run demo:record`: plays the demo once, and keeps it as docs/demo/demo.cast, as lines, and in the README.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { interruption } from '../interruption.ts';
import { liveShow } from '../show/live-show.ts';
import { plainShow } from '../show/plain-show.ts';
import { closing } from './closing.ts';
import { perform } from './perform.ts';
import { recorder, withExcerpt } from './recording.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'docs', 'demo');
const nowMs = () => performance.now();

const terminal = recorder(nowMs);
const live = liveShow(terminal, { color: true, nowMs });
let plain = '';
const lines = plainShow((text) => {
  plain += text;
  process.stdout.write(text);
});

const view = await perform(
  {
    leisureMs: live.leisureMs,
    update(shown) {
      live.update(shown);
      lines.update(shown);
    },
    close: live.close,
  },
  interruption(),
);
live.close();
const last = closing(view, nowMs());
terminal.write(last.replaceAll('\n', '\r\n'));
await mkdir(folder, { recursive: true });
await writeFile(join(folder, 'demo.cast'), terminal.cast('npm run demo'));
await writeFile(join(folder, 'demo.txt'), `${plain.trimStart()}${last}`);
const readme = join(root, 'README.md');
await writeFile(readme, withExcerpt(await readFile(readme, 'utf8'), plain));
process.exit(0);
