import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failure, scriptedCluster } from '../../../../test/support/scripted-cluster.ts';
import { ManualClock } from '../../../shared/time/manual-clock.ts';
import { KubeError } from '../../kube/errors.ts';
import { holds } from './ca-bundle.ts';
import { issue } from './issue.ts';
import { NoConfiguration, OwnConfiguration } from './own-configuration.ts';

const clock = new ManualClock();
const { ca } = await issue({ dnsNames: ['hook'], podUid: 'pod', nowMs: clock.wallMs(), validityMs: 3_600_000 });
const never = new AbortController().signal;

/** Two webhooks, of which one knows us already. */
const configuration = {
  metadata: { name: 'hooks', resourceVersion: '7' },
  webhooks: [
    { name: 'a', clientConfig: { service: { name: 'hook' } } },
    { name: 'b', clientConfig: { caBundle: Buffer.from(ca).toString('base64') } },
  ],
};

function scene(answers: readonly (object | KubeError)[]) {
  const { target, asked } = scriptedCluster(answers);
  const options = { client: target.cluster.client, name: 'hooks', limit: 8, clock, random: () => 0 };
  return { own: new OwnConfiguration(options), asked };
}

test('each webhook gets to know us, by an update of just what was read', async () => {
  const { own, asked } = scene([configuration, {}]);
  assert.equal(await own.publish({ ca }, never), true);
  assert.deepEqual(
    asked.map(({ method }) => method),
    ['GET', 'PUT'],
  );
  const { metadata, webhooks } = JSON.parse(String(asked[1]?.body));
  assert.deepEqual(metadata, configuration.metadata);
  assert.deepEqual(webhooks[0].clientConfig.service, { name: 'hook' });
  for (const { clientConfig } of webhooks)
    assert.ok(holds(Buffer.from(clientConfig.caBundle, 'base64').toString(), ca));
});

test('where all know us nothing is written', async () => {
  const { own, asked } = scene([{ ...configuration, webhooks: [configuration.webhooks[1]] }]);
  assert.equal(await own.publish({ ca }, never), true);
  assert.equal(asked.length, 1);
});

test('whoever was outrun reads again', async () => {
  const { own, asked } = scene([configuration, failure(409), configuration, {}]);
  const published = own.publish({ ca }, never);
  await clock.advance(1);
  assert.equal(await published, true);
  assert.equal(asked.length, 4);
});

for (const [what, answers, type, words] of [
  ['that is not there', [failure(404)], NoConfiguration, /there is no ValidatingWebhookConfiguration "hooks"/],
  ['that may not be read', [failure(403)], Error, /^grant get and update of the .* "hooks": 403/],
  ['that may not be changed', [configuration, failure(403)], Error, /^grant get and update/],
  ['without webhooks', [{ metadata: {} }], Error, /has no webhooks/],
  ['of a server in trouble', [failure(500)], KubeError, /500/],
] as const) {
  test(`a configuration ${what} is an error that says so`, async () => {
    await assert.rejects(scene(answers).own.publish({ ca }, never), (error) => {
      assert.ok(error instanceof type);
      assert.match(error.message, words);
      return true;
    });
  });
}
