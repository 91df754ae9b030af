import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from 'js-yaml';
import { newTokens, tokenFile } from './identities.ts';
import { kubeconfigFor } from './kubeconfig.ts';

const tokens = newTokens();

test('a kubeconfig has a context for each user, the first current', () => {
  const server = { url: 'https://127.0.0.1:1', certificateAuthority: 'PEM' };
  assert.deepEqual(load(kubeconfigFor(server, tokens, ['admin', 'controller'])), {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'local', cluster: { server: 'https://127.0.0.1:1', 'certificate-authority-data': btoa('PEM') } },
    ],
    users: [
      { name: 'admin', user: { token: tokens.admin } },
      { name: 'controller', user: { token: tokens.controller } },
    ],
    contexts: [
      { name: 'admin', context: { cluster: 'local', user: 'admin' } },
      { name: 'controller', context: { cluster: 'local', user: 'controller' } },
    ],
    'current-context': 'admin',
  });
});

test('only the controller is an ordinary user', () => {
  const lines = tokenFile(tokens).trimEnd().split('\n');
  assert.ok(lines.includes(`${tokens.admin},admin,admin,"system:masters"`));
  assert.ok(lines.includes(`${tokens.controller},controller,controller,""`));
  assert.equal(lines.filter((line) => !line.includes('system:masters')).length, 1);
});
