import { posix } from 'node:path';
import type { Action, SourceRef } from '../../../shared/api/types.ts';
import type { Input } from '../input.ts';
import { stageName } from '../names.ts';
import { describe, type Manifest, wordsOf } from './manifest.ts';

/** Hooks of one phase and wave: Argo CD runs them side by side, and so does an action. */
export interface HookGroup {
  readonly phase: Phase;
  readonly wave: number;
  readonly action: Action;
  /** Where they are to lie, alone. */
  readonly folder: string;
  readonly manifests: readonly Manifest[];
}

/** Those that an action can stand for, in the order in which they come. */
export const phases = ['PreSync', 'Sync', 'PostSync', 'SyncFail'] as const;
export type Phase = (typeof phases)[number];

interface Place {
  readonly sourceRef: SourceRef;
  readonly path: string;
}

/** In the order in which they run. */
export function hookGroups(manifests: readonly Manifest[], { sourceRef, path }: Place): readonly HookGroup[] {
  const root = posix.relative('/', posix.resolve('/', path));
  return phases.flatMap((phase) => {
    const ofPhase = manifests.filter((each) => each.phases.includes(phase));
    const waves = [...new Set(ofPhase.map(({ wave }) => wave))].toSorted((a, b) => a - b);
    return waves.map((wave): HookGroup => {
      const name = stageName(waves.length === 1 ? phase : `${phase}-${waveName(wave)}`);
      const folder = posix.join(`${root === '' ? '' : `${root}-`}hooks`, name);
      const members = ofPhase.filter((each) => each.wave === wave);
      const place = { sourceRef, path: folder };
      const isJob = members.some(({ group, kind }) => group === 'batch' && kind === 'Job');
      const action: Action = isJob ? { name, job: place } : { name, apply: { ...place, wait: true } };
      return { phase, wave, folder, manifests: members, action };
    });
  });
}

export function waveName(wave: number): string {
  return wave < 0 ? `wave-minus-${-wave}` : `wave-${wave}`;
}

/** What of hooks is otherwise here. */
export function noteHooks(manifests: readonly Manifest[], groups: readonly HookGroup[], input: Input): void {
  for (const { folder, manifests: members, action, phase } of groups) {
    input.noteAt(members.map(describe).join(', '), [
      `the action ${action.name} renders the folder ${folder}, in which nothing else may lie`,
      'put the manifests there without their hook annotations; --write-hooks does it',
    ]);
    if (phase === 'Sync') {
      input.noteAt(`${action.name}`, [
        'hooks of the phase Sync run once the objects of their wave are ready, not beside them',
        'make them objects of the stage, without the annotation, if they must run beside',
      ]);
    }
  }
  if (groups.some(({ folder }) => folder.startsWith('hooks/'))) {
    input.noteAt('the folder hooks', [
      'it lies below what the stage renders',
      'list what the stage is to render in a kustomization.yaml, without it',
    ]);
  }
  for (const manifest of manifests) noteHook(manifest, input);
}

function noteHook(manifest: Manifest, input: Input): void {
  const { phases: own, annotations, kind } = manifest;
  const foreign = own.filter((phase) => phase !== 'Skip' && !phases.some((each) => each === phase));
  if (foreign.includes('crd-install')) {
    input.noteAt(describe(manifest), [
      'objects with helm.sh/hook are left out of the stage',
      'take the annotation crd-install off: definitions are applied first anyway',
    ]);
  } else if (foreign.length > 0) {
    input.noteAt(describe(manifest), [
      `nothing runs at ${foreign.join(', ')}`,
      'do it by hand, or let whoever deletes the StageSet do it; tests go into actions.post',
    ]);
  }
  const policies = wordsOf(
    annotations['argocd.argoproj.io/hook-delete-policy'] ?? annotations['helm.sh/hook-delete-policy'],
  );
  const isJob = kind === 'Job';
  const odd = policies.filter((policy) =>
    isJob ? /^(?:HookFailed|hook-failed)$/.test(policy) : !/^(?:BeforeHookCreation|before-hook-creation)$/.test(policy),
  );
  if (odd.length > 0) {
    input.noteAt(describe(manifest), [
      `${odd.join(', ')}: only Jobs are deleted once they have succeeded, what fails stays to be looked at`,
      isJob
        ? 'nothing is to be done: the next run makes a new one'
        : 'add a delete action behind the one that applies it',
    ]);
  }
}
