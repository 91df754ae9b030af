import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Migration, StageSet, StageSetSpec } from '../../../src/shared/api/types.ts';
import { eventually } from '../../../tools/control-plane/eventually.ts';
import { because, configMap, type Scene, stagesOf, startScene, succeeded, succeededWith } from '../../harness/scene.ts';
import { journal, put, putJournal, setIn, write } from '../actions/scene.ts';

/** Intervals this short let a rerun that should not be show itself soon. */
const often = { interval: '200ms', retryInterval: '200ms' };

const at = (version: string, migrations: readonly Migration[] = []): Pick<StageSetSpec, 'version' | 'migrations'> => ({
  version: { value: version },
  migrations,
});

/** Writes its name into the journal, twice. */
function migration(name: string, to: string, rest: Partial<Migration> = {}): Migration {
  return { name, to, stage: 'db', actions: [write('a', `${name}/a`), write('b', `${name}/b`)], ...rest };
}

/** A StageSet `app` of the stages `db` and `web`, deployed at this version. */
async function deployed(t: Parameters<typeof startScene>[0], version: string): Promise<Scene> {
  const scene = await startScene(t);
  await Promise.all([
    scene.controller(),
    putJournal(scene),
    scene.publish('db', [configMap('db')]),
    scene.publish('web', [configMap('web')]),
  ]);
  await scene.roll('app', { ...stagesOf('db', 'web'), ...often, ...at(version) });
  await scene.settled('app', succeeded);
  return scene;
}

async function rollTo(
  scene: Scene,
  version: string,
  migrations: readonly Migration[],
  rest: Partial<StageSetSpec> = {},
) {
  return await scene.roll('app', { ...stagesOf('db', 'web'), ...often, ...at(version, migrations), ...rest });
}

function ledgerIn({ status }: StageSet) {
  const { version, pendingMigrations, executedMigrations, executedMigrationActions } = status ?? {};
  return { version, pendingMigrations, executedMigrations, executedMigrationActions };
}

const over = { pendingMigrations: undefined, executedMigrations: undefined, executedMigrationActions: undefined };

async function tells(scene: Scene, reason: string, notes: readonly string[]): Promise<void> {
  await eventually(async () => {
    const told = (await scene.events('app')).filter((event) => event.reason === reason);
    assert.deepEqual(told.map(({ note }) => note).toSorted(), notes.toSorted());
    const type = reason === 'MigrationFailed' ? 'Warning' : 'Normal';
    assert.ok(told.every((event) => event.type === type));
  });
}

