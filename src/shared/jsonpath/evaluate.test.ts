import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateJsonPath } from './evaluate.ts';
import { parseJsonPath } from './parse.ts';

// What kubectl makes of templates is in test/conformance/jsonpath.test.ts.

function evaluated(path: string, object: unknown) {
  const parsed = parseJsonPath(path);
  assert.ok(parsed.ok, path);
  return evaluateJsonPath(parsed.template, object);
}

test('a version that is put together', () => {
  const object = { data: { major: 2, minor: '1' } };
  assert.deepEqual(evaluated('v{.data.major}.{.data.minor}.0', object), { ok: true, text: 'v2.1.0' });
});

test('fields of JavaScript objects are not those of the object', () => {
  for (const path of ['{.constructor}', '{.__proto__}', '{.data.toString}', '{.list.length}']) {
    assert.equal(evaluated(path, { data: {}, list: [] }).ok, false, path);
  }
});

test('an expensive template comes to an end', () => {
  let nested: object = {};
  for (let depth = 0; depth < 200; depth += 1) nested = { n: nested };
  assert.deepEqual(evaluated('{..n..n..n..n..n}', nested), { ok: false, problem: 'matches too much' });
  const wide = Array.from({ length: 1_000_001 }, () => 0);
  assert.equal(evaluated('{.wide[0]}', { wide }).ok, true);
  assert.equal(evaluated('{.wide[*]}', { wide }).ok, false);
});

test('no problem quotes the object', () => {
  const secret = { stringData: { password: 'hunter2', list: ['hunter2'], map: { hunter2: 'hunter2' } } };
  const paths = [
    '{.stringData.password.x}',
    '{.stringData.password[0]}',
    '{.stringData.list[3]}',
    '{.stringData.list[5:9]}',
    '{.stringData.map[?(@.x==1)]}',
    '{.stringData.list[?(@==1)]}',
    '{.stringData.list[?(@.x=="a")]}',
    '{range .stringData.list[*]}{.x}{end}',
  ];
  for (const path of paths) {
    const found = evaluated(path, secret);
    assert.ok(!found.ok && !found.problem.includes('hunter2'), `${path}: ${JSON.stringify(found)}`);
  }
});

test('a range without its end, and the reverse', () => {
  assert.equal(evaluated('{range .a[*]}{.b}', { a: [] }).ok, false);
  assert.equal(evaluated('{.a}{end}', { a: 1 }).ok, false);
});
