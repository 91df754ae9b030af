import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stringifyExact } from '../../../src/shared/json/exact-json.ts';
import { allCases } from './cases.ts';

// Asks client-go itself about every case and writes cases and answers down: see test/oracle/jsonpath/README.md.

const cases = allCases();
const oracle = spawnSync('go', ['run', '.'], {
  cwd: fileURLToPath(new URL('../../oracle/jsonpath', import.meta.url)),
  input: stringifyExact(cases),
  stdio: ['pipe', 'pipe', 'inherit'],
  encoding: 'utf8',
});
if (oracle.status !== 0) throw new Error(`the oracle failed: ${oracle.error ?? `exit code ${oracle.status}`}`);

const answers: readonly unknown[] = JSON.parse(oracle.stdout);
const lines = cases.map(({ path }, index) => JSON.stringify({ path, answer: answers[index] }));
writeFileSync(new URL('testdata/cases.json', import.meta.url), `[\n${lines.join(',\n')}\n]\n`);
console.log(`${lines.length} cases`);
