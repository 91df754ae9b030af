import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Detail, Listed } from '../../src/main/mcp/schemas.ts';
import { keys } from '../../src/shared/labels.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { askRaw, connectAgent, mcpPortOf, tokenOf } from '../harness/agent.ts';
import { impersonation, ownRules, scopedRules, tokenReviews } from '../harness/chart-rules.ts';
import { type ControllerProcess, startController } from '../harness/controller.ts';
import { controllerUser, startWithin, startWithRights } from '../harness/default-install.ts';
import { allow } from '../harness/rbac.ts';
import { grant } from '../harness/remote.ts';
import { startReplica } from '../harness/replica.ts';
import { because, configMap, oneStage, type Scene, stagesOf, startScene, succeeded } from '../harness/scene.ts';
import { CANARY } from '../support/canary.ts';

const reading = ['--mcp-bind-address=127.0.0.1:0', '--runbook-base-url=https://runbooks.example'];
const changing = [...reading, '--mcp-allow-mutations'];
const patchesStageSets = { group: 'stages.metio.wtf', resources: ['stagesets'], verbs: ['patch'] };

let starting: Promise<ControllerProcess> | undefined;

/** One that may do what the default install lets it, for all tests but those that say otherwise. */
function serving(scene: Scene): Promise<ControllerProcess> {
  starting ??= startWithRights(scene, [...ownRules, impersonation, tokenReviews], changing);
  return starting;
}

/** For tests with a controller of their own: two would be at work on the same StageSets. */
async function alone(t: TestContext): Promise<Scene> {
  const scene = await startScene(t);
  await (await starting)?.kill();
  return scene;
}

async function rolledOut(scene: Scene): Promise<void> {
  const { api, namespace } = scene;
  await api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'deployer', namespace } });
  const verbs = ['get', 'list', 'watch', 'create', 'patch', 'delete'];
  await grant(api, namespace, 'deployer', [{ resources: ['configmaps'], verbs }]);
  await scene.publish('app', [configMap('a'), configMap('b')]);
  await scene.roll('shop', { ...oneStage('app'), serviceAccountName: 'deployer' });
  await scene.settled('shop', succeeded);
}

/** Waits for nothing but its source, which never comes. */
async function waiting(scene: Scene, name = 'shop'): Promise<void> {
  await scene.roll(name, oneStage('none'));
  await scene.settled(name, because('ArtifactNotFound'));
}

test('an agent reads how StageSets are, and no request is sent for it', async (t) => {
  const scene = await startScene(t);
  const { namespace } = scene;
  const agent = await connectAgent(t, await serving(scene));
  await rolledOut(scene);
  await scene.atRest('shop');
  await scene.roll('stuck', stagesOf('app', 'none'));
  const { message } = await scene.settled('stuck', because('ArtifactNotFound'));
  await eventually(async () => {
    const { reason } = (await agent.call('get_stageset', { namespace, name: 'stuck' })).data as Detail;
    assert.equal(reason, 'ArtifactNotFound');
  });
  await eventually(async () => assert.equal((await scene.events('stuck')).length, 1)); // it comes last
  const before = await scene.requests();

  const shop = (await agent.call('get_stageset', { namespace, name: 'shop' })).data as Detail;
  const status = (await scene.read('shop')).status;
  const { ready, reason, upToDate, suspended, runbook, stages, lastAppliedRevisions } = shop;
  assert.deepEqual([ready, reason, upToDate, suspended, runbook], ['True', 'Succeeded', true, false, undefined]);
  assert.deepEqual(lastAppliedRevisions, status?.lastAppliedRevisions);
  assert.deepEqual(
    stages.map(({ name, phase, entriesCount }) => [name, phase, entriesCount]),
    [['app', 'Ready', 2]],
  );

  const stuck = await agent.call('get_stageset', { namespace, name: 'stuck' });
  const { message: told, runbook: link } = stuck.data as Detail;
  assert.deepEqual([told, link], [message, 'https://runbooks.example/artifactnotfound/']);
  assert.deepEqual(JSON.parse(stuck.text), stuck.data, 'the text says the same');

  const all = (await agent.call('list_stagesets', { namespace })).data as Listed;
  assert.deepEqual(
    all.items.map(({ name, stages: count, stagesReady, reason: why }) => [name, stagesReady, count, why]),
    [
      ['shop', 1, 1, 'Succeeded'],
      ['stuck', 0, 2, 'ArtifactNotFound'],
    ],
  );
  const first = (await agent.call('list_stagesets', { namespace, limit: 1 })).data as Listed;
  const second = (await agent.call('list_stagesets', { namespace, limit: 1, cursor: first.nextCursor })).data as Listed;
  assert.deepEqual(
    [first, second].map(({ items: [item], total }) => [item?.name, total]),
    [
      ['shop', 2],
      ['stuck', 2],
    ],
  );
  assert.equal(second.nextCursor, undefined);
  const failing = (await agent.call('list_stagesets', { namespace, ready: 'False' })).data as Listed;
  assert.deepEqual(
    failing.items.map(({ name }) => name),
    ['stuck'],
  );

  assert.deepEqual(await scene.requests(), before);
});

