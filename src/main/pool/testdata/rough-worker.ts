import { setTimeout as delay } from 'node:timers/promises';
import type { TaskAnswer, TaskRequest, UnpackedArtifact } from '../../../shared/protocol/tasks.ts';

/** Stands in for the real worker: the digest of an unpack says how it goes wrong. */
export async function runTask({ input, flag }: TaskRequest<'unpack'>): Promise<TaskAnswer<'unpack'>> {
  switch (input.digest) {
    case 'exit':
      return process.exit(7);
    case 'throw later':
      setImmediate(() => {
        throw new Error('thrown outside of any task');
      });
      return unpacked();
    case 'throw aside':
      setImmediate(() => {
        throw new RangeError('secret');
      });
      return await new Promise(() => {});
    case 'exhaust': {
      // In small steps: V8 ends the whole process when one large step fails.
      let hoard: object = {};
      for (;;) hoard = { hoard };
    }
    case 'until cancelled':
      while (Atomics.load(flag, 0) === 0) await delay(1);
      return { ok: false, failure: { code: 'cancelled', message: 'cancelled' } };
    default:
      return unpacked();
  }
}

function unpacked(): { ok: true; output: UnpackedArtifact } {
  return { ok: true, output: { files: new SharedArrayBuffer(4), fileCount: 0 } };
}
