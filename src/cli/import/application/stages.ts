import { hooks } from '../../../shared/api/hooks.ts';
import type { Action, Hook, Stage } from '../../../shared/api/types.ts';
import { defined } from '../imported.ts';
import type { Input } from '../input.ts';
import { stageName } from '../names.ts';
import { type HookGroup, hookGroups, noteHooks, type Phase, phases, waveName } from './hooks.ts';
import { HELM_HOOK, HOOK, type Manifest } from './manifest.ts';
import { objectOptions } from './object-options.ts';
import { noteWaves, onlyWave, wavesIn, withoutHooks } from './waves.ts';

export interface Staged {
  readonly stages: readonly Stage[];
  readonly hooks: readonly HookGroup[];
  /** The wave of each stage. */
  readonly waves: readonly number[];
}

/** The waves of one source's objects become stages. What all have in common stands in each. */
export function stagesOf(base: Stage, manifests: readonly Manifest[], input: Input): Staged {
  const objects = manifests.filter(({ phases }) => phases.length === 0);
  const hooks = hookGroups(manifests, { sourceRef: base.sourceRef, path: base.path ?? './' });
  noteHooks(manifests, hooks, input);
  noteWaves(manifests, input);
  const { patches: kept, rules } = objectOptions(manifests, input);
  const hasOwnHooks = manifests.some(({ annotations }) => HOOK in annotations);
  const hasHelmHooks = manifests.some(({ annotations }) => HELM_HOOK in annotations);
  const waves = wavesIn(objects);
  const stages = (waves.length === 0 ? [0] : waves).map((wave): Stage => {
    const patches = [
      ...(hasOwnHooks ? [withoutHooks] : []),
      ...onlyWave(wave, objects),
      ...kept,
      ...(base.patches ?? []),
    ];
    return {
      ...base,
      name: waves.length < 2 ? base.name : stageName(base.name, `-${waveName(wave)}`),
      ...defined({
        applyHelmHookResources: hasHelmHooks ? false : undefined,
        patches: patches.length > 0 ? patches : undefined,
        conflictPolicy: rules.length > 0 ? { rules } : undefined,
      }),
    };
  });
  return { stages, hooks, waves };
}

/** When an action runs: at which of all stages, and where in it. */
interface Turn {
  readonly at: number | 'every';
  readonly hook: Hook;
  readonly action: Action;
}

/** Each hook at the stage where it is its turn: before all, after its wave, after all, or wherever something fails. */
export function withActions(all: readonly Staged[]): readonly Stage[] {
  const stages = all.flatMap((staged) => staged.stages);
  const turns = phases.flatMap((phase) => all.flatMap((staged) => turnsOf(phase, staged, stages, all)));
  return stages.map((stage, index) => {
    const own = turns.filter(({ at }) => at === index || at === 'every');
    if (own.length === 0) return stage;
    const inHook = (wanted: Hook) => own.filter(({ hook }) => hook === wanted).map(({ action }) => action);
    const given = hooks.filter((hook) => inHook(hook).length > 0);
    return { ...stage, actions: Object.fromEntries(given.map((hook) => [hook, inHook(hook)])) };
  });
}

function turnsOf(phase: Phase, staged: Staged, stages: readonly Stage[], all: readonly Staged[]): readonly Turn[] {
  const isOnly = all.filter((each) => each.hooks.length > 0).length === 1;
  const [first] = staged.stages;
  const begin = first === undefined ? 0 : stages.indexOf(first);
  return staged.hooks
    .filter((group) => group.phase === phase)
    .map(({ wave, action }) => {
      const name = isOnly ? action.name : `${first?.name}-${action.name}`;
      return { ...turnOf(phase, wave), action: { ...action, name } };
    });

  function turnOf(of: Phase, wave: number): Omit<Turn, 'action'> {
    switch (of) {
      case 'PreSync':
        return { at: 0, hook: 'pre' };
      case 'PostSync':
        return { at: stages.length - 1, hook: 'post' };
      case 'SyncFail':
        return { at: 'every', hook: 'onFailure' };
      case 'Sync': {
        const last = staged.waves.findLastIndex((each) => each <= wave);
        return last < 0 ? { at: begin, hook: 'pre' } : { at: begin + last, hook: 'post' };
      }
      default:
        return of satisfies never;
    }
  }
}