test('the tools say what they take, give and do', async (t) => {
  const scene = await startScene(t);
  const { client } = await connectAgent(t, await serving(scene));
  const { tools } = await client.listTools();
  assert.deepEqual(
    tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint, annotations?.idempotentHint]),
    [
      ['list_stagesets', true, undefined],
      ['get_stageset', true, undefined],
      ['reconcile_stageset', false, false],
      ['suspend_stageset', false, true],
      ['resume_stageset', false, true],
    ],
  );
  for (const { inputSchema, outputSchema, description } of tools) {
    assert.equal(inputSchema.additionalProperties, false);
    assert.equal(outputSchema?.type, 'object');
    assert.ok(description);
  }
  assert.match(client.getInstructions() ?? '', /list_stagesets/);
});

test('wrong arguments and names are told', async (t) => {
  const scene = await startScene(t);
  const { namespace } = scene;
  const { call } = await connectAgent(t, await serving(scene));
  const wrong: readonly (readonly [string, object, RegExp])[] = [
    ['get_stageset', { namespace }, /name/],
    ['get_stageset', { namespace, name: 5 }, /expected string, received number at name/],
    ['get_stageset', { namespace, name: 'a', nmae: 'b' }, /Unrecognized key: "nmae"/],
    ['suspend_stageset', { namespace: '..', name: 'a' }, /make up a namespace at namespace/],
    ['suspend_stageset', { namespace, name: 'a/status' }, /make up a name at name/],
    ['list_stagesets', { namespace: '' }, /make up a namespace/],
    ['list_stagesets', { limit: 0 }, /limit/],
    ['list_stagesets', { limit: 201 }, /limit/],
    ['list_stagesets', { reason: 'Because' }, /reason/],
    ['suspend_stageset', {}, /namespace/],
    ['get_stageset', { namespace, name: 'none' }, new RegExp(`^there is no StageSet ${namespace}/none$`)],
    ['delete_stageset', {}, /Tool delete_stageset not found/],
  ];
  for (const [tool, args, message] of wrong) {
    const { isError, text, data } = await call(tool, args);
    assert.deepEqual([isError, data], [true, undefined], `${tool} ${JSON.stringify(args)}`);
    assert.match(text, message);
  }
});

