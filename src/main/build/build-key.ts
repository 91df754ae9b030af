import { hash } from 'node:crypto';
import type { StageBuild } from '../../shared/protocol/tasks.ts';
import type { Artifact } from '../source/source-object.ts';

/** One stage of one StageSet, built from one artifact. */
export interface BuildJob {
  readonly artifact: Artifact;
  readonly stage: StageBuild;
  readonly owner: { readonly namespace: string; readonly name: string; readonly stage: string };
  readonly applySetId: string | undefined;
  readonly scopes: Scopes;
}

/** What is known of custom kinds' scopes, as `<group>/<kind>`, sorted. */
export interface Scopes {
  readonly clusterScoped: readonly string[];
  readonly namespaced: readonly string[];
}

/** Raised whenever a build of equal input could give another output. */
const BUILD_VERSION = 1;

/** Equal keys mean equal plans. Where the artifact is served does not count, only what it holds. */
export function buildKey(job: BuildJob): string {
  const input = [BUILD_VERSION, job.artifact.digest, job.stage, job.owner, job.applySetId ?? null, job.scopes];
  return hash('sha256', JSON.stringify(input), 'base64url');
}
