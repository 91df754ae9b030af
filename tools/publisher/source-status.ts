import { createHash } from 'node:crypto';
import type { KubeObject } from '../../src/shared/objects/object.ts';

export type SourceKind = 'ExternalArtifact' | 'GitRepository' | 'OCIRepository' | 'Bucket';

export interface Artifact {
  readonly url: string;
  readonly path: string;
  readonly digest: string;
  readonly revision: string;
  readonly size: number;
  readonly lastUpdateTime: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration: number;
  readonly lastTransitionTime: string;
}

export interface Source extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface Conventions {
  /** What the kind calls content of this hash. */
  revision(content: Hashes): string;
  file(content: Hashes): string;
  /** The least that its schema accepts. */
  minimalSpec(name: string): Readonly<Record<string, unknown>>;
  /** `status.url`, beside the artifact's own. */
  readonly linksLatest: boolean;
  /** ExternalArtifacts are written by a smaller program, which tells Ready and nothing else. */
  readonly tellsReadyOnly: boolean;
}

interface Hashes {
  readonly sha1: string;
  readonly sha256: string;
}

export const conventions: Readonly<Record<SourceKind, Conventions>> = {
  ExternalArtifact: {
    revision: ({ sha256 }) => `latest@sha256:${sha256}`,
    file: ({ sha256 }) => `${sha256}.tar.gz`,
    minimalSpec: () => ({}),
    linksLatest: false,
    tellsReadyOnly: true,
  },
  GitRepository: {
    revision: ({ sha1 }) => `main@sha1:${sha1}`,
    file: ({ sha1 }) => `${sha1}.tar.gz`,
    minimalSpec: (name) => ({ interval: '1m', url: `https://git.example.test/${name}` }),
    linksLatest: false,
    tellsReadyOnly: false,
  },
  OCIRepository: {
    revision: ({ sha256 }) => `latest@sha256:${sha256}`,
    file: ({ sha256 }) => `sha256:${sha256}.tar.gz`,
    minimalSpec: (name) => ({ interval: '1m', url: `oci://registry.example.test/${name}` }),
    linksLatest: true,
    tellsReadyOnly: false,
  },
  Bucket: {
    revision: ({ sha256 }) => `sha256:${sha256}`,
    file: ({ sha256 }) => `${sha256}.tar.gz`,
    minimalSpec: (name) => ({ interval: '1m', bucketName: name, endpoint: 's3.example.test' }),
    linksLatest: true,
    tellsReadyOnly: false,
  },
};

export interface Stored {
  readonly kind: SourceKind;
  readonly namespace: string;
  readonly name: string;
  readonly archive: Uint8Array;
  readonly serverUrl: string;
  readonly now: Date;
  readonly revision?: string | undefined;
  readonly digest?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

export function describeArtifact(stored: Stored): Artifact {
  const { kind, namespace, name, archive, metadata } = stored;
  const content = { sha1: hash('sha1', archive), sha256: hash('sha256', archive) };
  const path = `${kind.toLowerCase()}/${namespace}/${name}/${conventions[kind].file(content)}`;
  return {
    url: `${stored.serverUrl}/${path}`,
    path,
    digest: stored.digest ?? `sha256:${content.sha256}`,
    revision: stored.revision ?? conventions[kind].revision(content),
    size: archive.length,
    lastUpdateTime: timestamp(stored.now),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** A merge patch of the status after the artifact was stored. */
export function statusWhenStored(source: Source, artifact: Artifact, now: Date) {
  const { linksLatest, tellsReadyOnly } = conventionsOf(source);
  const news = {
    status: 'True',
    reason: 'Succeeded',
    message: `stored artifact for revision '${artifact.revision}'`,
  } as const;
  const types = tellsReadyOnly ? ['Ready'] : ['Ready', 'ArtifactInStorage'];
  return {
    artifact,
    conditions: types.map((type) => condition(source, { type, ...news }, now)),
    ...(tellsReadyOnly ? {} : { observedGeneration: source.metadata.generation }),
    ...(linksLatest ? { url: artifact.url.replace(/[^/]*$/, 'latest.tar.gz') } : {}),
  };
}

/** A merge patch of the status after fetching failed: the artifact that was there stays. */
export function statusWhenFailed(source: Source, reason: string, message: string, now: Date) {
  const ready = condition(source, { type: 'Ready', status: 'False', reason, message }, now);
  if (conventionsOf(source).tellsReadyOnly) return { conditions: [ready] };
  const failed = condition(source, { type: 'FetchFailed', status: 'True', reason, message }, now);
  const stored = source.status?.conditions?.filter(({ type }) => type === 'ArtifactInStorage') ?? [];
  return { conditions: [ready, failed, ...stored] };
}

function conventionsOf(source: Source): Conventions {
  return conventions[source.kind as SourceKind];
}

type News = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

function condition(source: Source, news: News, now: Date): Condition {
  const before = source.status?.conditions?.find(({ type }) => type === news.type);
  const lastTransitionTime = before?.status === news.status ? before.lastTransitionTime : timestamp(now);
  return { ...news, observedGeneration: source.metadata.generation ?? 0, lastTransitionTime };
}

function hash(algorithm: 'sha1' | 'sha256', content: Uint8Array): string {
  return createHash(algorithm).update(content).digest('hex');
}

/** Whole seconds, as Kubernetes writes times. */
function timestamp(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}
