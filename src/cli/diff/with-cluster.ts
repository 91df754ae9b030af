import type { ObjectId } from '../../shared/objects/object-id.ts';
import { type ClusterOrigin, originFromCluster } from '../build/from-cluster.ts';
import { renderFrom } from '../build/render-from.ts';
import type { RenderedStage } from '../build/render-stages.ts';
import { parseSourceDirs, type SourceDirs, selectStages, sourceDirOf } from '../build/source-dirs.ts';
import { explainError } from '../cluster/explain-error.ts';
import { warn } from '../tell.ts';
import { actionsToRun, type StageToRun } from './actions-to-run.ts';
import type { DiffFlags } from './flags.ts';
import { judgeChange } from './judge-change.ts';
import { leftovers } from './leftovers.ts';
import { lookAt } from './look-at.ts';
import { maskFor } from './mask-for.ts';
import { reachTarget } from './reach-target.ts';
import { recordedStages, sensitivity } from './recorded-stages.ts';
import type { Change, Report } from './report.ts';

/** What a reconcile of this StageSet would do now, windows and other gates aside. */
export async function compareWithCluster(name: string, flags: DiffFlags): Promise<Report> {
  await using closing = new AsyncDisposableStack();
  try {
    return await compare(name, flags, closing);
  } catch (error) {
    throw explainError(error);
  }
}

async function compare(name: string, flags: DiffFlags, closing: AsyncDisposableStack): Promise<Report> {
  const { signal } = new AbortController();
  const sourceDirs = parseSourceDirs(flags.sourceDir ?? []);
  const origin = await originFromCluster(name, flags, closing, signal);
  const { set } = origin;
  const asked = selectStages(set.spec.stages, flags.stage ?? [], sourceDirs);
  const { rendered, isWhole } = await renderForPrune(origin, { asked, sourceDirs }, flags, closing, signal);
  const reach = await reachTarget(origin, flags, closing, signal);
  const recorded = await recordedStages(origin, reach);
  const options = { serverSide: flags.serverSide, wasSensitive: sensitivity(recorded) };

  const mask = maskFor(flags);
  const changes: Change[] = [];
  for (const [i, each] of rendered.entries()) {
    const stage = set.spec.stages.find((candidate) => candidate.name === each.stage);
    if (stage === undefined || !asked.has(each.stage)) continue;
    const looked = await lookAt(each, stage, rendered.slice(0, i), reach, options);
    changes.push(...looked.map((one) => judgeChange(one, mask)));
  }
  const knowsLeftovers = flags.prune && isWhole && recorded !== undefined;
  const left = knowsLeftovers
    ? await leftovers(set, reach, recorded, idsOf(rendered), {
        only: flags.stage === undefined ? undefined : asked,
        asTenant: flags.asTenant ?? false,
        serverSide: flags.serverSide,
      })
    : { changes: [], objections: [] };
  changes.push(...left.changes);
  const actions = actionsToRun(set, await stagesToRun(origin, asked, sourceDirs, changes));
  const stageSet = `${set.metadata.namespace}/${set.metadata.name}`;
  return { stageSet, sides: ['live', 'merged'], changes, actions, objections: left.objections };
}

interface WhatToRender {
  readonly asked: ReadonlySet<string>;
  readonly sourceDirs: SourceDirs;
}

interface Rendered {
  readonly rendered: readonly RenderedStage[];
  /** Every stage is in it: what none of them renders is left over. */
  readonly isWhole: boolean;
}

/** Also of stages that were not asked for: an object that moved there is not left over. */
async function renderForPrune(
  origin: ClusterOrigin,
  { asked, sourceDirs }: WhatToRender,
  { prune }: DiffFlags,
  closing: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<Rendered> {
  const all = new Set(origin.set.spec.stages.map(({ name }) => name));
  const render = (wanted: ReadonlySet<string>) => renderFrom(origin, { wanted, sourceDirs }, closing, signal);
  if (asked.size === all.size || !prune) return { rendered: await render(asked), isWhole: asked.size === all.size };
  try {
    return { rendered: await render(all), isWhole: true };
  } catch (error) {
    const rendered = await render(asked);
    warn(`what would be pruned is not known: ${error instanceof Error ? error.message : String(error)}`);
    return { rendered, isWhole: false };
  }
}

function stagesToRun(
  { set, revisionOf }: ClusterOrigin,
  asked: ReadonlySet<string>,
  sourceDirs: SourceDirs,
  changes: readonly Change[],
): Promise<readonly StageToRun[]> {
  const changed = new Set(changes.flatMap(({ is, object }) => (is === 'unchanged' ? [] : [object.stage])));
  const stages = set.spec.stages.filter(({ name }) => asked.has(name));
  return Promise.all(
    stages.map(async (stage) => ({
      stage,
      revision: sourceDirOf(sourceDirs, stage) === undefined ? await revisionOf(stage) : undefined,
      changes: changed.has(stage.name),
    })),
  );
}

function idsOf(rendered: readonly RenderedStage[]): ReadonlySet<ObjectId> {
  return new Set(rendered.flatMap(({ plan }) => plan.objects.map(({ id }) => id)));
}
