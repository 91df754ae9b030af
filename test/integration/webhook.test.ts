import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { load } from 'js-yaml';
import { connect } from '../../src/main/kube/client.ts';
import { loadClusterConfig } from '../../src/main/kube/config.ts';
import { KubeError } from '../../src/main/kube/errors.ts';
import { stageSetResource } from '../../src/main/kube/own-kinds.ts';
import { collectionPath } from '../../src/main/kube/paths.ts';
import { unleased } from '../../src/main/kube/types.ts';
import { type Issued, issue } from '../../src/main/webhook/certificate/issue.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { type Clock, systemClock } from '../../src/shared/time/clock.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { docsFolder } from '../../tools/docs/pages.ts';
import { snippetsOf } from '../../tools/docs/snippets.ts';
import { startCluster, type TestCluster } from '../harness/cluster.ts';
import {
  caBundle,
  configureWebhook,
  leadTo,
  setCaBundle,
  startWebhookReplica,
  type WebhookReplica,
} from '../harness/webhook-replica.ts';

const apiVersion = 'stages.metio.wtf/v1';
const sound = { serviceAccountName: 'deployer', stages: [{ name: 'app', sourceRef: { name: 'app' } }] };
/** What the CRD lets through and our own rules do not. */
const unsound = {
  ...sound,
  updateWindows: [{ type: 'Allow', schedule: 'whenever', duration: '1h' }],
  stages: [
    {
      name: 'app',
      sourceRef: { name: 'app' },
      conflictPolicy: { rules: [{ target: { kind: 'PersistentVolumeClaim' }, action: 'Recreate' }] },
    },
  ],
};
const paths = ['spec.updateWindows[0].schedule', 'spec.stages[0].conflictPolicy.rules[0].allowDataLoss'];

function stageSet({ namespace }: TestCluster, name: string, spec: object, metadata: object = {}) {
  return { apiVersion, kind: 'StageSet', metadata: { name, namespace, ...metadata }, spec };
}

/** A cluster that asks this replica. */
async function startWebhook(t: TestContext): Promise<{ cluster: TestCluster; replica: WebhookReplica }> {
  const cluster = await startCluster(t);
  const replica = await startWebhookReplica(t, cluster);
  await configureWebhook(t, cluster, replica.port);
  await isReady(replica);
  await isAsked(cluster);
  return { cluster, replica };
}

function isReady(replica: WebhookReplica): Promise<void> {
  return eventually(() => assert.equal(replica.missing(), undefined));
}

/** The API server learns of a configuration after a moment. */
function isAsked(cluster: TestCluster): Promise<void> {
  return eventually(async () => {
    const probe = stageSet(cluster, 'probe', unsound);
    const query = { dryRun: 'All' };
    await assert.rejects(cluster.api.send('POST', collectionOf(cluster), { query, body: probe }), /denied the request/);
  });
}

const collectionOf = ({ namespace }: TestCluster) => collectionPath(stageSetResource, namespace);

/** As a client that keeps all that the server says. */
async function create(t: TestContext, cluster: TestCluster, name: string, spec: object) {
  const client = connect(await loadClusterConfig({ kubeconfigPath: cluster.kubeconfigPath }));
  t.after(() => client.close());
  const body = JSON.stringify(stageSet(cluster, name, spec));
  return await client.send({ method: 'POST', path: collectionOf(cluster), body, lease: unleased });
}

test('the webhook refuses what is not sound, with every path', async (t) => {
  const { cluster } = await startWebhook(t);
  await assert.rejects(create(t, cluster, 'shop', unsound), (error) => {
    assert.ok(error instanceof KubeError);
    assert.deepEqual([error.status, error.reason], [422, 'Invalid']);
    assert.deepEqual(
      error.details?.causes?.map(({ field }) => field),
      paths,
    );
    return paths.every((path) => error.message.includes(`${path}: `));
  });
  await assert.rejects(
    cluster.kubectl(['create', '-f-'], { input: JSON.stringify(stageSet(cluster, 'shop', unsound)) }),
    (error: Error) => paths.every((path) => error.message.includes(`* ${path}: `)),
  );
  await cluster.api.create(stageSet(cluster, 'shop', sound));
  const ref = { apiVersion, kind: 'StageSet', name: 'shop', namespace: cluster.namespace };
  await assert.rejects(cluster.api.patch(ref, { spec: unsound }), /spec\.updateWindows\[0\]\.schedule: /);
});

