import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { startScript } from '../harness/script.ts';

test('the demo shows its acts in order, in plain lines, and leaves nothing behind', async (t) => {
  const demo = await startScript(t, 'tools/demo/demo.ts');
  assert.equal(await demo.exitCode, 0, demo.output);
  assert.deepEqual(await demo.traces(), []);
  const [story = '', closing = ''] = demo.output.split('All of this happened');
  assert.deepEqual(titlesIn(story), titles);
  for (const proof of proofs) assert.match(story, new RegExp(`^ +[\\d.]+ s {2}✔ ${proof}$`, 'm'));
  for (const answer of answers) assert.match(story, answer);
  assert.deepEqual(
    story.split('\n').filter((line) => line.length > 80),
    [],
    'lines that 80 columns do not hold',
  );
  for (const title of titles) assert.match(closing, new RegExp(`✔ ${title} +[\\d.]+ s`));
  assert.ok(!demo.output.includes('\x1b'), 'no escape codes');
});

test('Ctrl-C ends the demo at any time and leaves nothing behind', async (t) => {
  const [early, late] = await Promise.all([startScript(t, 'tools/demo/demo.ts'), startScript(t, 'tools/demo/demo.ts')]);
  await early.printed(/starting etcd/);
  early.signal('SIGINT');
  assert.equal(await early.exitCode, 130, early.output);
  await late.printed(/== Publish version 2/);
  late.signal('SIGINT');
  assert.equal(await late.exitCode, 130, late.output);
  assert.deepEqual(await late.traces(), []);
  await eventually(async () => assert.deepEqual(await early.traces(), []));
});

test('the demo fails loudly when a step does not happen', async (t) => {
  const demo = await startScript(t, 'tools/demo/demo.ts');
  await demo.printed(/StageSet\/shop is created/);
  process.kill(await demo.pidOf('src/main/main.ts'), 'SIGKILL');
  assert.equal(await demo.exitCode, 1);
  assert.match(demo.output, /✖ Roll out a shop in three stages\n/);
  assert.match(demo.output, /stageset-controller was ended by SIGKILL/);
  assert.match(demo.output, /^StageSet: /m);
  assert.match(demo.output, /controller's log:\n.* INFO +/);
  assert.deepEqual(await demo.traces(), []);
});

const titles = [
  'Start a Kubernetes control plane and the controller',
  'Roll out a shop in three stages',
  'Say yes at the gate',
  'Publish version 2 during a freeze',
  'End the freeze',
  'Heal what somebody changed by hand',
  'Roll back a revision that fails',
];

const proofs = [
  'the app runs 3 ready pods of 1\\.0\\.0, and no others',
  'the app was not created before the database was ready',
  'the gate was asked, and has said no',
  'the StageSet says that it is at the gate',
  'it was not created before the app was ready',
  'the StageSet says that revision 2 waits, and until when',
  'the migration has run',
  'the app runs 3 ready pods of 2\\.0\\.0, and no others',
  'the banner is gone',
  'the settings are back',
  'an event says that the Deployment was corrected',
  'an event says what is back',
  'the StageSet is not Ready, and names the stage "app"',
];

/** What users would ask, with answers of the real program below them. */
const answers = [
  /\$ stagesetctl why shop -n shop\n(?: .*\n)* *.*"may-release"/,
  /\$ stagesetctl get shop -n shop\n(?: .*\n)* {12}Held: shop\/manifests -> 2\n/,
  /\$ stagesetctl tree shop -n shop\n(?: .*\n)* .*Pod orders-0 +Current\n/,
];

function titlesIn(story: string): readonly string[] {
  return [...story.matchAll(/^== (.*)$/gm)].map(([, title = '']) => title);
}
