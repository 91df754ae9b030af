/** Test files by what they need; within a suite they run two at a time. */
export interface Suites {
  readonly unit: readonly string[];
  /** They share one control plane. */
  readonly cluster: readonly string[];
}

export const testFilePatterns = ['src', 'tools', 'test', 'bench'].map((folder) => `${folder}/**/*.test.ts`);

const onCluster = /^test\/(integration|conformance|failure)\//;

/** `npm test -- PART…` takes the files whose path holds one of the parts; `unit` alone takes the unit tests. */
export function suitesOf(files: readonly string[], args: readonly string[]): Suites {
  const [only, parts] = args[0] === 'unit' ? ['unit', args.slice(1)] : ['all', args];
  const wanted = files.filter((file) => parts.length === 0 || parts.some((part) => file.includes(part))).toSorted();
  return {
    unit: wanted.filter((file) => !onCluster.test(file)),
    cluster: only === 'unit' ? [] : wanted.filter((file) => onCluster.test(file)),
  };
}
