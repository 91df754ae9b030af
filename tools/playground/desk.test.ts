import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askingAt, openDesk } from './desk.ts';

test('the desk says no until it is told otherwise, and counts its refusals', async (t) => {
  const desk = await openDesk();
  t.after(desk.close);
  const ask = async () => (await fetch(`${desk.url}/may-release`)).status;
  assert.deepEqual([await ask(), await ask(), desk.refusals], [403, 403, 2]);
  desk.sayYes();
  assert.deepEqual([await ask(), desk.refusals], [200, 2]);
});

test('an example asks where the desk is, and is otherwise as it was', () => {
  const asking = (url: string) => ({
    folder: 'shop',
    sources: new Map(),
    stageSet: {
      apiVersion: 'stages.metio.wtf/v1' as const,
      kind: 'StageSet' as const,
      metadata: { name: 'shop' },
      spec: {
        stages: [
          {
            name: 'release',
            sourceRef: { name: 'manifests' },
            actions: { pre: [{ name: 'ask', http: { url: `${url}/may-release` } }] },
          },
        ],
      },
    },
  });
  assert.deepEqual(
    askingAt({ url: 'http://127.0.0.1:1' }, asking('http://desk.example.test')),
    asking('http://127.0.0.1:1'),
  );
});
