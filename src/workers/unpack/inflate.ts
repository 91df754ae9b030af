import { createGunzip } from 'node:zlib';
import { artifactLimits } from '../../shared/protocol/limits.ts';
import { TaskError } from '../../shared/protocol/task-error.ts';
import type { CancelFlag } from '../../shared/protocol/tasks.ts';
import { stopIfCancelled } from '../cancel.ts';

const CHUNK_BYTES = 256 * 1024;

/** The archive's tar bytes, piece by piece, so that what expands a thousandfold is never held whole. */
export async function* inflate(archive: Uint8Array, flag: CancelFlag): AsyncGenerator<Uint8Array> {
  if (!isGzip(archive)) {
    yield archive;
    return;
  }
  // Inflates every member of a concatenation.
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  gunzip.end(archive);
  let inflatedBytes = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      stopIfCancelled(flag);
      inflatedBytes += chunk.length;
      if (inflatedBytes > artifactLimits.inflatedBytes) {
        throw new TaskError(
          'limitExceeded',
          `artifact inflates to more than ${artifactLimits.inflatedBytes / 1024 / 1024} MiB`,
        );
      }
      yield chunk;
    }
  } catch (error) {
    throw isZlibError(error) ? new TaskError('badArchive', `artifact is not valid gzip: ${error.message}`) : error;
  } finally {
    gunzip.destroy();
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
