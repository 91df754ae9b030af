import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { ownRules, tokenRequests } from '../harness/chart-rules.ts';
import { startWithRights } from '../harness/default-install.ts';
import { grant } from '../harness/remote.ts';
import { because, configMap, oneStage, startScene, succeeded, succeededWith } from '../harness/scene.ts';

test('with --tenant-auth=token the controller needs no right to impersonate', async (t) => {
  const scene = await startScene(t);
  const { api, namespace } = scene;
  const controller = await startWithRights(scene, [...ownRules, tokenRequests], ['--tenant-auth=token']);
  await scene.publish('app', [configMap('a'), configMap('b')]);
  await scene.roll('app', { ...oneStage('app'), serviceAccountName: 'deployer', retryInterval: '1s' });
  const user = `system:serviceaccount:${namespace}:deployer`;

  const noAccount = await scene.settled('app', because('StageFailed'));
  assert.ok(noAccount.message.includes(`no token for ServiceAccount ${namespace}/deployer: `), noAccount.message);
  await api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'deployer', namespace } });
  const forbidden = await scene.settled('app', ({ message }) => message.includes('configmaps is forbidden'));
  assert.ok(forbidden.message.includes(`User "${user}" cannot list resource "configmaps"`), forbidden.message);
  await grant(api, namespace, 'deployer', [
    { resources: ['configmaps'], verbs: ['get', 'list', 'create', 'patch', 'delete'] },
  ]);
  await scene.settled('app', succeeded);
  assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/a', 'ConfigMap/b']);

  await scene.settled('app', succeededWith(await scene.publish('app', [configMap('a')])));
  await scene.remove('app');
  await scene.gone('app');

  const audit = await eventually(() => readFile(scene.plane.auditLogPath ?? '', 'utf8'));
  const ours = audit.split('\n').filter((line) => line.includes('"stageset-controller/'));
  assert.ok(!ours.some((line) => line.includes('"impersonatedUser"')), 'nobody was impersonated');
  const tokens = ours.filter((line) => line.includes('/serviceaccounts/deployer/token') && line.includes('"code":201'));
  assert.equal(tokens.filter((line) => line.includes('"stage":"ResponseComplete"')).length, 1, 'one for all');
  assert.ok(!controller.log.includes('eyJ'), 'no token is logged');
});
