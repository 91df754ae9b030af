// `npm run bench -- NAME [OPTIONS]`: measures the real controller on a real control plane. Tells in a table and in
// bench/out/*.json. A wrong end state fails a bench; no timing does.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endWithParent } from '../tools/end-with-parent.ts';
import { converge } from './converge.ts';
import type { Bench } from './harness/bench.ts';
import { save, table } from './harness/report.ts';

const benches: Readonly<Record<string, Bench>> = { converge };

process.chdir(join(import.meta.dirname, '..'));
endWithParent(() => process.exit(1));
process.exit(await main());

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      stagesets: { type: 'string', default: '200' },
      objects: { type: 'string', default: '10' },
      concurrent: { type: 'string', default: '16' },
      json: { type: 'boolean', default: false },
    },
  });
  const [name = ''] = positionals;
  const bench = benches[name];
  if (bench === undefined) {
    console.error(usage());
    return 2;
  }
  const report = await bench.run({
    stageSets: Number(values.stagesets),
    objects: Number(values.objects),
    concurrent: Number(values.concurrent),
  });
  const file = await save(name, report);
  console.log(values.json ? JSON.stringify(report.figures, null, 2) : `${table(report)}\n\n${file}`);
  return 0;
}

function usage(): string {
  const names = Object.entries(benches).map(([name, { about }]) => `  ${name.padEnd(12)} ${about}`);
  return [
    'Usage: npm run bench -- NAME [--stagesets=200] [--objects=10] [--concurrent=16] [--json]',
    '',
    ...names,
  ].join('\n');
}