test('who may patch a StageSet may have it reconciled, suspended and resumed', async (t) => {
  const scene = await startScene(t);
  const { api, namespace } = scene;
  const controller = await serving(scene);
  const token = await tokenOf(scene, 'agent');
  await grant(api, namespace, 'agent', [patchesStageSets]);
  const { call } = await connectAgent(t, controller, token);
  await rolledOut(scene);
  const shop = { namespace, name: 'shop' };

  const asked = await call('reconcile_stageset', shop);
  const { token: requestedAt } = asked.data as { token: string };
  assert.equal(asked.text, `Reconcile requested for StageSet shop (token ${requestedAt})`);
  assert.equal((await scene.read('shop')).metadata.annotations?.[keys.requestedAt], requestedAt);
  await scene.settled('shop', (_, { status }) => status?.lastHandledReconcileAt === requestedAt);

  assert.deepEqual((await call('suspend_stageset', shop)).data, { ...shop, suspended: true });
  const read = (await call('get_stageset', shop)).data as Detail;
  assert.equal(read.suspended, true, 'one reads what one has written');
  await scene.settled('shop', because('Suspended'));
  assert.equal((await call('suspend_stageset', shop)).isError, false, 'again is no error');
  assert.deepEqual(await call('reconcile_stageset', shop), {
    isError: true,
    text: `StageSet ${namespace}/shop is suspended: resume it first`,
    data: undefined,
  });
  assert.equal((await scene.read('shop')).metadata.annotations?.[keys.requestedAt], requestedAt);

  assert.deepEqual((await call('resume_stageset', shop)).data, { ...shop, suspended: false });
  await scene.settled('shop', succeeded);
  const user = `system:serviceaccount:${namespace}:agent`;
  assert.match(
    controller.log,
    new RegExp(`"msg":"suspended over MCP","stageset":"${namespace}/shop","user":"${user}"`),
  );
  const { metadata } = await scene.read('shop');
  assert.ok(metadata.managedFields?.some(({ manager }) => manager === 'stageset-controller-mcp'));
});

test('whoever may not patch it changes nothing', async (t) => {
  const scene = await startScene(t);
  const { api, namespace } = scene;
  const controller = await serving(scene);
  const [none, reader, elsewhere] = await Promise.all(
    ['none', 'reader', 'elsewhere'].map((account) => tokenOf(scene, account)),
  );
  await grant(api, namespace, 'reader', [{ ...patchesStageSets, verbs: ['get', 'list', 'update'] }]);
  const named = {
    apiGroups: ['stages.metio.wtf'],
    resources: ['stagesets'],
    resourceNames: ['other'],
    verbs: ['patch'],
  };
  const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'other', namespace } };
  await api.create({ ...rbac, kind: 'Role', rules: [named] } as never);
  await api.create({
    ...rbac,
    kind: 'RoleBinding',
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'other' },
    subjects: [{ kind: 'ServiceAccount', name: 'elsewhere', namespace }],
  } as never);
  await waiting(scene);
  await waiting(scene, 'other');
  const before = await scene.read('shop');

  const refusals: readonly (readonly [string | undefined, RegExp])[] = [
    [undefined, /^changes want the header "Authorization: Bearer TOKEN"/],
    ['made-up', /^this cluster does not know the bearer token/],
    [none, new RegExp(`^system:serviceaccount:${namespace}:none may not patch StageSet ${namespace}/shop`)],
    [reader, /:reader may not patch/],
    [elsewhere, /:elsewhere may not patch/],
  ];
  for (const [token, message] of refusals) {
    const { call } = await connectAgent(t, controller, token);
    for (const tool of ['reconcile_stageset', 'suspend_stageset', 'resume_stageset']) {
      const { isError, text } = await call(tool, { namespace, name: 'shop' });
      assert.equal(isError, true);
      assert.match(text, message);
    }
    assert.equal((await call('get_stageset', { namespace, name: 'shop' })).isError, false, 'reading wants no token');
  }
  const after = await scene.read('shop');
  assert.deepEqual([after.spec, after.metadata.annotations], [before.spec, before.metadata.annotations]);

  const { call } = await connectAgent(t, controller, elsewhere);
  assert.equal((await call('suspend_stageset', { namespace, name: 'other' })).isError, false, 'that one it may');
});

