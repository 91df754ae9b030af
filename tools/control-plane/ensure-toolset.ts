import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildToolset, goModuleFolder, type Progress } from './build-toolset.ts';
import { cacheRoot } from './cache-root.ts';
import { openGuard } from './guard.ts';
import { missingFrom, type Toolset, toolsetIn, toolsetKey } from './toolset.ts';

export const toStderr: Progress = (line) => console.error(line);

/** The folder that KUBEBUILDER_ASSETS names, else the one in the cache, else one built into the cache now. */
export async function ensureToolset(progress: Progress = toStderr, env = process.env): Promise<Toolset> {
  const named = env.KUBEBUILDER_ASSETS;
  if (named !== undefined && named !== '') return await namedToolset(named);
  const folder = await cacheFolder(env);
  if ((await missingFrom(folder)).length > 0) await buildInto(folder, env, progress);
  return toolsetIn(folder);
}

async function namedToolset(folder: string): Promise<Toolset> {
  const missing = await missingFrom(folder);
  if (missing.length === 0) return toolsetIn(folder);
  throw new Error(
    `KUBEBUILDER_ASSETS names ${folder}, which lacks ${missing.join(', ')}. ` +
      'Add what is missing, or unset KUBEBUILDER_ASSETS to have everything built with Go.',
  );
}

async function cacheFolder(env: NodeJS.ProcessEnv): Promise<string> {
  const moduleFiles = await Promise.all(['go.mod', 'go.sum'].map((file) => readFile(join(goModuleFolder, file))));
  const key = toolsetKey(moduleFiles, `${process.platform}-${process.arch}`);
  return join(cacheRoot(env), `control-plane-${key}`);
}

/** Built beside its place and moved there whole: two builds at once cost time, never a broken folder. */
async function buildInto(folder: string, env: NodeJS.ProcessEnv, progress: Progress): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  await using guard = await openGuard({ parentDir: dirname(folder), prefix: '.building-' });
  const built = await buildToolset(guard, env, progress);
  await moveInto(folder, built);
  progress(`control plane: kept in ${folder}`);
}

async function moveInto(folder: string, built: string): Promise<void> {
  try {
    await rename(built, folder);
  } catch (error) {
    if ((await missingFrom(folder)).length === 0) return; // another build was first
    if (!isOccupied(error)) throw error;
    await rm(folder, { recursive: true, force: true });
    await rename(built, folder);
  }
}

function isOccupied(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOTEMPTY' || code === 'EEXIST';
}
