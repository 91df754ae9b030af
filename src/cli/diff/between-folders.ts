import { prunes } from '../../shared/api/defaults.ts';
import type { StageSet } from '../../shared/api/types.ts';
import type { ObjectId } from '../../shared/objects/object-id.ts';
import { noFolderIn, originFromFile } from '../build/from-file.ts';
import type { Origin } from '../build/origin.ts';
import { renderFrom } from '../build/render-from.ts';
import { bodyOf } from '../build/render-stages.ts';
import { parseSourceDirs, selectStages } from '../build/source-dirs.ts';
import { actionsToRun } from './actions-to-run.ts';
import type { Comparison, DiffFlags } from './flags.ts';
import { judgeRendered, nameOf, type Rendered } from './judge-change.ts';
import { maskFor } from './mask-for.ts';
import type { Change, Report } from './report.ts';

type Folders = Extract<Comparison, { readonly is: 'between folders' }>;

/** What changes in what a StageSet renders when the one folders take the place of the others. No cluster is asked. */
export async function compareFolders({ file, from, to }: Folders, flags: DiffFlags): Promise<Report> {
  const origin = await originFromFile(file, flags);
  const { set } = origin;
  const before = await renderedFrom({ ...origin, artifactOf: noFolderIn('--from') }, from, '--from', flags);
  const after = await renderedFrom({ ...origin, artifactOf: noFolderIn('--to') }, to, '--to', flags);
  const mask = maskFor(flags);
  const changes = [...after.values()].map((rendered) => judgeRendered(before.get(rendered.planned.id), rendered, mask));
  changes.push(...gone(set, before, after));
  const changed = new Set(changes.flatMap(({ is, object }) => (is === 'unchanged' ? [] : [object.stage])));
  const stages = set.spec.stages.map((stage) => ({ stage, revision: undefined, changes: changed.has(stage.name) }));
  const { namespace, name } = set.metadata;
  return {
    stageSet: `${namespace}/${name}`,
    sides: ['from', 'to'],
    changes,
    actions: actionsToRun(set, stages),
    objections: [],
  };
}

type Objects = ReadonlyMap<ObjectId, Rendered>;

async function renderedFrom(
  origin: Origin,
  folders: readonly string[],
  flag: '--from' | '--to',
  flags: DiffFlags,
): Promise<Objects> {
  await using closing = new AsyncDisposableStack();
  const sourceDirs = parseSourceDirs(folders, flag);
  const wanted = selectStages(origin.set.spec.stages, flags.stage ?? [], sourceDirs, flag);
  const rendered = await renderFrom(origin, { wanted, sourceDirs }, closing, new AbortController().signal);
  return new Map(
    rendered.flatMap(({ stage, plan }) =>
      plan.objects.map((planned) => [planned.id, { stage, planned, body: bodyOf(planned, plan.bodies) }]),
    ),
  );
}

/** As for a prune: nothing of a stage that does not prune goes. */
function gone(set: StageSet, before: Objects, after: Objects): readonly Change[] {
  const pruning = new Set(set.spec.stages.filter(prunes).map(({ name }) => name));
  return [...before.values()]
    .filter(({ stage, planned }) => !after.has(planned.id) && !planned.keep && pruning.has(stage))
    .map(({ stage, planned }) => ({ object: nameOf(stage, planned), is: 'pruned', because: 'rendered no more' }));
}
