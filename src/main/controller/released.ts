import type { StageSet, StageSetStatus } from '../../shared/api/types.ts';
import type { Pin } from '../source/pin.ts';
import type { Artifact } from '../source/source-object.ts';

/** What was let out before, of one stage. */
export type Released =
  | { readonly is: 'nothing' }
  | { readonly is: 'pin'; readonly pin: Pin }
  /** Applied, but nobody remembers where it came from. */
  | { readonly is: 'lost'; readonly revision: string };

/** By stage, what this process has applied: of a failed rollout, status has the revision only. */
export type AppliedArtifacts = ReadonlyMap<string, Artifact>;

/**
 * What a stage goes on with while newer revisions are held back. A stage that is new goes on with what another one has
 * of the same source.
 */
export function releasedOf(newest: Pin, all: readonly Pin[], set: StageSet, applied: AppliedArtifacts): Released {
  const siblings = all.filter(({ stage, ref }) => stage !== newest.stage && sameRef(ref, newest.ref));
  for (const { stage } of [newest, ...siblings]) {
    const revision = set.status?.stages?.find(({ name }) => name === stage)?.appliedRevision;
    if (revision === undefined || revision === '') continue;
    const known = remembered(stage, revision, set.status, applied);
    if (known === undefined && newest.artifact.revision !== revision) return { is: 'lost', revision };
    // The newest is where it is served now, should that have moved.
    const isNewest = known === undefined || known.digest === newest.artifact.digest;
    return { is: 'pin', pin: isNewest ? newest : { ...newest, artifact: known } };
  }
  return { is: 'nothing' };
}

function remembered(
  stage: string,
  revision: string,
  status: StageSetStatus | undefined,
  applied: AppliedArtifacts,
): Artifact | undefined {
  const here = applied.get(stage);
  if (here?.revision === revision) return here;
  const snapshot = status?.lastAppliedSnapshot?.find((each) => each.stage === stage);
  if (snapshot?.url === undefined || snapshot.digest === undefined) return undefined;
  if ((snapshot.revision ?? revision) !== revision) return undefined;
  return { url: snapshot.url, digest: snapshot.digest, revision, sizeBytes: undefined };
}

function sameRef(a: Pin['ref'], b: Pin['ref']): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name && a.apiVersion === b.apiVersion;
}
