import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { buildInput, planIn } from '../../test/support/build-input.ts';
import { neverCancelled } from '../../test/support/cancel-flag.ts';
import { type Random, randomFrom, seeds } from '../../test/support/seeds.ts';
import { parseObjectId } from '../shared/objects/object-id.ts';
import { TaskError } from '../shared/protocol/task-error.ts';
import { build } from './build.ts';

const MANIFESTS = 300;

const whole = `# a comment
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: &labels {app: web, "tier": 'front'}
  annotations:
    note: |
      several

        lines
    folded: >-
      folded
      text
spec:
  selector: {matchLabels: *labels}
  template:
    spec:
      containers:
      - name: web
        image: "nginx:1.25"
        args: [
          "--a=b", 'it''s'
        ]
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {n: 0750, d: 2030-12-31, big: 18446744073709551615}}
- apiVersion: v1
  kind: Secret
  metadata:
    name: s
  stringData:
    <<: {x: "1"}
    ? q
    : "\\u00e9"
`;

const bits = [
  ...[
    '\n',
    '  ',
    '\t',
    ': ',
    '- ',
    '#',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    ',',
    '|',
    '>',
    '&labels ',
    '*labels',
    '!x ',
    '? ',
  ],
  ...[
    '---\n',
    '...\n',
    '\\',
    '%',
    '@',
    '.inf',
    '~',
    '<<: *labels',
    '__proto__',
    'é',
    '\u2028',
    '\ufeff',
    '\ud800',
    '\0',
  ],
];

for (const seed of seeds()) {
  test(`whatever becomes of a manifest, it is built or refused (seed ${seed})`, async () => {
    const random = randomFrom(seed);
    for (let round = 0; round < MANIFESTS; round++) await assertBuiltOrRefused(damage(whole, random));
  });
}

async function assertBuiltOrRefused(text: string): Promise<void> {
  try {
    const plan = planIn(await build(buildInput({ 'a.yaml': text }), neverCancelled()));
    assert.ok(plan.bodies.byteLength < 20 * text.length);
    for (const { id, digest, offset, length } of plan.objects) {
      const bytes = Buffer.from(plan.bodies, offset, length);
      const { kind, metadata } = JSON.parse(bytes.toString());
      const parts = parseObjectId(id);
      assert.deepEqual([parts?.kind, parts?.name, parts?.namespace], [kind, metadata.name, metadata.namespace ?? '']);
      assert.equal(digest, hash('sha256', bytes));
    }
  } catch (error) {
    assert.ok(error instanceof TaskError, `${error}\n${text}`);
    assert.match(error.message, /a\.yaml/);
    assert.ok(error.message.length < 1_000);
  }
}

function damage(text: string, random: Random): string {
  let damaged = text;
  for (let times = 1 + random.below(4); times > 0; times--) {
    const at = random.below(damaged.length + 1);
    const lines = damaged.split('\n');
    const line = random.below(lines.length);
    damaged = random.pick([
      damaged.slice(0, at) + random.pick(bits) + damaged.slice(at),
      damaged.slice(0, at) + damaged.slice(at + 1 + random.below(4)),
      lines.toSpliced(line, 1).join('\n'),
      lines.toSpliced(line, 0, random.pick(lines)).join('\n'),
      lines.with(line, `${' '.repeat(random.below(4))}${lines[line]}`).join('\n'),
      lines.with(line, lines[line]!.replace(/^ {1,2}/, '')).join('\n'),
    ]);
  }
  return damaged;
}
