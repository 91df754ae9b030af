import { execFile } from 'node:child_process';
import { createHash, type Hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { cacheRoot } from '../../../tools/control-plane/cache-root.ts';
import { openGuard } from '../../../tools/control-plane/guard.ts';
import type { Stage, Step } from './dockerfile.ts';

const root = resolve(import.meta.dirname, '../../..');
/** The user's own, where the control plane's binaries are kept: a fresh checkout need not install anew. */
const cache = cacheRoot();
/** Of each stage; checkouts that take turns at two versions find both. */
const MOST_KEPT = 2;

/** The folder that is `/app` in a stage. */
export type Layers = ReadonlyMap<string, string>;

/**
 * Takes the steps of all stages but the last, each in a folder of its own. As an image builder does, it keeps what came of
 * a stage for as long as the steps and what they copy are the same.
 */
export async function buildLayers(stages: readonly Stage[]): Promise<Layers> {
  const layers = new Map<string, string>();
  for (const stage of stages.slice(0, -1)) {
    const base = layers.get(stage.from);
    const layer = join(cache, `image-${stage.name}-${await digestOf(stage, base)}`);
    if (!existsSync(layer)) await buildLayer(stage, base, layer);
    const now = new Date();
    await utimes(layer, now, now);
    layers.set(stage.name, layer);
    await dropOldest(stage.name);
  }
  return layers;
}

async function buildLayer({ steps }: Stage, base: string | undefined, layer: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  await using guard = await openGuard({ parentDir: cache, prefix: '.building-' });
  const draft = join(guard.dir, 'app');
  if (base === undefined) await mkdir(draft);
  else await linkTree(base, draft);
  const env: Record<string, string> = {};
  for (const step of steps) await take(step, draft, env);
  await rename(draft, layer).catch((error: unknown) => {
    if (!existsSync(layer)) throw error; // else another run was first
  });
}

async function take(step: Step, folder: string, env: Record<string, string>): Promise<void> {
  switch (step.is) {
    case 'ARG':
    case 'ENV':
      Object.assign(env, Object.fromEntries(step.values));
      return;
    case 'COPY':
      for (const source of step.sources)
        await cp(join(root, source), placeOf(source, step.to, folder), { recursive: true });
      return;
    case 'RUN':
      await runIn(folder, step.command, env);
      return;
    case 'WORKDIR':
      if (step.value !== '/app') throw new Error('every stage works in /app');
      return;
    default:
      throw new Error(`${step.is} is for the last stage`);
  }
}

/** Where a COPY puts what it copies, with this folder in place of `/app`. */
export function placeOf(source: string, to: string, folder: string): string {
  return to.endsWith('/') ? join(folder, to, basename(source)) : join(folder, to);
}

/** By the Node.js that runs us. */
export async function runIn(folder: string, command: string, env: Readonly<Record<string, string>> = {}) {
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
  return await promisify(execFile)('sh', ['-c', command], { cwd: folder, env: { ...process.env, ...env, PATH } });
}

/** On one disk files are shared: nobody writes into those of another stage. */
export async function linkTree(from: string, to: string): Promise<void> {
  const { dev } = await stat(dirname(to));
  await promisify(execFile)('cp', [dev === (await stat(from)).dev ? '-al' : '-a', from, to]);
}

async function digestOf(stage: Stage, base: string | undefined): Promise<string> {
  const hash = createHash('sha256').update(`${process.version} ${base}`);
  for (const step of stage.steps) {
    hash.update(JSON.stringify(step, (_, value) => (value instanceof Map ? [...value] : value)));
    if (step.is === 'COPY') for (const source of step.sources) await addTree(hash, join(root, source));
  }
  return hash.digest('hex').slice(0, 16);
}

async function addTree(hash: Hash, path: string): Promise<void> {
  hash.update(path);
  if ((await stat(path)).isDirectory()) {
    for (const name of (await readdir(path)).toSorted()) await addTree(hash, join(path, name));
  } else if (!path.endsWith('.test.ts')) {
    hash.update(await readFile(path));
  }
}

/** Those used last stay. */
async function dropOldest(stage: string): Promise<void> {
  const isOfStage = (name: string) => name.startsWith(`image-${stage}-`);
  const paths = (await readdir(cache)).filter(isOfStage).map((name) => join(cache, name));
  const layers = await Promise.all(paths.map(async (path) => ({ path, usedMs: (await stat(path)).mtimeMs })));
  const old = layers.toSorted((a, b) => b.usedMs - a.usedMs).slice(MOST_KEPT);
  await Promise.all(old.map(({ path }) => rm(path, { recursive: true, force: true })));
}
