import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { neverCancelled } from '../../../test/support/cancel-flag.ts';
import { type CraftedEntry, craftTar, paxEntry } from '../../../test/support/crafted-tar.ts';
import { artifactLimits } from '../../shared/protocol/limits.ts';
import { TaskError } from '../../shared/protocol/task-error.ts';
import { unpack } from './unpack.ts';

const MiB = 1024 * 1024;

async function refusal(
  archive: Uint8Array,
  digest = `sha256:${hash('sha256', archive)}`,
): Promise<{ code: string; message: string }> {
  try {
    await unpack({ archive: new Uint8Array(archive).buffer, digest }, neverCancelled());
  } catch (error) {
    assert.ok(error instanceof TaskError, String(error));
    return { code: error.code, message: error.message };
  }
  throw new assert.AssertionError({ message: 'was unpacked' });
}

const shop = [
  { name: './', type: '5' },
  { name: './app/web.yaml', body: 'kind: Web\n' },
  { name: 'ns.yaml', body: '' },
];

const digests: readonly {
  readonly name: string;
  readonly digest: (bytes: Uint8Array) => string;
  readonly why: RegExp;
}[] = [
  {
    name: 'another content',
    digest: () => `sha256:${'0'.repeat(64)}`,
    why: /^artifact does not match its digest: expected/,
  },
  { name: 'no algorithm', digest: (bytes) => hash('sha256', bytes), why: /is neither sha256:<hex> nor sha512:<hex>$/ },
  { name: 'a weak algorithm', digest: (bytes) => `md5:${hash('md5', bytes)}`, why: /is neither/ },
  { name: 'upper case', digest: (bytes) => `sha256:${hash('sha256', bytes).toUpperCase()}`, why: /is neither/ },
  { name: 'cut', digest: (bytes) => `sha512:${hash('sha256', bytes)}`, why: /is neither/ },
  { name: 'nothing', digest: () => '', why: /is neither/ },
];

for (const { name, digest, why } of digests) {
  test(`digest: ${name} is refused before one byte is parsed`, async () => {
    const noArchive = Buffer.from('this would fail otherwise');
    const { code, message } = await refusal(noArchive, digest(noArchive));
    assert.equal(code, 'digestMismatch');
    assert.match(message, why);
  });
}

