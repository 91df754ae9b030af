import { FLUX_SOURCE_GROUP, type FluxSourceKind, fluxSourceKinds } from '../../shared/flux-sources.ts';
import type { KubeObject } from '../../shared/objects/object.ts';
import type { Clock } from '../../shared/time/clock.ts';
import type { Discovery } from '../kube/discovery.ts';
import type { KubeError } from '../kube/errors.ts';
import { ScopedStore } from '../kube/scoped-store.ts';
import { type ScopedWatch, watchScope } from '../kube/scoped-watch.ts';
import type { ClusterClient } from '../kube/types.ts';
import type { WatchScope } from '../kube/watch-scope.ts';
import type { Sources } from './resolve.ts';
import { type ProducerRef, type SourceObject, toSourceObject } from './source-object.ts';

export type SourceListener = (now: SourceObject | undefined, before: SourceObject | undefined) => void;

export interface WatchedSourcesOptions {
  readonly client: ClusterClient;
  readonly scope: WatchScope;
  readonly discovery: Discovery;
  readonly clock: Clock;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly onChange: SourceListener;
}

interface WatchedSource {
  readonly store: ScopedStore<SourceObject, 'producer'>;
  readonly watch: ScopedWatch;
}

/** The Flux sources of the cluster, kind by kind as their CRDs are there. */
export class WatchedSources implements Sources {
  readonly #options: WatchedSourcesOptions;
  readonly #kinds = new Map<FluxSourceKind, WatchedSource>();

  constructor(options: WatchedSourcesOptions) {
    this.#options = options;
  }

  /** Watches what is installed by now; true when a kind has been added. Resolves when each is known or refused: one that is refused shall not hold up the others. */
  async watchInstalled(): Promise<boolean> {
    const before = this.#kinds.size;
    for (const kind of fluxSourceKinds) {
      const resource = this.#options.discovery.find({ group: FLUX_SOURCE_GROUP, kind });
      if (resource === undefined || this.#kinds.has(kind)) continue;
      const store = new ScopedStore<SourceObject, 'producer'>(this.#options.scope, { producer: producerKeys });
      store.onChange((_key, now, was) => this.#options.onChange(now, was));
      const { client, clock, log } = this.#options;
      const watching = {
        client,
        clock,
        resource,
        form: 'full' as const,
        keep: (object: KubeObject) => toSourceObject(kind, object),
        onRefused: (error: KubeError) => log(`may not watch ${kind}`, { error }),
        log: (message: string, fields: object) => log(message, { kind, ...fields }),
      };
      this.#kinds.set(kind, { store, watch: watchScope(watching, store) });
    }
    await Promise.all([...this.#kinds.values()].map(({ watch }) => watch.answered));
    return this.#kinds.size > before;
  }

  served(kind: FluxSourceKind): boolean {
    return this.#kinds.has(kind);
  }

  get(kind: FluxSourceKind, namespace: string, name: string): SourceObject | undefined {
    return this.#kinds.get(kind)?.store.get(`${namespace}/${name}`);
  }

  publishedBy(namespace: string, producer: ProducerRef): readonly SourceObject[] {
    return this.#kinds.get('ExternalArtifact')?.store.byIndex('producer', producerKey(namespace, producer)) ?? [];
  }

  stop(): void {
    for (const { watch } of this.#kinds.values()) watch.stop();
  }
}

function producerKeys({ metadata, producer }: SourceObject): readonly string[] {
  return producer === undefined ? [] : [producerKey(metadata.namespace ?? '', producer)];
}

function producerKey(namespace: string, { group, kind, name }: ProducerRef): string {
  return `${group}/${kind}/${namespace}/${name}`;
}
