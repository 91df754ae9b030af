import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSourceDirs, selectStages, sourceDirOf } from './source-dirs.ts';

test("a stage's own folder counts before the bare one", () => {
  const dirs = parseSourceDirs(['./out', 'infra=./infra']);
  assert.equal(sourceDirOf(dirs, { name: 'infra' }), './infra');
  assert.equal(sourceDirOf(dirs, { name: 'app' }), './out');
  assert.equal(sourceDirOf(parseSourceDirs(['a=x']), { name: 'b' }), undefined);
});

test('what stands before = is a stage only where it could be the name of one', () => {
  assert.deepEqual(parseSourceDirs(['./a=b']), { byStage: new Map(), others: './a=b' });
  assert.deepEqual(parseSourceDirs(['a=b=c']), { byStage: new Map([['a', 'b=c']]), others: undefined });
});

test('two folders for one stage, or none, make no sense', () => {
  assert.throws(() => parseSourceDirs(['./a', './b']), /"\.\/a" and "\.\/b" are both for every stage/);
  assert.throws(() => parseSourceDirs(['a=x', 'a=y']), /given twice for the stage "a"/);
  assert.throws(() => parseSourceDirs(['a=']), /names no folder/);
});

test('stages are chosen by name, all of them where none is', () => {
  const stages = [{ name: 'a' }, { name: 'b' }];
  const none = parseSourceDirs([]);
  assert.deepEqual(selectStages(stages, [], none), new Set(['a', 'b']));
  assert.deepEqual(selectStages(stages, ['b'], none), new Set(['b']));
  assert.throws(() => selectStages(stages, ['c'], none), /--stage names a stage "c", and the StageSet has only: a, b/);
  assert.throws(() => selectStages(stages, [], parseSourceDirs(['c=x'])), /--source-dir names a stage "c"/);
});