test('an unknown StageSet is told only to who could patch it', async (t) => {
  const scene = await startScene(t);
  const { api, namespace } = scene;
  const token = await tokenOf(scene, 'agent');
  await grant(api, namespace, 'agent', [patchesStageSets]);
  const { call } = await connectAgent(t, await serving(scene), token);
  for (const tool of ['reconcile_stageset', 'suspend_stageset', 'resume_stageset']) {
    const { isError, text } = await call(tool, { namespace, name: 'none' });
    assert.deepEqual([isError, text], [true, `there is no StageSet ${namespace}/none`]);
  }
});

test('what is no message of an agent gets a clear answer, and hurts nobody', async (t) => {
  const scene = await startScene(t);
  const controller = await serving(scene);
  const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list_stagesets' } });
  const ask = async (change: Partial<Parameters<typeof askRaw>[1]>) => {
    const { status, body } = await askRaw(controller, { method: 'POST', body: list, ...change });
    return [status, body] as const;
  };
  const cases: readonly (readonly [Partial<Parameters<typeof askRaw>[1]>, number, RegExp])[] = [
    [{}, 200, /"total"/],
    [{ headers: { host: 'evil.example' } }, 403, /Host: call this server by/],
    [{ headers: { host: 'evil.example', origin: 'http://evil.example' } }, 403, /Host/],
    [{ headers: { origin: 'http://evil.example' } }, 403, /Origin: only pages of this machine/],
    [{ headers: { origin: 'http://localhost:6274' } }, 200, /"total"/],
    [{ headers: { host: 'stageset.apps.svc:8084' } }, 200, /"total"/],
    [{ body: '{"jsonrpc": "2.0",' }, 400, /-32700.*not JSON/],
    [{ body: '' }, 400, /-32700/],
    [{ body: 'null' }, 400, /Invalid JSON-RPC message/],
    [{ body: '{"id":1}' }, 400, /Invalid JSON-RPC message/],
    [{ body: `${'['.repeat(30_000)}${']'.repeat(30_000)}` }, 400, /batches/],
    [{ body: `[${list},${list}]` }, 400, /one message a request: batches are not taken/],
    [{ body: '{"jsonrpc":"2.0","id":1,"method":"tools/delete"}' }, 200, /Method not found/],
    [{ body: `"${'x'.repeat(70_000)}"` }, 413, /65536/],
    [{ headers: { 'content-type': 'text/plain' } }, 415, /application\/json/],
    [{ headers: { accept: 'text/html' } }, 406, /Not Acceptable/],
    [{ headers: { 'mcp-protocol-version': '1999-01-01' } }, 400, /Unsupported protocol version/],
    [{ path: '/' }, 404, /\/mcp is here/],
  ];
  for (const [change, status, body] of cases) {
    const [got, text] = await ask(change);
    assert.equal(got, status, `${JSON.stringify(change).slice(0, 200)}: ${text}`);
    assert.match(text, body);
  }
  for (const method of ['GET', 'DELETE', 'PUT', 'OPTIONS']) {
    const { status, allow } = await askRaw(controller, { method });
    assert.deepEqual([status, allow], [405, 'POST'], method);
  }
  assert.doesNotMatch(controller.log, /request failed/);
});

test('without leave to change, there are no tools that do', async (t) => {
  const scene = await alone(t);
  const controller = await startController(scene.controllerKubeconfig, reading);
  t.after(() => controller.kill());
  const { client, call } = await connectAgent(t, controller, scene.plane.adminToken);
  const { tools } = await client.listTools();
  assert.deepEqual(
    tools.map(({ name }) => name),
    ['list_stagesets', 'get_stageset'],
  );
  await waiting(scene);
  const { isError, text } = await call('suspend_stageset', { namespace: scene.namespace, name: 'shop' });
  assert.deepEqual([isError, text], [true, 'MCP error -32602: Tool suspend_stageset not found']);
});

