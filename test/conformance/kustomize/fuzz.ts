// Builds random folders with ours and with the real kustomize: fuzz.ts [--seconds=60] [--seed=N] [--keep]. A difference
// is shrunk and shown, and with --keep written into testdata/found.json, which is tested from then on.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { randomFrom } from '../../support/seeds.ts';
import { askOracle } from './ask-oracle.ts';
import { type AnsweredCase, ourAnswer, theirAnswer } from './case.ts';
import { caseOf, type Model, randomModel } from './random-tree.ts';
import { shrink } from './shrink.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' }, keep: { type: 'boolean' } },
});
const firstSeed = Number(values.seed ?? Date.now() % 1_000_000_000);
const endMs = Date.now() + Number(values.seconds) * 1000;
const found = new URL('testdata/found.json', import.meta.url);
let [tried, fine, different] = [0, 0, 0];

for (let seed = firstSeed; Date.now() < endMs; seed++) {
  const model = randomModel(randomFrom(seed));
  tried += 1;
  const outcome = await compare(model, `seed ${seed}`);
  if (outcome.isSame) {
    if (!outcome.ours.startsWith('problem')) fine += 1;
    continue;
  }
  different += 1;
  const small = await shrink(model, async (each) => {
    const { isSame, ours, theirs } = await compare(each, '');
    return (
      !isSame &&
      ours.startsWith('problem') === outcome.ours.startsWith('problem') &&
      theirs.startsWith('problem') === outcome.theirs.startsWith('problem')
    );
  });
  await report(small, seed);
}
console.log(`${tried} trees from seed ${firstSeed}, ${fine} of them built, ${different} differ`);
process.exitCode = different === 0 ? 0 : 1;

async function compare(model: Model, name: string) {
  const each = caseOf(model, name);
  const { stderr, ...answer } = await askOracle(each);
  const [ours, theirs] = [attempt(() => ourAnswer(each)), theirAnswer(answer)];
  return { isSame: ours === theirs || stderr.includes('panic:'), ours, theirs, each, answer, stderr };
}

async function report(model: Model, seed: number): Promise<void> {
  const { each, ours, theirs, answer, stderr } = await compare(model, `found: ${seed}`);
  for (const [path, text] of Object.entries(each.files)) console.log(`### ${path}\n${text}`);
  console.log(`--- ours\n${ours}\n--- theirs\n${theirs}\n${stderr.slice(0, 1000)}`);
  if (!values.keep) return;
  const known: readonly AnsweredCase[] = JSON.parse(readFileSync(found, 'utf8'));
  const lines = [...known, { ...each, answer }].map((one) => JSON.stringify(one)).join(',\n');
  writeFileSync(found, `[\n${lines}\n]\n`);
}

function attempt(work: () => string): string {
  try {
    return work();
  } catch (error) {
    return `threw ${(error as Error).stack}`;
  }
}
