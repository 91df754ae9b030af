// Asks the real kustomize about every case and writes cases and answers down. `--check NAME…` shows where ours differs.
import { writeFileSync } from 'node:fs';
import { askOracle } from './ask-oracle.ts';
import type { AnsweredCase } from './case.ts';
import { ourAnswer, theirAnswer } from './case.ts';
import { allCases } from './cases/all.ts';

const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const shows = process.argv.includes('--check');
const answered: AnsweredCase[] = [];
let differences = 0;
for (const each of allCases) {
  if (wanted.length > 0 && !wanted.some((part) => each.name.includes(part))) continue;
  const { stderr, ...answer } = await askOracle(each);
  answered.push({ ...each, answer });
  if (!shows) continue;
  const [ours, theirs] = [attempt(() => ourAnswer(each)), theirAnswer(answer)];
  if (ours === theirs) continue;
  differences += 1;
  console.log(`=== ${each.name}\n--- ours\n${ours}\n--- theirs\n${theirs}\n${stderr.slice(0, 1500)}`);
}
if (shows) {
  console.log(`${answered.length} cases, ${differences} differ`);
} else {
  writeFileSync(
    new URL('testdata/cases.json', import.meta.url),
    `[\n${answered.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`,
  );
  console.log(`${answered.length} cases`);
}

function attempt(work: () => string): string {
  try {
    return work();
  } catch (error) {
    return `threw ${(error as Error).stack}`;
  }
}
