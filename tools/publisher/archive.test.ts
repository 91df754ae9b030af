import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { packArchive } from './archive.ts';

test('entries come in walk order, folders listed, whatever the order of the files', async () => {
  const archive = await packArchive({ 'b/x.yaml': 'x', 'b.yaml': 'b', 'a/c/deep.yaml': new Uint8Array([1, 2]) });
  assert.deepEqual(await entriesOf(archive), [
    ['.', 'directory', 0o750, 0],
    ['a', 'directory', 0o750, 0],
    ['a/c', 'directory', 0o750, 0],
    ['a/c/deep.yaml', 'file', 0o600, 2],
    ['b', 'directory', 0o750, 0],
    ['b/x.yaml', 'file', 0o600, 1],
    ['b.yaml', 'file', 0o600, 1],
  ]);
});

test('equal files give equal bytes', async () => {
  const one = await packArchive({ 'a.yaml': 'a', 'b.yaml': 'b' });
  assert.deepEqual(await packArchive({ 'b.yaml': 'b', 'a.yaml': 'a' }), one);
  assert.notDeepEqual(await packArchive({ 'a.yaml': 'b', 'b.yaml': 'a' }), one);
});

async function entriesOf(archive: Buffer) {
  const entries: unknown[] = [];
  const tar = extract();
  tar.end(gunzipSync(archive));
  for await (const { header } of tar) {
    entries.push([header.name, header.type, header.mode, header.size]);
    assert.equal(header.mtime?.getTime(), 0);
  }
  return entries;
}
