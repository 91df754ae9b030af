import { directoryOf, resolveInside } from '../../shared/protocol/artifact-path.ts';
import { artifactLimits } from '../../shared/protocol/limits.ts';
import { TaskError } from '../../shared/protocol/task-error.ts';
import { quoted } from '../quoted.ts';
import type { TarEntry } from './tar-entries.ts';

/** Every path's bytes: a link stands for the regular file of this artifact that it leads to, or is refused. */
export function followLinks(entries: ReadonlyMap<string, TarEntry>): ReadonlyMap<string, Uint8Array> {
  return new Map(entries.entries().map(([path, entry]) => [path, bytesOf(entry, entries)]));
}

function bytesOf(entry: TarEntry, entries: ReadonlyMap<string, TarEntry>): Uint8Array {
  let at: TarEntry | undefined = entry;
  for (let hops = 0; at !== undefined && hops <= artifactLimits.linkHops; hops++) {
    if (at.kind === 'file') return at.bytes;
    // A hard link names its target from the root of the archive, a symlink from where it lies.
    const target = resolveInside(at.kind === 'hardlink' ? '' : directoryOf(at.path), at.target);
    if (target === undefined) {
      throw new TaskError('pathEscape', `artifact link ${quoted(entry.path)} leads outside the artifact`);
    }
    at = entries.get(target);
  }
  throw new TaskError('badArchive', `artifact link ${quoted(entry.path)} does not lead to a regular file inside it`);
}
