import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);

/** As package.json says, from a checkout and from an install alike. */
export function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) return 'unknown';
  return String(manifest.version);
}

/** What `--version` prints: `<version> (commit <sha>)`. A build has the commit in a file, a checkout asks git. */
export function versionAndCommit(): string {
  return `${version()} (commit ${commit()})`;
}

function commit(): string {
  const built = new URL('../commit', import.meta.url);
  if (existsSync(built)) return readFileSync(built, 'utf8').trim();
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], {
      cwd: fileURLToPath(root),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}
