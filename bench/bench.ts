// `npm run bench -- NAME [OPTIONS]`: measures the real controller on a real control plane. Tells in a table and in
// bench/out/*.json. A wrong end state fails a bench; no timing does.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endWithParent } from '../tools/end-with-parent.ts';
import { build } from './build/build.ts';
import { converge } from './converge.ts';
import type { Bench, Sizes } from './harness/bench.ts';
import { save, table } from './harness/report.ts';
import { yaml } from './yaml/yaml.ts';

const benches: Readonly<Record<string, Bench>> = { build, converge, yaml };

process.chdir(join(import.meta.dirname, '..'));
endWithParent(() => process.exit(1));
process.exit(await main());

async function main(): Promise<number> {
  const wish = readArguments();
  if (wish === undefined) {
    console.error(usage());
    return 2;
  }
  const { name, bench, sizes, json } = wish;
  const report = await bench.run(sizes);
  const file = await save(name, report);
  console.log(json ? JSON.stringify(report.figures, null, 2) : `${table(report)}\n\n${file}`);
  return 0;
}

interface Wish {
  readonly name: string;
  readonly bench: Bench;
  readonly sizes: Sizes;
  readonly json: boolean;
}

/** Undefined where they make no sense. */
function readArguments(): Wish | undefined {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    strict: false,
    options: {
      stagesets: { type: 'string', default: '200' },
      objects: { type: 'string', default: '10' },
      concurrent: { type: 'string', default: '16' },
      json: { type: 'boolean', default: false },
    },
  });
  const [name = ''] = positionals;
  const { stagesets, objects, concurrent, json, ...unknown } = values;
  const bench = benches[name];
  const sizes = { stageSets: Number(stagesets), objects: Number(objects), concurrent: Number(concurrent) };
  const makesSense =
    positionals.length === 1 &&
    Object.keys(unknown).length === 0 &&
    Object.values(sizes).every((size) => Number.isInteger(size) && size > 0);
  return bench === undefined || !makesSense ? undefined : { name, bench, sizes, json: json === true };
}

function usage(): string {
  const names = Object.entries(benches).map(([name, { about }]) => `  ${name.padEnd(12)} ${about}`);
  return [
    'Usage: npm run bench -- NAME [--stagesets=200] [--objects=10] [--concurrent=16] [--json]',
    '',
    ...names,
  ].join('\n');
}
