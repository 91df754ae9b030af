/** Asked for in a way that makes no sense: exit code 2. */
export class UsageError extends Error {}

/** What stops the program, said so that its user knows what to do: exit code 3. */
export class RuntimeError extends Error {}

/** Why a file or folder of this machine could not be read. */
export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder, not a file',
  ENOTDIR: 'it is a file, not a folder',
  ELOOP: 'its links go round in a circle',
};
