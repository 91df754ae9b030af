import { relative } from 'node:path';
import { maskSecrets } from '../../shared/objects/mask.ts';
import type { YamlMap } from '../../shared/yaml/yaml-value.ts';
import { RuntimeError } from '../cli-error.ts';
import { kustomizeFolder } from '../tasks.ts';
import type { BuildFlags } from './flags.ts';
import { realFolder } from './pack-folder.ts';

/** What `kustomize build` prints of a folder. */
export async function buildFolder(
  folder: string,
  { showSecrets = false }: Pick<BuildFlags, 'showSecrets'>,
): Promise<readonly YamlMap[]> {
  const root = await realFolder(folder);
  try {
    const built = await kustomizeFolder(root);
    return built.map(({ object, sensitive }) =>
      showSecrets ? object : maskSecrets(object, { secretIn: sensitive ? 'values' : undefined }),
    );
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new RuntimeError(fromHere(error.message, root, process.cwd()), { cause: error });
  }
}

/** The build names files from the root of the disk, people from where they are. */
export function fromHere(message: string, root: string, here: string): string {
  const [, top = ''] = root.split('/');
  return message.replaceAll(/"((?:[^"\\]|\\.)*)"/g, (quoted, path: string) => {
    if (path !== top && !path.startsWith(`${top}/`)) return quoted;
    const shown = relative(here, `/${path}`) || '.';
    return `"${shown.startsWith('..') ? `/${path}` : shown}"`;
  });
}
