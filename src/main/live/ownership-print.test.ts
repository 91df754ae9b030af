import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ManagedFieldsEntry, ObjectMeta } from '../../shared/objects/object.ts';
import { overrideManagers } from './override-managers.ts';
import { ownershipPrint as printWith } from './ownership-print.ts';

const ownershipPrint = (meta: ObjectMeta) => printWith(meta, overrideManagers([]));

const ours: ManagedFieldsEntry = {
  manager: 'stageset-controller',
  operation: 'Apply',
  apiVersion: 'v1',
  time: '2026-01-01T00:00:00Z',
  fieldsV1: { 'f:data': { 'f:key': {} } },
};
const base: ObjectMeta = {
  name: 'a',
  uid: 'u1',
  resourceVersion: '1',
  generation: 1,
  labels: { 'stages.metio.wtf/name': 'shop', other: 'x' },
  managedFields: [ours],
};
const print = ownershipPrint(base);

const same: Readonly<Record<string, ObjectMeta>> = {
  'a new version or generation': { ...base, resourceVersion: '2', generation: 2 },
  'another label': { ...base, labels: { ...base.labels, other: 'y' } },
  "another controller's entry": { ...base, managedFields: [ours, { ...ours, manager: 'hpa' }] },
  'our own entry for the status': { ...base, managedFields: [ours, { ...ours, subresource: 'status' }] },
};
for (const [what, meta] of Object.entries(same)) {
  test(`${what} leaves the print as it is`, () => assert.equal(ownershipPrint(meta), print));
}

const other: Readonly<Record<string, ObjectMeta>> = {
  'another object of the same name': { ...base, uid: 'u2' },
  'another owner': { ...base, labels: { 'stages.metio.wtf/name': 'bank' } },
  'a field taken from us': { ...base, managedFields: [{ ...ours, fieldsV1: { 'f:data': {} } }] },
  'a write under our own name': { ...base, managedFields: [{ ...ours, time: '2026-01-02T00:00:00Z' }] },
  'our entry gone': { ...base, managedFields: [] },
  'fields added by hand': { ...base, managedFields: [ours, { manager: 'kubectl-edit', operation: 'Update' }] },
};
for (const [what, meta] of Object.entries(other)) {
  test(`${what} changes the print`, () => assert.notEqual(ownershipPrint(meta), print));
}
