import { HeapRoom, OutOfRoomError } from '../../shared/heap-room.ts';
import type { Files } from '../../shared/protocol/file-map.ts';
import { TaskError } from '../../shared/protocol/task-error.ts';
import type { CancelFlag } from '../../shared/protocol/tasks.ts';
import type { YamlMap } from '../../shared/yaml/yaml-value.ts';
import { Accumulator } from './accumulator.ts';
import type { BuildContext } from './build-context.ts';
import { type FilesFrom, Loader } from './files/loader.ts';
import { type OpenFile, type ReadRecord, RecordingReader } from './files/recording-reader.ts';
import { finishAnnotations } from './finish-annotations.ts';
import { type LoadedKustomization, loadKustomization } from './kustomization/load-kustomization.ts';
import type { PatchField } from './kustomization/shape.ts';
import { kustomize, useSchemas } from './kustomize.ts';
import { finishMap } from './nodes/finish.ts';
import { OpenApi } from './openapi/open-api.ts';
import { addHashes } from './passes/add-hashes.ts';
import { fixReferences } from './passes/fix-references.ts';
import { legacyOrder, sortBy } from './passes/sort-order.ts';
import { resolveVariables } from './passes/variables.ts';
import { patchPass } from './patches/patch-passes.ts';
import { placed } from './problem.ts';
import { describeId } from './resources/ids.ts';
import { refuseNameless } from './resources/read-resources.ts';

export interface KustomizeOptions {
  /** The order of what comes out, where `sortOptions` do not say: as in Flux or as in the command line tool. */
  readonly order: 'input' | 'legacy';
  readonly filesFrom: FilesFrom;
  /** Applied to what the root builds, in order. */
  readonly patches: readonly PatchField[];
  /** What becomes of a file's bytes when they are read. */
  readonly open?: OpenFile;
  readonly flag: CancelFlag;
}

/** One object of a build. */
export interface KustomizedObject {
  readonly object: YamlMap;
  /** Where it came from, for messages. */
  readonly origin: string;
  /** Whether decrypted content or a Secret's value went into it. */
  readonly sensitive: boolean;
  /** Whether it may be in what a field is called, too. */
  readonly hasSecretKeys?: boolean;
}

export interface KustomizeResult {
  readonly objects: readonly KustomizedObject[];
  readonly record: ReadRecord;
}

/** What `kustomize build` makes of the folder at `path`. Throws a `Problem` that says what is wrong with it. */
export function buildKustomization(files: Files, path: string, options: KustomizeOptions): KustomizeResult {
  const reader = new RecordingReader(files, options.open);
  return withinHeap(path, (room) => {
    const loader = new Loader(path, reader, options.filesFrom, room);
    return { objects: buildRoot(loader, loadKustomization(loader), options), record: reader.record };
  });
}

/** The same for a root whose kustomization is at hand. */
export function buildRoot(
  loader: Loader,
  kustomization: LoadedKustomization,
  options: KustomizeOptions,
): readonly KustomizedObject[] {
  const { fields } = kustomization;
  const metadata: ReadonlySet<string> = new Set(fields.buildMetadata ?? []);
  const context: BuildContext = {
    schemas: new OpenApi({ joinsBuiltIn: options.order === 'input' }),
    flag: options.flag,
    tracksOrigins: metadata.size > 0,
  };
  useSchemas(kustomization, loader, context);
  const accumulator = new Accumulator();
  kustomize({ loader, kustomization, context, path: '' }, accumulator);
  const { resources, config, variables } = accumulator;
  for (const patch of options.patches) {
    patchPass(patch, { loader, schemas: context.schemas })(resources);
    resources.dropEmpty();
  }
  addHashes(resources);
  fixReferences(config.nameReference)(resources);
  resolveVariables(variables, config.varReference)(resources);
  for (const { node, source } of resources.items) refuseNameless(node, source);
  resources.keep((resource) => !isLocalConfig(resource.annotations()));
  const sort = fields.sortOptions === undefined ? undefined : sortBy(fields.sortOptions);
  (sort ?? (options.order === 'legacy' ? legacyOrder : () => {}))(resources);
  return resources.items.map((resource) => {
    finishAnnotations(resource, metadata);
    const object = placed(describeId(resource.id), () => finishMap(resource.node));
    return { object, origin: resource.source, sensitive: resource.sensitive || loader.steeredBySecrets };
  });
}

/** Objects that are there for kustomize alone. */
function isLocalConfig(annotations: ReadonlyMap<string, string>): boolean {
  const value = annotations.get('config.kubernetes.io/local-config');
  return value !== undefined && value !== 'false';
}

export function withinHeap<T>(path: string, work: (room: HeapRoom) => T): T {
  try {
    return work(new HeapRoom());
  } catch (error) {
    if (!(error instanceof OutOfRoomError)) throw error;
    throw new TaskError('limitExceeded', `path ${JSON.stringify(path)} ${error.message} (--worker-memory)`);
  }
}
