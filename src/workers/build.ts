import { openFileMap } from '../shared/protocol/file-map.ts';
import { TaskError } from '../shared/protocol/task-error.ts';
import type { BuildInput, CancelFlag, StageBuild, StagePlan } from '../shared/protocol/tasks.ts';
import { readManifests } from './manifests/read-manifests.ts';
import { planStage } from './plan/plan-stage.ts';

/** A stage of an unpacked artifact to its plan. */
export function build(input: BuildInput, flag: CancelFlag): StagePlan {
  refuseUnsupported(input.stage);
  const built = readManifests(openFileMap(input.files), input.stage.path, flag);
  return planStage(built, input, flag);
}

function refuseUnsupported({ patches, hasSubstitution, hasDecryption }: StageBuild): void {
  const asked = [
    patches.length > 0 && 'patches',
    hasSubstitution && 'postBuild substitution',
    hasDecryption && 'decryption',
  ].filter((feature) => feature !== false);
  if (asked.length === 0) return;
  throw new TaskError(
    'unsupported',
    `the stage asks for ${asked.join(' and ')}, not supported yet: only plain manifests are`,
  );
}
