import { unknownFields } from '../../shared/api/unknown-fields.ts';
import { UsageError } from '../cli-error.ts';
import { namespaceOf } from '../connection/flags.ts';
import { warn } from '../tell.ts';
import type { BuildFlags } from './flags.ts';
import { keysFromEnvironment, keysFromFiles } from './key-files.ts';
import type { Origin } from './origin.ts';
import { readStageSetFile } from './stage-set-file.ts';
import { dataFromFiles } from './substitute-files.ts';

/** Everything from files: the cluster, whichever the kubeconfig names, is left alone. */
export async function originFromFile(file: string, flags: Omit<BuildFlags, 'output'>): Promise<Origin> {
  const set = await readStageSetFile(file, namespaceOf(flags));
  for (const field of unknownFields(set.spec)) warn(`-f ${file}: ${field} is no field of a StageSet and has no effect`);
  const keys = await keysFromFiles(flags);
  return {
    set,
    artifactOf: noFolderIn('--source-dir'),
    revisionOf: async () => undefined,
    read: await dataFromFiles(flags.substituteFrom ?? []),
    missing: 'is not at hand: give a file that holds it with --substitute-from',
    keys: keys.size > 0 ? keys : await keysFromEnvironment(process.env),
    clusterScopedKinds: [],
  };
}

/** What is said of a stage for which this flag names no folder. */
export function noFolderIn(flag: string): Origin['artifactOf'] {
  return async ({ name }) => {
    throw new UsageError(`the stage "${name}" has no folder: give ${flag} ${name}=DIR, or ${flag} DIR for every stage`);
  };
}
