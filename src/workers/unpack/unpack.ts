import { directoryOf } from '../../shared/protocol/artifact-path.ts';
import { packFiles } from '../../shared/protocol/file-map.ts';
import { artifactLimits } from '../../shared/protocol/limits.ts';
import { TaskError } from '../../shared/protocol/task-error.ts';
import type { CancelFlag, UnpackedArtifact, UnpackInput } from '../../shared/protocol/tasks.ts';
import { quoted } from '../quoted.ts';
import { ByteSource } from './byte-source.ts';
import { verifyDigest } from './digest.ts';
import { inflate } from './inflate.ts';
import { followLinks } from './links.ts';
import { readEntries, type TarEntry } from './tar-entries.ts';

/** A downloaded archive to a file map: in memory, bounded, and not one byte parsed before its digest was checked. */
export async function unpack(input: UnpackInput, flag: CancelFlag): Promise<UnpackedArtifact> {
  const archive = new Uint8Array(input.archive);
  if (archive.length > artifactLimits.archiveBytes) {
    const limitMiB = artifactLimits.archiveBytes / 1024 / 1024;
    throw new TaskError('limitExceeded', `artifact is too large: the archive is over ${limitMiB} MiB`);
  }
  verifyDigest(archive, input.digest);
  const entries = await collectEntries(inflate(archive, flag));
  refuseFilesAsDirectories(entries);
  const files = followLinks(entries);
  return { files: packFiles(files), fileCount: files.size };
}

/** Of entries with one path the last counts. */
async function collectEntries(tar: AsyncGenerator<Uint8Array>): Promise<ReadonlyMap<string, TarEntry>> {
  const entries = new Map<string, TarEntry>();
  try {
    for await (const entry of readEntries(new ByteSource(tar))) entries.set(entry.path, entry);
  } finally {
    await tar.return(undefined);
  }
  return entries;
}

function refuseFilesAsDirectories(entries: ReadonlyMap<string, TarEntry>): void {
  for (const path of entries.keys()) {
    for (let above = directoryOf(path); above !== ''; above = directoryOf(above)) {
      if (entries.has(above)) {
        throw new TaskError('badArchive', `artifact holds ${quoted(above)} both as a file and as a directory`);
      }
    }
  }
}
