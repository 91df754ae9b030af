// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Flux's references
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SubstitutedYamlError } from '../../shared/go-yaml/read-yaml.ts';
import type { YamlMap } from '../../shared/yaml/yaml-value.ts';
import { EffortError } from './effort.ts';
import { UndefinedVariableError } from './evaluate.ts';
import { substituteObject } from './substitute-object.ts';
import { TemplateError } from './template.ts';
import { recordingUse, VariableNameError, variablesOf } from './variables.ts';

// What the grammar makes of a text is in test/conformance/envsubst: here is what is ours.

const CANARY = 'hunter2';
const configMap = (data: YamlMap): YamlMap => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data });
const data = (template: string, variables: Readonly<Record<string, string>>) =>
  (substituteObject(configMap({ a: template }), variablesOf(Object.entries(variables))).data as YamlMap).a;

test('an object without a reference is the very same one, dollars and all', () => {
  const object = configMap({ a: '$$ $A yes', n: 9007199254740993n });
  assert.equal(substituteObject(object, variablesOf([['A', '1']])), object);
});

test('nothing is touched while no variable is defined', () => {
  const object = configMap({ a: '${GONE}' });
  assert.equal(substituteObject(object, variablesOf([])), object);
});

test('the object that went in stays as it was', () => {
  const object = configMap({ a: '${A}', '${A}': ['${A}'] });
  const before = structuredClone(object);
  substituteObject(object, variablesOf([['A', '1']]));
  assert.deepEqual(object, before);
});

test('an undefined variable is named', () => {
  assert.throws(() => data('${GONE}', { A: '1' }), {
    name: 'UndefinedVariableError',
    message: 'variable "GONE" is not defined and has no default',
  });
  assert.ok(new UndefinedVariableError('x') instanceof Error);
});

test('of several definitions the last wins, and a bad name is named', () => {
  const variables = variablesOf([
    ['A', 'old'],
    ['A', 'n\new\n'],
  ]);
  assert.deepEqual(substituteObject(configMap({ a: '${A}' }), variables).data, { a: 'new' });
  assert.throws(() => variablesOf([['a-b', CANARY]]), VariableNameError);
});

test('what a template asks for is told, used or not', () => {
  const used = new Set<string>();
  const variables = variablesOf(Object.entries({ A: '1', B: '2', C: '3' }));
  substituteObject(configMap({ a: '${A:-${B}}', b: '$${C} ${GONE:=x}' }), recordingUse(variables, used));
  assert.deepEqual(used, new Set(['A', 'B', 'GONE']));
});

test('keys of JavaScript are keys and names', () => {
  assert.throws(() => data('${__proto__}', { A: '1' }), UndefinedVariableError);
  assert.throws(() => data('${constructor}', { A: '1' }), UndefinedVariableError);
  const object = substituteObject(
    configMap(JSON.parse('{"__proto__": {"x": "${A}"}, "constructor": "${A}"}')),
    variablesOf([['A', 'v']]),
  );
  assert.equal(JSON.stringify(object.data), '{"__proto__":{"x":"v"},"constructor":"v"}');
  assert.equal(({} as { x?: string }).x, undefined);
  assert.equal(JSON.stringify(data('${A}', { A: '{__proto__: {x: 1}}' })), '{"__proto__":{"x":1}}');
});

const costly: readonly (readonly [name: string, template: string, variables: Readonly<Record<string, string>>])[] = [
  ['many references to a large value', '${A}'.repeat(1_000), { A: 'x'.repeat(1_000_000) }],
  ['a replacement of everything', '${A//x/${B}}', { A: 'x'.repeat(100_000), B: 'y'.repeat(100_000) }],
  ['an empty pattern', '${A//${E}/${B}}', { A: 'x'.repeat(100_000), B: 'y'.repeat(100_000), E: '' }],
  ['a pattern of stars', `\${A##${'*a'.repeat(50)}b}`, { A: 'a'.repeat(100_000) }],
  ['a pattern as long as the value', '${A##${B}}', { A: 'a'.repeat(50_000), B: `*${'a'.repeat(25_000)}b` }],
];

for (const [name, template, variables] of costly) {
  test(`${name} ends early`, () => {
    assert.throws(() => data(template, variables), EffortError);
  });
}

test('references are nested only so deep', () => {
  assert.throws(() => data('${A:-'.repeat(100_000) + '}'.repeat(100_000), { B: '1' }), TemplateError);
  assert.equal(data(`${'${A:-'.repeat(90)}x${'}'.repeat(90)}`, { B: '1' }), 'x');
});

test('a hundred thousand references are read one by one', () => {
  assert.ok(data('${A}x'.repeat(100_000), { A: '' }) === 'x'.repeat(100_000));
});

test('a result that is no YAML, or cuts a character, or is endless, fails', () => {
  assert.throws(() => data('${A}', { A: 'a: b: c' }), SubstitutedYamlError);
  assert.throws(() => data('${A:0:1}', { A: 'é' }), SubstitutedYamlError);
  assert.throws(() => data('${A}', { A: '&a [*a]' }), SubstitutedYamlError);
  assert.throws(() => data('${A}', { A: '['.repeat(10_000) }), SubstitutedYamlError);
});

test('no error quotes a value or the text around a reference', () => {
  const values = ['*', '&', '!', '"', "'", '[', '{', ': ', '@', '|', '%', '`', '!!int ', '- '].map(
    (head) => head + CANARY,
  );
  const templates = [
    '${A}',
    `\${A ${CANARY}}`,
    `\${A[${CANARY}]}`,
    `\${${CANARY} }`.replace('{h', '{ h'),
    `\${A/${CANARY}`,
  ];
  let refused = 0;
  for (const value of values) {
    for (const template of [...templates, '${A}: ${A}', '"${A}']) {
      try {
        data(template, { A: value });
      } catch (error) {
        refused++;
        assert.ok(!String(error).includes(CANARY), `${template} with ${value}: ${error}`);
      }
    }
  }
  assert.ok(refused > 50, `only ${refused} refused`);
});
