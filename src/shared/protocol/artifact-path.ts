/**
 * A path inside an artifact is POSIX, relative to its root, without `.`, `..` or empty segments; '' is the root.
 * Resolves `path` as seen from `directory`; undefined when it is absolute or leaves the artifact.
 */
export function resolveInside(directory: string, path: string): string | undefined {
  if (path.startsWith('/')) return undefined;
  const segments = directory === '' ? [] : directory.split('/');
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}

export function joinPath(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}

export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}
