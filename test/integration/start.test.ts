import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseFlags } from '../../src/main/flags/parse.ts';
import { flags } from '../../src/main/flags/table.ts';
import { createLog } from '../../src/main/log/log.ts';
import { start } from '../../src/main/start.ts';
import { systemClock } from '../../src/shared/time/clock.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { startCluster } from '../harness/cluster.ts';

test('without rights it says what it needs, and ends at once when asked to', async (t) => {
  const { kubeconfig } = await startCluster(t);
  let said = '';
  const log = createLog({
    level: 'info',
    encoding: 'text',
    clock: systemClock,
    write: (line) => {
      said += line;
    },
  });
  const running = await start(await settingsFor(t, asController(kubeconfig)), log, 'test');
  await eventually(() => assert.match(said, /cannot watch StageInventories: grant the rights error=".* is forbidden/));
  const askedAtMs = performance.now();
  running.stop();
  await running.stopped;
  assert.ok(performance.now() - askedAtMs < 5_000);
});

/** The context without any rights. */
function asController(kubeconfig: string): string {
  const changed = kubeconfig.replace(/(current-context"?: "?)admin/, '$1controller');
  assert.notEqual(changed, kubeconfig);
  return changed;
}

async function settingsFor(t: TestContext, kubeconfig: string) {
  const folder = await mkdtemp(join(tmpdir(), 'start-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'kubeconfig');
  await writeFile(path, kubeconfig, { mode: 0o600 });
  const parsed = parseFlags(flags, [
    `--kubeconfig=${path}`,
    '--metrics-bind-address=0',
    '--health-probe-bind-address=0',
    '--enable-webhook=false',
    '--gate-bind-address=',
  ]);
  assert.ok(parsed.is === 'run');
  return parsed.settings;
}
