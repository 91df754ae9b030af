import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Folds } from './folds.ts';

test('a tool is folded once; back again, it is named once and the object is folded no more', () => {
  const folds = new Folds();
  assert.deepEqual(folds.ask('a', ['kustomize-controller', 'kubectl-edit']), { fold: true });
  assert.deepEqual(folds.ask('b', ['kustomize-controller']), { fold: true });
  assert.deepEqual(folds.ask('a', ['kustomize-controller']), { fold: false, because: 'kustomize-controller' });
  assert.deepEqual(folds.ask('a', ['kustomize-controller']), { fold: false });
  assert.deepEqual(folds.ask('a', ['kubectl-edit']), { fold: false });
});

test('people may come back as often as they like', () => {
  const folds = new Folds();
  for (let i = 0; i < 3; i++) assert.deepEqual(folds.ask('a', ['kubectl-edit']), { fold: true });
});

test('what is no object of the StageSet any more is forgotten', () => {
  const folds = new Folds();
  folds.ask('a', ['helm']);
  folds.keep(new Set(['b']));
  assert.deepEqual(folds.ask('a', ['helm']), { fold: true });
});
