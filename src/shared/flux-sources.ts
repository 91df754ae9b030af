/** The kinds whose `status.artifact` a stage may name directly; any other kind is a producer. */
export const fluxSourceKinds = ['ExternalArtifact', 'GitRepository', 'OCIRepository', 'Bucket'] as const;
export type FluxSourceKind = (typeof fluxSourceKinds)[number];
export const FLUX_SOURCE_GROUP = 'source.toolkit.fluxcd.io';

export function isFluxSourceKind(kind: string): kind is FluxSourceKind {
  return (fluxSourceKinds as readonly string[]).includes(kind);
}
