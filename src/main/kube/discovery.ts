import { type Clock, systemClock } from '../../shared/time/clock.ts';
import { readAggregated } from './discovery-aggregated.ts';
import { readGroupByGroup } from './discovery-plain.ts';
import { KubeError } from './errors.ts';
import type { ClusterClient, Resource } from './types.ts';

/** `version` absent: the one the server prefers. */
export interface KindReference {
  readonly group: string;
  readonly kind: string;
  readonly version?: string;
}

/** What a server serves, group by group. */
export type Served = ReadonlyMap<string, GroupVersions>;
/** Preferred version first; a version that did not answer this time is `undefined`. */
export type GroupVersions = ReadonlyMap<string, readonly Resource[] | undefined>;

export interface DiscoveryOptions {
  readonly clock?: Clock;
  /** For a tenant's own cluster, who asks. */
  readonly as?: string;
}

/** A kind that is not there costs the server one round of discovery in this time, however often it is asked for. */
const MISSING_KIND_RETRY_MS = 10_000;

/** Which kinds a cluster serves, as of the last `refresh`. */
export class Discovery {
  readonly #client: ClusterClient;
  readonly #clock: Clock;
  readonly #as: string | undefined;
  #served: Served = new Map();
  #byKind: ReadonlyMap<string, readonly Resource[]> = new Map();
  #refreshing: Promise<void> | undefined;
  #refreshedAtMs = Number.NEGATIVE_INFINITY;
  #failure: unknown;

  constructor(client: ClusterClient, { clock = systemClock, as }: DiscoveryOptions = {}) {
    this.#client = client;
    this.#clock = clock;
    this.#as = as;
  }

  /** From memory. */
  find({ group, kind, version }: KindReference): Resource | undefined {
    const candidates = this.#byKind.get(`${group}/${kind}`);
    return version === undefined ? candidates?.[0] : candidates?.find((resource) => resource.version === version);
  }

  /**
   * From memory or, where it is not there, from the server, if that was not asked just now. Throws where discovery
   * failed: not knowing a kind is no proof that there is none.
   */
  async lookUp(reference: KindReference): Promise<Resource | undefined> {
    const known = this.find(reference);
    if (known !== undefined) return known;
    if (this.#clock.elapsedMs() - this.#refreshedAtMs >= MISSING_KIND_RETRY_MS) await this.refresh();
    else if (this.#failure !== undefined) throw this.#failure;
    const found = this.find(reference);
    if (found === undefined) this.#refuseToGuess(reference);
    return found;
  }

  /** Every kind, in the version the server prefers. */
  kinds(): readonly Resource[] {
    return [...this.#byKind.values()].flatMap(([preferred]) => preferred ?? []);
  }

  /** `<group>/<kind>` of every kind that lives outside namespaces. */
  clusterScopedKinds(): readonly string[] {
    return [...this.#byKind].flatMap(([key, [preferred]]) => (preferred?.namespaced === false ? [key] : []));
  }

  /** Asks the server, whatever is known. Those who ask meanwhile share one round. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#ask().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** An API that did not answer may have the kind. */
  #refuseToGuess({ group, kind }: KindReference): void {
    const versions = this.#served.get(group)?.values() ?? [];
    if ([...versions].every((kinds) => kinds !== undefined)) return;
    const message = `the API group ${group} does not answer: whether it has a kind ${kind} is not known`;
    throw new KubeError({ status: 503, reason: 'ServiceUnavailable', message });
  }

  async #ask(): Promise<void> {
    try {
      const now = (await readAggregated(this.#client, this.#as)) ?? (await readGroupByGroup(this.#client, this.#as));
      this.#served = keepWhatDidNotAnswer(now, this.#served);
      this.#byKind = groupByKind(this.#served);
      this.#failure = undefined;
    } catch (error) {
      this.#failure = error;
      throw error;
    } finally {
      // A failed round counts too: a server in trouble is not to be asked by everyone at once.
      this.#refreshedAtMs = this.#clock.elapsedMs();
    }
  }
}

/** An aggregated API that is down keeps the kinds it had: its objects still exist. */
function keepWhatDidNotAnswer(now: Served, before: Served): Served {
  return new Map(
    [...now].map(([group, versions]) => {
      const had = before.get(group);
      return [group, new Map([...versions].map(([version, kinds]) => [version, kinds ?? had?.get(version)]))];
    }),
  );
}

function groupByKind(served: Served): Map<string, readonly Resource[]> {
  const byKind = new Map<string, Resource[]>();
  for (const versions of served.values()) {
    for (const resource of [...versions.values()].flatMap((kinds) => kinds ?? [])) {
      const key = `${resource.group}/${resource.kind}`;
      const known = byKind.get(key);
      if (known === undefined) byKind.set(key, [resource]);
      else known.push(resource);
    }
  }
  return byKind;
}
