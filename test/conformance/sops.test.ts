import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { SopsError } from '../../src/workers/sops/sops-error.ts';
import { allCases } from './sops/cases.ts';
import { decryptorWithTestKeys } from './sops/verdict.ts';

interface AnsweredCase {
  readonly name: string;
  readonly path: string;
  readonly encrypted: string;
  readonly clear: string | null;
}

function casesIn(file: string): readonly AnsweredCase[] {
  const url = new URL(`sops/testdata/${file}`, import.meta.url);
  return existsSync(url) ? JSON.parse(readFileSync(url, 'utf8')) : [];
}

const answered = casesIn('cases.json');
const decrypt = await decryptorWithTestKeys();

const byOldReleases = ['sops-3.7.3.json', 'sops-3.8.1.json', 'sops-3.10.2.json'].flatMap(casesIn);

for (const { name, path, encrypted, clear } of [...answered, ...byOldReleases, ...casesIn('found.json')]) {
  test(name, async () => {
    const ours = await decrypt(path, encrypted);
    if (clear === null) assert.ok(ours instanceof SopsError, `decrypted to ${ours}`);
    else assert.equal(ours instanceof SopsError ? ours.message : ours, clear);
  });
}

test('the answers are those to the cases as they are now', () => {
  const named = answered.map(({ name, path }) => ({ name, path }));
  assert.deepEqual(
    named,
    allCases().map(({ name, path }) => ({ name, path })),
  );
});
