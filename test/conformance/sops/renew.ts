import { existsSync, writeFileSync } from 'node:fs';
import { allCases, oldReleaseCases, type SopsCase } from './cases.ts';
import { fuzz } from './fuzz.ts';
import { makeKeys } from './make-keys.ts';
import { SopsTool } from './sops-tool.ts';
import { keysFile, testKeys } from './test-keys.ts';

// Has the real sops encrypt every case and decrypt it again, and writes both down. With `fuzz [seconds]`: random files,
// until one comes out otherwise. With `old RELEASE BINARY`: files that another release's sops encrypted.

if (!existsSync(keysFile)) writeFileSync(keysFile, `${JSON.stringify(await makeKeys(), null, 1)}\n`);
const [mode, ...options] = process.argv.slice(2);
if (mode === 'old') await renewOld(options);
else await (mode === 'fuzz' ? runFuzz(options) : renew());

async function renew(): Promise<void> {
  using sops = await SopsTool.open(testKeys());
  write('cases.json', answers(allCases(), sops));
}

async function runFuzz([seconds = '60']: readonly string[]): Promise<void> {
  using sops = await SopsTool.open(testKeys());
  await fuzz(sops, Number(seconds));
}

async function renewOld([release, binary]: readonly string[]): Promise<void> {
  if (release === undefined || binary === undefined) throw new Error('which release, and where is its sops?');
  using sops = await SopsTool.open(testKeys(), binary);
  const cases = oldReleaseCases().map((asked) => ({ ...asked, name: `${asked.name}, by sops ${release}` }));
  write(`sops-${release}.json`, answers(cases, sops));
}

function answers(cases: readonly SopsCase[], sops: SopsTool): readonly string[] {
  return cases.map((asked) => JSON.stringify({ name: asked.name, path: asked.path, ...sops.ask(asked) }));
}

function write(file: string, answered: readonly string[]): void {
  writeFileSync(new URL(`testdata/${file}`, import.meta.url), `[\n${answered.join(',\n')}\n]\n`);
  console.log(`${answered.length} cases`);
}
