import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJsonPath, type Step } from './parse.ts';

function stepsOf(text: string): readonly Step[] {
  const parsed = parseJsonPath(text);
  assert.ok(parsed.ok, text);
  const [action] = parsed.template;
  assert.equal(action?.is, 'action');
  return action?.is === 'action' ? action.steps : [];
}

const field = (name: string): Step => ({ is: 'field', name });

const steps: Readonly<Record<string, readonly Step[]>> = {
  '{.data.version}': [field('data'), field('version')],
  '{ $.data }': [field('data')],
  '{.metadata.labels.app\\.kubernetes\\.io/version}': [
    field('metadata'),
    field('labels'),
    field('app.kubernetes.io/version'),
  ],
  "{.metadata.labels['app\\.kubernetes\\.io/version']}": [
    field('metadata'),
    field('labels'),
    field('app.kubernetes.io/version'),
  ],
  "{.a['b.c']}": [field('a'), field('b'), field('c')],
  '{.items[0]}': [field('items'), { is: 'index', at: 0 }],
  '{.items[-1]}': [field('items'), { is: 'index', at: -1 }],
  '{.items[*]}': [field('items'), { is: 'slice' }],
  '{.items[1:4:2]}': [field('items'), { is: 'slice', from: 1, to: 4, step: 2 }],
  "{['a','b']}": [{ is: 'union', members: [[field('a')], [field('b')]] }],
  '{.*}': [{ is: 'wildcard' }],
  '{..image}': [{ is: 'recursive' }, field('image')],
  '{.c[?(@.name=="web")].image}': [
    field('c'),
    { is: 'compare', left: [field('name')], operator: '==', right: [{ is: 'text', text: 'web' }] },
    field('image'),
  ],
  '{.c[?(@.ready)]}': [field('c'), { is: 'exists', path: [field('ready')] }],
  '{"a\\n\\x41\\u00e9"}': [{ is: 'text', text: 'a\nAé' }],
  '{-1.5}': [{ is: 'number', value: -1.5 }],
  '{range .items[*]}': [{ is: 'word', word: 'range' }, field('items'), { is: 'slice' }],
};

for (const [text, want] of Object.entries(steps)) {
  test(`${text} reads`, () => {
    assert.deepEqual(stepsOf(text), want);
  });
}

test('text without braces is literal', () => {
  assert.deepEqual(parseJsonPath('.metadata.name'), { ok: true, template: [{ is: 'text', text: '.metadata.name' }] });
});

const refused: Readonly<Record<string, RegExp>> = {
  '{.data': /not closed/,
  '{.a\n}': /not closed/,
  '{.a["b"]}': /no index/,
  '{.a[b]}': /no index/,
  '{.a[-]}': /no index/,
  '{.a[0}': /bracket is not closed/,
  '{.a[?(@.b}': /filter is not closed/,
  '{.a[?(@.b)}': /filter is not closed by/,
  '{....a}': /recursive/,
  '{"a}': /quoted string is not closed/,
  '{"\\q"}': /escape/,
  '{"\\400"}': /escape/,
  '{1.2.3}': /no number/,
  '{#}': /unexpected character "#"/,
  [`{.${'a'.repeat(2_000)}}`]: /longer than/,
};

for (const [text, problem] of Object.entries(refused)) {
  test(`${JSON.stringify(text.slice(0, 30))} is refused`, () => {
    const parsed = parseJsonPath(text);
    assert.ok(!parsed.ok);
    assert.match(parsed.problem, problem);
  });
}
