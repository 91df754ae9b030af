import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as client from '@kubernetes/client-node';
import { isStatusFree } from './status-free.ts';

interface Model {
  getAttributeTypeMap(): readonly { readonly name: string; readonly type: string }[];
}

/** Kinds of the real API, by what their status can say. */
const kinds = Object.entries(client as unknown as Readonly<Record<string, Model>>)
  .filter(([name]) => /^([A-Z][a-z]+)?V1[A-Z]/.test(name))
  .flatMap(([name, model]) => {
    const attributes = attributesOf(model);
    if (attributes.get('metadata') !== 'V1ObjectMeta' || !attributes.has('kind')) return [];
    return [{ kind: name.replace(/^.*?V1/, ''), status: attributes.get('status') }];
  });

function attributesOf(model: Model | undefined): ReadonlyMap<string, string> {
  return new Map(model?.getAttributeTypeMap?.().map(({ name, type }) => [name, type]));
}

function decidesNothing(status: string | undefined): boolean {
  const fields = attributesOf((client as unknown as Readonly<Record<string, Model>>)[status ?? '']);
  return !fields.has('conditions') && !fields.has('observedGeneration');
}

/** The group lies in no model; every kind here has one home. */
const groups = ['', 'apps', 'batch'].concat(
  ['admissionregistration', 'coordination', 'discovery', 'networking', 'node', 'rbac.authorization', 'resource']
    .concat('scheduling', 'storage')
    .map((name) => `${name}.k8s.io`),
);
const isListed = (kind: string) => groups.some((group) => isStatusFree({ group, kind }));

// Answers to questions and records of events: nobody applies these, so nobody waits for them.
const neverAwaited = /Review|^(Event|Binding|Eviction|Scale|ComponentStatus|TokenRequest)$/;

test('the list is every kind of the API that has no status, or one that decides nothing', () => {
  assert.ok(kinds.length > 50, `${kinds.length} kinds`);
  const free = kinds.filter(({ kind, status }) => decidesNothing(status) && !neverAwaited.test(kind));
  assert.deepEqual(
    kinds.filter(({ kind }) => isListed(kind)).map(({ kind }) => kind),
    free.map(({ kind }) => kind),
  );
});

test('a kind of the same name in another group is not meant', () => {
  assert.equal(isStatusFree({ group: 'rbac.authorization.k8s.io', kind: 'Role' }), true);
  assert.equal(isStatusFree({ group: 'iam.example.com', kind: 'Role' }), false);
  assert.equal(isStatusFree({ group: 'apps', kind: 'Deployment' }), false);
});
