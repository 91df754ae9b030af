import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Guard } from './guard.ts';
import { lastLines } from './log-tail.ts';
import { binaries, fluxCrdsFolder, fluxModules, kwokModule, kwokStages, kwokStagesFile } from './toolset.ts';

/** Told a line at a time what is being waited for. */
export type Progress = (line: string) => void;

export const goModuleFolder = join(import.meta.dirname, 'go');

/** Builds everything below the guard's folder and returns where. */
export async function buildToolset(guard: Guard, env: NodeJS.ProcessEnv, progress: Progress): Promise<string> {
  const go = goUnder(guard, env);
  const folder = join(guard.dir, 'toolset');
  await mkdir(join(folder, fluxCrdsFolder), { recursive: true });
  progress('control plane: building it once with Go, into a cache for later; this takes some minutes');
  const version = await kubernetesVersion();
  for (const [index, { name, goPackage }] of binaries.entries()) {
    const build = ['build', '-trimpath', '-ldflags', versionFlags(version), '-o', join(folder, name), goPackage];
    await timed(`control plane: (${index + 1}/${binaries.length}) ${name}`, go(build), progress);
  }
  await writeKwokStages(folder, go);
  await copyFluxCrds(folder, go);
  return folder;
}

/** Runs Go below `go/` and resolves with what it printed. */
type Go = (args: readonly string[]) => Promise<string>;

function goUnder(guard: Guard, callersEnv: NodeJS.ProcessEnv): Go {
  const env = { ...callersEnv, CGO_ENABLED: '0', GOWORK: 'off' };
  let calls = 0;
  return async (args) => {
    const [outFile, logFile] = [join(guard.dir, `go-${calls}.out`), join(guard.dir, `go-${calls}.log`)];
    calls += 1;
    const command = { file: 'go', args, cwd: goModuleFolder, env, outFile, logFile };
    const go = await guard.start(command).catch((cause) => {
      throw new Error(goIsMissing, { cause });
    });
    const { code } = await go.exited;
    if (code === 0) return await readFile(outFile, 'utf8');
    throw new Error(`go ${args.join(' ')} failed:\n${await lastLines(logFile)}`);
  };
}

const goIsMissing =
  'The local control plane has to be built once, and Go was not found. Either install Go 1.26 or newer (https://go.dev/dl), ' +
  `or set KUBEBUILDER_ASSETS to a folder that holds ${binaries.map(({ name }) => name).join(', ')}, ` +
  `${kwokStagesFile} and ${fluxCrdsFolder}, such as the cache folder of a machine where they were built.`;

async function kubernetesVersion(): Promise<string> {
  const goMod = await readFile(join(goModuleFolder, 'go.mod'), 'utf8');
  const version = /^require k8s\.io\/kubernetes (\S+)/m.exec(goMod)?.[1];
  if (version === undefined) throw new Error(`${goModuleFolder}/go.mod does not require k8s.io/kubernetes`);
  return version;
}

/** A plain `go build` leaves these empty, and discovery and `kubectl version` then report nonsense. */
function versionFlags(version: string): string {
  const [major, minor] = version.slice(1).split('.');
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor };
  const settings = Object.entries(values).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  return ['-s', '-w', ...settings].join(' ');
}

async function writeKwokStages(folder: string, go: Go): Promise<void> {
  const { Dir } = await downloaded(kwokModule, go);
  const stages = await Promise.all(kwokStages.map((path) => readFile(join(Dir, 'kustomize', 'stage', path), 'utf8')));
  await writeFile(join(folder, kwokStagesFile), stages.join('---\n'));
}

async function copyFluxCrds(folder: string, go: Go): Promise<void> {
  for (const { path, version, sum, crdFiles } of fluxModules) {
    const { Dir, Sum } = await downloaded(`${path}@${version}`, go);
    if (Sum !== sum) throw new Error(`${path}: sum ${Sum}, expected ${sum}`);
    for (const file of crdFiles) {
      await copyFile(join(Dir, 'config', 'crd', 'bases', file), join(folder, fluxCrdsFolder, file));
    }
  }
}

async function downloaded(module: string, go: Go): Promise<{ readonly Dir: string; readonly Sum: string }> {
  return JSON.parse(await go(['mod', 'download', '-json', module]));
}

/** Tells of the start, of every half a minute, so that nobody thinks it hangs, and of the end if it is a good one. */
async function timed(what: string, work: Promise<unknown>, progress: Progress): Promise<void> {
  const startedMs = performance.now();
  const seconds = () => Math.round((performance.now() - startedMs) / 1000);
  progress(`${what}…`);
  const timer = setInterval(() => progress(`${what}… ${seconds()} s`), 30_000);
  try {
    await work;
  } finally {
    clearInterval(timer);
  }
  progress(`${what}: ${seconds()} s`);
}
