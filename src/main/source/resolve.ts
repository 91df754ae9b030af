import { FLUX_SOURCE_GROUP, type FluxSourceKind, isFluxSourceKind } from '../../shared/flux-sources.ts';
import { groupOf } from '../../shared/objects/object.ts';
import { isInScope, type WatchScope } from '../kube/watch-scope.ts';
import type { Artifact, ProducerRef, SourceObject } from './source-object.ts';

/** A stage's `sourceRef` with its defaults filled in. */
export interface SourceRef {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly apiVersion: string | undefined;
}

/** The sources as the watches have them. */
export interface Sources {
  /** False while the CRD of this kind is not installed. */
  served(kind: FluxSourceKind): boolean;
  get(kind: FluxSourceKind, namespace: string, name: string): SourceObject | undefined;
  publishedBy(namespace: string, producer: ProducerRef): readonly SourceObject[];
}

export type Resolved =
  | { readonly is: 'found'; readonly artifact: Artifact }
  | { readonly is: 'SourceNotReady' | 'ArtifactNotFound'; readonly message: string }
  | { readonly is: 'ResolveFailed'; readonly message: string; readonly cause: 'spec' | 'outside' };

export interface ResolvePolicy {
  readonly ownNamespace: string;
  readonly noCrossNamespaceRefs: boolean;
  readonly watchNamespaces: WatchScope;
}

export function resolveSource(ref: SourceRef, sources: Sources, policy: ResolvePolicy): Resolved {
  if (ref.namespace === policy.ownNamespace) return lookUp(ref, sources);
  // One answer for every way to fail: different ones would tell a tenant what another namespace holds.
  const unreachable: Resolved = {
    is: 'ResolveFailed',
    cause: 'outside',
    message: `cross-namespace ${ref.kind} "${ref.name}" is not reachable`,
  };
  if (policy.noCrossNamespaceRefs) return unreachable;
  // Said of any such namespace: it tells how the controller is run, not what is there.
  if (!isInScope(policy.watchNamespaces, ref.namespace)) {
    const why = `this controller does not watch namespace "${ref.namespace}" (--watch-namespaces)`;
    return { ...unreachable, message: `${unreachable.message}: ${why}` };
  }
  const resolved = lookUp(ref, sources);
  return resolved.is === 'found' ? resolved : unreachable;
}

function lookUp(ref: SourceRef, sources: Sources): Resolved {
  if (isFluxSource(ref)) return fromFluxSource(ref, ref.kind as FluxSourceKind, sources);
  return fromProducer(ref, sources);
}

export function isFluxSource(ref: SourceRef): boolean {
  return isFluxSourceKind(ref.kind) && (ref.apiVersion === undefined || groupOf(ref.apiVersion) === FLUX_SOURCE_GROUP);
}

function fromFluxSource(ref: SourceRef, kind: FluxSourceKind, sources: Sources): Resolved {
  if (!sources.served(kind)) return notInstalled(kind);
  const source = sources.get(kind, ref.namespace, ref.name);
  if (source === undefined) {
    return { is: 'ArtifactNotFound', message: `${kind} "${ref.namespace}/${ref.name}" does not exist` };
  }
  return artifactOf(source);
}

function fromProducer(ref: SourceRef, sources: Sources): Resolved {
  if (!sources.served('ExternalArtifact')) return notInstalled('ExternalArtifact');
  const producer = {
    group: ref.apiVersion === undefined ? '' : groupOf(ref.apiVersion),
    kind: ref.kind,
    name: ref.name,
  };
  const published = sources.publishedBy(ref.namespace, producer);
  const [only, ...others] = published;
  if (only === undefined) {
    return {
      is: 'ArtifactNotFound',
      message: `no ExternalArtifact in namespace "${ref.namespace}" names ${ref.kind} "${ref.name}" in its spec.sourceRef`,
    };
  }
  if (others.length > 0) {
    const names = published.map((source) => `"${source.metadata.name}"`).toSorted();
    return {
      is: 'ResolveFailed',
      cause: 'outside',
      message: `${ref.kind} "${ref.name}" is named by several ExternalArtifacts: ${names.join(', ')}; exactly one may`,
    };
  }
  return artifactOf(only);
}

function artifactOf(source: SourceObject): Resolved {
  const who = `${source.kind} "${source.metadata.namespace}/${source.metadata.name}"`;
  if (source.ready.is === 'notReady')
    return { is: 'SourceNotReady', message: `${who} is not ready: ${source.ready.because}` };
  if (source.artifact === undefined) return { is: 'SourceNotReady', message: `${who} has no artifact yet` };
  return { is: 'found', artifact: source.artifact };
}

function notInstalled(kind: FluxSourceKind): Resolved {
  return {
    is: 'ResolveFailed',
    cause: 'outside',
    message: `the kind ${kind} of ${FLUX_SOURCE_GROUP} is not installed in this cluster: install Flux's CRDs`,
  };
}
