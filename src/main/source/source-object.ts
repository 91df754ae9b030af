import type { FluxSourceKind } from '../../shared/flux-sources.ts';
import { groupOf, type KubeObject, type ObjectMeta } from '../../shared/objects/object.ts';
import type { EntryAt } from '../store/entry-key.ts';

/** What this controller keeps of a Flux source. */
export interface SourceObject {
  readonly kind: FluxSourceKind;
  /** As much of it as a store needs. */
  readonly metadata: Pick<ObjectMeta, 'name' | 'namespace' | 'resourceVersion'>;
  readonly artifact: Artifact | undefined;
  readonly ready: SourceReadiness;
  /** An ExternalArtifact names what produced it. */
  readonly producer: ProducerRef | undefined;
}

export interface Artifact {
  readonly url: string;
  readonly digest: string;
  readonly revision: string;
  readonly sizeBytes: number | undefined;
  /** Where the rollback store has it: only we say so, never a source. */
  readonly kept?: EntryAt;
}

export type SourceReadiness = { readonly is: 'ready' } | { readonly is: 'notReady'; readonly because: string };

export interface ProducerRef {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

export function toSourceObject(kind: FluxSourceKind, object: KubeObject): SourceObject {
  const status = recordOf(object.status);
  const { name, namespace, resourceVersion } = object.metadata;
  return {
    kind,
    metadata: { name, ...(namespace && { namespace }), ...(resourceVersion && { resourceVersion }) },
    artifact: toArtifact(recordOf(status.artifact)),
    ready: readiness(status, object.metadata.generation),
    producer: toProducer(recordOf(recordOf(object.spec).sourceRef)),
  };
}

function toArtifact(artifact: Readonly<Record<string, unknown>>): Artifact | undefined {
  const { url, digest, revision, size } = artifact;
  if (typeof url !== 'string' || typeof digest !== 'string') return undefined;
  return {
    url,
    digest,
    revision: typeof revision === 'string' ? revision : digest,
    sizeBytes: typeof size === 'number' ? size : undefined,
  };
}

/** `Ready=True`, and at the current generation where an `observedGeneration` is set and not 0. */
function readiness(status: Readonly<Record<string, unknown>>, generation: number | undefined): SourceReadiness {
  const conditions = Array.isArray(status.conditions) ? status.conditions.map(recordOf) : [];
  const condition = conditions.find((each) => each.type === 'Ready');
  if (condition === undefined) return { is: 'notReady', because: 'it reports no Ready condition yet' };
  if (condition.status !== 'True') {
    const text = typeof condition.message === 'string' ? condition.message : String(condition.reason ?? '');
    return { is: 'notReady', because: text === '' ? 'its Ready condition is not True' : text };
  }
  const observed = condition.observedGeneration ?? status.observedGeneration;
  if (typeof observed === 'number' && observed !== 0 && generation !== undefined && observed !== generation) {
    return { is: 'notReady', because: `its status is of generation ${observed}, its spec of ${generation}` };
  }
  return { is: 'ready' };
}

function toProducer(ref: Readonly<Record<string, unknown>>): ProducerRef | undefined {
  const { apiVersion, kind, name } = ref;
  if (typeof kind !== 'string' || typeof name !== 'string') return undefined;
  return { group: typeof apiVersion === 'string' ? groupOf(apiVersion) : '', kind, name };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
