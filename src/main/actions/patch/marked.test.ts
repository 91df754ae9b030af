import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keys } from '../../../shared/labels.ts';
import { hasBeenDone, marked } from './marked.ts';

const set = { op: 'replace', path: '/data/a', value: 'b' };
const version = { op: 'replace', path: '/metadata/resourceVersion', value: '7' };
const mark = { op: 'add', path: '/metadata/annotations/stages.metio.wtf~1action-key', value: 'k' };
const whole = { op: 'add', path: '/metadata/annotations', value: { [keys.actionKey]: 'k' } };

test('the mark goes with the operations, onto the version that had none', () => {
  const meta = { name: 'a', resourceVersion: '7', annotations: { other: 'x' } };
  assert.deepEqual(marked([set], meta, { key: 'k', base: undefined }), [version, set, mark]);
});

test('an object without annotations gets some', () => {
  const map = { op: 'add', path: '/metadata/annotations', value: {} };
  assert.deepEqual(marked([set], { name: 'a', resourceVersion: '7' }, { key: 'k', base: undefined }), [
    version,
    map,
    set,
    mark,
  ]);
});

test('operations that take all annotations away leave the mark alone', () => {
  const meta = { name: 'a', resourceVersion: '7', annotations: { other: 'x' } };
  const remove = { op: 'remove', path: '/metadata/annotations' };
  const move = { op: 'move', from: '/metadata/annotations', path: '/data' };
  const add = { op: 'add', path: '/metadata/annotations', value: { b: 'c' } };
  assert.deepEqual(marked([remove], meta, { key: 'k', base: undefined }), [version, remove, whole]);
  assert.deepEqual(marked([move], meta, { key: 'k', base: undefined }), [version, move, whole]);
  assert.deepEqual(marked([remove, add], meta, { key: 'k', base: undefined }), [version, remove, add, mark]);
});

test('what it was done to goes with the mark', () => {
  const meta = { name: 'a', resourceVersion: '7', annotations: { other: 'x' } };
  const base = { op: 'add', path: '/metadata/annotations/stages.metio.wtf~1action-base', value: 'b' };
  assert.deepEqual(marked([set], meta, { key: 'k', base: 'b' }), [version, set, mark, base]);
});

test('only its own key tells that an action was here', () => {
  const meta = { name: 'a', annotations: { [keys.actionKey]: 'k' } };
  assert.equal(hasBeenDone(meta, 'k'), true);
  assert.equal(hasBeenDone(meta, 'l'), false);
  assert.equal(hasBeenDone({ name: 'a' }, 'k'), false);
});

test('what an earlier action found is not taken for what this one did', () => {
  const meta = { name: 'a', resourceVersion: '7', annotations: { [keys.actionKey]: 'j', [keys.actionBase]: 'b' } };
  const base = { op: 'add', path: '/metadata/annotations/stages.metio.wtf~1action-base', value: '' };
  assert.deepEqual(marked([set], meta, { key: 'k', base: undefined }), [version, set, mark, base]);
});
