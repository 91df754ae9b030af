import type { Stage } from '../../../shared/api/types.ts';
import type { ObjectMeta } from '../../../shared/objects/object.ts';
import { isMap, type YamlMap } from '../../../shared/yaml/yaml-value.ts';
import { RuntimeError } from '../../cli-error.ts';
import type { Addition, ImportWishes } from '../imported.ts';
import type { Input } from '../input.ts';
import { stageName } from '../names.ts';
import { fluxSourceOf } from './flux-source.ts';
import { kustomizeAdditions } from './kustomize.ts';
import { ofDirectory, ofSource } from './leave.ts';

export interface Sources {
  readonly staged: readonly Pick<Stage, 'name' | 'sourceRef' | 'path'>[];
  readonly sources: readonly YamlMap[];
  readonly additions: readonly Addition[];
}

/** A stage for each source, in their order, and Flux's sources in place of the URLs. */
export function sourcesOf(spec: Input, place: ObjectMeta, wishes: ImportWishes): Sources {
  const inputs = sourceInputs(spec);
  const all = inputs.map((input, index) => {
    const own = input.text('name');
    const isOnly = inputs.length === 1;
    const name = isOnly ? place.name : `${place.name}-${own ?? index + 1}`;
    return sourceOf(input, { stage: stageName(own ?? name), source: { ...place, name }, dryUrl: dryUrl(spec) }, wishes);
  });
  const found = all.filter((each) => each !== undefined);
  if (found.length === 0) throw new RuntimeError('spec.source is missing: there is nothing to render');
  return {
    staged: found.map(({ staged }) => staged),
    sources: found.map(({ source }) => source).filter((source) => source !== undefined),
    additions: found.map(({ addition }) => addition).filter((addition) => addition !== undefined),
  };
}

/** Argo CD takes the hydrated branch, else the list, else the one. */
function sourceInputs(spec: Input): readonly Input[] {
  const hydrator = spec.part('sourceHydrator');
  if (hydrator !== undefined) {
    const because = [
      'what the hydrator has written into the other branch is rendered',
      'see that something goes on writing it',
    ] as const;
    hydrator.leaveAll({ drySource: because, hydrateTo: because });
    spec.leaveAll({ source: ignored('sourceHydrator'), sources: ignored('sourceHydrator') });
    const synced = hydrator.part('syncSource');
    return synced === undefined ? [] : [synced];
  }
  const several = spec.parts('sources');
  if (several.length > 0) spec.leave('source', ignored('sources'));
  const single = several.length > 0 ? undefined : spec.part('source');
  return single === undefined ? several : [single];
}

/** The branch that is hydrated is in the repository that it is hydrated from, unless it says otherwise. */
function dryUrl(spec: Input): string | undefined {
  const dry = spec.part('sourceHydrator')?.take('drySource');
  return isMap(dry) && typeof dry.repoURL === 'string' ? dry.repoURL : undefined;
}

function ignored(by: string) {
  return [`Argo CD does not look at it beside ${by}`, 'nothing is to be done'] as const;
}

interface FoundSource {
  readonly staged: Pick<Stage, 'name' | 'sourceRef' | 'path'>;
  readonly source?: YamlMap;
  readonly addition?: Addition;
}

interface Names {
  readonly stage: string;
  readonly source: ObjectMeta;
  readonly dryUrl: string | undefined;
}

/** Undefined for one that only others refer to. */
function sourceOf(input: Input, names: Names, wishes: ImportWishes): FoundSource | undefined {
  const jsonnet = directoryOf(input);
  const isRendered = jsonnet || ['chart', 'helm', 'plugin'].some((field) => input.has(field));
  input.leaveAll(ofSource);
  const path = input.text('path');
  if (input.has('ref') && path === undefined && !isRendered) {
    for (const field of ['repoURL', 'targetRevision', 'tagPrefix']) input.take(field);
    return undefined;
  }
  return isRendered ? renderedElsewhere(input, names) : asItLies(input, names, path ?? './', wishes);
}

function renderedElsewhere(input: Input, { stage, source }: Names): FoundSource {
  const artifact = `${source.name}-rendered`;
  input.note('repoURL', [
    'it is not what a stage could render as it is',
    `the stage "${stage}" takes the ExternalArtifact "${artifact}": publish it`,
  ]);
  for (const field of ['targetRevision', 'tagPrefix']) input.take(field);
  input.leave('kustomize', ['it goes with what is rendered elsewhere', 'do it there']);
  return { staged: { name: stage, sourceRef: { name: artifact } } };
}

function asItLies(
  input: Input,
  { stage, source: place, dryUrl }: Names,
  path: string,
  wishes: ImportWishes,
): FoundSource {
  const source = fluxSourceOf(input, place, dryUrl);
  const addition = kustomizeAdditions(input, wishes);
  return {
    staged: { name: stage, sourceRef: { kind: String(source.kind), name: place.name }, path },
    source,
    ...(addition !== undefined && { addition: { path, fields: addition } }),
  };
}

/** Argo CD reads one folder, unless told otherwise. Whether it is Jsonnet. */
function directoryOf(input: Input): boolean {
  const directory = input.part('directory');
  if (directory === undefined) return false;
  directory.leaveAll(ofDirectory);
  if (directory.bool('recurse') !== true) {
    input.noteAt(directory.at('recurse'), [
      'folders below are rendered, too, unless a kustomization.yaml lists what is',
      'add one if there are folders that do not belong to it',
    ]);
  }
  return directory.has('jsonnet');
}
