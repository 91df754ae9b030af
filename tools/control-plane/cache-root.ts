import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where this user keeps what takes long to build, for all checkouts. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'stageset-controller');
}
