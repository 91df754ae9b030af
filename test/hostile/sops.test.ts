import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtOrRefused } from './builds.ts';
import { encrypt, flat, type Metadata, metadataFor, opening } from './sealed-files.ts';

// Files that once took a worker for minutes, or for good. The parser or the walk that takes time must not even begin,
// or must be done in a moment.

const metadata = metadataFor();
const inClear = { unencrypted_regex: '.*' };
const json = (body: string, more: Metadata = {}) => `{${body} "sops": ${JSON.stringify({ ...metadata, ...more })}}`;
const yaml = (body: string, more: Metadata = {}) => `${body}\nsops: ${JSON.stringify({ ...metadata, ...more })}\n`;
const ini = (body: string) => `${body}\n[sops]\n${flat({ ...metadata, ...inClear }, '')}`;
const lines = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join('');
const group = { age: [{ recipient: 'x', enc: 'x' }] };

const refused: readonly (readonly [name: string, path: string, text: string, because: RegExp])[] = [
  [
    'a value with its parts over and over',
    'a.json',
    json(`"a": "ENC[AES256_GCM,data:x${',iv:a,tag:b,type:c'.repeat(5_000)}",`),
    /a value is not encrypted$/,
  ],
  [
    'a map of many keys',
    'a.yaml',
    yaml(
      lines(20_000, (at) => `k${at}: x\n`),
      inClear,
    ),
    /MAC does not fit/,
  ],
  ['a run of comments', 'a.yaml', yaml(`a: b\n${'# x\n'.repeat(50_000)}c: d`, inClear), /MAC does not fit/],
  [
    'comments that a pattern is looked for in',
    'a.yaml',
    yaml(
      lines(5_000, (at) => `# x${at}\nk${at}: x\n`),
      { unencrypted_comment_regex: 'x' },
    ),
    /MAC does not fit|is not encrypted/,
  ],
  [
    'a text over many lines',
    'a.ini',
    ini(`[x]\na="""\n${'a=b\n'.repeat(300_000)}"""`),
    /MAC does not fit|decrypt with/,
  ],
  ['a section of many keys', 'a.ini', ini(`[x]\n${'a=b\n'.repeat(150_000)}`), /MAC does not fit|decrypt with/],
  [
    'a pattern that is long, on texts that are',
    'a.json',
    json(`"${'x'.repeat(1_000_000)}": 1,`, { encrypted_regex: '(x|y|z)*'.repeat(500) }),
    /takes too long to match$|too long$/,
  ],
  ['keys of megabytes', 'a.json', json(`"${'x'.repeat(1_000_000)}": {"a": [${'1,'.repeat(9_999)}1]},`), /too long$/],
  ['more keys than a team has', 'a.json', json('', { age: Array(1_001).fill(group.age[0]) }), /more than 1000 keys$/],
  ...[-1, '-1', 0.5, 'x', '9'.repeat(20)].map(
    (shamir_threshold) =>
      [
        `a threshold of ${JSON.stringify(shamir_threshold)}`,
        'a.json',
        json('', { hc_vault: [], key_groups: [group, group], shamir_threshold }),
        /no valid shamir_threshold$/,
      ] as const,
  ),
  [
    'a threshold beyond all groups',
    'a.json',
    json('', { hc_vault: [], key_groups: [group, group], shamir_threshold: 3 }),
    /fewer than 3 of its 2 key groups open/,
  ],
  [
    'no base64',
    'a.json',
    json(`"a": "${encrypt('x', 'a:').replace(/data:[^,]*/, 'data:%%%')}",`),
    /a value does not decrypt with the data key/,
  ],
];

for (const [name, path, text, because] of refused) {
  test(`${name}: refused in a moment`, async () => {
    const files = { [path]: text, 'kustomization.yaml': `configMapGenerator: [{name: g, files: [${path}]}]\n` };
    const refusal = await builtOrRefused(files, { decryption: opening });
    assert.ok(typeof refusal !== 'string', 'was built');
    assert.match(refusal.message, because);
  });
}
