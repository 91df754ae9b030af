import { failureOf, TaskError } from '../shared/protocol/task-error.ts';
import type { CancelFlag, TaskName, Tasks } from '../shared/protocol/tasks.ts';
import type { YamlMap } from '../shared/yaml/yaml-value.ts';
import type { KustomizedFolder } from '../workers/kustomize-folder.ts';

/** Of the workers' tasks those that a command needs. */
type OwnTask = Extract<TaskName, 'unpack' | 'build'>;
type Run<N extends OwnTask> = (
  input: Tasks[N]['input'],
  flag: CancelFlag,
) => Tasks[N]['output'] | Promise<Tasks[N]['output']>;

const load: { readonly [N in OwnTask]: () => Promise<Run<N>> } = {
  unpack: async () => (await import('../workers/unpack/unpack.ts')).unpack,
  build: async () => (await import('../workers/build.ts')).build,
};

/**
 * A task in this very thread: a program that runs one or two has nothing to keep responsive, and a thread costs a start
 * of its own.
 */
export async function runTask<N extends OwnTask>(name: N, input: Tasks[N]['input']): Promise<Tasks[N]['output']> {
  try {
    const run = await load[name]();
    return await run(input, neverCancelled());
  } catch (error) {
    const { code, message } = failureOf(error);
    throw new TaskError(code, message, { task: name, cause: error });
  }
}

/** Ctrl-C ends the process. */
function neverCancelled(): CancelFlag {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** What `kustomize build` makes of a folder, given by its absolute path. */
export async function kustomizeFolder(folder: string): Promise<KustomizedFolder> {
  const { kustomizeFolder: kustomize } = await import('../workers/kustomize-folder.ts');
  return kustomize(folder, neverCancelled());
}

export type RenderFolder = (files: SharedArrayBuffer, path: string) => readonly YamlMap[];

/** What a stage finds at a path of these files, before anything is made of it. */
export async function folderRenderer(): Promise<RenderFolder> {
  const { fluxFolder } = await import('../workers/flux-folder.ts');
  return (files, path) => fluxFolder(files, path, neverCancelled());
}
