import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { importDocuments } from './documents.ts';
import { printImported } from './print.ts';

const wishes = { kind: undefined, namespace: undefined, showSecrets: false, manifestsOf: () => undefined };
const document = (spec: Readonly<Record<string, string>>) => ({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  metadata: { name: 'web' },
  spec: {
    interval: '5m',
    prune: true,
    wait: true,
    serviceAccountName: 'deployer',
    sourceRef: { kind: 'Bucket', name: 'web' },
    ...spec,
  },
});

test('comments tell what it comes from, what to look at, and what to commit', () => {
  const { imported } = importDocuments([document({ targetNamespace: 'web', path: 'deploy' })], wishes);
  assert.equal(
    printImported(imported, 'yaml'),
    `---
# From Kustomization web.
#
# What to look at:
# - spec.targetNamespace: the build is the source's own: Flux adds it to the kustomization.yaml as "namespace"; commit it there, as shown
#
# To add to the kustomization.yaml in deploy:
#   namespace: web
apiVersion: stages.metio.wtf/v1
kind: StageSet
metadata:
  name: web
spec:
  interval: 5m
  serviceAccountName: deployer
  stages:
  - name: web
    path: deploy
    sourceRef:
      kind: Bucket
      name: web
`,
  );
});

test('nothing in it can leave a comment', () => {
  const evil = document({ 'x\nkind: Evil': 'a', namePrefix: 'a\nkind: Evil\r\nkind: Evil', path: 'b\nkind: Evil' });
  const printed = printImported(importDocuments([evil], wishes).imported, 'yaml');
  assert.equal(parse(printed.replace('---\n', '')).kind, 'StageSet');
  assert.equal(printed.match(/^kind:/gm)?.length, 1);
});

test('JSON has no comments', () => {
  const { imported } = importDocuments([document({ targetNamespace: 'web' })], wishes);
  assert.equal(JSON.parse(printImported(imported, 'json')).kind, 'StageSet');
});
