import { statSync } from 'node:fs';
import { maskSecrets } from '../../shared/objects/mask.ts';
import type { StagePlan } from '../../shared/protocol/tasks.ts';
import type { YamlMap } from '../../shared/yaml/yaml-value.ts';
import { RuntimeError, UsageError } from '../cli-error.ts';
import { explainError } from '../cluster/explain-error.ts';
import type { BuildFlags, Subject } from './flags.ts';
import type { Origin } from './origin.ts';
import { renderFrom } from './render-from.ts';
import { bodyOf } from './render-stages.ts';
import { parseSourceDirs, selectStages } from './source-dirs.ts';

/** What the stages of a StageSet render, stage after stage, as it would be applied. */
export async function buildStageSet(
  subject: Exclude<Subject, { readonly is: 'folder' }>,
  flags: BuildFlags,
): Promise<readonly YamlMap[]> {
  await using closing = new AsyncDisposableStack();
  const { signal } = new AbortController();
  const sourceDirs = parseSourceDirs(flags.sourceDir ?? []);
  const origin = await originOf(subject, flags, closing, signal);
  const wanted = selectStages(origin.set.spec.stages, flags.stage ?? [], sourceDirs);
  const rendered = await renderFrom(origin, { wanted, sourceDirs }, closing, signal);
  return rendered.flatMap(({ plan }) => objectsOf(plan, flags));
}

async function originOf(
  subject: Exclude<Subject, { readonly is: 'folder' }>,
  flags: BuildFlags,
  closing: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<Origin> {
  switch (subject.is) {
    case 'file':
      return (await import('./from-file.ts')).originFromFile(subject.file, flags);
    case 'name': {
      const { originFromCluster } = await import('./from-cluster.ts');
      return originFromCluster(subject.name, flags, closing, signal).catch((error: unknown) => {
        throw hintingAtFolder(explainError(error), subject.name);
      });
    }
    default:
      return subject satisfies never;
  }
}

/** A name without a slash is never a folder, which is easily forgotten in front of one. */
function hintingAtFolder(error: unknown, name: string): unknown {
  const isFolder = statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder || !(error instanceof Error) || error instanceof UsageError) return error;
  return new RuntimeError(`${error.message}; if you mean the folder, say ./${name}`, { cause: error });
}

/** In the build's own order: a plan has them in the order in which they are applied. */
function objectsOf({ objects, bodies }: StagePlan, { showSecrets = false }: BuildFlags): readonly YamlMap[] {
  return objects
    .toSorted((a, b) => a.offset - b.offset)
    .map((planned) => {
      const object = bodyOf(planned, bodies);
      return showSecrets ? object : maskSecrets(object, { secretIn: planned.secretIn });
    });
}
