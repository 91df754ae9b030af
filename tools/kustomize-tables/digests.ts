import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);

/** What the tables are made of, and the tables, as they were when they were made: to make them again takes Go. */
export const digestsFile = new URL('tools/kustomize-tables/tables.sha256', root);

const files = [
  ...['go.mod', 'go.sum', 'main.go', 'renew.ts'].map((name) => `tools/kustomize-tables/${name}`),
  ...['cluster-scoped', 'field-specs', 'open-api'].map((name) => `src/workers/kustomize/tables/${name}.json`),
];

export function digests(): string {
  return files.map((file) => `${hash('sha256', readFileSync(new URL(file, root)))}  ${file}\n`).join('');
}
