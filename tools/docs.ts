// `npm run docs`: the documentation as a static site with search, in docs/.vitepress/dist; with --dev served as you write.
// The generator has a package of its own (docs/package.json), so that `npm ci` here brings none of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { docsFolder } from './docs/pages.ts';
import { endWithParent } from './end-with-parent.ts';

endWithParent(() => process.exit(1));

const { values } = parseArgs({ options: { dev: { type: 'boolean' }, 'out-dir': { type: 'string' } } });
const outDir = values['out-dir'] === undefined ? [] : ['--outDir', values['out-dir']];
const generator = join(docsFolder, 'node_modules', 'vitepress', 'bin', 'vitepress.js');
const isInstalled = await stat(generator).catch(() => undefined);
if (isInstalled === undefined) await run('npm', ['ci', '--no-audit', '--no-fund']);
await run(process.execPath, [generator, ...(values.dev === true ? ['dev', '.'] : ['build', '.', ...outDir])]);

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { cwd: docsFolder, stdio: 'inherit' });
  const [code] = await once(child, 'close');
  if (code !== 0) process.exit(1);
}
