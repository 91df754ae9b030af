import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { execPlugin } from './exec-plugin.ts';

/** A credential plugin that runs this script and counts its runs in a file. */
async function plugin(t: TestContext, script: string) {
  const folder = await mkdtemp(join(tmpdir(), 'kube-exec-'));
  t.after(() => rm(folder, { recursive: true }));
  const counted = `require('node:fs').appendFileSync(process.env.RUNS, 'x'); ${script}`;
  const runs = join(folder, 'runs');
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: ['-e', counted],
    env: [{ name: 'RUNS', value: runs }],
  };
  return { ask: execPlugin(exec), runs: async () => (await readFile(runs, 'utf8')).length };
}

test('its token is kept, and those who ask at once share one run', async (t) => {
  const { ask, runs } = await plugin(t, `console.log(JSON.stringify({ status: { token: 't' } }))`);
  const answers = await Promise.all([ask(), ask(), ask()]);
  for (const { headers } of answers) assert.deepEqual(headers, { Authorization: 'Bearer t' });
  await ask();
  assert.equal(await runs(), 1);
});

test('it is told what is asked of it, and may answer with a certificate', async (t) => {
  const { ask } = await plugin(
    t,
    `const { apiVersion } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
     console.log(JSON.stringify({ status: { clientCertificateData: apiVersion, clientKeyData: 'key' } }))`,
  );
  assert.deepEqual(await ask(), { headers: {}, cert: 'client.authentication.k8s.io/v1', key: 'key' });
});

test('when it fails, what it said is passed on', async (t) => {
  const { ask } = await plugin(t, `console.error('please log in'); process.exit(1)`);
  await assert.rejects(ask(), /credential plugin ".*" failed: please log in/);
});

test('what it prints in place of JSON is not repeated: it may be the credential', async (t) => {
  const { ask } = await plugin(t, `console.log('s3cret')`);
  await assert.rejects(ask(), (error: Error) => {
    assert.match(error.message, /^credential plugin ".*" failed: what it printed is not JSON$/);
    assert.equal(error.cause, undefined);
    return true;
  });
});

test('a plugin that is not installed', async () => {
  await assert.rejects(
    execPlugin({ command: 'no-such-plugin' })(),
    /"no-such-plugin" failed: spawn no-such-plugin ENOENT/,
  );
});
