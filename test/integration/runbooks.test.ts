import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSetSpec } from '../../src/shared/api/types.ts';
import { commandsOf } from '../../tools/docs/commands.ts';
import { readPages } from '../../tools/docs/pages.ts';
import { snippetsOf } from '../../tools/docs/snippets.ts';
import { runNext } from '../harness/next-command.ts';
import { because, configMap, oneStage, type Scene, startScene, succeeded } from '../harness/scene.ts';

test('DowngradeRequiresMigration: whoever says that the older version stands gets it rolled out', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  await scene.publish('app', [configMap('settings')]);
  const at = (value: string): StageSetSpec => ({ ...oneStage('app'), version: { value } });
  await scene.roll('shop', at('2.1.0'));
  await scene.settled('shop', succeeded);
  await scene.roll('shop', at('1.9.0'));
  await scene.settled('shop', because('DowngradeRequiresMigration'));

  await mend(scene, 'runbooks/downgraderequiresmigration.md');
  await scene.settled('shop', succeeded);
  assert.equal((await scene.read('shop')).status?.version, '1.9.0');
});

test('Suspended: it runs once by force, and goes on when it is resumed', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  await scene.publish('app', [configMap('settings')]);
  await scene.roll('shop', { ...oneStage('app'), suspend: true });
  await scene.settled('shop', because('Suspended'));

  await mend(scene, 'runbooks/suspended.md');
  await scene.settled('shop', succeeded);
});

/** Runs what stands under Mend, word for word but for the namespace. */
async function mend(scene: Scene, path: string): Promise<void> {
  const page = (await readPages()).find((each) => each.path === path);
  assert.ok(page);
  const [, text = ''] = page.text.split('\n## Mend\n');
  for (const command of snippetsOf({ path, text }, 'sh').flatMap((snippet) => commandsOf(snippet.text))) {
    const { code, stderr } = await runNext(scene, command.replace('-n apps', `-n ${scene.namespace}`));
    assert.equal(code, 0, `${command}: ${stderr}`);
  }
}
