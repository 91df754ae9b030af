import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildInput, planIn } from '../../../test/support/build-input.ts';
import { neverCancelled } from '../../../test/support/cancel-flag.ts';
import type { JobStamp } from '../../shared/protocol/tasks.ts';
import { build } from '../build.ts';

const stamp: JobStamp = { key: 'uid/db/pre/migrate/main@sha1:1', owner: 'uid', action: 'migrate' };

async function rendered(names: readonly string[], jobs?: JobStamp) {
  const files = names.map((name, i) => {
    const spec = { ttlSecondsAfterFinished: 0, template: { spec: { containers: [] } } };
    const metadata = { name, labels: { app: 'shop' } };
    return [`${i}.yaml`, JSON.stringify({ apiVersion: 'batch/v1', kind: 'Job', metadata, spec })];
  });
  const needed = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'needed' } });
  const action = jobs === undefined ? {} : { jobs };
  const input = buildInput({ ...Object.fromEntries(files), 'needed.yaml': needed }, { action, applySetId: 'set' });
  const plan = planIn(await build(input, neverCancelled()));
  return plan.objects.map(({ id, offset, length }) => ({
    id,
    body: JSON.parse(Buffer.from(plan.bodies, offset, length).toString()),
  }));
}

const nameOf = async (name: string, jobs: JobStamp) => (await rendered([name], jobs)).at(-1)?.body.metadata.name;

test('an action’s objects carry no label of the stage, its Jobs key, action and a name of their own', async () => {
  const [configMap, job] = await rendered(['migrate'], stamp);
  assert.deepEqual(configMap?.body.metadata, { name: 'needed', namespace: 'team', labels: {} });
  const { name, annotations, labels } = job!.body.metadata;
  assert.match(name, /^migrate-[0-9a-f]{10}$/);
  assert.equal(job!.id, `team_${name}_batch_Job`);
  assert.deepEqual(annotations, { 'stages.metio.wtf/action-key': stamp.key });
  assert.deepEqual(labels, {
    app: 'shop',
    'stages.metio.wtf/action-owner': 'uid',
    'stages.metio.wtf/action': 'migrate',
  });
});

test('a Job stays until its end is recorded, whatever its time to live', async () => {
  assert.equal((await rendered(['migrate'], stamp)).at(-1)?.body.spec.ttlSecondsAfterFinished, 604_800);
});

test('the same key gives the same name, anything else another, within what a label holds', async () => {
  const long = 'x'.repeat(51);
  const name = await nameOf('migrate', stamp);
  assert.equal(await nameOf('migrate', { ...stamp }), name);
  assert.notEqual(await nameOf('migrate', { ...stamp, key: 'other' }), name);
  assert.notEqual(await nameOf('migrate', { ...stamp, owner: 'other' }), name);
  const names = (await rendered([`${long}.a`, `${long}.b`], stamp)).slice(1).map(({ body }) => body.metadata.name);
  assert.equal(new Set(names).size, 2);
  for (const each of names) assert.match(each, /^x{51}-[0-9a-f]{10}$/);
});

test('without a key Jobs are as they were written', async () => {
  const { body } = (await rendered(['migrate'])).at(-1)!;
  assert.deepEqual(body.metadata, { name: 'migrate', labels: { app: 'shop' }, namespace: 'team' });
  assert.equal(body.spec.ttlSecondsAfterFinished, 0);
});
