import { isNewer } from '../kube/resource-version.ts';
import { type LeaseObject, readLease, signOfLife } from './lease-object.ts';
import type { Sighting } from './steps.ts';

interface Seen {
  /** Undefined: it was deleted. */
  readonly object: LeaseObject | undefined;
  readonly life: string;
  readonly sighting: Sighting;
}

/** All our Leases as last seen, and since when each has not changed. */
export class Sightings {
  readonly #seen = new Map<string, Seen>();

  /** All of them at one moment, which has passed by `nowMs`. */
  lookedAt(objects: readonly LeaseObject[], nowMs: number): void {
    for (const object of objects) this.saw(object, nowMs);
    const names = new Set(objects.map(({ metadata }) => metadata.name));
    for (const [name, seen] of this.#seen) if (!names.has(name)) this.#vanished(name, seen);
  }

  /** One of them, in a list or in the answer to a write: neither waits for the other. */
  saw(object: LeaseObject, nowMs: number): void {
    const record = readLease(object);
    if (record === undefined) return;
    const before = this.#seen.get(record.name);
    if (before?.object !== undefined && !isNewer(versionOf(object), versionOf(before.object))) return;
    const life = signOfLife(object);
    const silentSinceMs = before?.life === life ? before.sighting.silentSinceMs : nowMs;
    this.#seen.set(record.name, { object, life, sighting: { ...record, silentSinceMs } });
  }

  objectOf(name: string): LeaseObject | undefined {
    return this.#seen.get(name)?.object;
  }

  get all(): ReadonlyMap<string, Sighting> {
    return new Map([...this.#seen].map(([name, { sighting }]) => [name, sighting]));
  }

  /** Whoever held it learns of that later than we do: for us it counts as held until the holder must have stopped. */
  #vanished(name: string, seen: Seen): void {
    if (seen.sighting.holder === '') this.#seen.delete(name);
    else this.#seen.set(name, { ...seen, object: undefined });
  }
}

function versionOf({ metadata }: LeaseObject): string | undefined {
  return metadata.resourceVersion;
}
