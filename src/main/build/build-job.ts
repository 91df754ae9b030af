import { createHmac, randomBytes } from 'node:crypto';
import { appliesHelmHooks, pathOf } from '../../shared/api/defaults.ts';
import type { Stage, VersionSource } from '../../shared/api/types.ts';
import type { ActionStamp, DefinedKind, StageBuild, StagePlan, Variable } from '../../shared/protocol/tasks.ts';
import { versionPlaceIn } from '../../shared/versions/version-place.ts';
import type { Artifact } from '../source/source-object.ts';

/** One stage of one StageSet, to be built from one artifact. */
export interface BuildJob {
  readonly artifact: Artifact;
  readonly stage: StageBuild;
  readonly owner: { readonly namespace: string; readonly name: string; readonly stage: string };
  readonly applySetId: string | undefined;
  /** Undefined: the objects become the stage's. */
  readonly action?: ActionStamp;
  readonly scopes: Scopes;
  readonly variables: readonly Variable[];
  /** Undefined: an encrypted file fails the build. */
  readonly decryption: Decryption | undefined;
}

/** What is known of custom kinds' scopes, as `<group>/<kind>`. */
export interface Scopes {
  readonly clusterScoped: readonly string[];
  readonly namespaced: readonly string[];
}

export interface Decryption {
  /** Of the key Secret, by name. */
  readonly entries: ReadonlyMap<string, string>;
  /** Whose keys they are: key services answer one account and not another. */
  readonly account: string;
}

/** With the `version` of the spec the stage that tells it is asked for it. */
export function stageBuildOf(stage: Stage, version?: VersionSource): StageBuild {
  const place = version && versionPlaceIn(version, stage.name);
  return {
    path: pathOf(stage),
    applyHelmHookResources: appliesHelmHooks(stage),
    patches: stage.patches ?? [],
    ...(place !== undefined && { version: place }),
  };
}

/** What the server says of kinds, and what earlier stages' CRDs will make it say. */
export function scopesOf(clusterScopedThere: readonly string[], defined: readonly DefinedKind[]): Scopes {
  const names = (clusterScoped: boolean) =>
    defined.filter((kind) => kind.clusterScoped === clusterScoped).map(({ group, kind }) => `${group}/${kind}`);
  return {
    clusterScoped: [...new Set([...clusterScopedThere, ...names(true)])].toSorted(),
    namespaced: names(false).toSorted(),
  };
}

/** Raised whenever a build of equal input could give another output. */
export const BUILD_VERSION = 2;

/** A recipe covers keys and Secrets' values: keyed, it tells nobody anything, even from a core dump of another process. */
const PROCESS_KEY = randomBytes(32);

/**
 * Everything that decides what a build makes of the files it reads, but for the scopes of kinds: those matter only
 * where the build asks. Equal recipes, files and scopes mean equal plans.
 */
export function recipeOf({ stage, owner, applySetId, action, variables, decryption }: BuildJob): string {
  const keys = decryption && [decryption.account, ...[...decryption.entries].toSorted(([a], [b]) => (a < b ? -1 : 1))];
  const input = [BUILD_VERSION, stage, owner, applySetId ?? null, action ?? null, variables, keys ?? null];
  return createHmac('sha256', PROCESS_KEY).update(JSON.stringify(input)).digest('base64url');
}

/** Whether the kinds whose scope a build took on trust still have it. */
export function sameScopes(assumed: StagePlan['assumedScopes'], { clusterScoped, namespaced }: Scopes): boolean {
  if (assumed.length === 0) return true;
  const now = new Set(clusterScoped);
  for (const kind of namespaced) now.delete(kind);
  return assumed.every((each) => now.has(each.kind) === each.clusterScoped);
}
