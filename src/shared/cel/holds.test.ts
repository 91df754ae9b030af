import assert from 'node:assert/strict';
import { test } from 'node:test';
import { celFieldsOf, holds } from './holds.ts';

const fields = celFieldsOf({
  apiVersion: 'db.example/v1',
  kind: 'Database',
  metadata: { name: 'main', generation: 3, annotations: { count: '4', secret: 'hunter2' } },
  spec: { replicas: 3, ratio: 0.5, tags: ['a', 'b'], extra: null },
  status: {
    readyReplicas: 3,
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True', observedGeneration: 3 }],
  },
});

const answers: readonly (readonly [expression: string, answer: boolean])[] = [
  ["status.phase == 'Running'", true],
  ["status.phase in ['Pending', 'Provisioning']", false],
  ['status.readyReplicas == spec.replicas', true],
  ['status.readyReplicas + 1 > spec.replicas', true],
  ['spec.ratio * 2.0 == 1.0', true],
  ['spec.replicas > spec.ratio', true],
  ["kind == 'Database' && metadata.name.startsWith('ma')", true],
  ["int(metadata.annotations['count']) > 3", true],
  ["status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')", true],
  ["status.conditions.filter(c, c.type == 'Ready').all(c, c.observedGeneration == metadata.generation)", true],
  ['has(status.phase) && !has(status.reason)', true],
  ["status.?reason.orValue('none') == 'none'", true],
  ['spec.extra == null', true],
  ['spec.tags.size() == 2', true],
  ['status.missing && false', false], // an error beside what decides does not count
  ['true || status.missing', true],
  ['5 - (3 - 1) * 2 == 1', true],
  ["status.phase + '!' == 'Running!' && [1] + [2] == [1, 2] && 1 + 2 == 3", true],
  ["timestamp('2030-01-01T00:00:00Z') + duration('1h') == timestamp('2030-01-01T01:00:00Z')", true],
  ["['a', 'b'].join('-') == 'a-b' && spec.tags.map(t, t + t).join() == 'aabb'", true],
  ["status.phase.matches('^(?i)run') && !status.phase.matches('^r')", true], // RE2's own flags
  ["spec.replicas > 1 ? status.phase == 'Running' : false", true],
  ['-spec.replicas < 0 && {"a": spec.tags[0]}["a"] == "a"', true],
];
for (const [expression, answer] of answers) {
  test(`${expression} is ${answer}`, () => assert.equal(holds(expression, fields), answer));
}

const errors: readonly (readonly [expression: string, why: string])[] = [
  ['status.missing', 'no such key in status.missing'],
  ['result.phase == 1', 'unknown variable in result'],
  ['status.phase', 'is neither true nor false'],
  ['toString == 1', 'unknown variable in toString'],
  ['status.phase > 1', 'no such overload in status.phase > 1'],
  [
    "duration(metadata.annotations.secret) > duration('1s')",
    'invalid duration in duration(metadata.annotations.secret)',
  ],
  ['spec[metadata.annotations.secret]', 'no such key in spec[metadata.annotations.secret]'],
  [`status.missing${'.a'.repeat(60)}`, 'no such key in status.missing'],
  ["'a' + 1 == 'a1'", 'no such overload'],
  ["timestamp('2030-01-01T00:00:00Z').getHours('Nowhere/Land') == 0", 'cannot be evaluated'],
  ["'a'.matches('(')", 'invalid regular expression'],
  [`['a']${'.map(x, x + x)'.repeat(30)}[0] == 'a'`, 'result too large'],
  [`[[1]]${'.map(x, x + x)'.repeat(30)}[0] == [1]`, 'result too large'],
  [`['a']${'.map(x, x.replace("a", "aa"))'.repeat(30)}[0] == 'a'`, 'result too large'],
  [`[b'a']${'.map(x, bytes(base64.encode(x)))'.repeat(80)}[0] == b'a'`, 'result too large'],
  [`[b'a']${'.map(x, x + x)'.repeat(30)}[0] == b'a'`, 'result too large'],
  [
    `['${'a'.repeat(1_000)}']${'.map(x, [x, x, x, x, x, x, x, x, x, x].join())'.repeat(5)}[0] == 'a'`,
    'result too large',
  ],
];
for (const [expression, why] of errors) {
  test(`${expression.slice(0, 60)}: ${why}, and no value is told`, () => {
    assert.throws(() => holds(expression, fields), { name: 'NoAnswer', message: why });
  });
}
