import { casesOf, configMap, object, one, type Trees } from './tree.ts';

/** Texts in every style that YAML has for those of several lines, as values of one ConfigMap. */
const texts = (...values: readonly string[]) =>
  object('ConfigMap', 'texts', `data:\n${values.map((value, at) => `  k${at}: ${value}\n`).join('')}`);
const block = (header: string, ...lines: readonly string[]) =>
  `${header}\n${lines.map((line) => (line === '' ? '' : `    ${line}`)).join('\n')}`;

const folded = texts(
  block('>', 'one', 'two', '', 'three', '  deeper', 'four'),
  block('>-', 'one', '  deeper', 'two'),
  block('>', 'one', '', '  deeper', '', 'two', ''),
  block('>+', 'kept', '', ''),
  block('>', 'one', '\ttab', 'two'),
  block('>2', '  deeper first', 'one', 'two'),
  block('>', 'one é', '  deeper'),
  block('>', 'one 😀', '  deeper'),
  block('>', 'blank at the end ', '  deeper'),
  block('>-', '', 'one', '  deeper'),
  block('>', `${'far '.repeat(40)}`, 'on'),
);
const literal = texts(
  block('|', 'one', '', '  deeper', '\ttab'),
  block('|-', 'one', 'two', ''),
  block('|+', 'one', '', ''),
  block('|2', '  deeper first', 'one'),
  block('|', 'blank at the end ', 'two'),
  block('|', '', '', 'late'),
);
const flow = texts(
  '"one\\\n\n    two\\\\\\\n\n\n    three\\\n    four"',
  '"one\n    two\n\n    three\\n"',
  "'one\n    two\n\n    three'",
  'one\n    two\n\n    three',
);
const patch = (data: string) => object('ConfigMap', 'settings', `data:\n  note: ${data}\n`);

const trees: Trees = {
  folded: one('', folded),
  literal: one('', literal),
  'over lines': one('', flow),
  'a tab first': one('', texts(block('|', '\ttab'))),
  'a tab first, told so': one('', texts(block('|2', '\ttab'))),
  'a tab after an empty line': one('', texts(block('>', '', '\ttab'))),
  'a tab after an empty line, told so': one('', texts(block('>2', '', '\ttab'))),
  'folded in a patch': one('patches: [{path: p.yaml}]\n', configMap, {
    'app/p.yaml': patch(block('>', 'one', '  deeper')),
  }),
  'folded, patched by operations': one(
    `patches: [{target: {kind: ConfigMap}, patch: '[{"op": "add", "path": "/data/z", "value": "y"}]'}]\n`,
    folded,
  ),
  'folded and labelled': one('labels: [{pairs: {a: b}}]\nnamePrefix: x-\nnamespace: team\n', folded),
  'a slash escaped, as JSON may': one('', texts('"a\\/b"')),
  'a character in two halves, as JSON may': one('', texts('"\\ud83d\\ude00"')),
  'half a character': one('', texts('"\\U0000DC00"')),
  'beyond Unicode': one('', texts('"\\U00110000"')),
  'escapes that are none': one('', texts('"a\\\\/b \\\\ud83d \\U0001F600"', "'\\/'", '\\ud83d')),
  'a slash escaped in a patch of YAML': one(
    `patches: [{target: {kind: ConfigMap}, patch: '- {"op": "add", "path": "/data/z", "value": "\\/"}'}]\n`,
    configMap,
  ),
  'escapes of JSON in a patch of JSON': one(
    `patches: [{target: {kind: ConfigMap}, patch: '[{"op": "add", "path": "/data/z", "value": "\\/ \\ud83d\\ude00"}]'}]\n`,
    configMap,
  ),
  'folded in a list': one('', `apiVersion: v1\nkind: List\nitems:\n- ${folded.trimEnd().replaceAll('\n', '\n  ')}\n`),
};

export const textCases = casesOf('texts', trees);
