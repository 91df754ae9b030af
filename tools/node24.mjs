// Runs a TypeScript entry point under Node 24, whatever Node started this script (18 or newer).
// First use on a fresh clone: installs the locked dependencies, Node 24 among them.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const stamp = join(modules, '.installed-lock');
const node24 = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

const parent = process.ppid;
installIfNeeded();
const [entry, ...args] = process.argv.slice(2);
if (entry === undefined) {
  console.error('usage: node tools/node24.mjs ENTRY.ts [ARGUMENTS]');
  process.exit(2);
}
const child = spawn(node24, [join(root, entry), ...args], { stdio: 'inherit', cwd: root });
// A terminal sends Ctrl-C to the whole group; what arrives here alone (kill) is passed on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
endWithParent();
child.on('exit', (code, signal) => process.exit(signal === null ? code : 1));

// Whoever started us may go without a word: `kill` of npm ends npm alone, and what we run would stay up for ever. The
// scripts in package.json say `exec`, so that our parent is npm itself and not a shell that outlives it.
function endWithParent() {
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, 250);
  timer.unref();
}

function installIfNeeded() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (installed === wanted && existsSync(node24)) return;
  console.error('installing dependencies (npm ci)…');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    console.error('npm ci failed: see above. It needs npm and a reachable npm registry.');
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}
