import { readFileSync } from 'node:fs';

/** A table that tools/kustomize-tables made out of kustomize itself, an entry a line. */
export function readTable(name: 'cluster-scoped' | 'field-specs' | 'open-api'): unknown {
  return JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8'));
}
