import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { alreadyCancelled, neverCancelled } from '../../../test/support/cancel-flag.ts';
import { type CraftedEntry, craftTar, paxEntry } from '../../../test/support/crafted-tar.ts';
import { openFileMap } from '../../shared/protocol/file-map.ts';
import { unpack } from './unpack.ts';

const MiB = 1024 * 1024;

async function unpacked(archive: Uint8Array, digest = `sha256:${hash('sha256', archive)}`) {
  const { files, fileCount } = await unpack({ archive: new Uint8Array(archive).buffer, digest }, neverCancelled());
  const map = openFileMap(files);
  assert.equal(map.paths().length, fileCount);
  return Object.fromEntries(map.paths().map((path) => [path, Buffer.from(map.read(path)!).toString()]));
}

const shop = [
  { name: './', type: '5' },
  { name: './app/web.yaml', body: 'kind: Web\n' },
  { name: 'ns.yaml', body: '' },
];
const shopFiles = { 'app/web.yaml': 'kind: Web\n', 'ns.yaml': '' };

test('plain, gzip and concatenated gzip members', async () => {
  const tar = craftTar(shop);
  assert.deepEqual(await unpacked(tar), shopFiles);
  assert.deepEqual(await unpacked(gzipSync(tar)), shopFiles);
  const members = [tar.subarray(0, 700), tar.subarray(700, 701), tar.subarray(701)].map((part) => gzipSync(part));
  assert.deepEqual(await unpacked(Buffer.concat(members)), shopFiles);
});

test('an archive without files is an empty map', async () => {
  assert.deepEqual(await unpacked(craftTar([])), {});
});

test('sha512 is checked too', async () => {
  const tar = craftTar(shop);
  assert.deepEqual(await unpacked(tar, `sha512:${hash('sha512', tar)}`), shopFiles);
});

