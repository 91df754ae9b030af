import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { CORE_SCHEMA, load, YAML11_SCHEMA } from 'js-yaml';
import { parse } from 'yaml';
import { HeapRoom } from '../../src/shared/heap-room.ts';
import { parseResources } from '../../src/shared/yaml/parse-resources.ts';
import { finishMap } from '../../src/workers/kustomize/nodes/finish.ts';
import { readObjects } from '../../src/workers/kustomize/resources/read-resources.ts';
import { kustomizeOracle, oracleBinary } from '../../tools/oracles/oracle-binary.ts';
import type { Bench } from '../harness/bench.ts';
import { milliseconds, quantile, type Row } from '../harness/report.ts';
import { corners } from './corners.ts';

type Parse = (text: string) => unknown;

/** What could read manifests, as its documentation has one set it up for Kubernetes. */
const parsers: Readonly<Record<string, Parse>> = {
  ours: (text) => readObjects(text, new HeapRoom(), 'a file', 'reread').map(({ node }) => finishMap(node))[0],
  'js-yaml, 1.2': (text) => load(text, { schema: CORE_SCHEMA }),
  'js-yaml, 1.1': (text) => load(text, { schema: YAML11_SCHEMA }),
  'yaml, 1.2': (text) => parse(text, { intAsBigInt: true, merge: true }),
  'yaml, 1.1': (text) => parse(text, { version: '1.1', intAsBigInt: true }),
};

export const yaml: Bench = {
  about: 'YAML parsers: speed, and on which corner cases they agree with kustomize',
  async run() {
    const answers = await judged();
    const figures: Record<string, unknown> = {};
    const rows: Row[] = [];
    for (const [name, read] of Object.entries(parsers)) {
      const wrong = answers.filter(({ manifest, answer }) => !agrees(read, manifest, answer)).map((each) => each.name);
      const smallMs = median(() => smallFiles.forEach(read));
      const largeMs = median(() => read(largeFile));
      figures[name] = { smallMs, largeMs, wrong };
      const right = `${answers.length - wrong.length} of ${answers.length}`;
      rows.push([
        name,
        right,
        `2,000 files ${milliseconds(smallMs)}, 10 MB ${milliseconds(largeMs)}${wrong.length === 0 ? '' : `; other: ${wrong.join(', ')}`}`,
      ]);
    }
    return { title: 'YAML parsers: corner cases read as kustomize reads them', rows, figures };
  },
};

interface Judged {
  readonly name: string;
  readonly manifest: string;
  /** `data` as kustomize has it; undefined where it refuses. */
  readonly answer: unknown;
}

async function judged(): Promise<readonly Judged[]> {
  const binary = await oracleBinary(kustomizeOracle);
  const dir = await mkdtemp(join(tmpdir(), 'bench-yaml-'));
  try {
    const all: Judged[] = [];
    for (const [name, data] of Object.entries(corners)) {
      const indented = data.replaceAll(/^(?=.)/gm, '  ');
      const manifest = `apiVersion: example.org/v1\nkind: Corner\nmetadata: {name: corner}\ndata:\n${indented}`;
      await writeFile(join(dir, 'corner.yaml'), manifest);
      await writeFile(join(dir, 'kustomization.yaml'), 'resources: [corner.yaml]\n');
      all.push({ name, manifest, answer: await dataOf(binary, dir) });
    }
    return all;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** What kustomize prints is plain enough for any parser of YAML 1.1 to agree on. */
async function dataOf(binary: string, dir: string): Promise<unknown> {
  try {
    const { stdout } = await promisify(execFile)(binary, ['build', dir]);
    return plain(parseResources(stdout, new HeapRoom())[0]);
  } catch {
    return undefined;
  }
}

function agrees(read: Parse, manifest: string, answer: unknown): boolean {
  try {
    return isDeepStrictEqual(plain(read(manifest)), answer);
  } catch {
    return answer === undefined;
  }
}

/** The `data` of a manifest, in which a small number is the same however a parser keeps it. */
function plain(manifest: unknown): unknown {
  const { data } = manifest as { readonly data: unknown };
  const text = JSON.stringify(data, (_, value) => {
    if (typeof value === 'bigint' || typeof value === 'number') return `number ${value}`;
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
    return isMap ? Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)) : value;
  });
  return text;
}

const smallFiles = Array.from(
  { length: 2_000 },
  (_, at) =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-${at}\nspec:\n  replicas: 2\n  template:\n    spec:\n      containers:\n      - name: main\n        image: "web:1.0"\n        env:\n        - {name: LEVEL, value: info}\n`,
);
const largeFile = `apiVersion: v1\nkind: List\nitems:\n${Array.from({ length: 70_000 }, (_, at) => `- {apiVersion: v1, kind: ConfigMap, metadata: {name: "number-${at}"}, description: "a text that is long enough to be one, and then some", type: object, of: {type: string}}\n`).join('')}`;

function median(work: () => unknown): number {
  const allMs = Array.from({ length: 4 }, () => {
    const startedMs = performance.now();
    work();
    return performance.now() - startedMs;
  });
  return quantile(allMs.slice(1), 0.5);
}
