import type { KubeApi } from '../control-plane/kube-api.ts';
import { type Files, packArchive } from './archive.ts';
import { type ArtifactServer, type Misbehaviour, startArtifactServer } from './artifact-server.ts';
import {
  type Artifact,
  conventions,
  describeArtifact,
  type Source,
  type SourceKind,
  statusWhenFailed,
  statusWhenStored,
} from './source-status.ts';

export interface SourceName {
  /** ExternalArtifact when absent. */
  readonly kind?: SourceKind;
  readonly namespace: string;
  readonly name: string;
}

export interface Publication extends SourceName {
  /** What goes into the archive. */
  readonly files?: Files;
  /** The archive itself, in place of `files`: a malicious one, say. */
  readonly archive?: Uint8Array;
  /** Derived from the content, in the form that the kind has, when absent. */
  readonly revision?: string;
  /** Claimed in place of the true one. */
  readonly digest?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Of the object, where publishing creates it. */
  readonly spec?: Readonly<Record<string, unknown>>;
}

export interface Published {
  readonly artifact: Artifact;
  /** From now on its download goes wrong. */
  misbehave(misbehaviour: Misbehaviour): void;
  behave(): void;
  /** Its file goes, as source-controller's garbage collection takes old ones. */
  remove(): void;
  /** How often it was asked for, faults included. */
  downloads(): number;
}

export interface SourceFailure extends SourceName {
  readonly reason: string;
  readonly message: string;
}

/** In place of Flux's source-controller: serves artifacts, and writes the status of their sources as that does. */
export interface Publisher extends AsyncDisposable {
  readonly url: string;
  /** Creates the source if need be, stores the artifact and says so in the status. */
  publish(publication: Publication): Promise<Published>;
  /** The source turns Ready=False and keeps the artifact it had, if any. */
  fail(failure: SourceFailure): Promise<void>;
  close(): Promise<void>;
}

export async function startPublisher(api: KubeApi): Promise<Publisher> {
  const server = await startArtifactServer();
  return {
    url: server.url,
    publish: (publication) => publish(publication, api, server),
    fail: (failure) => fail(failure, api),
    close: server.close,
    [Symbol.asyncDispose]: server.close,
  };
}

async function publish(publication: Publication, api: KubeApi, server: ArtifactServer): Promise<Published> {
  const { kind = 'ExternalArtifact', namespace, name, files = {}, revision, digest, metadata } = publication;
  const archive = publication.archive ?? (await packArchive(files));
  const now = new Date();
  const named = { kind, namespace, name, revision, digest, metadata };
  const artifact = describeArtifact({ ...named, archive, serverUrl: server.url, now });
  const path = `/${artifact.path}`;
  server.put(path, archive);
  const source = await findOrCreate(publication, api);
  await writeStatus(source, statusWhenStored(source, artifact, now), api);
  return {
    artifact,
    misbehave: (misbehaviour) => server.misbehave(path, misbehaviour),
    behave: () => server.behave(path),
    remove: () => server.remove(path),
    downloads: () => server.requests.filter((asked) => asked === path).length,
  };
}

async function fail(failure: SourceFailure, api: KubeApi): Promise<void> {
  const source = await findOrCreate(failure, api);
  await writeStatus(source, statusWhenFailed(source, failure.reason, failure.message, new Date()), api);
}

async function findOrCreate(source: SourceName & Pick<Publication, 'spec'>, api: KubeApi): Promise<Source> {
  const { kind = 'ExternalArtifact', namespace, name } = source;
  const found = await api.find<Source>({ apiVersion, kind, namespace, name });
  if (found !== undefined) return found;
  const spec = source.spec ?? conventions[kind].minimalSpec(name);
  return await api.create<Source>({ apiVersion, kind, metadata: { namespace, name }, spec });
}

async function writeStatus(source: Source, status: object, api: KubeApi): Promise<void> {
  const { namespace, name } = source.metadata;
  const options = { subresource: 'status', fieldManager: 'source-controller' };
  await api.patch({ apiVersion, kind: source.kind, namespace, name }, { status }, options);
}

const apiVersion = 'source.toolkit.fluxcd.io/v1';
