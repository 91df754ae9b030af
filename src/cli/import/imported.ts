import type { StagePatch, StageSet } from '../../shared/api/types.ts';
import { printYaml } from '../../shared/go-yaml/print-yaml.ts';
import type { YamlMap } from '../../shared/yaml/yaml-value.ts';
import type { Note } from './note.ts';

/** What came of one document. */
export interface Imported {
  /** `Kustomization apps/web` */
  readonly from: string;
  readonly set: StageSet;
  /** Flux sources that the stages name and that nobody has written yet. */
  readonly sources: readonly YamlMap[];
  readonly notes: readonly Note[];
  readonly additions: readonly Addition[];
  /** Manifests that are to lie apart from the others. */
  readonly hookFiles: readonly HookFile[];
}

/** Sources before the StageSet that names them. */
export function printedOf({ sources, set }: Imported): readonly YamlMap[] {
  return [...sources, set as unknown as YamlMap];
}

export interface HookFile {
  /** The stage whose source it belongs to, by the name that --source-dir has for it. */
  readonly stage: string;
  /** From the root of the source. */
  readonly path: string;
  readonly text: string;
}

export interface ImportWishes {
  readonly showSecrets: boolean;
  /** Of those objects that name none. */
  readonly namespace: string | undefined;
  /** What this stage finds at the path; undefined where it is not at hand. Without a path it is another's to render. */
  manifestsOf(stage: string, path: string | undefined): readonly YamlMap[] | undefined;
}

/** What another tool put into a kustomization.yaml while it built: it is to stand there from now on. */
export interface Addition {
  /** The folder of the kustomization.yaml. */
  readonly path: string;
  readonly fields: YamlMap;
}

/** Metadata of every object that a stage renders. */
export function metadataPatch(metadata: YamlMap): StagePatch {
  const patch = { apiVersion: 'v1', kind: 'Any', metadata: { name: 'any', ...metadata } };
  return { patch: printYaml(patch), target: { kind: '.*' } };
}

type Defined<T> = { readonly [F in keyof T]?: Exclude<T[F], undefined> };

/** Without the fields that have no value: the schema knows absent ones, and no undefined ones. */
export function defined<T extends object>(fields: { readonly [F in keyof T]: T[F] | undefined }): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
