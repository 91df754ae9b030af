import { fieldPathOf } from '../api/defaults.ts';
import type { VersionSource } from '../api/types.ts';
import type { VersionPlace } from '../protocol/tasks.ts';

/** The stage that tells the version; undefined where the spec itself does. */
export function versionStageOf({ fromObject, fromArtifact }: VersionSource): string | undefined {
  return fromObject?.stage ?? fromArtifact?.stage;
}

/** Where this stage tells the version; undefined where it does not. */
export function versionPlaceIn({ fromObject, fromArtifact }: VersionSource, stage: string): VersionPlace | undefined {
  if (fromObject?.stage === stage) {
    const { kind, name, apiVersion } = fromObject;
    return {
      in: 'object',
      kind,
      name,
      fieldPath: fieldPathOf(fromObject),
      ...(apiVersion !== undefined && { apiVersion }),
    };
  }
  return fromArtifact?.stage === stage ? { in: 'file', path: fromArtifact.path } : undefined;
}
