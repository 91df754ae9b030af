import type { BuildFlags } from '../build/flags.ts';
import { UsageError } from '../cli-error.ts';
import type { DataFormat } from '../output/print-data.ts';
import type { ColorWish } from '../output/terminal.ts';

/** The flags of `diff`, as commander reads them. */
export interface DiffFlags extends Omit<BuildFlags, 'output'> {
  readonly from?: readonly string[];
  readonly to?: readonly string[];
  readonly serverSide: boolean;
  readonly showUnchanged?: boolean;
  readonly prune: boolean;
  readonly color: ColorWish;
  readonly exitCode: boolean;
  readonly output?: DataFormat | 'markdown';
}

/** What is compared. */
export type Comparison =
  /** What a StageSet on the cluster would render with what is there. */
  | { readonly is: 'with cluster'; readonly name: string }
  /** What a StageSet in a file renders from these folders with what it renders from those. No cluster is asked. */
  | {
      readonly is: 'between folders';
      readonly file: string;
      readonly from: readonly string[];
      readonly to: readonly string[];
    };

const OBJECT_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

export function comparisonOf(name: string | undefined, flags: DiffFlags): Comparison {
  const { from, to, filename } = flags;
  if (from !== undefined || to !== undefined || filename !== undefined) return folders(name, flags);
  if (name === undefined || name === '') {
    throw new UsageError('nothing to compare: give the name of a StageSet, or --from DIR --to DIR -f FILE');
  }
  if (!OBJECT_NAME.test(name)) throw new UsageError(`"${name}" names no StageSet`);
  return { is: 'with cluster', name };
}

function folders(name: string | undefined, flags: DiffFlags): Comparison {
  const { from, to, filename } = flags;
  if (name !== undefined) {
    throw new UsageError(`"${name}" is compared with a cluster, --from, --to and -f are not: give one or the other`);
  }
  if (from === undefined || to === undefined || filename === undefined) {
    throw new UsageError(
      '--from DIR, --to DIR and -f FILE go together: what is compared, and the StageSet that renders it',
    );
  }
  const [needless] = Object.entries({
    '--source-dir': flags.sourceDir !== undefined,
    '--as-tenant': flags.asTenant === true,
    '--server-side=false': !flags.serverSide,
  }).flatMap(([flag, isGiven]) => (isGiven ? [flag] : []));
  if (needless !== undefined)
    throw new UsageError(`${needless} is for a comparison with a cluster, and --from asks none`);
  return { is: 'between folders', file: filename, from, to };
}
