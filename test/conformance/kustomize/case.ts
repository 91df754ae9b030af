import { HeapRoom } from '../../../src/shared/heap-room.ts';
import { type FileMap, openFileMap, packFiles } from '../../../src/shared/protocol/file-map.ts';
import { parseResources } from '../../../src/shared/yaml/parse-resources.ts';
import { buildAsFlux } from '../../../src/workers/kustomize/build-as-flux.ts';
import { buildKustomization, type KustomizeResult } from '../../../src/workers/kustomize/build-kustomization.ts';
import { Problem, type ProblemKind } from '../../../src/workers/kustomize/problem.ts';
import { neverCancelled } from '../../support/cancel-flag.ts';

/** A folder with its files; `base64:` before what is no text. */
export type Tree = Readonly<Record<string, string>>;

export interface KustomizeCase {
  readonly name: string;
  readonly files: Tree;
  /** The folder that is built. */
  readonly path: string;
  /** Whether files from above that folder may be read, as in Flux. */
  readonly filesFrom: 'artifact' | 'kustomization';
}

/** What the tool prints, or the kind of its error. */
export type Answer = { readonly yaml: string } | { readonly problem: ProblemKind };

export interface AnsweredCase extends KustomizeCase {
  readonly answer: Answer;
}

export function bytesOf(text: string): Uint8Array {
  return text.startsWith('base64:') ? Buffer.from(text.slice('base64:'.length), 'base64') : Buffer.from(text);
}

/** What ours makes of a case, in a form that compares. */
export function ourAnswer(each: KustomizeCase): string {
  const options = { order: 'legacy', filesFrom: each.filesFrom, patches: [], flag: neverCancelled() } as const;
  return answerOf(() => buildKustomization(filesOf(each), each.path, options));
}

/** The same of a folder that Flux builds. */
export function ourFluxAnswer(each: KustomizeCase): string {
  return answerOf(() => buildAsFlux(filesOf(each), each.path, { patches: [], flag: neverCancelled() }));
}

function filesOf({ files }: KustomizeCase): FileMap {
  return openFileMap(packFiles(new Map(Object.entries(files).map(([name, text]) => [name, bytesOf(text)]))));
}

function answerOf(build: () => KustomizeResult): string {
  try {
    return comparable(build().objects.map(({ object }) => object));
  } catch (error) {
    if (error instanceof Problem) return `problem: ${error.kind}`;
    throw error;
  }
}

export function theirAnswer(answer: Answer): string {
  if ('problem' in answer) return `problem: ${answer.problem}`;
  const documents = parseResources(answer.yaml, new HeapRoom());
  return comparable(documents.filter((document) => document !== null));
}

/** Objects in their order, fields by name, numbers to the digit. */
export function comparable(objects: readonly unknown[]): string {
  return objects.map((object) => printed(object, '')).join('\n---\n');
}

function printed(value: unknown, indent: string): string {
  const deeper = `${indent}  `;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => `\n${deeper}${printed(item, deeper)}`).join('')}]`;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `\n${deeper}${JSON.stringify(key)}: ${printed(item, deeper)}`).join('')}}`;
}
