// Asks Flux's own package about every folder of cases/flux.ts; see test/oracle/flux-kustomize/README.md.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AnsweredCase, KustomizeCase } from './case.ts';
import { fluxTrees } from './cases/flux.ts';
import { kindOfError } from './error-kinds.ts';

const PATH = 'path: ';

const cases = Object.entries(fluxTrees).map(([name, tree]): KustomizeCase => {
  const marked = Object.keys(tree).find((path) => path.startsWith(PATH));
  const files = Object.fromEntries(Object.entries(tree).map(([path, text]) => [path.replace(PATH, ''), text]));
  const path = marked === undefined ? '' : marked.slice(PATH.length).replace(/\/[^/]*$/, '');
  return { name: `flux: ${name}`, files, path, filesFrom: 'artifact' };
});
const oracle = spawnSync('go', ['run', '.'], {
  cwd: fileURLToPath(new URL('../../oracle/flux-kustomize', import.meta.url)),
  env: { ...process.env, GOWORK: 'off' },
  input: JSON.stringify(cases.map(({ files, path }) => ({ files, path }))),
  stdio: ['pipe', 'pipe', 'inherit'],
  encoding: 'utf8',
  maxBuffer: 2 ** 26,
});
if (oracle.status !== 0) throw new Error(`the oracle failed: ${oracle.error ?? `exit code ${oracle.status}`}`);

interface Told {
  readonly yaml?: string;
  readonly error?: string;
}
const answers: readonly Told[] = JSON.parse(oracle.stdout);
const answered = cases.map((each, index): AnsweredCase => {
  const { yaml = '', error } = answers[index] ?? {};
  return { ...each, answer: error === undefined ? { yaml } : { problem: kindOfError(error) } };
});
const lines = answered.map((each) => JSON.stringify(each)).join(',\n');
writeFileSync(new URL('testdata/flux.json', import.meta.url), `[\n${lines}\n]\n`);
console.log(`${answered.length} cases`);
