import { UsageError } from '../cli-error.ts';
import type { ConnectionFlags } from '../connection/flags.ts';
import type { OutputFormat } from '../print-objects.ts';

/** The flags of `build`, as commander reads them. */
export interface BuildFlags extends ConnectionFlags {
  readonly filename?: string;
  readonly stage?: readonly string[];
  readonly sourceDir?: readonly string[];
  readonly ageKeyFile?: readonly string[];
  readonly pgpKeyFile?: readonly string[];
  readonly substituteFrom?: readonly string[];
  readonly output: OutputFormat;
  readonly showSecrets?: boolean;
  readonly asTenant?: boolean;
}

/** What is to be built. */
export type Subject =
  /** As `kustomize build` does it, without any StageSet. */
  | { readonly is: 'folder'; readonly folder: string }
  /** A StageSet in a file: no cluster is asked. */
  | { readonly is: 'file'; readonly file: string }
  /** A StageSet on the cluster. */
  | { readonly is: 'name'; readonly name: string };

const SUBJECT = 'the name of a StageSet, a folder such as ./overlay, or -f FILE';
const OBJECT_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

export function subjectOf(argument: string | undefined, flags: BuildFlags): Subject {
  const { filename } = flags;
  if (argument !== undefined && filename !== undefined) {
    throw new UsageError(`"${argument}" and -f ${filename} both say what to build: give one of them`);
  }
  if (filename !== undefined) {
    if (flags.asTenant)
      throw new UsageError('--as-tenant asks a cluster, and -f asks none: give the name instead of -f');
    return { is: 'file', file: filename };
  }
  if (argument === undefined || argument === '') throw new UsageError(`nothing to build: give ${SUBJECT}`);
  if (argument === '.' || argument.includes('/')) {
    refuseStageSetFlags(argument, flags);
    return { is: 'folder', folder: argument };
  }
  if (!OBJECT_NAME.test(argument)) throw new UsageError(`"${argument}" names no StageSet: give ${SUBJECT}`);
  return { is: 'name', name: argument };
}

function refuseStageSetFlags(folder: string, flags: BuildFlags): void {
  const given = Object.entries({
    '--stage': flags.stage,
    '--source-dir': flags.sourceDir,
    '--age-key-file': flags.ageKeyFile,
    '--pgp-key-file': flags.pgpKeyFile,
    '--substitute-from': flags.substituteFrom,
    '--as-tenant': flags.asTenant,
  }).find(([, value]) => value !== undefined && value !== false);
  if (given !== undefined) {
    throw new UsageError(`${given[0]} is for StageSets, and "${folder}" is a folder: give a name or -f FILE instead`);
  }
}
