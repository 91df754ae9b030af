import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { YamlMap } from '../../shared/yaml/yaml-value.ts';
import { asApplied, asFolded } from './as-applied.ts';

const entry = (manager: string, fieldsV1: YamlMap) => ({ manager, operation: 'Apply', fieldsV1 });
const isKubectl = ({ manager = '' }) => manager.startsWith('kubectl');

function live(fields: YamlMap, ...managedFields: readonly YamlMap[]): YamlMap {
  return { metadata: { name: 'a', managedFields }, ...fields };
}

test('what only an earlier tool holds goes, what others hold too stays', () => {
  const object = live(
    { data: { ours: '1', theirs: '2', both: '3' }, list: [{ name: 'x' }, { name: 'y' }], set: ['p', 'q'] },
    entry('stageset-controller', { 'f:data': { 'f:ours': {} } }),
    entry('hpa', { 'f:data': { 'f:both': {} } }),
    entry('kubectl-edit', {
      'f:data': { 'f:theirs': {}, 'f:both': {} },
      'f:list': { 'k:{"name":"y"}': { '.': {}, 'f:name': {} } },
      'f:set': { 'v:"q"': {} },
    }),
  );
  const { metadata: _, ...left } = asFolded(object, isKubectl);
  assert.deepEqual(left, { data: { ours: '1', both: '3' }, list: [{ name: 'x' }], set: ['p'] });
});

test('a map that was theirs alone goes as a whole', () => {
  const object = live(
    { spec: { extra: { a: 1 } } },
    entry('kubectl-edit', { 'f:spec': { 'f:extra': { '.': {}, 'f:a': {} } } }),
  );
  assert.equal('spec' in asFolded(object, isKubectl), false);
});

test('an apply overlays what is there, and takes away what is ours and wanted no more', () => {
  const object = live(
    {
      spec: {
        replicas: 3,
        defaulted: true,
        gone: 1,
        containers: [
          { name: 'app', image: 'a:1', policy: 'Always', old: 1 },
          { name: 'injected' },
          { name: 'dropped' },
        ],
      },
    },
    entry('stageset-controller', {
      'f:spec': {
        'f:gone': {},
        'f:containers': {
          'k:{"name":"app"}': { '.': {}, 'f:name': {}, 'f:image': {}, 'f:old': {} },
          'k:{"name":"dropped"}': { '.': {}, 'f:name': {} },
        },
      },
    }),
  );
  const body = { metadata: { name: 'a' }, spec: { replicas: 2, containers: [{ name: 'app', image: 'a:2' }] } };
  assert.deepEqual(asApplied(object, body).spec, {
    replicas: 2,
    defaulted: true,
    containers: [{ name: 'app', image: 'a:2', policy: 'Always' }, { name: 'injected' }],
  });
});

test('a list that is ours as a whole has our elements and no others', () => {
  const object = live({ list: [{ name: 'a' }, { name: 'b' }] }, entry('stageset-controller', { 'f:list': {} }));
  assert.deepEqual(asApplied(object, { list: [{ name: 'a' }] }).list, [{ name: 'a' }]);
});

test('a Secret is kept as data, whatever it is written as', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', data: { a: 'eA==' } };
  assert.deepEqual(asApplied(secret, { ...secret, data: {}, stringData: { a: 'x' } }), secret);
});
