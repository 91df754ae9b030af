import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { StageSet } from '../../src/shared/api/types.ts';
import { describeViolation } from '../../src/shared/api/validate/violation.ts';
import { validateStageSet } from '../../src/shared/api/validate.ts';
import { type Meant, meantBy } from '../../tools/docs/complete-yaml.ts';
import { docsFolder, readPages } from '../../tools/docs/pages.ts';
import { snippetsOf } from '../../tools/docs/snippets.ts';
import { startCluster, type TestCluster } from '../harness/cluster.ts';
import { chart, render } from '../harness/helm.ts';

/** Kinds whose servers are not here to be asked. The list may only get shorter. */
const ofOthers: readonly string[] = [
  'argoproj.io/v1alpha1 AnalysisTemplate',
  'flagger.app/v1beta1 Canary',
  'jaas.metio.wtf/v1 JsonnetSnippet',
];

const plurals: Readonly<Record<string, string>> = {
  'stages.metio.wtf/v1 StageSet': 'stagesets',
  'source.toolkit.fluxcd.io/v1 GitRepository': 'gitrepositories',
  'source.toolkit.fluxcd.io/v1 OCIRepository': 'ocirepositories',
  'source.toolkit.fluxcd.io/v1 Bucket': 'buckets',
  'rbac.authorization.k8s.io/v1 Role': 'roles',
  'networking.k8s.io/v1 NetworkPolicy': 'networkpolicies',
  'v1 ConfigMap': 'configmaps',
  'admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration': 'validatingwebhookconfigurations',
};

const ofNoNamespace: readonly string[] = ['validatingwebhookconfigurations'];

/** Blocks that are no part of an object, and why they are there. The list may only get shorter. */
const neither: Readonly<Record<string, string>> = {
  'notifications.md': 'a kustomization.yaml, beside files that Flux writes',
};

const schema = JSON.parse(await readFile(join(chart, 'values.schema.json'), 'utf8')) as { readonly properties: object };
const namesOfValues = Object.keys(schema.properties);

test('every YAML in the docs is taken by the API server, and by the rules of the webhook', async (t) => {
  const cluster = await startCluster(t);
  const found = (await snippets()).flatMap(({ at, text }) =>
    meantBy(text, namesOfValues).map((meant) => ({ at, meant })),
  );
  assert.ok(found.length > 50, 'the pages were read');
  const objections = await Promise.all(
    found.map(async ({ at, meant }) => (await objectionsTo(at, meant, cluster)).map((why) => `${at}: ${why}`)),
  );
  assert.deepEqual(objections.flat(), []);
});

test('what is excused is there', async () => {
  const blocks = await snippets();
  const meant = blocks.flatMap(({ text }) => meantBy(text, namesOfValues));
  const kinds = new Set(
    meant.map((each) => (each.is === 'object' ? `${each.object.apiVersion} ${each.object.kind}` : '')),
  );
  assert.deepEqual(
    ofOthers.filter((kind) => !kinds.has(kind)),
    [],
  );
  const unclear = blocks.filter(({ text }) => meantBy(text, namesOfValues).some(({ is }) => is === 'unclear'));
  assert.deepEqual(
    unclear.map(({ at }) => pageOf(at)),
    Object.keys(neither),
  );
});

async function snippets() {
  const skill = join(docsFolder, '..', 'skills', 'stageset', 'SKILL.md');
  const pages = [...(await readPages()), { path: 'SKILL.md', text: await readFile(skill, 'utf8') }];
  return pages.flatMap((page) => snippetsOf(page, 'yaml'));
}

async function objectionsTo(at: string, meant: Meant, cluster: TestCluster): Promise<readonly string[]> {
  if (meant.is === 'values') {
    return render(meant.values).then(
      () => [],
      (error: Error) => [error.message],
    );
  }
  if (meant.is === 'unclear') return pageOf(at) in neither ? [] : ['nobody can tell what this is a part of'];
  const object = withoutNamespace(meant.object as unknown as StageSet);
  const kind = `${object.apiVersion} ${object.kind}`;
  if (ofOthers.includes(kind)) return [];
  const plural = plurals[kind];
  if (plural === undefined) return [`${kind}: say how its resource is called`];
  const root = object.apiVersion.includes('/') ? '/apis' : '/api';
  const place = ofNoNamespace.includes(plural) ? '' : `/namespaces/${cluster.namespace}`;
  const path = `${root}/${object.apiVersion}${place}/${plural}`;
  const query = { dryRun: 'All', fieldValidation: 'Strict' };
  const refusal = await cluster.api.send('POST', path, { query, body: object }).then(
    () => [],
    (error: Error) => [error.message],
  );
  return object.kind === 'StageSet' ? [...refusal, ...validateStageSet(object).map(describeViolation)] : refusal;
}

function withoutNamespace(object: StageSet): StageSet {
  const { namespace: _another, ...metadata } = object.metadata;
  return { ...object, metadata } as StageSet;
}

function pageOf(at: string): string {
  return at.replace(/:\d+$/, '');
}