test('what is legal but hardly meant comes with warnings', async (t) => {
  const { cluster } = await startWebhook(t);
  const stages = [{ ...sound.stages[0], force: true, conflictPolicy: { default: 'Fail' } }];
  const { warnings } = await create(t, cluster, 'shop', { ...sound, stages });
  assert.deepEqual(warnings, ['spec.stages[0].force: has no effect beside conflictPolicy.default: Fail']);
  // This controller may do anything: no account is as good as one.
  const { serviceAccountName: _, ...withoutAccount } = sound;
  assert.deepEqual((await create(t, cluster, 'other', withoutAccount)).warnings, []);
});

test('what an older version let in can be annotated, lose its finalizer, get a status and be deleted', async (t) => {
  const cluster = await startCluster(t);
  const { api, namespace } = cluster;
  const finalizers = ['example.test/held'];
  await api.create(stageSet(cluster, 'old', unsound, { finalizers }));
  await api.create(stageSet(cluster, 'free', unsound));
  const replica = await startWebhookReplica(t, cluster);
  await configureWebhook(t, cluster, replica.port);
  await isReady(replica);
  await isAsked(cluster);

  const ref = { apiVersion, kind: 'StageSet', name: 'old', namespace };
  await api.patch(ref, { metadata: { annotations: { a: 'b' } } });
  await api.patch(ref, { status: { observedGeneration: 1 } }, { subresource: 'status' });
  await assert.rejects(api.patch(ref, { spec: { interval: '7m' } }), /denied the request/);
  await api.delete({ ...ref, name: 'free' });
  await api.delete(ref);
  await api.patch(ref, { spec: { interval: '7m' } });
  await api.patch(ref, { metadata: { finalizers: null } });
  await eventually(async () => assert.equal(await api.find(ref), undefined));
  await eventually(async () => assert.equal(await api.find({ ...ref, name: 'free' }), undefined));
});

test('while the webhook that the docs configure is down, StageSets go and lose their finalizers; only specs wait', async (t) => {
  const cluster = await startCluster(t);
  const { api, namespace } = cluster;
  const ref = { apiVersion, kind: 'StageSet', name: 'shop', namespace };
  await api.create(stageSet(cluster, 'shop', sound, { finalizers: ['example.test/held'] }));
  await configureAsInDocs(t, cluster);
  const query = { dryRun: 'All' };
  const isRefused = () =>
    assert.rejects(
      api.send('POST', collectionOf(cluster), { query, body: stageSet(cluster, 'new', sound) }),
      /failed calling webhook/,
    );
  await eventually(isRefused);

  await assert.rejects(api.patch(ref, { spec: { interval: '7m' } }), /failed calling webhook/);
  await api.patch(ref, { metadata: { annotations: { a: 'b' } } });
  await api.patch(ref, { status: { observedGeneration: 1 } }, { subresource: 'status' });
  await api.delete(ref);
  await api.patch(ref, { metadata: { finalizers: null } });
  await eventually(async () => assert.equal(await api.find(ref), undefined));
  await isRefused();
});

/** For this namespace only, where no Service of this name is. */
async function configureAsInDocs(t: TestContext, { api, namespace }: TestCluster): Promise<void> {
  const page = { path: 'webhook.md', text: await readFile(join(docsFolder, 'webhook.md'), 'utf8') };
  const objects = snippetsOf(page, 'yaml').map(({ text }) => load(text) as Configuration);
  const written = objects.find(({ kind }) => kind === 'ValidatingWebhookConfiguration') ?? assert.fail();
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
  const webhooks = written.webhooks.map((each) => ({
    ...each,
    namespaceSelector,
    clientConfig: { service: { ...each.clientConfig.service, namespace } },
  }));
  await api.create({ ...written, metadata: { name: namespace }, webhooks } as KubeObject);
  t.after(() => api.delete({ apiVersion: written.apiVersion, kind: written.kind, name: namespace }));
}

interface Configuration {
  readonly apiVersion: string;
  readonly kind: string;
  readonly webhooks: readonly { readonly clientConfig: { readonly service: object } }[];
}

test('two replicas that start at once are both believed, and neither is ready before', async (t) => {
  const cluster = await startCluster(t);
  const replicas = await Promise.all([startWebhookReplica(t, cluster), startWebhookReplica(t, cluster)]);
  await eventually(() => {
    for (const each of replicas) assert.match(each.missing() ?? '', /there is no ValidatingWebhookConfiguration/);
  });
  const [one] = replicas;
  await configureWebhook(t, cluster, one.port);
  await Promise.all(replicas.map(isReady));
  assert.equal(authoritiesIn(await caBundle(cluster)).length, 2);
  for (const each of replicas) {
    const before = await each.answered();
    await leadTo(cluster, each.port);
    await eventually(async () => {
      await isAsked(cluster);
      assert.ok((await each.answered()) > before);
    });
  }
});