const longName = `${'d'.repeat(200)}/${'e'.repeat(200)}.yaml`;
const read: readonly { readonly name: string; readonly entries: readonly CraftedEntry[]; readonly want: object }[] = [
  {
    name: 'the last of two entries with one path',
    entries: [
      { name: 'a', body: '1' },
      { name: './/a', body: '2' },
    ],
    want: { a: '2' },
  },
  {
    name: 'ustar prefix',
    entries: [{ name: 'b.yaml', prefix: 'deep/er', body: 'x' }],
    want: { 'deep/er/b.yaml': 'x' },
  },
  {
    name: 'V7, whose directories end in a slash',
    entries: [
      { name: 'd/', type: '\0', magic: '' },
      { name: 'd/a', type: '\0', magic: '', body: 'x' },
    ],
    want: { 'd/a': 'x' },
  },
  {
    name: 'no prefix where GNU writes other things',
    entries: [{ name: 'a', magic: 'ustar  \0', prefix: 'not a prefix', body: 'x' }],
    want: { a: 'x' },
  },
  {
    name: 'GNU long names',
    entries: [
      { name: '././@LongLink', type: 'L', body: `${longName}\0` },
      { name: 'cut', body: 'x' },
    ],
    want: { [longName]: 'x' },
  },
  {
    name: 'PAX long names',
    entries: [paxEntry({ path: longName, mtime: '1.5' }), { name: 'cut', body: 'x' }],
    want: { [longName]: 'x' },
  },
  {
    name: 'PAX sizes',
    entries: [paxEntry({ size: '3' }), { name: 'a', body: 'abc', size: '00000000000\0' }, { name: 'b', body: 'd' }],
    want: { a: 'abc', b: 'd' },
  },
  {
    name: 'an empty PAX path changes nothing',
    entries: [paxEntry({ path: '' }), { name: 'a', body: 'x' }],
    want: { a: 'x' },
  },
  {
    name: 'PAX names hold for one entry only',
    entries: [paxEntry({ path: 'first' }), { name: 'cut', body: '1' }, { name: 'second', body: '2' }],
    want: { first: '1', second: '2' },
  },
  {
    name: "git's global header is passed over",
    entries: [paxEntry({ comment: 'a commit', path: 'never' }, 'g'), { name: 'a', body: 'x' }],
    want: { a: 'x' },
  },
  {
    name: 'base-256 sizes',
    entries: [{ name: 'a', body: 'abc', size: Buffer.from([0x80, ...Array(10).fill(0), 3]) }],
    want: { a: 'abc' },
  },
  { name: 'sizes between spaces', entries: [{ name: 'a', body: 'abc', size: '         3 \0' }], want: { a: 'abc' } },
  { name: 'contiguous files', entries: [{ name: 'a', type: '7', body: 'x' }], want: { a: 'x' } },
  { name: 'names beyond ASCII', entries: [{ name: 'é/日本.yaml', body: 'x' }], want: { 'é/日本.yaml': 'x' } },
  { name: 'hidden files', entries: [{ name: '.github/x.yaml', body: 'x' }], want: { '.github/x.yaml': 'x' } },
  {
    name: 'a symlink to a file beside it',
    entries: [
      { name: 'd/l', type: '2', linkName: 'a' },
      { name: 'd/a', body: 'x' },
    ],
    want: { 'd/a': 'x', 'd/l': 'x' },
  },
  {
    name: 'a symlink up and down again, over another',
    entries: [
      { name: 'a', body: 'x' },
      { name: 'd/l', type: '2', linkName: '../k' },
      { name: 'k', type: '2', linkName: './d/../a' },
    ],
    want: { a: 'x', 'd/l': 'x', k: 'x' },
  },
  {
    name: 'a hard link, named from the root',
    entries: [
      { name: 'd/a', body: 'x' },
      { name: 'd/l', type: '1', linkName: 'd/a' },
    ],
    want: { 'd/a': 'x', 'd/l': 'x' },
  },
  {
    name: 'a file in place of an earlier link',
    entries: [
      { name: 'l', type: '2', linkName: '/etc/passwd' },
      { name: 'l', body: 'x' },
    ],
    want: { l: 'x' },
  },
];

for (const { name, entries, want } of read) {
  test(`reads ${name}`, async () => assert.deepEqual(await unpacked(craftTar(entries)), want));
}

test('reads signed checksums, as some old writers summed', async () => {
  const tar = craftTar([{ name: 'é', body: 'x' }]);
  const signed = tar
    .subarray(0, 512)
    .reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : (byte << 24) >> 24), 0);
  tar.write(`${signed.toString(8).padStart(6, '0')}\0 `, 148);
  assert.deepEqual(await unpacked(tar), { é: 'x' });
});

test('what fits exactly is taken', async () => {
  const files = Array.from({ length: 4 }, (_, index) => ({ name: `f${index}`, body: Buffer.alloc(16 * MiB) }));
  const { fileCount } = await unpackedCount(gzipSync(craftTar(files), { level: 1 }));
  assert.equal(fileCount, 4);
});

async function unpackedCount(archive: Uint8Array) {
  return await unpack(
    { archive: new Uint8Array(archive).buffer, digest: `sha256:${hash('sha256', archive)}` },
    neverCancelled(),
  );
}

test('what follows the end of the archive is not even inflated', async () => {
  const zeros = gzipSync(Buffer.alloc(MiB));
  const archive = Buffer.concat([gzipSync(craftTar(shop)), ...Array.from({ length: 600 }, () => zeros)]);
  assert.deepEqual(await unpacked(archive), shopFiles);
});

test('a set flag ends the work', async () => {
  const archive = new Uint8Array(gzipSync(craftTar(shop)));
  const digest = `sha256:${hash('sha256', archive)}`;
  await assert.rejects(unpack({ archive: archive.buffer, digest }, alreadyCancelled()), { code: 'cancelled' });
});
