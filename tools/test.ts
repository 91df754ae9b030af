// `npm test`: the checks, the unit tests, then what needs a cluster, on one control plane for all.
// Ctrl-C needs no handling: test processes and the control plane end by themselves when this process does.
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { openPlanePool } from '../test/harness/plane-pool.ts';
import { lend, sharedClusterVariable, startTestControlPlane } from '../test/harness/shared-cluster.ts';
import { planePoolVariable } from '../test/harness/test-plane.ts';
import { runChecks } from './checks.ts';
import { endWithParent } from './end-with-parent.ts';
import { runFiles } from './test/run-files.ts';
import { runTogether } from './test/run-together.ts';
import { canShare, writeShares } from './test/shares.ts';
import { readSources } from './test/sources.ts';
import { longestFirst, suitesOf, testFilePatterns } from './test/suites.ts';
import { closingLine, sum, type Tally } from './test/tally.ts';

process.chdir(join(import.meta.dirname, '..'));
// The API servers, and whatever else is in Go, spend a sixth of their time on memory that there is enough of here.
process.env.GOGC ??= '400';
endWithParent(() => process.exit(1));

const args = process.argv.slice(2);
const suites = suitesOf(await Array.fromAsync(glob(testFilePatterns)), args);
const checks = args.length === 0 ? await runChecks() : [];
// Half of what a short process does is to compile: hundreds of them, and the controllers they start, share the result.
const env = { ...process.env, NODE_COMPILE_CACHE: join(process.cwd(), 'node_modules', '.cache', 'compiled') };
const light = await runTogether(suites.light, { env, concurrency: 2 });
const unit = await runFiles(suites.unit, { env, concurrency: 2 });
const cluster = await runOnCluster(suites.cluster);

const failedChecks = checks.filter(({ passed }) => !passed).length;
const total = sum([light, unit, cluster, { passed: checks.length - failedChecks, failed: failedChecks }]);
console.log(closingLine(total));
// Open handles of nobody's must not keep a finished run up.
process.exit(total.failed > 0 || total.passed === checks.length ? 1 : 0);

async function runOnCluster(files: readonly string[]): Promise<Tally> {
  if (files.length === 0) return { passed: 0, failed: 0 };
  await using plane = await startTestControlPlane();
  const poolSocket = join(plane.dir, 'planes.sock');
  await using _pool = await openPlanePool(poolSocket);
  const lent = { [sharedClusterVariable]: await lend(plane), [planePoolVariable]: poolSocket };
  const sources = await readSources(files);
  const { share = [], alone = [] } = Object.groupBy(sources, ({ file, source }) =>
    canShare(file, source) ? 'share' : 'alone',
  );
  const shares = await writeShares(
    share.map(({ file }) => file),
    plane.dir,
  );
  const inOrder = longestFirst([...shares, ...alone.map(({ file }) => file)]);
  // They wait more than they work, so three keep two cores busy.
  return await runFiles(inOrder, { env: { ...env, ...lent }, concurrency: 3 });
}