describe('versions and migrations', { concurrency: 4 }, () => {
  test('without a recorded version nothing is migrated', async (t) => {
    const scene = await deployed(t, 'v2.0.0+build.7');
    assert.deepEqual(ledgerIn(await scene.read('app')), { version: '2.0.0', ...over });
    await rollTo(scene, '2.0.0', [migration('one', '1.0.0'), migration('two', '2.0.0')]);
    await scene.settled('app', succeeded);
    assert.deepEqual(await journal(scene), []);
    const note = 'recorded version 2.0.0 as deployed: no migration ran, those up to it count as done';
    await tells(scene, 'MigrationsBaselined', [note]);
    await tells(scene, 'MigrationStarted', []);
  });

  test('what lies between two versions runs once, in order, before the pre actions of its stage', async (t) => {
    const scene = await deployed(t, '1.0.0');
    const migrations = [
      migration('third', '2.0.0'),
      migration('later', '2.1.0', { stage: 'web' }),
      migration('fourth', '2.0.0'),
      migration('above', '2.1.1'),
      migration('behind', '1.0.0'),
      migration('from-old', '1.5.0', { from: '<1.0.0' }),
      migration('second', '2.0.0-rc.1', { from: '1.*' }),
      migration('none', '1.7.0', { actions: [] }),
    ];
    const stages = stagesOf('db', 'web').stages.map((stage) => ({ ...stage, actions: { pre: [write(stage.name)] } }));
    const begun = await rollTo(scene, '2.1.0', migrations, { stages });
    await scene.settled('app', succeeded);
    const done = ['second', 'third', 'fourth', 'later'];
    const [inDb, inWeb] = [done.slice(0, 3), done.slice(3)].map((names) => names.flatMap((n) => [`${n}/a`, `${n}/b`]));
    const wanted = [...inDb!, 'db', ...inWeb!, 'web'];
    assert.deepEqual(await journal(scene), wanted);
    assert.deepEqual(ledgerIn(await scene.read('app')), { version: '2.1.0', ...over });

    const seen = (await scene.versions('app', begun)).map(ledgerIn);
    const first = seen.find(({ pendingMigrations }) => pendingMigrations !== undefined);
    assert.deepEqual(first, { ...over, version: '1.0.0', pendingMigrations: ['none', ...done] });
    const last = seen.findLast(({ executedMigrations }) => executedMigrations !== undefined);
    assert.deepEqual(last, {
      version: '1.0.0',
      pendingMigrations: undefined,
      executedMigrations: ['none', ...done],
      executedMigrationActions: [...inDb!, ...inWeb!],
    });
    const lengths = seen.slice(0, seen.indexOf(last)).map((each) => each.executedMigrationActions?.length ?? 0);
    assert.deepEqual([...new Set(lengths)], [0, 1, 2, 3, 4, 5, 6, 7, 8], 'recorded one by one');

    const all = ['none', ...done];
    await tells(
      scene,
      'MigrationStarted',
      all.map((name) => `migration "${name}" started, from 1.0.0 to 2.1.0`),
    );
    await tells(
      scene,
      'MigrationCompleted',
      all.map((name) => `migration "${name}" completed, from 1.0.0 to 2.1.0`),
    );
    await scene.publish('db', [configMap('db', { key: 'next' })]);
    await delay(2_000); // ten intervals
    assert.deepEqual((await journal(scene)).slice(0, wanted.length), wanted);
    assert.deepEqual(
      (await journal(scene)).slice(wanted.length),
      ['db'],
      'actions run for the new revision, no migration',
    );
  });

  test('a migration that fails is resumed where it failed, by a new revision too', async (t) => {
    const scene = await deployed(t, '1.0.0');
    const next = await scene.publish('db', [configMap('db', { key: 'next' })]);
    await scene.settled('app', succeededWith(next));
    const failing = migration('one', '2.0.0', { actions: [write('a'), setIn('missing', { a: 'b' }), write('b')] });
    await rollTo(scene, '3.0.0', [migration('zero', '1.1.0'), failing, migration('two', '3.0.0')]);
    const { message } = await scene.settled('app', because('StageFailed'));
    const why = `stage "db" failed: migration "one": action "set": ConfigMap ${scene.namespace}/missing: not found`;
    assert.equal(message, why);
    await tells(scene, 'MigrationFailed', [why]);
    const stopped = {
      version: '1.0.0',
      pendingMigrations: ['one', 'two'],
      executedMigrations: ['zero'],
      executedMigrationActions: ['zero/a', 'zero/b', 'one/a'],
    };
    assert.deepEqual(ledgerIn(await scene.read('app')), stopped);

    const third = await scene.publish('db', [configMap('db', { key: 'third' })]);
    await eventually(async () => {
      const attempted = Object.values((await scene.read('app')).status?.lastAttemptedRevisions ?? {});
      assert.ok(attempted.includes(third.artifact.revision));
    });
    await delay(1_000); // a few more that fail
    assert.deepEqual(ledgerIn(await scene.read('app')), stopped);
    assert.deepEqual((await scene.find<{ data: object }>('ConfigMap', 'db'))?.data, { key: 'next' });
    await put(scene, configMap('missing'));
    await scene.settled('app', succeededWith(third));
    assert.deepEqual(await journal(scene), ['zero/a', 'zero/b', 'a', 'b', 'two/a', 'two/b']);
    assert.deepEqual(ledgerIn(await scene.read('app')), { version: '3.0.0', ...over });
  });

  test('a failure at each step of two migrations holds up what comes after, and nothing runs twice', async (t) => {
    const scene = await deployed(t, '1.0.0');
    const gated = (name: string, to: string) => {
      const [a, b] = [`${name}-a`, `${name}-b`] as const;
      return migration(name, to, { actions: [setIn(a, {}, `at-${a}`), write(a), setIn(b, {}, `at-${b}`), write(b)] });
    };
    await rollTo(scene, '2.0.0', [gated('two', '2.0.0'), gated('one', '1.5.0')]);
    const steps = ['one-a', 'one-b', 'two-a', 'two-b'];
    for (const [done, step] of steps.entries()) {
      await scene.settled('app', ({ message }) => message.endsWith(`/${step}: not found`));
      assert.deepEqual(await journal(scene), steps.slice(0, done));
      await put(scene, configMap(step));
    }
    await scene.settled('app', succeeded);
    assert.deepEqual(await journal(scene), steps);
  });

  test('the version counts as deployed only once the last stage stands', async (t) => {
    const scene = await deployed(t, '1.0.0');
    await scene.publish('web', [{ ...configMap('web'), data: 'no map' }]);
    const ladder = [migration('one', '2.0.0'), migration('two', '3.0.0', { stage: 'web' })];
    await rollTo(scene, '2.0.0', ladder);
    await scene.settled('app', because('StageFailed'));
    const { version, executedMigrations } = ledgerIn(await scene.read('app'));
    assert.deepEqual([version, executedMigrations], ['1.0.0', ['one']]);
    await rollTo(scene, '3.0.0', ladder); // higher still, and what is done is done
    await eventually(async () => {
      assert.deepEqual((await scene.read('app')).status?.executedMigrations, ['one', 'two']);
    });
    await scene.publish('web', [configMap('web')]);
    await scene.settled('app', succeeded);
    assert.deepEqual(await journal(scene), ['one/a', 'one/b', 'two/a', 'two/b']);
    assert.deepEqual(ledgerIn(await scene.read('app')), { version: '3.0.0', ...over });
  });

  test('a lower version is refused, and the way back up is open', async (t) => {
    const scene = await deployed(t, '2.0.0');
    await scene.publish('db', [configMap('db', { key: 'older' })]);
    await scene.settled('app', succeeded);
    const changed = await scene.publish('db', [configMap('db'), configMap('new')]);
    await scene.settled('app', succeededWith(changed));
    await rollTo(scene, '2.0.0-rc.9', [migration('rc', '2.0.0-rc.1')], {
      stages: [{ name: 'db', sourceRef: { name: 'db' } }],
    });
    const ready = await scene.settled('app', because('DowngradeRequiresMigration'));
    assert.equal(ready.message, 'version 2.0.0-rc.9 is below 2.0.0, which is deployed: migrations only lead up');
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/db', 'ConfigMap/new', 'ConfigMap/web']);
    assert.equal((await scene.read('app')).status?.version, '2.0.0');
    await rollTo(scene, '2.0.1', [migration('up', '2.0.1')]);
    await scene.settled('app', succeeded);
    assert.deepEqual(await journal(scene), ['up/a', 'up/b']);
  });

  test('one that is taken back before it has succeeded starts anew', async (t) => {
    const scene = await deployed(t, '1.0.0');
    const ladder = [migration('one', '2.0.0'), migration('two', '2.0.0', { actions: [setIn('missing', {})] })];
    await rollTo(scene, '2.0.0', ladder);
    await scene.settled('app', because('StageFailed'));
    await rollTo(scene, '1.0.0', ladder);
    await scene.settled('app', succeeded);
    assert.deepEqual(ledgerIn(await scene.read('app')), { version: '1.0.0', ...over });
  });
});
