import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate as settled } from 'node:timers/promises';
import { ManualClock } from '../../../shared/time/manual-clock.ts';
import { createLog } from '../../log/log.ts';
import type { Certificate } from '../../servers/open-server.ts';
import type { Own } from './ca-bundle.ts';
import { NoConfiguration } from './own-configuration.ts';
import { SelfSigned } from './self-signed.ts';

const minute = 60_000;
const validityMs = 90 * minute;

/** A webhook that signs for itself; what it announces is answered by `publish`. */
async function scene(t: TestContext, publish: (own: Own) => boolean) {
  const folder = await mkdtemp(join(tmpdir(), 'self-signed-'));
  const clock = new ManualClock();
  const stop = new AbortController();
  const announced: Own[] = [];
  const served: Certificate[] = [];
  const happened: string[] = [];
  let failures = 0;
  const certificates = new SelfSigned({
    configuration: {
      publish: async (own) => {
        announced.push(own);
        happened.push('announced');
        return publish(own);
      },
    },
    folder: join(folder, 'certs'),
    dnsNames: ['hook.team.svc'],
    podUid: 'pod',
    validityMs,
    clock,
    log: createLog({ level: 'error', encoding: 'text', clock, write: () => {} }),
    serve: (certificate) => {
      served.push(certificate);
      happened.push('served');
    },
    renewalFailed: () => {
      failures += 1;
    },
  });
  const kept = certificates.keep(stop.signal);
  t.after(async () => {
    stop.abort();
    await kept;
    await rm(folder, { recursive: true });
  });
  /** Lets it do what is due, until it rests again. */
  const rests = async () => {
    while (clock.sleeping === 0) await settled();
  };
  await rests();
  return {
    certificates,
    folder,
    clock,
    announced,
    served,
    happened,
    failures: () => failures,
    advance: async (ms: number) => {
      const step = 1_000;
      for (let passed = 0; passed < ms; passed += step) {
        await clock.advance(step);
        await rests();
      }
    },
  };
}

test('it serves, announces its authority, and counts as in from then on', async (t) => {
  const { certificates, served, announced, folder } = await scene(t, () => true);
  assert.equal(certificates.missing, undefined);
  assert.deepEqual([served.length, announced.length], [1, 1]);
  const leaf = new X509Certificate(served[0]?.cert ?? '');
  assert.ok(leaf.verify(new X509Certificate(announced[0]?.ca ?? '').publicKey));
  const files = await Promise.all(
    ['tls.crt', 'tls.key', 'ca.crt'].map((name) => readFile(join(folder, 'certs', name), 'utf8')),
  );
  assert.deepEqual(files, [served[0]?.cert, served[0]?.key, announced[0]?.ca]);
});

test('it looks each minute whether its own is still in', async (t) => {
  let isThere = true;
  const { certificates, advance, announced } = await scene(t, () => isThere);
  await advance(2 * minute);
  assert.equal(announced.length, 3);
  isThere = false;
  await advance(minute);
  assert.match(certificates.missing ?? '', /displaced/);
});

test('after a third of its life it is renewed: announced beside the old one first, served later', async (t) => {
  const { advance, announced, served, happened } = await scene(t, () => true);
  await advance(29 * minute);
  assert.equal(served.length, 1);
  happened.length = 0;
  await advance(minute + 4_000);
  assert.deepEqual([happened.at(-1), served.length], ['announced', 1]);
  const [first, both] = [announced[0], announced.at(-1)];
  assert.ok(both?.ca !== first?.ca && both?.other === first?.ca);
  await advance(2_000);
  assert.equal(served.length, 2);
  assert.ok(new X509Certificate(served[1]?.cert ?? '').verify(new X509Certificate(both?.ca ?? '').publicKey));
  assert.deepEqual(announced.at(-1), { ca: both?.ca, other: undefined });
});

test('displaced by newer ones it makes one that is newer still', async (t) => {
  const old = new Set<string>();
  const { certificates, served, advance } = await scene(t, ({ ca }) => {
    if (old.size === 0) old.add(ca);
    return !old.has(ca);
  });
  await advance(10_000);
  assert.deepEqual([served.length, certificates.missing], [2, undefined]);
});

test('a failure is counted and tried again, later each time, with the same certificate', async (t) => {
  let left = 3;
  const { certificates, clock, announced, failures, advance } = await scene(t, () => {
    left -= 1;
    if (left >= 0) throw new Error('the server is away');
    return true;
  });
  assert.match(certificates.missing ?? '', /not in the caBundle/);
  await advance(3_000);
  assert.deepEqual([failures(), clock.elapsedMs()], [3, 3_000]);
  await advance(4_000);
  assert.deepEqual([failures(), certificates.missing], [3, undefined]);
  assert.equal(new Set(announced.map(({ ca }) => ca)).size, 1);
});

test('an outage leaves it ready; a configuration that is gone does not', async (t) => {
  let error: Error | undefined;
  const { certificates, advance } = await scene(t, () => {
    if (error !== undefined) throw error;
    return true;
  });
  error = new Error('the server is away');
  await advance(minute);
  assert.equal(certificates.missing, undefined);
  error = new NoConfiguration('there is none');
  await advance(2 * minute);
  assert.equal(certificates.missing, 'there is none');
});

test('a folder that cannot be written keeps the old certificate, until that has expired', async (t) => {
  const { certificates, folder, served, failures, advance } = await scene(t, () => true);
  await rm(join(folder, 'certs'), { recursive: true });
  await writeFile(join(folder, 'certs'), 'in the way');
  await advance(80 * minute);
  assert.deepEqual([served.length, certificates.missing], [1, undefined]);
  assert.ok(failures() > 0);
  await advance(11 * minute);
  assert.match(certificates.missing ?? '', /expired/);
});