const file = { name: 'a', body: 'x' };
const refused: readonly {
  readonly name: string;
  readonly archive: Uint8Array | readonly CraftedEntry[];
  readonly code: string;
  readonly why: RegExp;
}[] = [
  {
    name: 'nothing',
    archive: Buffer.alloc(0),
    code: 'badArchive',
    why: /^artifact is not a tar archive: it is empty$/,
  },
  {
    name: 'a web page',
    archive: Buffer.from('<html>'.repeat(200)),
    code: 'badArchive',
    why: /^artifact is not a tar archive: it does not begin with a tar header$/,
  },
  {
    name: 'a few bytes',
    archive: Buffer.from('oops'),
    code: 'badArchive',
    why: /^artifact is not a tar archive: it is too short$/,
  },
  {
    name: 'a gzipped web page',
    archive: gzipSync('<html>'.repeat(200)),
    code: 'badArchive',
    why: /^artifact is not a tar archive/,
  },
  {
    name: 'broken gzip',
    archive: Buffer.from([0x1f, 0x8b, 9, 9, 9]),
    code: 'badArchive',
    why: /^artifact is not valid gzip: /,
  },
  {
    name: 'cut gzip',
    archive: gzipSync(craftTar(shop)).subarray(0, 60),
    code: 'badArchive',
    why: /^artifact is not valid gzip: unexpected end of file$/,
  },
  {
    name: 'a tar cut in a file',
    archive: craftTar(shop).subarray(0, 1030),
    code: 'badArchive',
    why: /^artifact is truncated: it ends in the middle/,
  },
  {
    name: 'a tar cut in a header',
    archive: craftTar(shop).subarray(0, 600),
    code: 'badArchive',
    why: /^artifact is truncated: it ends in the middle/,
  },
  {
    name: 'a tar without its end',
    archive: craftTar([file], Buffer.alloc(0)),
    code: 'badArchive',
    why: /the end of the tar archive is missing$/,
  },
  {
    name: 'a bad checksum',
    archive: [file, { ...file, checksum: '0000000\0' }],
    code: 'badArchive',
    why: /a tar header has a bad checksum$/,
  },
  {
    name: 'a size that is no number',
    archive: [{ ...file, size: 'twelve\0' }],
    code: 'badArchive',
    why: /^artifact entry "a" has no valid size$/,
  },
  {
    name: 'a negative size',
    archive: [{ ...file, size: Buffer.alloc(12, 0xff) }],
    code: 'badArchive',
    why: /has no valid size$/,
  },
  {
    name: 'a character device',
    archive: [{ name: 'tty', type: '3' }],
    code: 'badArchive',
    why: /^artifact entry "tty" is a character device$/,
  },
  { name: 'a block device', archive: [{ name: 'sda', type: '4' }], code: 'badArchive', why: /is a block device$/ },
  { name: 'a FIFO', archive: [{ name: 'p', type: '6' }], code: 'badArchive', why: /is a FIFO$/ },
  { name: 'a sparse file', archive: [{ name: 's', type: 'S' }], code: 'badArchive', why: /is a sparse file$/ },
  {
    name: 'a sparse file of PAX',
    archive: [paxEntry({ 'GNU.sparse.major': '1' }), file],
    code: 'badArchive',
    why: /holds a sparse file$/,
  },
  {
    name: 'an unknown type',
    archive: [{ name: 'a', type: 'Z' }],
    code: 'badArchive',
    why: /is of an unknown type "Z"$/,
  },
  {
    name: 'malformed PAX',
    archive: [{ name: 'p', type: 'x', body: '99 path=a\n' }, file],
    code: 'badArchive',
    why: /malformed PAX header$/,
  },
  {
    name: 'a PAX size that is none',
    archive: [paxEntry({ size: '-1' }), file],
    code: 'badArchive',
    why: /malformed PAX header$/,
  },
  {
    name: 'an absolute path',
    archive: [{ name: '/etc/passwd' }],
    code: 'pathEscape',
    why: /absolute or has "\.\.": "\/etc\/passwd"$/,
  },
  { name: '..', archive: [{ name: '../a' }], code: 'pathEscape', why: /"\.\.\/a"$/ },
  { name: '.. in the middle', archive: [{ name: 'a/../b' }], code: 'pathEscape', why: /"a\/\.\.\/b"$/ },
  { name: '.. as a directory', archive: [{ name: 'a/..', type: '5' }], code: 'pathEscape', why: /"a\/\.\."$/ },
  { name: '.. in PAX', archive: [paxEntry({ path: '../../a' }), file], code: 'pathEscape', why: /"\.\.\/\.\.\/a"$/ },
  {
    name: 'a NUL in PAX',
    archive: [paxEntry({ path: 'a\0b' }), file],
    code: 'badArchive',
    why: /a name with a NUL: "a\\u0000b"$/,
  },
  {
    name: 'a name that is not UTF-8',
    archive: [{ name: Buffer.from([0x61, 0xff]) }],
    code: 'badArchive',
    why: /not UTF-8/,
  },
  {
    name: 'no name',
    archive: [{ name: './', body: 'x', type: '2', linkName: 'a' }],
    code: 'badArchive',
    why: /a file without a name$/,
  },
  {
    name: 'a long name',
    archive: [paxEntry({ path: 'n'.repeat(256) }), file],
    code: 'limitExceeded',
    why: /over-long name/,
  },
  {
    name: 'a long path',
    archive: [paxEntry({ path: `${'p'.repeat(200)}/`.repeat(21) }), file],
    code: 'limitExceeded',
    why: /over-long name/,
  },
  {
    name: 'a deep path',
    archive: [paxEntry({ path: 'd/'.repeat(70) }), file],
    code: 'limitExceeded',
    why: /over-long name/,
  },
  {
    name: 'a link that leads outside',
    archive: [{ name: 'd/l', type: '2', linkName: '../../x' }],
    code: 'pathEscape',
    why: /^artifact link "d\/l" leads outside/,
  },
  {
    name: 'an absolute link',
    archive: [{ name: 'l', type: '2', linkName: '/a' }, file],
    code: 'pathEscape',
    why: /leads outside/,
  },
  {
    name: 'a hard link that leads outside',
    archive: [{ name: 'l', type: '1', linkName: '../a' }, file],
    code: 'pathEscape',
    why: /leads outside/,
  },
  {
    name: 'a link to nothing',
    archive: [{ name: 'l', type: '2', linkName: 'gone' }],
    code: 'badArchive',
    why: /^artifact link "l" does not lead to a regular file/,
  },
  {
    name: 'a link to a directory',
    archive: [{ name: 'l', type: '2', linkName: 'd' }, { name: 'd/a' }],
    code: 'badArchive',
    why: /does not lead to a regular file/,
  },
  {
    name: 'a loop of links',
    archive: [
      { name: 'l', type: '2', linkName: 'k' },
      { name: 'k', type: '2', linkName: 'l' },
    ],
    code: 'badArchive',
    why: /does not lead to a regular file/,
  },
  {
    name: 'a file that is a directory too',
    archive: [{ name: 'a' }, { name: 'a/b/c' }],
    code: 'badArchive',
    why: /holds "a" both as a file and as a directory$/,
  },
];

