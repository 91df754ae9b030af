import { openFileMap } from '../shared/protocol/file-map.ts';
import type { CancelFlag } from '../shared/protocol/tasks.ts';
import type { YamlMap } from '../shared/yaml/yaml-value.ts';
import { buildAsFlux } from './kustomize/build-as-flux.ts';

/** The objects that a stage would find at a path, ciphertext and variables as they stand. For stagesetctl. */
export function fluxFolder(files: SharedArrayBuffer, path: string, flag: CancelFlag): readonly YamlMap[] {
  return buildAsFlux(openFileMap(files), path, { patches: [], flag }).objects.map(({ object }) => object);
}