test('a replica that only follows reads and changes as well', async (t) => {
  const scene = await alone(t);
  const flags = ['--leader-elect', ...changing, '--gate-bind-address='];
  const leader = await startReplica(scene, 'leader', flags);
  t.after(() => leader.kill());
  await leader.leads(1);
  const follower = await startReplica(scene, 'follower', flags);
  t.after(() => follower.kill());
  await waiting(scene);
  const { namespace } = scene;
  const { call } = await connectAgent(t, follower, scene.plane.adminToken);
  await eventually(async () => {
    const { reason } = (await call('get_stageset', { namespace, name: 'shop' })).data as Detail;
    assert.equal(reason, 'ArtifactNotFound');
  });
  assert.equal((await call('suspend_stageset', { namespace, name: 'shop' })).isError, false);
  await scene.settled('shop', because('Suspended'));
  assert.deepEqual(await follower.leases(), []);
});

test('a secret that a failure is about is not told', async (t) => {
  const scene = await alone(t);
  const { namespace } = scene;
  const controller = await startController(scene.controllerKubeconfig, reading);
  t.after(() => controller.kill());
  const { call } = await connectAgent(t, controller);
  await scene.publish('app', [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'keys' },
      type: 'kubernetes.io/tls',
      stringData: { key: CANARY },
    },
  ]);
  await scene.roll('shop', oneStage('app'));
  const { message } = await scene.settled('shop', because('StageFailed'));
  assert.match(message, /Secret/);
  await eventually(async () => {
    const whole = (await call('get_stageset', { namespace, name: 'shop' })).data as Detail;
    assert.deepEqual([whole.message, whole.stages[0]?.phase], [message, 'Failed']);
  });
  assert.equal(((await call('list_stagesets', { namespace })).data as Listed).items[0]?.reason, 'StageFailed');
});

test('where something else guards the port, no token is wanted; a taken port stops nothing else', async (t) => {
  const scene = await alone(t);
  const { namespace } = scene;
  const open = await startController(scene.controllerKubeconfig, [...changing, '--mcp-auth=none']);
  t.after(() => open.kill());
  const { call } = await connectAgent(t, open);
  await waiting(scene);
  assert.equal((await call('suspend_stageset', { namespace, name: 'shop' })).isError, false);
  assert.equal((await scene.read('shop')).spec.suspend, true);
  await scene.settled('shop', because('Suspended'));

  const port = mcpPortOf(open);
  await open.kill();
  const holder = createServer().listen(port, '127.0.0.1');
  t.after(() => holder.close());
  const other = await startController(scene.controllerKubeconfig, [`--mcp-bind-address=127.0.0.1:${port}`]);
  t.after(() => other.kill());
  assert.match(other.log, /"msg":"not serving MCP".*--mcp-bind-address: cannot listen on .*the port is taken/);
  await scene.roll('shop', { ...oneStage('none'), suspend: false });
  await scene.settled('shop', because('ArtifactNotFound'));
});

test('a controller for some namespaces tells and changes nothing elsewhere, and says which right it lacks', async (t) => {
  const scene = await alone(t);
  const outside = await startScene(t);
  const { api, namespace } = scene;
  const token = await tokenOf(scene, 'agent');
  await grant(api, namespace, 'agent', [patchesStageSets]);
  await api.delete({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    name: 'stageset-controller',
  });
  const controller = await startWithin(scene, [namespace], scopedRules, changing);
  const { call } = await connectAgent(t, controller, token);
  await waiting(scene);
  const shop = { namespace, name: 'shop' };
  assert.match(
    (await call('suspend_stageset', shop)).text,
    /grant it create of tokenreviews\.authentication\.k8s\.io$/,
  );

  await allow(api, 'token-reviews', controllerUser, [tokenReviews]);
  await eventually(async () => assert.equal((await call('suspend_stageset', shop)).text, 'StageSet shop is suspended'));
  const unwatched = `this controller does not watch namespace "${outside.namespace}" (--watch-namespaces)`;
  for (const tool of ['get_stageset', 'suspend_stageset']) {
    assert.equal((await call(tool, { namespace: outside.namespace, name: 'shop' })).text, unwatched);
  }
  assert.equal((await call('list_stagesets', { namespace: outside.namespace })).text, unwatched);
});
