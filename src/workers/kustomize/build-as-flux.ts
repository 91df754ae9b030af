import { joinPath, resolveInside } from '../../shared/protocol/artifact-path.ts';
import type { FileMap } from '../../shared/protocol/file-map.ts';
import { quoted } from '../quoted.ts';
import { buildRoot, type KustomizeOptions, type KustomizeResult, withinHeap } from './build-kustomization.ts';
import { Loader } from './files/loader.ts';
import { RecordingReader } from './files/recording-reader.ts';
import { leniently } from './kustomization/decode.ts';
import {
  checkedKustomization,
  decodeKustomization,
  findKustomization,
  kustomizationNames,
  type LoadedKustomization,
} from './kustomization/load-kustomization.ts';
import type { Kustomization } from './kustomization/shape.ts';
import { Problem, placed } from './problem.ts';

export type FluxOptions = Pick<KustomizeOptions, 'patches' | 'open' | 'flag'>;

/**
 * What Flux makes of a folder of an artifact: the root's kustomization is read once leniently, written again and only
 * then built; without one, everything that lies below is.
 */
export function buildAsFlux(files: FileMap, path: string, options: FluxOptions): KustomizeResult {
  const root = resolveInside('', path);
  if (root === undefined) throw new Problem('outside', `path ${quoted(path)} leaves the artifact`);
  const reader = new RecordingReader(files, options.open);
  if (!reader.isDirectory(root)) {
    const isFile = reader.read(root) !== undefined;
    const what = isFile ? 'is a file, not a directory,' : 'does not exist';
    throw new Problem('missing', `path ${quoted(path)} ${what} in the artifact`);
  }
  return withinHeap(path, (room) => {
    const loader = new Loader(root, reader, 'artifact', room);
    const hasOwn = kustomizationNames.some((name) => loader.find(name) !== undefined);
    const kustomization = hasOwn ? rewritten(loader) : generated(loader, reader, path);
    const all = { ...options, order: 'input', filesFrom: 'artifact' } as const;
    return { objects: buildRoot(loader, kustomization, all), record: reader.record };
  });
}

/** Unknown fields are lost, and numbers and truth values where text is wanted become text. */
function rewritten(loader: Loader): LoadedKustomization {
  const { text, fileName } = findKustomization(loader);
  return placed(loader.name(fileName), () => {
    const read = decodeKustomization(text, loader, leniently);
    const fields: Kustomization = { ...preset, ...read };
    const needsSomething = (read.resources ?? []).length === 0;
    return checkedKustomization(
      needsSomething ? { ...fields, buildMetadata: ['originAnnotations'] } : fields,
      fileName,
    );
  });
}

const preset = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' } as const;

function generated(loader: Loader, reader: RecordingReader, path: string): LoadedKustomization {
  const resources = [...manifestsBelow(reader, loader.root, '.')];
  if (resources.length === 0) {
    throw new Problem('missing', `path ${quoted(path)} holds no manifest (.yaml, .yml or .json)`);
  }
  return { fields: { ...preset, resources }, isComponent: false, fileName: kustomizationNames[0] };
}

/** By the bytes of their names, a folder where its name stands; one with a kustomization is a resource as a whole. */
function* manifestsBelow(reader: RecordingReader, directory: string, shown: string): Generator<string> {
  for (const { name, kind } of reader.list(directory) ?? []) {
    const path = joinPath(directory, name);
    if (kind === 'file') {
      if (/\.(?:ya?ml|json)$/.test(name)) yield `${shown}/${name}`;
    } else if (kustomizationNames.some((each) => reader.read(joinPath(path, each)) !== undefined)) {
      yield `${shown}/${name}`;
    } else {
      yield* manifestsBelow(reader, path, `${shown}/${name}`);
    }
  }
}
