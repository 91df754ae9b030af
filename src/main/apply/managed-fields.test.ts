import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ManagedFieldsEntry } from '../../shared/objects/object.ts';
import { folded, migrated } from './managed-fields.ts';

const ours = (fieldsV1: object): ManagedFieldsEntry => ({
  manager: 'stageset-controller',
  operation: 'Apply',
  apiVersion: 'v1',
  fieldsV1,
});
const theirs = (fieldsV1: object): ManagedFieldsEntry => ({
  ...ours(fieldsV1),
  manager: 'kubectl-edit',
  operation: 'Update',
});

const unions: Readonly<Record<string, readonly [a: object, b: object, both: object]>> = {
  'fields side by side': [{ 'f:a': {} }, { 'f:b': {} }, { 'f:a': {}, 'f:b': {} }],
  'the same field': [{ 'f:a': {} }, { 'f:a': {} }, { 'f:a': {} }],
  'fields below one': [
    { 'f:data': { 'f:a': {} } },
    { 'f:data': { 'f:b': {} } },
    { 'f:data': { 'f:a': {}, 'f:b': {} } },
  ],
  'a whole field and one below it': [
    { 'f:data': {} },
    { 'f:data': { 'f:b': {} } },
    { 'f:data': { '.': {}, 'f:b': {} } },
  ],
  'one below it and a whole field': [
    { 'f:data': { 'f:b': {} } },
    { 'f:data': {} },
    { 'f:data': { '.': {}, 'f:b': {} } },
  ],
  'a member on both sides': [
    { 'f:data': { '.': {}, 'f:a': {} } },
    { 'f:data': { '.': {}, 'f:b': {} } },
    { 'f:data': { '.': {}, 'f:a': {}, 'f:b': {} } },
  ],
  'none of ours': [{}, { 'f:a': {} }, { 'f:a': {} }],
};
for (const [what, [a, b, both]] of Object.entries(unions)) {
  test(`folded: ${what}`, () => {
    const entry = theirs(b);
    assert.deepEqual(folded([entry, ours(a)], new Set([entry])), [ours(both)]);
  });
}

test('entries that are not folded stay as they are', () => {
  const edit = theirs({ 'f:b': {} });
  const hpa = { ...theirs({ 'f:c': {} }), manager: 'hpa' };
  assert.deepEqual(folded([edit, hpa, ours({ 'f:a': {} })], new Set([edit])), [hpa, ours({ 'f:a': {}, 'f:b': {} })]);
});

test('where we have no entry yet, theirs become one', () => {
  const edit = theirs({ 'f:a': {} });
  const helm = { ...theirs({ 'f:b': {} }), manager: 'helm' };
  assert.deepEqual(folded([edit, helm], new Set([edit, helm])), [ours({ 'f:a': {}, 'f:b': {} })]);
});

test('only entries of the version that is gone are migrated', () => {
  const of = (apiVersion: string) => ({ ...theirs({ 'f:a': {} }), apiVersion });
  assert.deepEqual(migrated([of('x/v1beta1'), of('x/v1'), of('x/v2')], 'x/v1beta1', 'x/v1'), [
    of('x/v1'),
    of('x/v1'),
    of('x/v2'),
  ]);
});
