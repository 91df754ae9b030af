import { randomFrom } from '../../support/seeds.ts';
import { randomPlainFile } from './random-file.ts';

// Files for the real sops to encrypt, in every format and with every kind of rule, and what is done to them afterwards.

export type KeyName = 'age' | 'other age' | 'post-quantum' | 'RSA' | 'curve25519' | 'P-256';

export interface SopsCase {
  readonly name: string;
  readonly path: string;
  readonly plain: string;
  /** Flags of `sops --encrypt`. */
  readonly flags?: readonly string[];
  readonly keys?: readonly KeyName[];
  /** Key groups instead of keys, and how many of them are needed. */
  readonly groups?: { readonly of: readonly (readonly KeyName[])[]; readonly threshold: number };
  /** Done to the encrypted file. */
  readonly edit?: readonly [from: RegExp, to: string];
}

const RANDOM_CASES = 60;

const secret = `# of the team
apiVersion: v1
kind: Secret
metadata:
  name: database # its name
  labels:
    team: a
stringData:
  # who
  user: admin
  password: hunter2
  port: 5432
  ratio: 0.25
  large: 1500000.5
  small: 1.0e-9
  id: 9007199254740993
  negative: -7
  enabled: true
  disabled: false
  nothing: null
  empty: ""
  since: 2030-12-31
  at: 2030-12-31T10:11:12.5+02:00
  zeros: "007"
  yes: "yes"
  multi: |
    one
      two

    three
  stripped: |-
    no end
  kept: |+
    two ends

  tab: "a\\tb"
  emoji: "😀"
  quotes: "it's \\"x\\""
  spaces: "  a  "
  hash: "a # b"
  colon: "a: b"
list:
  - a
  # between
  - b: c
    d: [1, 2.5, true, null, {x: y}]
  - - x
    - y
  - {}
  - []
nested:
  deep:
    deeper:
      deepest: x
# the end
`;

const json = `{
  "z": "first", "a": {"b": [1, 2.0, 1e21, true, null, "", {"c": "<&>"}], "10": "x", "9": "y"}, "big": 9223372036854775807,
  "text": "line\\nline\\t\\u00e9😀", "empty": {}, "none": []
}`;

const ruled = `metadata:
  name: x
  password_secret: inherited
data:
  password: a
  user_unencrypted: b
  nested:
    password: c
    plain: d
stringData:
  token: e
list:
  - password: f
    other: g
`;

const commented = `# plain
name: x
# encrypt this
password: a
other: b # encrypt this
data:
  # encrypt this
  inner:
    a: b
    c: [d, e]
  last: f
list:
  - a
  # encrypt this
  - b
  - c
`;

const dotenv = `# settings
A=1
B = spaced 
C="quoted"
D=line\\nline
E=
F=a=b
# end
G=true
`;

const ini = `; top
[owner]
; who
name = John
org = "Acme = Inc"

[database]
port = 5432
# where
file = \`a;b\`
empty =
`;

const whole: readonly SopsCase[] = [
  { name: 'YAML', path: 'a.yaml', plain: secret },
  { name: 'YAML with the other ending', path: 'a.yml', plain: 'a: b\n' },
  {
    name: 'YAML with an unusual name',
    path: 'secret.enc',
    plain: secret,
    flags: ['--input-type', 'yaml', '--output-type', 'yaml'],
  },
  { name: 'YAML of several documents', path: 'a.yaml', plain: `a: 1\n---\n# second\nb: two\n---\nc: [x]\n` },
  { name: 'YAML with anchors', path: 'a.yaml', plain: 'a: &x {b: c}\nd: *x\ne: [*x]\n' },
  { name: 'YAML in flow style', path: 'a.yaml', plain: '{a: b, c: [1, two, {d: e}]}\n' },
  { name: 'YAML of an empty value', path: 'a.yaml', plain: 'a: ""\nb: null\nc:\n' },
  {
    name: 'YAML with comments all over',
    path: 'a.yaml',
    plain: '# 1\n\n# 2\na: b # 3\n\n# 4\nc:\n  # 5\n  d: e\n  # 6\n# 7\nf:\n  - g # 8\n  # 9\n',
  },
  { name: 'JSON', path: 'a.json', plain: json },
  { name: 'dotenv', path: 'a.env', plain: dotenv },
  { name: 'INI', path: 'a.ini', plain: ini },
  { name: 'binary', path: 'a.txt', plain: 'any text\nat all: "x"\n' },
  { name: 'binary of nothing but spaces', path: 'a.bin', plain: ' \n\t\n' },
  {
    name: 'dotenv with an unusual name',
    path: 'settings',
    plain: dotenv,
    flags: ['--input-type', 'dotenv', '--output-type', 'dotenv'],
  },
];

const rules: readonly SopsCase[] = (
  [
    ['--encrypted-regex', '^(data|stringData)$'],
    ['--encrypted-regex', 'pass.*d$'],
    ['--encrypted-regex', '(?i)PASSWORD'],
    ['--unencrypted-regex', '^(metadata|list)$'],
    ['--encrypted-suffix', 'word'],
    ['--unencrypted-suffix', '_secret'],
    ['--encrypted-regex', 'nothing at all'],
  ] as const
).flatMap((flags) => [
  { name: `rule ${flags.join(' ')}`, path: 'a.yaml', plain: ruled, flags },
  {
    name: `rule ${flags.join(' ')}, MAC of encrypted values`,
    path: 'a.yaml',
    plain: ruled,
    flags: [...flags, '--mac-only-encrypted'],
  },
]);

