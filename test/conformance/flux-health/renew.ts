import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { allCases } from './cases.ts';

// Asks Flux itself about every case and writes cases and answers down: see test/oracle/flux-health/README.md.

const cases = allCases();
const oracle = spawnSync('go', ['run', '.'], {
  cwd: fileURLToPath(new URL('../../oracle/flux-health', import.meta.url)),
  input: JSON.stringify(cases),
  stdio: ['pipe', 'pipe', 'inherit'],
  encoding: 'utf8',
});
if (oracle.status !== 0) throw new Error(`the oracle failed: ${oracle.error ?? `exit code ${oracle.status}`}`);

const answers: readonly unknown[] = JSON.parse(oracle.stdout);
const lines = cases.map((asked, index) => JSON.stringify({ ...asked, answer: answers[index] }));
writeFileSync(new URL('testdata/cases.json', import.meta.url), `[\n${lines.join(',\n')}\n]\n`);
console.log(`${lines.length} cases`);
