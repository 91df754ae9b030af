import { glob } from 'node:fs/promises';
import { imports, readSources } from '../test/sources.ts';
import { testFilePatterns } from '../test/suites.ts';

/** What may find something new each time. */
export interface Search {
  readonly name: string;
  /** What Node is called with. */
  readonly command: readonly string[];
  /** How to see again what it has found. */
  readonly again: string;
}

/** The test files that draw seeds, and the comparison with the real tools; or those whose name holds one of the parts. */
export async function searchesIn(parts: readonly string[]): Promise<readonly Search[]> {
  const files = (await Array.fromAsync(glob(testFilePatterns))).toSorted();
  const seeded = (await readSources(files))
    .filter(({ source }) => drawsSeeds(source))
    .map(({ file }) => testFile(file));
  return [...seeded, conformance].filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)));
}

export function drawsSeeds(source: string): boolean {
  return ['seeds', 'momentsUpTo'].some((name) => imports(source, name, 'support/seeds.ts'));
}

function testFile(file: string): Search {
  return {
    name: file,
    // Not by the runner of `npm test`, whose patience with a file is short.
    command: ['--import', './test/harness/preload.ts', file],
    again: `SEED=N npm test -- ${file}    (N: in the name of the test that failed)`,
  };
}

const conformance: Search = {
  name: 'conformance',
  command: ['tools/conformance.ts', 'fuzz', '--seconds=60'],
  again: 'npm test -- test/conformance    (what differs was kept there)',
};
