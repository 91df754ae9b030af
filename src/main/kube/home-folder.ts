import { homedir } from 'node:os';

/** A user that an image names by number alone has none, and no `HOME` says so: Node.js throws then. */
export function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return '/';
  }
}