for (const { name, archive, code, why } of refused) {
  test(`refuses ${name}`, async () => {
    const answer = await refusal(archive instanceof Uint8Array ? archive : craftTar(archive));
    assert.match(answer.message, why);
    assert.equal(answer.code, code);
  });
}

function sizeField(bytes: number): string {
  return `${bytes.toString(8).padStart(11, '0')}\0`;
}

test('limits: each has its own message', async () => {
  const tooMany = craftTar(Array.from({ length: artifactLimits.entries + 1 }, (_, index) => ({ name: `f${index}` })));
  const tooMuch = craftTar(
    Array.from({ length: 5 }, (_, index) => ({ name: `f${index}`, body: Buffer.alloc(15 * MiB) })),
  );
  const hugeName = craftTar([{ name: 'L', type: 'L', size: sizeField(2 * MiB) }, file]);
  const longPath = `${'n'.repeat(200)}/`.repeat(20);
  const longNames = craftTar(
    Array.from({ length: 1_100 }, (_, index) => [paxEntry({ path: `${longPath}${index}` }), file]).flat(),
  );
  const answers = [
    await refusal(Buffer.alloc(artifactLimits.archiveBytes + 1)),
    await refusal(gzipSync(tooMany)),
    await refusal(gzipSync(tooMuch)),
    await refusal(craftTar([{ name: 'big.bin', size: sizeField(16 * MiB + 1) }])),
    await refusal(hugeName),
    await refusal(gzipSync(longNames)),
  ];
  assert.deepEqual(
    answers.map(({ message }) => message),
    [
      'artifact is too large: the archive is over 64 MiB',
      'artifact holds more than 10000 entries',
      'artifact is too large: its files are over 64 MiB',
      'artifact is too large: "big.bin" is over 16 MiB',
      'artifact holds an over-long name or extended header',
      'artifact is too large: its names are over 4 MiB',
    ],
  );
  for (const { code } of answers) assert.equal(code, 'limitExceeded');
});

test('a bomb stops at its limit, and far from its size in memory', async () => {
  // An endless chain of global headers: nothing of it counts as a file.
  const header = craftTar([paxEntry({ comment: 'x'.repeat(MiB - 2_000) }, 'g')], Buffer.alloc(0));
  const archive = Buffer.concat(Array.from({ length: 600 }, () => gzipSync(header)));
  const before = process.memoryUsage().arrayBuffers;
  const { code, message } = await refusal(archive);
  assert.deepEqual([code, message], ['limitExceeded', 'artifact inflates to more than 512 MiB']);
  assert.ok(process.memoryUsage().arrayBuffers - before < 200 * MiB);
});
