// Compiles src/ to dist/, which is what a published package and an image run.
import { spawnSync } from 'node:child_process';
import { realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const tsc = realpathSync(join(root, 'node_modules', '.bin', 'tsc'));
rmSync(join(root, 'dist'), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
if (status === 0) writeFileSync(join(root, 'dist', 'commit'), `${commit()}\n`);
process.exitCode = status ?? 1;

/** An image is built where git is not. */
function commit(): string {
  if (process.env.COMMIT) return process.env.COMMIT;
  const git = spawnSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: root, encoding: 'utf8' });
  return git.status === 0 ? git.stdout.trim() : 'unknown';
}
