import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheRoot } from '../control-plane/cache-root.ts';
import { openGuard } from '../control-plane/guard.ts';
import { lastLines } from '../control-plane/log-tail.ts';

/** A real tool that tests are judged by: each is a Go module in the folder of its name, which pins the version. */
export interface Oracle {
  readonly name: string;
  readonly goPackage: string;
}

export const sopsOracle: Oracle = { name: 'sops', goPackage: 'github.com/getsops/sops/v3/cmd/sops' };
/** An S3 server over a folder. */
export const versitygwOracle: Oracle = { name: 'versitygw', goPackage: 'github.com/versity/versitygw/cmd/versitygw' };
export const helm3Oracle: Oracle = { name: 'helm3', goPackage: 'helm.sh/helm/v3/cmd/helm' };
export const helm4Oracle: Oracle = { name: 'helm4', goPackage: 'helm.sh/helm/v4/cmd/helm' };
export const prometheusOracle: Oracle = {
  name: 'prometheus',
  goPackage: 'github.com/prometheus/prometheus/cmd/prometheus',
};
export const kustomizeOracle: Oracle = { name: 'kustomize', goPackage: 'sigs.k8s.io/kustomize/kustomize/v5' };

/** The path of the tool, built with Go into the cache of this user when it is not there yet. */
export async function oracleBinary(oracle: Oracle, env = process.env): Promise<string> {
  const module = join(import.meta.dirname, oracle.name);
  const root = cacheRoot(env);
  const binary = join(root, `oracle-${oracle.name}-${await keyOf(module)}`);
  if (await exists(binary)) return binary;
  console.error(`${oracle.name}: building it once with Go, into a cache for later…`);
  await mkdir(root, { recursive: true });
  await buildInto(binary, oracle, module, env);
  return binary;
}

async function keyOf(module: string): Promise<string> {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const file of ['go.mod', 'go.sum']) hash.update(await readFile(join(module, file)));
  return hash.digest('hex').slice(0, 16);
}

/** Built beside its place and moved there whole. */
async function buildInto(binary: string, { goPackage }: Oracle, cwd: string, callersEnv: NodeJS.ProcessEnv) {
  await using guard = await openGuard({ parentDir: dirname(binary), prefix: '.building-' });
  const [built, outFile, logFile] = ['built', 'go.out', 'go.log'].map((name) => join(guard.dir, name)) as [
    string,
    string,
    string,
  ];
  const args = ['build', '-trimpath', '-ldflags', '-s -w', '-o', built, goPackage];
  const env = { ...callersEnv, CGO_ENABLED: '0', GOWORK: 'off' };
  const go = await guard.start({ file: 'go', args, cwd, env, outFile, logFile });
  const { code } = await go.exited;
  if (code !== 0) throw new Error(`go ${args.join(' ')} failed:\n${await lastLines(logFile)}`);
  await rm(binary, { force: true });
  await rename(built, binary);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