const commentRules: readonly SopsCase[] = (['--encrypted-comment-regex', '--unencrypted-comment-regex'] as const).map(
  (flag) => ({
    name: `rule ${flag}`,
    path: 'a.yaml',
    plain: commented,
    flags: [flag, 'encrypt this'],
  }),
);

const keyed: readonly SopsCase[] = [
  ...(['age', 'post-quantum', 'RSA', 'curve25519', 'P-256'] as const).map((key) => ({
    name: `for ${key}`,
    path: 'a.yaml',
    plain: 'a: b\n',
    keys: [key],
  })),
  { name: 'for two, of which one is ours', path: 'a.yaml', plain: 'a: b\n', keys: ['other age', 'age'] },
  { name: 'for age and PGP, in JSON', path: 'a.json', plain: '{"a": "b"}', keys: ['other age', 'RSA'] },
  { name: 'for age, in dotenv', path: 'a.env', plain: 'A=b\n', keys: ['other age', 'age'] },
  { name: 'for somebody else', path: 'a.yaml', plain: 'a: b\n', keys: ['other age'] },
  {
    name: 'two of three groups',
    path: 'a.yaml',
    plain: 'a: b\n',
    groups: { of: [['age'], ['RSA'], ['other age']], threshold: 2 },
  },
  {
    name: 'all of two groups',
    path: 'a.json',
    plain: '{"a": "b"}',
    groups: { of: [['other age', 'age'], ['P-256']], threshold: 2 },
  },
  {
    name: 'groups in INI',
    path: 'a.ini',
    plain: '[s]\na = b\n',
    groups: { of: [['age'], ['curve25519']], threshold: 2 },
  },
  {
    name: 'too few groups',
    path: 'a.yaml',
    plain: 'a: b\n',
    groups: { of: [['age'], ['other age'], ['other age']], threshold: 2 },
  },
];

const pair = 'first: one\nsecond: two\nclear_unencrypted: three\n';

const edited: readonly SopsCase[] = (
  [
    ['a clear value changed', /three/, 'four'],
    ['a clear key renamed', /clear_unencrypted/, 'other_unencrypted'],
    ['a type changed to text', /type:int\]/, 'type:str]'],
    ['a type changed to a number', /type:str\]/, 'type:int]'],
    ['a type that there is not', /type:str\]/, 'type:blob]'],
    ['a value in another place', /first: (.*)\nsecond: (.*)\n/, 'first: $2\nsecond: $1\n'],
    ['values reordered', /(first: .*\n)(second: .*\n)/, '$2$1'],
    ['a value removed', /second: .*\n/, ''],
    ['a value added', /second: /, 'third_unencrypted: x\nsecond: '],
    ['an encrypted value in clear', /second: .*/, 'second: two'],
    ['a value emptied', /second: .*/, 'second: ""'],
    ['a value made null', /second: .*/, 'second: null'],
    ['a value turned into a number', /second: .*/, 'second: 2'],
    ['a cut value', /data:[^,]{2}/, 'data:'],
    ['another tag', /tag:.{4}/, 'tag:AAAA'],
    ['another MAC', /mac: ENC\[AES256_GCM,data:.{8}/, 'mac: ENC[AES256_GCM,data:AAAAAAAA'],
    ['no MAC', / {4}mac: .*\n/, ''],
    ['another time', /lastmodified: ".*"/, 'lastmodified: "2020-01-01T00:00:00Z"'],
    ['no time', / {4}lastmodified: .*\n/, ''],
    ['another rule', /unencrypted_suffix: .*/, 'unencrypted_suffix: _x'],
    ['two rules', /unencrypted_suffix: .*/, 'unencrypted_suffix: _unencrypted\n    encrypted_suffix: _x'],
    ['no key', / {4}age:\n(?: {8}.*\n)+/, ''],
    ['a broken key', /YWdlLWVuY3J5/, 'YWdlLWVuY3J6'],
    ['the metadata is text', /sops:\n(?: {4}.*\n)+/, 'sops: x\n'],
    ['the MAC made one of encrypted values', / {4}mac: /, '    mac_only_encrypted: true\n    mac: '],
    ['an unknown field', / {4}mac: /, '    new_field: {a: [b]}\n    mac: '],
    [
      'empty lists of keys, as old releases wrote',
      / {4}age:/,
      '    kms: []\n    gcp_kms: []\n    azure_kv: []\n    hc_vault: []\n    pgp: []\n    age:',
    ],
    ['a comment added', /second: /, '# hello\nsecond: '],
    ['quotes added', /first: (.*)/, 'first: "$1"'],
    ['line ends of Windows', /(?<!\r)\n/g, '\r\n'],
  ] as const
).map(([name, from, to]) => ({
  name: `edited: ${name}`,
  path: 'a.yaml',
  plain: pair.replace('one', name.includes('text') ? '1' : 'one'),
  edit: [from, to],
}));

export function allCases(): readonly SopsCase[] {
  const random = randomFrom(13);
  const random_ = Array.from({ length: RANDOM_CASES }, (_, at) => ({
    name: `random ${at + 1}`,
    ...randomPlainFile(random),
  }));
  return [...whole, ...rules, ...commentRules, ...keyed, ...edited, ...random_];
}

/** What releases from 3.7 on could write: they knew no times, for one. */
export function oldReleaseCases(): readonly SopsCase[] {
  return [...whole, ...rules, ...keyed]
    .filter(({ flags = [], keys = [] }) => !flags.includes('--mac-only-encrypted') && !keys.includes('post-quantum'))
    .map((asked) => ({ ...asked, plain: asked.plain.replace(/^ {2}\w+: \d{4}-.*\n/gm, '') }));
}
