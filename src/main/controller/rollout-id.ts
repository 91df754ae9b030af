import { hash } from 'node:crypto';

export interface RolloutFacts {
  readonly revisions: Readonly<Record<string, string>>;
  readonly generation: number;
  /** The update-now token that lets it through closed windows. */
  readonly override: string | undefined;
}

/** What makes two runs parts of one rollout, in a form that history keeps. */
export function rolloutIdOf({ revisions, generation, override }: RolloutFacts): string {
  const sorted = Object.entries(revisions).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha256', JSON.stringify([sorted, generation, override ?? null])).slice(0, 16);
}
