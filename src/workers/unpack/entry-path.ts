import { resolveInside } from '../../shared/protocol/artifact-path.ts';
import { artifactLimits } from '../../shared/protocol/limits.ts';
import { TaskError } from '../../shared/protocol/task-error.ts';
import { quoted } from '../quoted.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The clean path of an entry; what could be read as another place is refused rather than repaired. */
export function entryPath(bytes: Uint8Array): string {
  const name = decodeName(bytes);
  if (isOverlong(name)) {
    throw new TaskError('limitExceeded', `artifact holds an over-long name: ${quoted(name)}`);
  }
  if (name.includes('\0')) throw new TaskError('badArchive', `artifact holds a name with a NUL: ${quoted(name)}`);
  const path = resolveInside('', name);
  if (path === undefined || name.split('/').includes('..')) {
    throw new TaskError('pathEscape', `artifact holds a name that is absolute or has "..": ${quoted(name)}`);
  }
  return path;
}

/** Two names that differ only in bytes which are not UTF-8 would become one: refused instead. */
export function decodeName(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    const shown = Buffer.from(bytes).toString('latin1');
    throw new TaskError('badArchive', `artifact holds a name that is not UTF-8: ${quoted(shown)}`);
  }
}

function isOverlong(name: string): boolean {
  if (Buffer.byteLength(name) > artifactLimits.pathBytes) return true;
  const segments = name.split('/');
  return (
    segments.length > artifactLimits.pathDepth ||
    segments.some((segment) => Buffer.byteLength(segment) > artifactLimits.nameBytes)
  );
}
