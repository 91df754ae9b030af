import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const biome = realpathSync(join(root, 'node_modules', '.bin', 'biome'));
const { status } = spawnSync(process.execPath, [biome, 'check', '--write'], { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;
