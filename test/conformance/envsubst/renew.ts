import { writeFileSync } from 'node:fs';
import { askFlux } from './ask.ts';
import { allCases } from './cases.ts';
import { fuzz } from './fuzz.ts';

// Asks Flux about every case and writes cases and answers down, or, with `fuzz [seconds]`, about random ones until we
// disagree: see test/oracle/envsubst/README.md.

const [mode, seconds = '60'] = process.argv.slice(2);
if (mode === 'fuzz') fuzz(Number(seconds));
else renew();

function renew(): void {
  const cases = allCases();
  const answers = askFlux(cases);
  const lines = cases.map((asked, at) => JSON.stringify({ ...asked, answer: answers[at] }));
  writeFileSync(new URL('testdata/cases.json', import.meta.url), `[\n${lines.join(',\n')}\n]\n`);
  console.log(`${lines.length} cases`);
}
