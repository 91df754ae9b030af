import { hooks } from '../hooks.ts';
import type { Action, Stage, StageSetSpec } from '../types.ts';
import type { Sound } from './sound.ts';

export type SoundSpec = Sound<StageSetSpec>;

/** Something of the spec and where it stands. */
export interface Placed<T> {
  readonly value: Sound<T>;
  readonly path: string;
}

/** The items of a list that are sound enough to look into. */
export function* itemsOf<S>(
  list: readonly (S | null)[] | null | undefined,
  path: string,
): Generator<{ readonly value: S; readonly path: string }> {
  for (const [index, value] of (list ?? []).entries()) {
    if (value !== null) yield { value, path: `${path}[${index}]` };
  }
}

export function stagesOf(spec: SoundSpec): Generator<Placed<Stage>> {
  return itemsOf(spec.stages, 'spec.stages');
}

/** Every action: the stages' hooks and the migrations. */
export function* actionsOf(spec: SoundSpec): Generator<Placed<Action>> {
  for (const { value: stage, path } of stagesOf(spec)) {
    for (const hook of hooks) {
      yield* itemsOf(stage.actions?.[hook], `${path}.actions.${hook}`);
    }
  }
  for (const { value: migration, path } of itemsOf(spec.migrations, 'spec.migrations')) {
    yield* itemsOf(migration.actions, `${path}.actions`);
  }
}

/** Tells a name that no stage has. Where some stage's own name is wrong, the name may be that one's, and nothing is said. */
export function missingStage(spec: SoundSpec): (name: string | null | undefined) => name is string {
  const names = new Set((spec.stages ?? [null]).map((stage) => stage?.name));
  const allKnown = !names.has(null) && !names.has(undefined);
  return (name): name is string => allKnown && typeof name === 'string' && !names.has(name);
}
