import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawsSeeds, searchesIn } from './searches.ts';

test('every test file that draws seeds is searched with, and the conformance suites', async () => {
  const names = (await searchesIn([])).map(({ name }) => name);
  const some = [
    'conformance',
    'src/main/lease/election.test.ts',
    'test/failure/job-kill.test.ts',
    'test/failure/kill.test.ts',
    'test/failure/migrations-kill.test.ts',
    'test/failure/perturbation.test.ts',
    'test/failure/spec-walk.test.ts',
    'test/hostile/patches.fuzz.test.ts',
  ];
  assert.deepEqual(
    some.filter((name) => !names.includes(name)),
    [],
  );
});

test('parts of names choose', async () => {
  assert.deepEqual(
    (await searchesIn(['spec-walk', 'conformance'])).map(({ name }) => name),
    ['test/failure/spec-walk.test.ts', 'conformance'],
  );
});

test('random numbers of a fixed seed are no search', () => {
  assert.equal(drawsSeeds("import { type Random, randomFrom, seeds } from '../support/seeds.ts';"), true);
  assert.equal(drawsSeeds("import { momentsUpTo } from '../support/seeds.ts';"), true);
  assert.equal(drawsSeeds("import { randomFrom } from '../support/seeds.ts';"), false);
});
