import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readExample } from '../playground/example.ts';
import { acts } from './acts.ts';
import { recorder, withExcerpt } from './recording.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFile(join(root, file), 'utf8');

test('a recorder keeps what it was sent, and when', () => {
  let nowMs = 5_000;
  const terminal = recorder(() => nowMs);
  terminal.write('a');
  nowMs = 6_234.5678;
  terminal.write('\x1b[2mb\r\n');
  const [header = '', ...events] = terminal.cast('npm run demo').trimEnd().split('\n');
  assert.deepEqual(JSON.parse(header), {
    version: 2,
    width: 80,
    height: 40,
    title: 'npm run demo',
    idle_time_limit: 2,
  });
  assert.deepEqual(
    events.map((line) => JSON.parse(line)),
    [
      [0, 'o', 'a'],
      [1.235, 'o', '\x1b[2mb\r\n'],
    ],
  );
});

test('the recording is of the acts there are: `npm run demo:record` makes it anew', async () => {
  const { stageSet, sources } = await readExample(join(root, 'examples', 'shop'));
  const told = acts(stageSet, sources.get('manifests') ?? {}, { refusals: () => 0, nowMs: () => 0 });
  const lines = await read('docs/demo/demo.txt');
  const unwrapped = lines.replaceAll(/\n +/g, ' ').replaceAll('\n', ' ');
  const missing = told.flatMap(({ title, tells, proofs, asks = [] }) =>
    [
      `== ${title} ${tells}`,
      ...proofs.map(({ that }) => `✔ ${that}`),
      ...(asks.length > 0 ? [asks.join(' ')] : []),
    ].filter((text) => !unwrapped.includes(text)),
  );
  assert.deepEqual(missing, []);
  const titles = [...lines.matchAll(/^== (.*)$/gm)].map(([, title]) => title).slice(1);
  assert.deepEqual(
    titles,
    told.map(({ title }) => title),
  );
  assert.deepEqual(
    lines.split('\n').filter((line) => line.length > 80),
    [],
    'lines that 80 columns do not hold',
  );

  const [header = '', ...events] = (await read('docs/demo/demo.cast')).trimEnd().split('\n');
  assert.equal(JSON.parse(header).version, 2);
  const shown = events.map((line) => JSON.parse(line)[2]).join('');
  assert.deepEqual(
    told.filter(({ title }) => !shown.includes(title)),
    [],
  );
});

test('the README shows what the recording has', async () => {
  const readme = await read('README.md');
  assert.equal(withExcerpt(readme, await read('docs/demo/demo.txt')), readme);
});
