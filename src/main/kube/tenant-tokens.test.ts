import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { KubeError } from './errors.ts';
import { TenantTokens } from './tenant-tokens.ts';
import type { ClusterClient, KubeRequest } from './types.ts';

const robot = 'system:serviceaccount:shop:robot';

/** A server that numbers its tokens and gives them this life. */
function scene(seconds = 3_600) {
  const clock = new ManualClock();
  const asked: string[] = [];
  let failure: KubeError | undefined;
  const client = {
    async send(request: KubeRequest) {
      asked.push(request.path);
      assert.equal(request.as, undefined, 'the controller itself asks');
      if (failure !== undefined) throw failure;
      const body = { spec: { expirationSeconds: seconds }, status: { token: `t${asked.length}` } };
      return { status: 201, body, warnings: [] };
    },
  } as unknown as ClusterClient;
  const tokens = new TenantTokens({ client: () => client, clock });
  const tokenOf = async (user: string) => (await tokens.credentialsOf(user)).authorization;
  const fail = (error: KubeError | undefined) => {
    failure = error;
  };
  return { clock, asked, tokens, tokenOf, fail };
}

test('one token serves all until 80% of its life', async () => {
  const { clock, asked, tokenOf } = scene();
  assert.deepEqual(await Promise.all([tokenOf(robot), tokenOf(robot)]), ['Bearer t1', 'Bearer t1']);
  await clock.advance(0.8 * 3_600_000 - 1);
  assert.equal(await tokenOf(robot), 'Bearer t1');
  await clock.advance(1);
  assert.equal(await tokenOf(robot), 'Bearer t2');
  assert.deepEqual(new Set(asked), new Set(['/api/v1/namespaces/shop/serviceaccounts/robot/token']));
});

test('the life that the server gives counts, not the one asked for', async () => {
  const { clock, tokenOf } = scene(600);
  await tokenOf(robot);
  await clock.advance(480_000);
  assert.equal(await tokenOf(robot), 'Bearer t2');
});

test('a token that was not taken is not used again', async () => {
  const { tokens, tokenOf } = scene();
  await tokenOf(robot);
  tokens.refused(robot);
  assert.equal(await tokenOf(robot), 'Bearer t2');
});

test('an account that is not there is no object that is not there', async () => {
  const { tokenOf, fail } = scene();
  fail(new KubeError({ status: 404, reason: 'NotFound', message: 'serviceaccounts "robot" not found' }));
  await assert.rejects(tokenOf(robot), {
    status: 403,
    message: 'no token for ServiceAccount shop/robot: serviceaccounts "robot" not found',
  });
  fail(new KubeError({ status: 503, reason: 'ServiceUnavailable', message: 'busy' }));
  await assert.rejects(tokenOf(robot), { status: 0, reason: 'Credentials' });
  fail(undefined);
  assert.equal(await tokenOf(robot), 'Bearer t3');
});

test('nobody but a ServiceAccount gets one', async () => {
  const { tokenOf, asked } = scene();
  for (const user of ['admin', '', 'system:serviceaccount:shop:', 'system:serviceaccount::robot', `${robot}:x`]) {
    await assert.rejects(tokenOf(user), RangeError);
  }
  assert.deepEqual(asked, []);
});
