// Writes kustomize's tables into src/workers/kustomize/tables; needs Go. The versions stand in go.mod.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { digests, digestsFile } from './digests.ts';

interface Tables {
  readonly fieldSpecs: Readonly<Record<string, readonly object[]>>;
  readonly clusterScoped: readonly string[];
  readonly kinds: Readonly<Record<string, string>>;
  readonly definitions: Readonly<Record<string, unknown>>;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const tables = new URL('../../src/workers/kustomize/tables/', import.meta.url);
const go = spawnSync('go', ['run', '.'], {
  cwd: here,
  env: { ...process.env, GOWORK: 'off' },
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
  maxBuffer: 2 ** 26,
});
if (go.status !== 0) throw new Error(`go run failed: ${go.error ?? `exit code ${go.status}`}`);
const { fieldSpecs, clusterScoped, kinds, definitions }: Tables = JSON.parse(go.stdout);

writeFileSync(
  new URL('open-api.json', tables),
  lines({ definitions: lines(sorted(definitions)), kinds: lines(sorted(kinds)) }),
);
writeFileSync(new URL('field-specs.json', tables), lines(mapped(fieldSpecs, list)));
writeFileSync(new URL('cluster-scoped.json', tables), list(clusterScoped));
writeFileSync(digestsFile, digests());

/** JSON with an entry a line. */
function lines(texts: Readonly<Record<string, string>>): string {
  return `{\n${Object.entries(texts)
    .map(([key, text]) => `${JSON.stringify(key)}: ${text.trimEnd()}`)
    .join(',\n')}\n}\n`;
}

function list(items: readonly unknown[]): string {
  return `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]\n`;
}

function sorted(record: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return mapped(Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1))), JSON.stringify);
}

function mapped<T>(record: Readonly<Record<string, T>>, text: (value: T) => string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, text(value)]));
}
