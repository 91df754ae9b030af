import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Variable } from '../../shared/protocol/tasks.ts';
import type { BuildJob } from './build-job.ts';
import { renderDigestOf, substitutionDigestOf } from './render-digest.ts';

const job: BuildJob = {
  artifact: { url: 'http://a/b', digest: 'sha256:0', revision: 'main', sizeBytes: undefined },
  stage: { path: './', applyHelmHookResources: true, patches: [] },
  owner: { namespace: 'team', name: 'shop', stage: 'app' },
  applySetId: undefined,
  scopes: { clusterScoped: [], namespaced: [] },
  variables: [],
  decryption: undefined,
};
const plan = { digest: 'p' };
const variables = (value: string): readonly Variable[] => [{ name: 'password', value, secret: true }];
const keys = (key: string) => ({ entries: new Map([['a.agekey', key]]), account: '' });

test('a secret value is in no digest', () => {
  const withSecrets = (value: string) =>
    renderDigestOf({ ...job, ...{ variables: variables(value) }, decryption: keys(value) }, 's', plan);
  assert.equal(withSecrets('one'), withSecrets('two'));
  const from = { substituteFrom: [{ kind: 'Secret' as const, name: 'values' }] };
  const asked: string[] = [];
  substitutionDigestOf(from, (kind, name) => {
    asked.push(`${kind}/${name}`);
    return 'uid/1';
  });
  assert.deepEqual(asked, ['Secret/values'], 'all that it learns of an object is its version');
});

test('whatever decides the render moves its digest', () => {
  const digests = [
    renderDigestOf(job, 's', plan),
    renderDigestOf({ ...job, stage: { ...job.stage, path: './other' } }, 's', plan),
    renderDigestOf({ ...job, stage: { ...job.stage, patches: [{ patch: '[]' }] } }, 's', plan),
    renderDigestOf({ ...job, owner: { ...job.owner, stage: 'web' } }, 's', plan),
    renderDigestOf({ ...job, applySetId: 'applyset-x' }, 's', plan),
    renderDigestOf({ ...job, decryption: keys('one') }, 's', plan),
    renderDigestOf(job, 't', plan),
    renderDigestOf(job, 's', { digest: 'q' }),
  ];
  assert.equal(new Set(digests).size, digests.length);
});

test('inline values count by value, in whatever order; objects by their version, in the order of the spec', () => {
  const digest = (substitute: Readonly<Record<string, string>>, names: readonly string[] = [], version = 'uid/1') =>
    substitutionDigestOf(
      { substitute, substituteFrom: names.map((name) => ({ kind: 'ConfigMap' as const, name })) },
      (_, name) => (name === 'missing' ? undefined : `${name}/${version}`),
    );
  assert.equal(digest({ a: '1', b: '2' }), digest({ b: '2', a: '1' }));
  const digests = [
    digest({}),
    digest({ a: '1' }),
    digest({ a: '2' }),
    digest({}, ['x']),
    digest({}, ['x'], 'uid/2'),
    digest({}, ['x', 'y']),
    digest({}, ['y', 'x']),
    digest({}, ['missing']),
  ];
  assert.equal(new Set(digests).size, digests.length);
});
