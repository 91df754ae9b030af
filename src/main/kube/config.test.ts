import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { loadClusterConfig, type Surroundings } from './config.ts';

/** A machine with nothing on it, in a folder of its own. */
async function bareMachine(t: TestContext, env: Surroundings['env'] = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'kube-config-'));
  t.after(() => rm(folder, { recursive: true }));
  const around = {
    env,
    home: join(folder, 'home'),
    serviceAccountFolder: join(folder, 'sa'),
    clock: new ManualClock(),
  };
  await mkdir(join(around.home, '.kube'), { recursive: true });
  await mkdir(around.serviceAccountFolder);
  return { folder, around };
}

function kubeconfig(server: string, user: object = { token: 't' }, cluster: object = {}): string {
  return JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u', namespace: 'shop' } }],
    clusters: [{ name: 'c', cluster: { server, ...cluster } }],
    users: [{ name: 'u', user }],
  });
}

async function inPod({ around }: { around: Surroundings }): Promise<Surroundings> {
  await writeFile(join(around.serviceAccountFolder, 'token'), 'pod-token\n');
  await writeFile(join(around.serviceAccountFolder, 'ca.crt'), 'CA');
  await writeFile(join(around.serviceAccountFolder, 'namespace'), 'flux-system');
  return { ...around, env: { ...around.env, KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' } };
}

test('nothing to go by is said in full', async (t) => {
  const { around } = await bareMachine(t);
  await assert.rejects(loadClusterConfig({}, around), /no --kubeconfig, no KUBECONFIG, not in a pod, and no /);
});

test('in a pod: its token, trimmed, its CA, its namespace', async (t) => {
  const config = await loadClusterConfig({}, await inPod(await bareMachine(t)));
  assert.equal(config.server, 'https://[fd00::1]:443');
  assert.equal(config.tls.ca?.toString(), 'CA');
  assert.equal(config.namespace, 'flux-system');
  assert.deepEqual(await config.authHeaders(), { authorization: 'Bearer pod-token' });
});

test('what was asked for comes before KUBECONFIG, that before the pod, that before the home folder', async (t) => {
  const { folder, around } = await bareMachine(t);
  const asked = join(folder, 'asked');
  const named = join(folder, 'named');
  await writeFile(asked, kubeconfig('https://asked'));
  await writeFile(named, kubeconfig('https://named'));
  await writeFile(join(around.home, '.kube', 'config'), kubeconfig('https://home/'));
  const pod = await inPod({ around });
  const all = { ...pod, env: { ...pod.env, KUBECONFIG: [named, asked].join(delimiter) } };

  assert.equal((await loadClusterConfig({ kubeconfigPath: asked }, all)).server, 'https://asked');
  assert.equal((await loadClusterConfig({}, all)).server, 'https://named');
  assert.equal((await loadClusterConfig({}, pod)).server, 'https://[fd00::1]:443');
  assert.equal((await loadClusterConfig({}, around)).server, 'https://home');
});

test('of several in KUBECONFIG those that are missing do not count; one asked for does', async (t) => {
  const { folder, around } = await bareMachine(t);
  const there = join(folder, 'there');
  const missing = join(folder, 'missing');
  await writeFile(there, kubeconfig('https://there'));
  const named = (...paths: readonly string[]) => ({ ...around, env: { KUBECONFIG: paths.join(delimiter) } });
  assert.equal((await loadClusterConfig({}, named(missing, there))).server, 'https://there');
  await assert.rejects(loadClusterConfig({}, named(missing)), new RegExp(`kubeconfig ${missing}: ENOENT`));
  await assert.rejects(loadClusterConfig({ kubeconfigPath: missing }, named(there)), /ENOENT/);
});

test('certificates come from files or from the text, and the text wins', async (t) => {
  const { folder, around } = await bareMachine(t);
  const path = join(folder, 'config');
  await writeFile(join(folder, 'ca.crt'), 'CA file');
  const user = {
    'client-certificate-data': btoa('cert'),
    'client-certificate': 'nowhere',
    'client-key-data': btoa('key'),
  };
  const cluster = { 'certificate-authority': 'ca.crt', 'tls-server-name': 'kube', 'proxy-url': 'http://proxy:3128' };
  await writeFile(path, kubeconfig('https://c', user, cluster));

  const { tls, proxyUrl, namespace } = await loadClusterConfig({ kubeconfigPath: path }, around);
  assert.deepEqual([tls.ca, tls.cert, tls.key].map(String), ['CA file', 'cert', 'key']);
  assert.deepEqual([tls.serverName, tls.insecure, proxyUrl, namespace], ['kube', false, 'http://proxy:3128', 'shop']);
});

test('a bad kubeconfig is named with its path', async (t) => {
  const { folder, around } = await bareMachine(t);
  const path = join(folder, 'config');
  const load = () => loadClusterConfig({ kubeconfigPath: path }, around);
  await assert.rejects(load(), new RegExp(`kubeconfig ${path}: ENOENT`));
  await writeFile(path, 'a: [');
  await assert.rejects(load(), new RegExp(`kubeconfig ${path}: `));
  await writeFile(path, kubeconfig('not a url'));
  await assert.rejects(load(), /config: the cluster needs a server such as/);
});

test('what is wrong with the YAML of a kubeconfig is told without what stands there', async (t) => {
  const { folder, around } = await bareMachine(t);
  const path = join(folder, 'config');
  await writeFile(path, 'users:\n- user:\n    token: s3cret\n   password: s3cret\n');
  await assert.rejects(loadClusterConfig({ kubeconfigPath: path }, around), {
    message: `kubeconfig ${path}: line 4 is not YAML`,
  });
});

test('a context that is asked for by name is not the pod', async (t) => {
  const machine = await bareMachine(t);
  const pod = await inPod(machine);
  await assert.rejects(loadClusterConfig({ context: 'c' }, pod), /no cluster to talk to/);
  await writeFile(join(pod.home, '.kube', 'config'), kubeconfig('https://home'));
  assert.equal((await loadClusterConfig({ context: 'c' }, pod)).server, 'https://home');
});

test('in a pod too, who is stood in for is the one asked for', async (t) => {
  const config = await loadClusterConfig({ userFields: { as: 'guest' } }, await inPod(await bareMachine(t)));
  assert.deepEqual(await config.authHeaders(), { authorization: 'Bearer pod-token', 'impersonate-user': 'guest' });
});

test('a server and a token need no file, and are not the pod', async (t) => {
  const wishes = { clusterFields: { server: 'https://given/' }, userFields: { token: 'mine' } };
  const machine = await bareMachine(t);
  for (const around of [machine.around, await inPod(machine)]) {
    const config = await loadClusterConfig(wishes, around);
    assert.equal(config.server, 'https://given');
    assert.deepEqual(await config.authHeaders(), { authorization: 'Bearer mine' });
  }
});
