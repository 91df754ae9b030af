import { hash } from 'node:crypto';
import type { PostBuild } from '../../shared/api/types.ts';
import type { PlanSummary } from '../../shared/protocol/tasks.ts';
import type { DataKind } from './build-inputs.ts';
import { BUILD_VERSION, type BuildJob } from './build-job.ts';

/** UID and resourceVersion, or undefined where there is no such object. */
export type VersionOf = (kind: DataKind, name: string) => string | undefined;

/**
 * Over what a stage's variables come from: what is inline by value, objects by who they are and in which version.
 * Status shows it, so no value of an object goes into it.
 */
export function substitutionDigestOf(
  { substitute = {}, substituteFrom = [] }: PostBuild,
  versionOf: VersionOf,
): string {
  const inline = Object.entries(substitute).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const sources = substituteFrom.map(({ kind, name }) => [kind, name, versionOf(kind, name) ?? null]);
  return digestOf([inline, sources]);
}

/**
 * Over what decides how an artifact is rendered, and over what came of it. Equal digests of equal artifacts mean the
 * same objects to the byte. Status and store keys show it, so of sensitive objects only their identity goes in, and
 * which decryption keys there are does not matter: what they open is the same.
 */
export function renderDigestOf(
  { stage, owner, applySetId, decryption }: Omit<BuildJob, 'artifact' | 'variables' | 'scopes'>,
  substitutionDigest: string,
  plan: Pick<PlanSummary, 'digest'>,
): string {
  const decrypts = decryption !== undefined;
  const { version: _onlyRead, ...rendered } = stage;
  return digestOf([BUILD_VERSION, rendered, owner, applySetId ?? null, decrypts, substitutionDigest, plan.digest]);
}

function digestOf(what: unknown): string {
  return `sha256:${hash('sha256', JSON.stringify(what))}`;
}
