import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildInput } from '../../test/support/build-input.ts';
import { neverCancelled } from '../../test/support/cancel-flag.ts';
import { failureOf } from '../shared/protocol/task-error.ts';
import { build } from './build.ts';

const CANARY = 'hunter2';

/** Every way a password can stand in a Secret that makes it something else for a YAML parser. */
const before = [
  '',
  '!',
  '!!',
  '!<',
  '!a!',
  '*',
  '&',
  '&a *',
  '"',
  "'",
  '|',
  '>',
  '|9',
  '%',
  '@',
  '`',
  '[',
  '{',
  '{a: ',
  '? ',
  '- ',
  ': ',
  '"\\',
  '\t',
  '--- ',
  '\u0007',
];
const after = [
  '',
  '!',
  ' x',
  '"',
  "'",
  ']',
  '}',
  ': y: z',
  ' #',
  '\n  x',
  '\n x: y',
  '\n---  z',
  '>',
  '\\',
  '\u0000',
  '\ud800',
  '}: {',
];

test('no failure message holds a value of a Secret', async () => {
  let refusals = 0;
  for (const head of before) {
    for (const tail of after) {
      for (const secret of secretsWith(`${head}${CANARY}${tail}`)) {
        const message = await failureMessage({ 'secret.yaml': secret });
        if (message === undefined) continue;
        refusals++;
        assert.ok(!message.includes(CANARY), `${JSON.stringify(secret)}: ${message}`);
        assert.match(message, /secret\.yaml/);
      }
    }
  }
  assert.ok(refusals > 300, `only ${refusals} refused`);
});

test('nor does the message about a Secret that is there twice, encrypted or ill formed', async () => {
  const secret = `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {p: ${CANARY}}\n`;
  const cases = [
    { 'a.yaml': secret, 'b.yaml': secret },
    { 'a.yaml': secret.replace('{name: s}', `{name: s, labels: {a: [${CANARY}]}}`) },
    { 'a.yaml': secret.replace('{name: s}', `[${CANARY}]`) },
    { 'a.yaml': secret.replace('v1', `[${CANARY}]`) },
    { 'a.yaml': `- ${CANARY}\n` },
    { 'a.yaml': CANARY },
  ];
  for (const files of cases) {
    const message = await failureMessage(files);
    assert.ok(message !== undefined && !message.includes(CANARY), message);
  }
});

test('nor does what kustomize refuses', async () => {
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {p: x}\n';
  const kustomizations = [
    `secretGenerator: [{name: g, literals: [${CANARY}]}]`,
    `secretGenerator: [{name: g, literals: [a=${CANARY}, a=${CANARY}]}]`,
    `secretGenerator: [{name: g, literals: {${CANARY}: x}}]`,
    `resources: [s.yaml]\npatches: [{patch: "${CANARY}"}]`,
    `resources: [s.yaml]\npatches: [{patch: "- {op: test, path: /stringData/p, value: ${CANARY}}", target: {kind: Secret}}]`,
    `resources: [s.yaml]\npatches: [{patch: "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: [${CANARY}]}"}]`,
    `resources: [s.yaml]\nreplacements: [{sourceValue: ${CANARY}, targets: [{select: {kind: Secret}, fieldPaths: [gone]}]}]`,
    `resources: [s.yaml]\nreplacements: [{sourceValue: ${CANARY}, source: {kind: Secret}, targets: [{select: {}}]}]`,
  ];
  for (const kustomization of kustomizations) {
    const message = await failureMessage({ 'kustomization.yaml': kustomization, 's.yaml': secret });
    assert.ok(message !== undefined && !message.includes(CANARY), `${kustomization}: ${message}`);
  }
});

function secretsWith(value: string): readonly string[] {
  const head = 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n';
  return [
    `${head}stringData:\n  p: ${value}\n`,
    `${head}stringData: {p: ${value}}\n`,
    `${head}stringData:\n  p: |\n${value}\n`,
  ];
}

async function failureMessage(files: Readonly<Record<string, string>>): Promise<string | undefined> {
  try {
    await build(buildInput(files), neverCancelled());
    return undefined;
  } catch (error) {
    return failureOf(error).message;
  }
}
