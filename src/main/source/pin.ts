import type { SourceRef } from './resolve.ts';
import type { Artifact } from './source-object.ts';

/** What a run goes by from here on: every stage that names the same source uses the same revision. */
export interface Pin {
  readonly stage: string;
  readonly ref: SourceRef;
  readonly artifact: Artifact;
}

/** Revisions as status shows them: by `<namespace>/<name>`, with `<kind>/` in front where two kinds clash. */
export function revisionsOf(pins: readonly Pin[]): Readonly<Record<string, string>> {
  const kinds = new Map<string, Set<string>>();
  for (const { ref } of pins) {
    const plain = `${ref.namespace}/${ref.name}`;
    kinds.set(plain, (kinds.get(plain) ?? new Set()).add(ref.kind));
  }
  // Stages come out in order: of one that is behind, an earlier stage has the newer revision.
  return Object.fromEntries(
    pins.toReversed().map(({ ref, artifact }) => {
      const plain = `${ref.namespace}/${ref.name}`;
      const clash = (kinds.get(plain)?.size ?? 0) > 1;
      return [clash ? `${ref.kind}/${plain}` : plain, artifact.revision];
    }),
  );
}

/** Whether two pinnings of one spec are the same: by content, not by where it is served. */
export function samePins(a: readonly Pin[], b: readonly Pin[]): boolean {
  return a.length === b.length && a.every((pin, i) => samePin(pin, b[i]));
}

export function samePin(a: Pin, b: Pin | undefined): boolean {
  return b !== undefined && a.artifact.digest === b.artifact.digest && a.artifact.revision === b.artifact.revision;
}
