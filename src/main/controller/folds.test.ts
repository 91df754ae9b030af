import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Folds } from './folds.ts';

function fold(folds: Folds, managers: readonly string[], id = 'a') {
  const answer = folds.ask(id, managers);
  if (answer.fold) folds.done(id, managers);
  return answer;
}

test('a tool is folded once; back again, it is named once and the object is folded no more', () => {
  const folds = new Folds();
  assert.deepEqual(fold(folds, ['kustomize-controller', 'kubectl-edit']), { fold: true });
  assert.deepEqual(fold(folds, ['kustomize-controller'], 'b'), { fold: true });
  assert.deepEqual(fold(folds, ['kustomize-controller']), { fold: false, because: 'kustomize-controller' });
  assert.deepEqual(fold(folds, ['kustomize-controller']), { fold: false });
  assert.deepEqual(fold(folds, ['kubectl-edit']), { fold: false });
});

test('who could not be folded has not come back', () => {
  const folds = new Folds();
  assert.deepEqual(folds.ask('a', ['helm']), { fold: true });
  assert.deepEqual(folds.ask('a', ['helm']), { fold: true });
});

test('people may come back as often as they like', () => {
  const folds = new Folds();
  for (let i = 0; i < 3; i++) assert.deepEqual(fold(folds, ['kubectl-edit']), { fold: true });
});

test('what is no object of the StageSet any more is forgotten', () => {
  const folds = new Folds();
  fold(folds, ['helm']);
  folds.keep(new Set(['b']));
  assert.deepEqual(fold(folds, ['helm']), { fold: true });
});
