// Runs the test files that it is given in this one process, and tells its parent how many passed and failed.
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { type Tally, tallyOf } from './tally.ts';

let tally: Tally = { passed: 0, failed: 0 };
const events = run({ files: process.argv.slice(2), isolation: 'none', timeout: 240_000 });
events.on('test:summary', (summary) => {
  tally = tallyOf(summary);
});
const report = events.compose(spec);
report.pipe(process.stdout, { end: false });
await finished(report);
process.send?.(tally, () => process.exit(0));