test('twenty restarts leave a bundle of eight, none of them expired, and nobody is ready before it is in', async (t) => {
  const cluster = await startCluster(t);
  await configureWebhook(t, cluster, 1);
  const yesterday: Clock = { ...systemClock, wallMs: () => Date.now() - 24 * 3_600_000 };
  for (let restart = 1; restart <= 20; restart += 1) {
    const clock = restart <= 3 ? yesterday : systemClock;
    const replica = await startWebhookReplica(t, cluster, { clock, flags: ['--webhook-cert-validity=1h'] });
    await eventually(
      async () => {
        const isReady = replica.missing() === undefined;
        const isIn = (await caBundle(cluster)).includes(await replica.authority());
        assert.ok(isIn || !isReady, 'ready before its own is in');
        assert.ok(isReady);
      },
      { everyMs: 1 },
    );
    const authorities = authoritiesIn(await caBundle(cluster));
    const expired = authorities.filter(({ validToDate }) => validToDate.getTime() < clock.wallMs());
    assert.deepEqual([authorities.length, expired.length], [restart <= 3 ? restart : Math.min(restart - 3, 8), 0]);
    if (restart === 20) {
      await leadTo(cluster, replica.port);
      await isAsked(cluster);
    }
    await replica.stop();
  }
});

test('whoever creates StageSets does not notice renewals', async (t) => {
  const cluster = await startCluster(t);
  const startedMs = Date.now();
  /** For the webhook a second lasts twenty; the API server takes its certificates all the same. */
  const fast: Clock = {
    ...systemClock,
    wallMs: () => startedMs + (Date.now() - startedMs) * 20,
    sleep: (ms, signal) => systemClock.sleep(ms / 20, signal),
  };
  const replica = await startWebhookReplica(t, cluster, { clock: fast, flags: ['--webhook-cert-validity=2m'] });
  await configureWebhook(t, cluster, replica.port);
  await isReady(replica);
  await isAsked(cluster);
  const before = await replica.answered();
  const query = { dryRun: 'All' };
  let creates = 0;
  for (; replica.said().split('certificate issued').length < 5; creates += 1) {
    await cluster.api.send('POST', collectionOf(cluster), { query, body: stageSet(cluster, 'shop', sound) });
  }
  await eventually(async () => assert.equal(await replica.answered(), before + creates, 'all went through it'));
  assert.equal(replica.missing(), undefined);
  await eventually(async () => assert.equal(authoritiesIn(await caBundle(cluster)).length, 1), { everyMs: 5 });
});

test('mounted files are served, and those that replace them, without a restart', async (t) => {
  const cluster = await startCluster(t);
  const hasty: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 50, signal) };
  const replica = await startWebhookReplica(t, cluster, { clock: hasty, flags: ['--webhook-cert-mode=cert-manager'] });
  await eventually(() => assert.match(replica.missing() ?? '', /no such file/));
  await configureWebhook(t, cluster, replica.port);
  const dnsNames = [`webhook.${cluster.namespace}.svc`];
  for (const version of ['one', 'two']) {
    const issued = await issue({ dnsNames, podUid: version, nowMs: Date.now(), validityMs: 3_600_000 });
    await mount(replica.folder, version, issued);
    await eventually(() => assert.equal(replica.said().split('certificate taken').length, version === 'one' ? 2 : 3));
    await isReady(replica);
    await setCaBundle(cluster, issued.ca); // nobody believes the one before any more
    await isAsked(cluster);
  }
});

/** As kubelet does it: the links lead through one that is swapped. */
async function mount(folder: string, version: string, { cert, key }: Issued): Promise<void> {
  await mkdir(join(folder, version));
  await writeFile(join(folder, version, 'tls.crt'), cert);
  await writeFile(join(folder, version, 'tls.key'), key);
  await symlink(version, join(folder, '..data.new'));
  await rename(join(folder, '..data.new'), join(folder, '..data'));
  for (const name of ['tls.crt', 'tls.key']) await symlink(`..data/${name}`, join(folder, name)).catch(() => {});
}

function authoritiesIn(bundle: string): readonly X509Certificate[] {
  return (bundle.match(/-----BEGIN [\s\S]+?-----END CERTIFICATE-----/g) ?? []).map((pem) => new X509Certificate(pem));
}
