import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { neverCancelled } from '../../../test/support/cancel-flag.ts';
import { craftTar, paxEntry } from '../../../test/support/crafted-tar.ts';
import { type Random, randomFrom, seeds } from '../../../test/support/seeds.ts';
import { resolveInside } from '../../shared/protocol/artifact-path.ts';
import { openFileMap } from '../../shared/protocol/file-map.ts';
import { TaskError } from '../../shared/protocol/task-error.ts';
import { unpack } from './unpack.ts';

const ARCHIVES = 400;
const BLOCK = 512;

const whole = craftTar([
  { name: 'd', type: '5' },
  { name: 'd/a.yaml', body: 'a: 1\n'.repeat(150) },
  paxEntry({ path: `d/${'long'.repeat(40)}.yaml`, size: '4' }),
  { name: 'cut', body: 'b: 2' },
  { name: '././@LongLink', type: 'L', body: `d/${'name'.repeat(40)}\0` },
  { name: 'cut', body: 'c: 3' },
  { name: 'd/link', type: '2', linkName: 'a.yaml' },
  { name: 'hard', type: '1', linkName: 'd/link' },
]);

for (const seed of seeds()) {
  test(`whatever becomes of an archive, it is unpacked or refused (seed ${seed})`, async () => {
    const random = randomFrom(seed);
    for (let round = 0; round < ARCHIVES; round++) {
      const damaged = damage(whole, random);
      const archive = random.below(4) === 0 ? damageBytes(gzipSync(damaged), random) : damaged;
      await assertUnpackedOrRefused(archive);
    }
  });
}

async function assertUnpackedOrRefused(archive: Buffer): Promise<void> {
  try {
    const digest = `sha256:${hash('sha256', archive)}`;
    const { files } = await unpack({ archive: new Uint8Array(archive).buffer, digest }, neverCancelled());
    const map = openFileMap(files);
    for (const path of map.paths()) {
      assert.equal(resolveInside('', path), path);
      assert.ok(map.read(path)!.length <= archive.length * 1_100);
    }
  } catch (error) {
    assert.ok(error instanceof TaskError, `${error}`);
    assert.match(error.message, /^artifact /);
    assert.ok(error.message.length < 1_000);
  }
}

/** Blocks lost, doubled or swapped, bytes changed; then, often, checksums that fit what is now there. */
function damage(tar: Buffer, random: Random): Buffer {
  let blocks = Array.from({ length: tar.length / BLOCK }, (_, at) => tar.subarray(at * BLOCK, (at + 1) * BLOCK));
  for (let times = random.below(3); times > 0; times--) {
    const at = random.below(blocks.length);
    const block = random.pick(blocks);
    blocks = random.pick([blocks.toSpliced(at, 1), blocks.toSpliced(at, 0, block), blocks.with(at, block)]);
    if (blocks.length === 0) return Buffer.alloc(0);
  }
  const damaged = damageBytes(Buffer.concat(blocks), random);
  if (random.below(4) > 0) for (let at = 0; at + BLOCK <= damaged.length; at += BLOCK) mendChecksum(damaged, at);
  return damaged;
}

function damageBytes(bytes: Buffer, random: Random): Buffer {
  const damaged = Buffer.from(bytes);
  for (let times = random.below(4); times > 0 && damaged.length > 0; times--) {
    // Headers hold what matters: half of the changes go there.
    const at = random.pick([random.below(damaged.length), BLOCK * random.below(12) + random.below(BLOCK)]);
    if (at < damaged.length)
      damaged[at] = random.pick([0, 0x20, 0x2e, 0x2f, 0x30, 0x37, 0x78, 0x80, 0xff, random.below(256)]);
  }
  return random.below(6) === 0 ? damaged.subarray(0, random.below(damaged.length + 1)) : damaged;
}

/** Of what looks like a header, so that its other damage is read. */
function mendChecksum(tar: Buffer, at: number): void {
  if (tar.toString('latin1', at + 257, at + 262) !== 'ustar') return;
  tar.fill(' ', at + 148, at + 156);
  const sum = tar.subarray(at, at + BLOCK).reduce((total, byte) => total + byte, 0);
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148);
}
