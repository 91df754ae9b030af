import type { Stage } from '../../shared/api/types.ts';
import { UsageError } from '../cli-error.ts';
import { refuseUnknownStage } from '../stage-name.ts';

/** Which local folder stands for the artifact of which stage. */
export interface SourceDirs {
  readonly byStage: ReadonlyMap<string, string>;
  readonly others: string | undefined;
}

/** A stage's name before the first `=`; anything else belongs to the path. */
const ENTRY = /^([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)=(.*)$/s;

/** Of `--source-dir [STAGE=]PATH`, or another flag that is written like it. */
export function parseSourceDirs(values: readonly string[], flag = '--source-dir'): SourceDirs {
  const byStage = new Map<string, string>();
  let others: string | undefined;
  for (const value of values) {
    const [, stage, path = value] = ENTRY.exec(value) ?? [];
    if (path === '') throw new UsageError(`${flag} "${value}" names no folder: [STAGE=]PATH`);
    if (stage === undefined) {
      if (others !== undefined) {
        throw new UsageError(`${flag} "${others}" and "${path}" are both for every stage: give one as STAGE=PATH`);
      }
      others = path;
    } else {
      if (byStage.has(stage)) throw new UsageError(`${flag} is given twice for the stage "${stage}"`);
      byStage.set(stage, path);
    }
  }
  return { byStage, others };
}

export function sourceDirOf({ byStage, others }: SourceDirs, { name }: Pick<Stage, 'name'>): string | undefined {
  return byStage.get(name) ?? others;
}

/** The stages asked for with `--stage`, all of them where none is. What names no stage is a mistake. */
export function selectStages(
  stages: readonly Pick<Stage, 'name'>[],
  asked: readonly string[],
  { byStage }: SourceDirs,
  flag = '--source-dir',
): ReadonlySet<string> {
  refuseUnknownStage('--stage', asked, stages);
  refuseUnknownStage(flag, byStage.keys(), stages);
  return new Set(asked.length === 0 ? stages.map(({ name }) => name) : asked);
}
