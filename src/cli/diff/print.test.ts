import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from './compare.ts';
import { printMarkdown } from './print-markdown.ts';
import { printText } from './print-text.ts';
import type { Change, Report } from './report.ts';

const plain = { paint: (text: string) => text, showUnchanged: false };

function named(kind: string, name: string) {
  return { stage: 'app', apiVersion: 'v1', kind, namespace: 'shop', name };
}

function changed(name: string, from: string, to: string): Change {
  const difference = compare({ data: { key: from } }, { data: { key: to } });
  assert.ok(difference !== undefined);
  return { object: named('ConfigMap', name), is: 'changed', difference };
}

function report(changes: readonly Change[], rest: Partial<Report> = {}): Report {
  return { stageSet: 'shop/web', sides: ['live', 'merged'], changes, actions: [], objections: [], ...rest };
}

const all: readonly Change[] = [
  { object: named('ConfigMap', 'new'), is: 'created', to: { kind: 'ConfigMap' } },
  changed('a', '1', '2'),
  {
    object: named('Job', 'once'),
    is: 'replaced',
    because: 'immutable and changed: spec.template',
    difference: undefined,
  },
  { object: named('ConfigMap', 'same'), is: 'unchanged' },
  { object: named('Service', 'bad'), is: 'refused', because: 'denied by\nwebhook' },
  { object: named('ConfigMap', 'old'), is: 'pruned', because: 'fell out of inventory' },
];
const actions = [{ stage: 'app', hook: 'pre', name: 'migrate', verb: 'job', target: 'ledger' }] as const;

test('text: what changes first, then what goes, what is refused and what runs', () => {
  assert.equal(
    printText(report(all, { actions }), plain),
    `--- live
+++ merged
@@ ConfigMap shop/new (created) @@
+kind: ConfigMap
@@ ConfigMap shop/a @@
 data:
-  key: "1"
+  key: "2"
@@ Job shop/once (replaced: immutable and changed: spec.template) @@

- ConfigMap shop/old (pruned: fell out of inventory)

! Service shop/bad (refused: denied by webhook)

Actions to run:
  app:
    pre migrate job ledger
`,
  );
  assert.equal(printText(report([{ object: named('ConfigMap', 'same'), is: 'unchanged' }]), plain), '');
});

test('markdown: counts, then what is lost before what comes', () => {
  const text = printMarkdown(report(all, { actions, objections: ['would prune all'] }));
  const [head] = text.split('\n');
  assert.equal(
    head,
    '### StageSet `shop/web`: 1 deleted, 1 replaced, 2 refused, 1 changed, 1 created, 1 action to run',
  );
  const titles = [...text.matchAll(/^\*\*(\w+)/gm)].map(([, title]) => title);
  assert.deepEqual(titles, ['Deleted', 'Replaced', 'Refused', 'Changed', 'Created', 'Actions']);
  assert.match(text, /^- `Service shop\/bad`: `denied by webhook`$/m);
  assert.equal(printMarkdown(report([])), '');
});

test('markdown: nothing of what is shown gets out of its fence', () => {
  const text = printMarkdown(report([changed('a', '```\n@team <img src=x>', 'b')]));
  assert.match(text, /\n````diff\n[\s\S]*```[\s\S]*\n````\n/);
  const refused = report([{ object: named('Pod', 'a'), is: 'refused', because: 'no `</details>` @team' }]);
  assert.match(printMarkdown(refused), /`` no `<\/details>` @team ``/);
});

test('markdown: a comment holds no more than it may, and says what is missing', () => {
  const many = Array.from({ length: 3_000 }, (_, i) => changed(`c${i}`, 'é'.repeat(300), 'x'));
  const pruned: Change = { object: named('ConfigMap', 'old'), is: 'pruned', because: 'fell out of inventory' };
  const text = printMarkdown(report([...many, pruned]));
  assert.ok(Buffer.byteLength(text) <= 65_536);
  assert.match(
    text,
    /^### StageSet `shop\/web`: 1 deleted, 3000 changed\n\n\*\*Deleted\*\*\n\n- `ConfigMap shop\/old`/,
  );
  const shown = text.match(/<details>/g)?.length ?? 0;
  assert.ok(shown > 50);
  assert.ok(text.endsWith(`… ${3_000 - shown} more: this comment is full. \`stagesetctl diff\` prints all of them.\n`));
});

test('markdown: one object alone does not fill it', () => {
  const text = (word: string) => Array.from({ length: 5_000 }, (_, i) => `${word} ${i}`).join('\n');
  const shown = printMarkdown(report([changed('big', text('a'), text('b'))]));
  assert.ok(Buffer.byteLength(shown) < 20_000);
  assert.match(shown, /\n … \d+ more lines\n```\n/);
});
