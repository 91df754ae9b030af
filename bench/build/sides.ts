import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeTree } from '../../test/conformance/kustomize/ask-oracle.ts';
import { kustomizeOracle, oracleBinary, sopsOracle } from '../../tools/oracles/oracle-binary.ts';
import { quantile } from '../harness/report.ts';
import type { BenchTree } from './trees.ts';
import type { WarmAnswer, WarmQuestion } from './warm.ts';

const run = promisify(execFile);
const HUGE = 2 ** 30;

/** Our worker in a process of its own, whose peak memory is then that of this tree. */
export async function oursWarm(tree: BenchTree): Promise<WarmAnswer> {
  return await inFolder(tree, async (folder) => {
    const question: WarmQuestion = { tree };
    const file = join(folder, '..', 'question.json');
    await writeFile(file, JSON.stringify(question));
    const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'warm.ts'), file]);
    return JSON.parse(stdout);
  });
}

/** As a user starts it, from nothing. */
export async function ourProgram(tree: BenchTree): Promise<number> {
  const program = join(import.meta.dirname, '..', '..', 'bin', 'stagesetctl');
  return await inFolder(tree, async (folder) => {
    if (tree.ageIdentity === undefined) return await timed(program, ['build', join(folder, tree.path, '/')], folder);
    const [set, key] = [join(folder, '..', 'set.json'), join(folder, '..', 'key')];
    await writeFile(key, tree.ageIdentity);
    await writeFile(set, JSON.stringify(decryptingStageSet));
    return await timed(program, ['build', '-f', set, '--source-dir', folder, '--age-key-file', key], folder);
  });
}

const decryptingStageSet = {
  apiVersion: 'stages.metio.wtf/v1',
  kind: 'StageSet',
  metadata: { name: 'bench', namespace: 'bench' },
  spec: {
    decryption: { provider: 'sops', secretRef: { name: 'keys' } },
    stages: [{ name: 'all', sourceRef: { name: 'all' } }],
  },
};

export async function realTool(tree: BenchTree): Promise<number> {
  return await inFolder(tree, async (folder) => {
    if (tree.ageIdentity === undefined) {
      return await timed(await oracleBinary(kustomizeOracle), ['build', join(folder, tree.path)], folder);
    }
    const sops = await oracleBinary(sopsOracle);
    let ms = 0;
    for (const file of Object.keys(tree.files)) {
      ms += await timed(sops, ['--decrypt', file], folder, { SOPS_AGE_KEY: tree.ageIdentity });
    }
    return ms;
  });
}

const RUNS = 3;

/** The median of a few; one that takes long is not worth repeating. */
async function timed(file: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<number> {
  const allMs: number[] = [];
  do {
    const startedMs = performance.now();
    await run(file, args, { cwd, maxBuffer: HUGE, env: { ...process.env, ...env } });
    allMs.push(performance.now() - startedMs);
  } while (allMs.length < RUNS && allMs[0] !== undefined && allMs[0] < 1_000);
  return quantile(allMs, 0.5);
}

async function inFolder<T>({ files }: BenchTree, work: (folder: string) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'bench-build-'));
  try {
    const folder = join(root, 'tree');
    await writeTree(folder, files);
    return await work(folder);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
