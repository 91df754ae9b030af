import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate as settled } from 'node:timers/promises';
import { randomFrom, seeds } from '../../../../test/support/seeds.ts';
import { ManualClock } from '../../../shared/time/manual-clock.ts';
import { createLog } from '../../log/log.ts';
import { holds, withOwn } from './ca-bundle.ts';
import { SelfSigned } from './self-signed.ts';

const minute = 60_000;
const limit = 8;

/** Replicas of one Deployment, and the bundle that they share. */
async function scene(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'replicas-'));
  const clock = new ManualClock();
  const running = new Set<Replica>();
  let bundle = '';
  t.after(async () => {
    for (const replica of running) await replica.stop();
    await rm(folder, { recursive: true });
  });
  /** Until each of them rests. */
  const rest = async () => {
    while (clock.sleeping < running.size) await settled();
  };
  return {
    clock,
    running,
    bundle: () => bundle,
    start: async (podUid: string, validityMs: number) => {
      const stop = new AbortController();
      let ca = '';
      const certificates = new SelfSigned({
        configuration: {
          publish: async (own) => {
            ca = own.ca;
            bundle = withOwn(bundle, own, { nowMs: clock.wallMs(), limit });
            return holds(bundle, own.ca);
          },
        },
        folder: join(folder, podUid),
        dnsNames: ['hook'],
        podUid,
        validityMs,
        clock,
        log: createLog({ level: 'error', encoding: 'text', clock, write: () => {} }),
        serve: () => {},
        renewalFailed: () => {},
      });
      const kept = certificates.keep(stop.signal);
      const replica: Replica = {
        isReady: () => certificates.missing === undefined,
        isBelieved: () => holds(bundle, ca),
        stop: async () => {
          running.delete(replica);
          stop.abort();
          await kept;
        },
      };
      running.add(replica);
      await rest();
      return replica;
    },
    pass: async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 5_000) {
        await clock.advance(5_000);
        await rest();
      }
    },
  };
}

interface Replica {
  isReady(): boolean;
  isBelieved(): boolean;
  stop(): Promise<void>;
}

for (const seed of seeds().slice(0, 4)) {
  test(`replicas come, go and renew, and whoever has been there for a while is believed (seed ${seed})`, async (t) => {
    const { clock, running, start, pass } = await scene(t);
    const random = randomFrom(seed);
    const validity = () => (30 + random.below(60)) * minute;
    const startedMs = new Map<Replica, number>();
    for (let round = 0; round < 40; round += 1) {
      const [oldest] = running;
      if (oldest !== undefined && random.below(3) === 0) await oldest.stop();
      if (running.size < 3) startedMs.set(await start(`pod-${round}`, validity()), clock.wallMs());
      await pass((1 + random.below(4)) * minute);
      for (const replica of running) {
        if (clock.wallMs() - (startedMs.get(replica) ?? 0) > minute)
          assert.ok(replica.isReady() && replica.isBelieved());
      }
    }
  });
}

test('a pod that starts again and again pushes nobody out', async (t) => {
  const { start, pass, bundle } = await scene(t);
  const healthy = await start('healthy', 90 * minute);
  for (let restart = 0; restart < 2 * limit; restart += 1) {
    await (await start('crashing', 90 * minute)).stop();
  }
  assert.ok(healthy.isBelieved());
  assert.equal(bundle().split('BEGIN CERTIFICATE').length - 1, 2);
  await pass(minute);
  assert.ok(healthy.isReady());
});

test('whom a crowd has pushed out gets back in within a minute', async (t) => {
  const { start, pass } = await scene(t);
  const healthy = await start('healthy', 90 * minute);
  await pass(minute);
  for (let other = 0; other < limit; other += 1) await (await start(`pod-${other}`, 90 * minute)).stop();
  assert.ok(!healthy.isBelieved());
  await pass(minute + 10_000);
  assert.ok(healthy.isReady() && healthy.isBelieved());
});
