import { orAborted } from '../../shared/time/deadline.ts';
import type { ByteBudget } from '../pool/byte-budget.ts';
import type { RunTask } from '../pool/pool.ts';
import type { Artifact } from '../source/source-object.ts';
import { ByteLru } from './byte-lru.ts';

export type Download = (artifact: Artifact, signal: AbortSignal) => Promise<ArrayBuffer>;

export interface ArtifactsOptions {
  readonly download: Download;
  readonly runTask: RunTask;
  readonly budget: ByteBudget;
  /** Bytes of unpacked artifacts kept after their last user, for the next stage or StageSet of the same commit. */
  readonly idleBytes: number;
}

interface Loaded {
  readonly files: SharedArrayBuffer;
}

interface Loading {
  users: number;
  readonly abort: AbortController;
  readonly loaded: Promise<Loaded>;
}

/**
 * Downloads and unpacks each artifact once for all who need it at the same time, within the byte budget.
 * One user's abort ends its own wait; the load ends when the last user has left.
 */
export class Artifacts {
  readonly #options: ArtifactsOptions;
  readonly #inUse = new Map<string, Loading>();
  readonly #idle: ByteLru<Loaded>;

  constructor(options: ArtifactsOptions) {
    this.#options = options;
    this.#idle = new ByteLru(options.idleBytes);
  }

  /** The files stay readable until `work` ends. */
  async use<T>(artifact: Artifact, signal: AbortSignal, work: (files: SharedArrayBuffer) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    // Until it is verified a digest is a claim: another one's URL that claims it must not fail this load.
    const key = `${artifact.digest} ${artifact.url}`;
    const loading = this.#inUse.get(key) ?? this.#begin(key, artifact);
    loading.users += 1;
    try {
      const { files } = await orAborted(loading.loaded, signal);
      return await work(files);
    } finally {
      this.#leave(key, artifact, loading);
    }
  }

  #begin(key: string, artifact: Artifact): Loading {
    const abort = new AbortController();
    const idle = this.#idle.get(artifact.digest);
    const loaded = idle === undefined ? this.#load(artifact, abort.signal) : Promise.resolve(idle);
    loaded.catch(() => {}); // each user hears of it; one that left early must not
    const loading: Loading = { users: 0, abort, loaded };
    this.#inUse.set(key, loading);
    return loading;
  }

  #leave(key: string, { digest }: Artifact, loading: Loading): void {
    loading.users -= 1;
    if (loading.users > 0) return;
    this.#inUse.delete(key);
    loading.abort.abort();
    loading.loaded.then(
      (loaded) => this.#idle.put(digest, loaded, loaded.files.byteLength),
      () => {},
    );
  }

  async #load(artifact: Artifact, signal: AbortSignal): Promise<Loaded> {
    using _share = await this.#options.budget.reserve(expectedBytes(artifact), signal);
    const archive = await this.#options.download(artifact, signal);
    return await this.#options.runTask('unpack', { archive, digest: artifact.digest }, signal);
  }
}

const UNKNOWN_SIZE = 4 * 2 ** 20;
/** Manifests compress to about a sixth; the archive and the files are held at once. */
const GROWTH = 8;

function expectedBytes({ sizeBytes }: Artifact): number {
  return (sizeBytes ?? UNKNOWN_SIZE) * GROWTH;
}
