import type { ReadData } from '../../main/build/build-inputs.ts';
import type { Stage, StageSet } from '../../shared/api/types.ts';

/** Where a StageSet, and what it is built from, come from: a cluster, or files alone. */
export interface Origin {
  readonly set: StageSet;
  /** Files in place of a stage's artifact where there is no local folder for it. */
  readonly artifactOf: (stage: Stage) => Promise<SharedArrayBuffer>;
  /** Which revision that is; undefined where it has none. */
  readonly revisionOf: (stage: Stage) => Promise<string | undefined>;
  readonly read: ReadData;
  /** What is said of an object that `read` does not find. */
  readonly missing?: string;
  /** The keys, where they do not come from the Secret that the spec names. */
  readonly keys: ReadonlyMap<string, string> | undefined;
  /** `<group>/<kind>` of the cluster-scoped kinds that are known to be there. */
  readonly clusterScopedKinds: readonly string[];
}
