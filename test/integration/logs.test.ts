import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { because, configMap, oneStage, type Scene, startScene, stuckDeployment, succeeded } from '../harness/scene.ts';

interface Line {
  readonly ts: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly msg: string;
  readonly stageset?: string;
  readonly reason?: string;
}

function linesOf(log: string): readonly Line[] {
  return log
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}

/** What is told of this StageSet to whoever does not debug. */
async function toldOf({ controller, namespace }: Scene, name: string): Promise<readonly Line[]> {
  const { log } = await controller();
  return linesOf(log).filter(({ level, stageset }) => level !== 'debug' && stageset === `${namespace}/${name}`);
}

const short = { interval: '60s', retryInterval: '1s' };
const handled =
  (token: string) =>
  (_ready: unknown, { status }: { status?: { lastHandledReconcileAt?: string } }) =>
    status?.lastHandledReconcileAt === token;

describe('logs', { concurrency: 4 }, () => {
  test('each line is an object of its own, with time, level and message first', async (t) => {
    const scene = await startScene(t);
    await scene.publish('app', [configMap('a')]);
    const { log } = await scene.controller();
    for (const text of log.trimEnd().split('\n')) {
      assert.deepEqual(Object.keys(JSON.parse(text)).slice(0, 3), ['ts', 'level', 'msg'], text);
    }
  });

  test('what is healthy says so once, however often it is looked at', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('a')]);
    await scene.roll('app', { ...oneStage('app'), ...short });
    await scene.atRest('app');
    for (const token of ['one', 'two', 'three']) {
      await scene.annotate('app', { 'reconcile.fluxcd.io/requestedAt': token });
      await scene.settled('app', handled(token));
    }
    const told = await toldOf(scene, 'app');
    assert.deepEqual(
      told.map(({ level, msg, reason }) => [level, msg, reason]),
      [['info', 'run ended', 'Succeeded']],
    );
  });

  test('what goes on failing says so once, and once more when that is over', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [{ ...configMap('a'), metadata: { name: 'Not_A_Name' } }]);
    await scene.roll('app', { ...oneStage('app'), ...short });
    await scene.settled('app', because('StageFailed'));
    for (const token of ['one', 'two']) {
      await scene.annotate('app', { 'reconcile.fluxcd.io/requestedAt': token });
      await scene.settled('app', handled(token));
    }
    await scene.publish('app', [configMap('a')]);
    await scene.settled('app', succeeded);
    await eventually(async () => {
      const ended = (await toldOf(scene, 'app')).filter(({ msg }) => msg === 'run ended');
      assert.deepEqual(
        ended.map(({ level, reason }) => [level, reason]),
        [
          ['warn', 'StageFailed'],
          ['info', 'Succeeded'],
        ],
      );
    });
  });

  test('a deadline that passes is there to be grepped for, as the runbook has it', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [stuckDeployment('web')]);
    await scene.roll('app', { ...oneStage('app', { timeout: '1s' }), ...short, retryInterval: '1h' });
    await scene.settled('app', because('StageFailed'));
    const told = (await toldOf(scene, 'app'))
      .map((line) => JSON.stringify(line))
      .filter((line) => /slow|timeout|took/i.test(line));
    assert.match(
      told.join('\n'),
      /"msg":"timeout",.*"stage":"app","step":"verify","took":"\d.*s","error":"timed out after 1s/,
    );
  });
});
