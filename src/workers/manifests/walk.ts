import { joinPath, resolveInside } from '../../shared/protocol/artifact-path.ts';
import type { FileMap } from '../../shared/protocol/file-map.ts';
import { TaskError } from '../../shared/protocol/task-error.ts';
import { quoted } from '../quoted.ts';

const kustomizationNames: ReadonlySet<string> = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization']);

/**
 * The manifests below a stage's path, in the order in which Flux generates a kustomization for it: names by their
 * bytes, a directory where its name stands, hidden ones too.
 */
export function findManifests(files: FileMap, stagePath: string): readonly string[] {
  const root = resolveInside('', stagePath);
  if (root === undefined) throw new TaskError('pathEscape', `path ${quoted(stagePath)} leaves the artifact`);
  if (files.list(root) === undefined) {
    const isFile = files.read(root) !== undefined;
    throw new TaskError(
      'missingPath',
      `path ${quoted(stagePath)} ${isFile ? 'is a file, not a directory,' : 'does not exist'} in the artifact`,
    );
  }
  const manifests = [...walk(files, root)];
  if (manifests.length === 0) {
    throw new TaskError('missingPath', `path ${quoted(stagePath)} holds no manifest (.yaml, .yml or .json)`);
  }
  return manifests;
}

function* walk(files: FileMap, directory: string): Generator<string> {
  const entries = files.list(directory) ?? [];
  for (const { name, kind } of entries) {
    if (kind === 'file' && kustomizationNames.has(name)) {
      throw new TaskError(
        'unsupported',
        `${quoted(joinPath(directory, name))}: kustomize builds are not supported yet, only plain manifests`,
      );
    }
  }
  for (const { name, kind } of entries) {
    const path = joinPath(directory, name);
    if (kind === 'directory') yield* walk(files, path);
    else if (/\.(?:ya?ml|json)$/.test(name)) yield path;
  }
}
