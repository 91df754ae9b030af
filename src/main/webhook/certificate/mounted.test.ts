import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate as settled } from 'node:timers/promises';
import { ManualClock } from '../../../shared/time/manual-clock.ts';
import { createLog } from '../../log/log.ts';
import { type Issued, issue } from './issue.ts';
import { Mounted } from './mounted.ts';

const hour = 3_600_000;

/** A folder as kubelet mounts a Secret: links into a folder that is swapped as a whole. */
async function scene(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'mounted-'));
  const clock = new ManualClock();
  const stop = new AbortController();
  const served: string[] = [];
  const said: string[] = [];
  const certificates = new Mounted({
    folder,
    clock,
    log: createLog({ level: 'info', encoding: 'text', clock, write: (line) => void said.push(line) }),
    serve: ({ cert }) => void served.push(cert.toString()),
  });
  const kept = certificates.keep(stop.signal);
  t.after(async () => {
    stop.abort();
    await kept;
    await rm(folder, { recursive: true });
  });
  const rests = async () => {
    while (clock.sleeping === 0) await settled();
  };
  await rests();
  let swaps = 0;
  return {
    certificates,
    folder,
    served,
    said,
    /** Until it has looked again. */
    later: async (ms = 5_000) => {
      await clock.advance(ms);
      await rests();
    },
    newPair: () => issue({ dnsNames: ['hook'], podUid: 'pod', nowMs: clock.wallMs(), validityMs: hour }),
    swap: async ({ cert, key }: Pick<Issued, 'cert' | 'key'>) => {
      swaps += 1;
      const version = join(folder, `..v${swaps}`);
      await mkdir(version);
      await writeFile(join(version, 'tls.crt'), cert);
      await writeFile(join(version, 'tls.key'), key);
      await symlink(`..v${swaps}`, join(folder, '..data.new'));
      await rename(join(folder, '..data.new'), join(folder, '..data'));
      if (swaps > 1) return;
      for (const name of ['tls.crt', 'tls.key']) await symlink(join('..data', name), join(folder, name));
    },
  };
}

test('it waits for the files, and serves them once they are there', async (t) => {
  const { certificates, served, said, later, newPair, swap } = await scene(t);
  assert.match(certificates.missing ?? '', /no such file/);
  await later();
  assert.equal(said.length, 1, 'the same trouble is told once');
  const pair = await newPair();
  await swap(pair);
  await later();
  assert.deepEqual([served, certificates.missing], [[pair.cert], undefined]);
});

test('a swap of the links is noticed, and what stays the same is left alone', async (t) => {
  const { served, later, newPair, swap } = await scene(t);
  const [first, second] = await Promise.all([newPair(), newPair()]);
  await swap(first);
  await later();
  await later();
  await swap(second);
  await later();
  assert.deepEqual(served, [first.cert, second.cert]);
});

test('half a pair is not taken, nor what is none; the old one serves on', async (t) => {
  const { certificates, folder, served, said, later, newPair, swap } = await scene(t);
  const [first, second] = await Promise.all([newPair(), newPair()]);
  await swap(first);
  await later();
  for (const [name, content, problem] of [
    ['tls.crt', second.cert, /do not belong together/],
    ['tls.crt', second.cert.slice(0, 200), /tls\.crt is no certificate/],
    ['tls.crt', '', /tls\.crt is no certificate/],
    ['tls.key', second.key.slice(0, 80), /tls\.crt is no certificate|tls\.key is no private key/],
  ] as const) {
    await writeFile(join(folder, '..v1', name), content);
    await later();
    assert.match(said.at(-1) ?? '', problem);
    assert.deepEqual([served, certificates.missing], [[first.cert], undefined]);
  }
  await writeFile(join(folder, '..v1', 'tls.crt'), second.cert);
  await writeFile(join(folder, '..v1', 'tls.key'), second.key);
  await later();
  assert.deepEqual(served, [first.cert, second.cert]);
});

test('a certificate that has expired makes it unready', async (t) => {
  const { certificates, later, newPair, swap } = await scene(t);
  await swap(await newPair());
  await later();
  await later(hour + 5_000);
  assert.match(certificates.missing ?? '', /expired/);
});
