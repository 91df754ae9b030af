// `npm run bench -- NAME [OPTIONS]`: measures the real controller on a real control plane. Tells in a table and in
// bench/out/*.json. A wrong end state fails a bench, and a wrong count; no timing does.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endWithParent } from '../tools/end-with-parent.ts';
import { runAll } from './all.ts';
import { benches } from './benches.ts';
import type { Bench, Sizes } from './harness/bench.ts';
import { save, table } from './harness/report.ts';
import { keep } from './page/write.ts';

const most: Sizes = { stageSets: 1_000, objects: 4, stuck: 100, concurrent: 16 };

process.chdir(join(import.meta.dirname, '..'));
endWithParent(() => process.exit(1));
process.exit(await main());

async function main(): Promise<number> {
  if (process.argv[2] === 'all' && process.argv.length === 3) return Math.min(await runAll(), 1);
  const wish = readArguments();
  if (typeof wish === 'string') {
    console.error(`${wish}\n\n${usage()}`);
    return 2;
  }
  const { name, bench, sizes, json, kept } = wish;
  const report = await bench.run(sizes);
  const file = await save(name, report);
  if (kept && (report.wrong ?? []).length === 0) await keep(name, report);
  console.log(json ? JSON.stringify(report.figures, null, 2) : `${table(report)}\n\n${file}`);
  for (const count of report.wrong ?? []) console.error(`wrong: ${count}`);
  return report.wrong === undefined || report.wrong.length === 0 ? 0 : 1;
}

interface Wish {
  readonly name: string;
  readonly bench: Bench;
  readonly sizes: Sizes;
  readonly json: boolean;
  /** Among the numbers that the documentation tells of. */
  readonly kept: boolean;
}

/** What is wrong with them, where they make no sense. */
function readArguments(): Wish | string {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    strict: false,
    options: {
      stagesets: { type: 'string' },
      objects: { type: 'string' },
      stuck: { type: 'string' },
      concurrent: { type: 'string' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  });
  const [name, another] = positionals;
  const { stagesets, objects, stuck, concurrent, json, keep: kept, ...unknown } = values;
  const bench = benches[name ?? ''];
  const usual = { ...most, ...bench?.usual };
  const sizes = {
    stageSets: sizeOf(stagesets, usual.stageSets),
    objects: sizeOf(objects, usual.objects),
    stuck: sizeOf(stuck, usual.stuck),
    concurrent: sizeOf(concurrent, usual.concurrent),
  };
  const [surprise] = Object.keys(unknown);
  const [wrong] = Object.entries(sizes).find(([, size]) => !Number.isInteger(size) || size <= 0) ?? [];
  if (name === undefined) return 'which bench?';
  if (name === 'all') return 'all takes no options: it runs each bench as the documentation tells of it';
  if (bench === undefined) return `there is no bench "${name}"`;
  if (another !== undefined) return `one bench at a time: "${name}" or "${another}"`;
  if (surprise !== undefined) return `there is no option --${surprise}`;
  if (wrong !== undefined) return `--${wrong.toLowerCase()} wants a whole number above zero`;
  return { name, bench, sizes, json: json === true, kept: kept === true };
}

/** An option without a value is `true`. */
function sizeOf(given: string | boolean | undefined, usual: number): number {
  if (given === undefined) return usual;
  return typeof given === 'string' && given !== '' ? Number(given) : Number.NaN;
}

function usage(): string {
  const names = Object.entries(benches).map(([name, { about }]) => `  ${name.padEnd(12)} ${about}`);
  return [
    'Usage: npm run bench -- NAME [--stagesets=N] [--objects=N] [--stuck=N] [--concurrent=N] [--json] [--keep]',
    '       npm run bench -- all',
    '',
    ...names,
    '',
    '--keep writes the figures into docs/tuning.md; all runs what that page tells of, and keeps it.',
  ].join('\n');
}
