import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ManagedFieldsEntry } from '../../shared/objects/object.ts';
import { otherWriterOf } from './other-writer.ts';

const at = (second: number) => `2026-01-01T00:00:0${second}Z`;
const ours = { manager: 'stageset-controller', operation: 'Apply', time: at(5) };
const by = (manager: string, second: number, more: Partial<ManagedFieldsEntry> = {}) => ({
  manager,
  operation: 'Update',
  time: at(second),
  ...more,
});

const cases: Readonly<Record<string, readonly [entries: readonly ManagedFieldsEntry[], writer: string | undefined]>> = {
  'nobody else': [[ours], undefined],
  'somebody before us': [[by('kubectl', 4), ours], undefined],
  'somebody after us': [[ours, by('kubectl', 6)], 'kubectl'],
  'the last of several': [[by('b', 8), ours, by('a', 7)], 'b'],
  'in the same second': [[ours, by('kubectl', 5)], 'kubectl'],
  'through a subresource': [[ours, by('hpa', 6, { subresource: 'scale' })], 'hpa'],
  'a status only': [[ours, by('kubelet', 6, { subresource: 'status' })], undefined],
};
for (const [what, [managedFields, writer]] of Object.entries(cases)) {
  test(`${what}: ${writer}`, () => assert.equal(otherWriterOf({ name: 'a', managedFields }), writer));
}
