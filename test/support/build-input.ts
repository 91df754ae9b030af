import assert from 'node:assert/strict';
import { packFiles } from '../../src/shared/protocol/file-map.ts';
import type { BuildAnswer, BuildInput, StageBuild, StagePlan } from '../../src/shared/protocol/tasks.ts';

export interface BuildWishes extends Partial<Omit<BuildInput, 'files' | 'stage'>> {
  readonly stage?: Partial<StageBuild>;
}

/** The stage `db` of the StageSet `team/shop`, built from these files. */
export function buildInput(
  files: Readonly<Record<string, string | Uint8Array>>,
  { stage, ...rest }: BuildWishes = {},
): BuildInput {
  return {
    files: packFiles(new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]))),
    owner: { namespace: 'team', name: 'shop', stage: 'db' },
    clusterScopedKinds: [],
    namespacedKinds: [],
    variables: [],
    ...rest,
    stage: {
      path: './',
      applyHelmHookResources: true,
      patches: [],
      ...stage,
    },
  };
}

export function planIn(answer: BuildAnswer): StagePlan {
  assert.equal(answer.is, 'built');
  return (answer as Extract<BuildAnswer, { is: 'built' }>).plan;
}
