import { orAborted } from '../../shared/time/deadline.ts';
import type { Reservation } from '../pool/budget.ts';
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
  readonly share: Reservation;
  readonly abort: AbortController;
  readonly loaded: Promise<Loaded>;
}

/**
 * Downloads and unpacks each artifact once for all who need it at the same time.
 * One user's abort ends its own wait; the load ends when the last user has left.
 *
 * Each user reserves once, before anything else, for archive, files and plan. Then it waits for nobody who still waits
 * for bytes: whoever loads for it had its own reservation before. What it does not need after all it gives back.
 */
export class Artifacts {
  readonly #options: ArtifactsOptions;
  readonly #inUse = new Map<string, Loading>();
  readonly #idle: ByteLru<Loaded>;

  constructor(options: ArtifactsOptions) {
    this.#options = options;
    this.#idle = new ByteLru(options.idleBytes);
  }

  /**
   * The files stay readable until `work` ends. Then `planShare`, the bytes reserved for what is built from them, goes
   * back too, but for what was split off it.
   */
  async use<T>(
    artifact: Artifact,
    signal: AbortSignal,
    work: (files: SharedArrayBuffer, planShare: Reservation) => Promise<T>,
  ): Promise<T> {
    const expected = expectedBytes(artifact.sizeBytes ?? UNKNOWN_SIZE);
    using share = await this.#options.budget.reserve(expected.load + expected.plan, signal);
    // Until it is verified a digest is a claim: another one's URL that claims it must not fail this load.
    const key = `${artifact.digest} ${artifact.kept === undefined ? artifact.url : ''}`;
    const loading = this.#inUse.get(key) ?? this.#begin(key, artifact, share.split(expected.load));
    share.resize(expected.plan);
    loading.users += 1;
    try {
      const { files } = await orAborted(loading.loaded, signal);
      return await work(files, share);
    } finally {
      this.#leave(key, artifact, loading);
    }
  }

  #begin(key: string, artifact: Artifact, share: Reservation): Loading {
    const abort = new AbortController();
    const idle = this.#idle.get(artifact.digest);
    const loaded = idle === undefined ? this.#load(artifact, share, abort.signal) : Promise.resolve(idle);
    if (idle !== undefined) share.resize(idle.files.byteLength);
    loaded.catch(() => {}); // each user hears of it; one that left early must not
    const loading: Loading = { users: 0, share, abort, loaded };
    this.#inUse.set(key, loading);
    return loading;
  }

  #leave(key: string, { digest }: Artifact, loading: Loading): void {
    loading.users -= 1;
    if (loading.users > 0) return;
    this.#inUse.delete(key);
    loading.abort.abort();
    loading.loaded
      .then(
        (loaded) => this.#idle.put(digest, loaded, loaded.files.byteLength),
        () => {},
      )
      .finally(() => loading.share.release());
  }

  async #load(artifact: Artifact, share: Reservation, signal: AbortSignal): Promise<Loaded> {
    const archive = await this.#options.download(artifact, signal);
    share.resize(expectedBytes(archive.byteLength).load);
    const loaded = await this.#options.runTask('unpack', { archive, digest: artifact.digest }, signal);
    share.resize(loaded.files.byteLength);
    return loaded;
  }
}

const UNKNOWN_SIZE = 4 * 2 ** 20;
/** Manifests compress to about a sixth, and a plan is about as long as what it is built from. */
const GROWTH = 6;

/**
 * At most so much at once: first the archive, what is read from it and the file map that it goes into, then the file
 * map and the plan.
 */
function expectedBytes(archiveBytes: number): { readonly load: number; readonly plan: number } {
  return { load: archiveBytes * (1 + GROWTH), plan: archiveBytes * GROWTH };
}
