import { openFileMap } from '../shared/protocol/file-map.ts';
import { TaskError } from '../shared/protocol/task-error.ts';
import type { BuildInput, CancelFlag, StageBuild, StagePlan } from '../shared/protocol/tasks.ts';
import type { YamlValue } from '../shared/yaml/yaml-value.ts';
import { buildAsFlux } from './kustomize/build-as-flux.ts';
import { leniently, listOf } from './kustomize/kustomization/decode.ts';
import { patch } from './kustomize/kustomization/shape.ts';
import { planStage } from './plan/plan-stage.ts';
import { refuseEncrypted } from './sops/decrypt-while-building.ts';

/** A stage of an unpacked artifact to its plan. */
export function build(input: BuildInput, flag: CancelFlag): StagePlan {
  refuseUnsupported(input.stage);
  const files = refuseEncrypted(openFileMap(input.files));
  const patches = listOf(patch)(input.stage.patches as YamlValue, 'patches', leniently);
  const { objects } = buildAsFlux(files, input.stage.path, { patches, flag });
  return planStage(objects, input, flag);
}

function refuseUnsupported({ hasSubstitution, hasDecryption }: StageBuild): void {
  const asked = [hasSubstitution && 'postBuild substitution', hasDecryption && 'decryption'].filter(
    (feature) => feature !== false,
  );
  if (asked.length === 0) return;
  throw new TaskError('unsupported', `the stage asks for ${asked.join(' and ')}, not supported yet`);
}
