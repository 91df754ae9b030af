import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import type { YamlMap } from '../../shared/yaml/yaml-value.ts';
import { fieldsOf } from './fields.ts';
import { judgeChange, judgeRendered, type Looked } from './judge-change.ts';
import { maskFor } from './mask-for.ts';

function configMap(data: YamlMap, metadata: YamlMap = {}): YamlMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'shop', ...metadata }, data };
}

function planned(rest: Partial<PlannedObject> = {}): PlannedObject {
  const place = { offset: 0, length: 0, wave: 2, digest: '', keep: false };
  return { id: 'shop_a__ConfigMap', apiVersion: 'v1', sensitive: false, ...place, ...rest };
}

function looked(rest: Partial<Looked>): Looked {
  const nothing = { live: undefined, base: undefined, wasSensitive: false, verdict: undefined };
  return { stage: 'app', planned: planned(), body: configMap({ a: '1' }), ...nothing, ...rest };
}

const judge = (rest: Partial<Looked>) => judgeChange(looked(rest), maskFor({}));

function fieldsIn(change: ReturnType<typeof judge>) {
  return change.is === 'changed' ? fieldsOf(change.difference) : change.is;
}

test('what only the server writes is no difference', () => {
  const written = {
    uid: 'u',
    resourceVersion: '7',
    generation: 3,
    creationTimestamp: 'then',
    managedFields: [{ manager: 'x' }],
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
  };
  const live = { ...configMap({ a: '1' }, written), status: { phase: 'x' } };
  const left = configMap({ a: '1' }, { ...written, resourceVersion: '8' });
  assert.equal(judge({ live, verdict: { is: 'fine', left } }).is, 'unchanged');
});

test('the server’s answer counts, not what was sent', () => {
  const live = configMap({ a: '1', byWebhook: 'x' });
  const left = configMap({ a: '2', byWebhook: 'y' });
  const paths = fieldsIn(judge({ live, verdict: { is: 'fine', left } }));
  assert.deepEqual(paths, [
    { path: 'data.a', from: '1', to: '2' },
    { path: 'data.byWebhook', from: 'x', to: 'y' },
  ]);
});

const live = configMap({ a: '2' });
const cases: readonly (readonly [string, Partial<Looked>, ReturnType<typeof judge>['is']])[] = [
  ['nothing is there', {}, 'created'],
  ['it waits for another object', { verdict: { is: 'later' } }, 'created'],
  ['the server refuses it', { verdict: { is: 'refused', refusal: { object: planned(), message: 'no' } } }, 'refused'],
  ['the policy keeps it', { live, verdict: { is: 'kept' } }, 'unchanged'],
  ['the policy creates it anew', { live, verdict: { is: 'recreated', fields: ['data'] } }, 'replaced'],
  ['the server was not asked', { live }, 'changed'],
  ['the server cannot say', { live, verdict: { is: 'fine', left: undefined } }, 'changed'],
  ['it is to be ignored', { live, planned: planned({ ssa: 'Ignore' }) }, 'unchanged'],
  ['it is there and only created where not', { live, planned: planned({ ssa: 'IfNotPresent' }) }, 'unchanged'],
  ['it is not there and only created where not', { planned: planned({ ssa: 'IfNotPresent' }) }, 'created'],
];

for (const [when, rest, is] of cases) {
  test(`when ${when} it is ${is}`, () => {
    assert.equal(judge(rest).is, is);
  });
}

test('what was sensitive when it was applied is masked, and the name of a field that goes', () => {
  const change = judge({
    live: configMap({ hunter2: 'x', url: 'hunter2' }),
    verdict: { is: 'fine', left: configMap({ url: 'plain' }) },
    wasSensitive: true,
  });
  assert.deepEqual(fieldsIn(change), [
    { path: 'data["*** (1)"]', from: '*** (2)' },
    { path: 'data.url', from: '*** (1)', to: '*** (3)' },
  ]);
});

test('of two renders the more secret one decides', () => {
  const before = { stage: 'app', planned: planned({ secretIn: 'keys' }), body: configMap({ hunter2: 'a' }) };
  const after = { stage: 'app', planned: planned(), body: configMap({ plain: 'a' }) };
  const text = JSON.stringify(judgeRendered(before, after, maskFor({})));
  assert.doesNotMatch(text, /hunter2|"plain"/);
  assert.match(JSON.stringify(judgeRendered(before, after, maskFor({ showSecrets: true }))), /hunter2/);
});
