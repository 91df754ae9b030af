// `npm run soak -- [--minutes=30] [PART…]`: the searches for what nobody has thought of, round after round with new
// seeds until the time is over. What a seed finds is found again by that seed alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SEEDS_OF_ROUND } from '../test/support/seeds.ts';
import { endWithParent } from './end-with-parent.ts';
import { type Search, searchesIn } from './soak/searches.ts';

process.chdir(join(import.meta.dirname, '..'));
endWithParent(() => process.exit(1));

const { values, positionals } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string' } },
  allowPositionals: true,
});
const firstSeed = Number(values.seed ?? Date.now() % 1_000_000_000);
const minutes = Number(values.minutes);
if (!(minutes > 0) || !Number.isInteger(firstSeed)) {
  console.error('usage: npm run soak -- [--minutes=30] [--seed=N] [PART OF A SEARCH’S NAME…]');
  process.exit(2);
}

const endMs = performance.now() + minutes * 60_000;
const searches = await searchesIn(positionals);
const found: string[] = [];
let done = 0;
// A search under way when the time is over is let finish.
for (let seed = firstSeed; searches.length > 0 && performance.now() < endMs; seed += SEEDS_OF_ROUND) {
  for (const search of searches) {
    if (performance.now() >= endMs) break;
    console.log(`\n=== ${search.name}, from seed ${seed}`);
    if (!(await passes(search, seed))) found.push(search.again);
    done += 1;
  }
}
console.log(`\n${done} searches, ${found.length} of them failed${found.map((each) => `\n  ${each}`).join('')}`);
process.exit(found.length === 0 && done > 0 ? 0 : 1);

async function passes({ command }: Search, seed: number): Promise<boolean> {
  const child = spawn(process.execPath, command, {
    stdio: 'inherit',
    env: { ...process.env, SOAK: '1', SEED: String(seed) },
  });
  const [code] = await once(child, 'exit');
  return code === 0;
}
