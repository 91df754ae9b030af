/** Test files by what they need. */
export interface Suites {
  /** They need nothing but a process, and not even one of their own. */
  readonly light: readonly string[];
  readonly unit: readonly string[];
  /** They share control planes. */
  readonly cluster: readonly string[];
}

export const testFilePatterns = ['src', 'tools', 'test', 'bench'].map((folder) => `${folder}/**/*.test.ts`);

/** These take the longest, mostly waiting, for Leases to lapse above all: begun last, one would run on by itself. */
export const longest: readonly string[] = [
  'test/failure/leases.test.ts',
  'test/failure/hung-cluster.test.ts',
  'test/integration/demo.test.ts',
  'test/failure/perturbation.test.ts',
  'test/integration/teardown-rights.test.ts',
  'test/failure/control-plane.test.ts',
  'test/integration/inventory-modes.test.ts',
];

const light = /^src\//;
const onCluster = /^test\/(integration|conformance|failure)\//;

/** `npm test -- PART…` takes the files whose path holds one of the parts; `unit` alone takes the unit tests. */
export function suitesOf(files: readonly string[], args: readonly string[]): Suites {
  const [only, parts] = args[0] === 'unit' ? ['unit', args.slice(1)] : ['all', args];
  const wanted = files.filter((file) => parts.length === 0 || parts.some((part) => file.includes(part))).toSorted();
  return {
    light: wanted.filter((file) => light.test(file)),
    unit: wanted.filter((file) => !light.test(file) && !onCluster.test(file)),
    cluster: only === 'unit' ? [] : wanted.filter((file) => onCluster.test(file)),
  };
}

export function longestFirst(files: readonly string[]): readonly string[] {
  const first = longest.filter((file) => files.includes(file));
  return [...first, ...files.filter((file) => !first.includes(file))];
}
