import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shellWords } from './shell-words.ts';

test('a command keeps to the cluster and the user, and says no secret', () => {
  const flags = { kubeconfig: '/a b/config', context: 'prod', as: 'ann', asGroup: ['ops'], token: 'secret' };
  assert.equal(
    shellWords(['kubectl', 'get', 'pods', '-n', 'shop'], flags),
    "kubectl get pods -n shop --kubeconfig '/a b/config' --context prod --as ann --as-group ops",
  );
});

test('what a shell would read otherwise is quoted', () => {
  assert.equal(
    shellWords(['kubectl', 'get', 'x', '-o', "custom-columns=A B:.s[*]'"], {}),
    `kubectl get x -o 'custom-columns=A B:.s[*]'\\'''`,
  );
});
