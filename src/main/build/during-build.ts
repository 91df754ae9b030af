import { TaskError } from '../../shared/protocol/task-error.ts';
import { during, type Operation } from '../outcome/outcome.ts';
import { FetchError } from '../source/fetch.ts';
import { StoreError } from '../store/blobs.ts';

/** Which of them went wrong shows only in how: the artifact, the keys, or what is in it. */
export async function duringBuild<T>(stage: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    return during(stage, operationOf(error), () => Promise.reject(error));
  }
}

function operationOf(error: unknown): Operation {
  if (error instanceof FetchError || error instanceof StoreError) return 'fetch artifact';
  if (!(error instanceof TaskError)) return 'build';
  if (error.code === 'badKeys') return 'configure decryption';
  return error.task === 'unpack' ? 'fetch artifact' : 'build';
}
