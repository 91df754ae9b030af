import { type HeapRoom, OutOfRoomError } from '../../heap-room.ts';
import { parseResources, YamlError } from '../../yaml/parse-resources.ts';

/** Why a text is no kustomize patch: strategic merge documents, or one list of JSON patch operations. */
export function kustomizePatchProblem(text: string, room: HeapRoom): string | undefined {
  return withDocuments(text, room, (documents) => {
    if (documents.length === 1 && Array.isArray(documents[0])) return operationsProblem(documents[0]);
    return documents.every(isMapping) ? undefined : 'must be an object or a list of JSON patch operations';
  });
}

export function mergePatchProblem(text: string, room: HeapRoom): string | undefined {
  return withDocuments(text, room, ([patch, ...more]) => {
    if (more.length > 0) return 'must be one document';
    return isMapping(patch) ? undefined : 'must be an object';
  });
}

export function jsonPatchProblem(text: string, room: HeapRoom): string | undefined {
  return withDocuments(text, room, ([patch, ...more]) => {
    if (more.length > 0) return 'must be one document';
    return Array.isArray(patch) ? operationsProblem(patch) : 'must be a list of JSON patch operations';
  });
}

type Check = (documents: readonly unknown[]) => string | undefined;

function withDocuments(text: string, room: HeapRoom, check: Check): string | undefined {
  try {
    const documents = parseResources(text, room).filter((document) => document !== null);
    return documents.length === 0 ? 'must not be empty' : check(documents);
  } catch (error) {
    if (error instanceof OutOfRoomError) return 'is too large, with its aliases written out';
    if (error instanceof YamlError) return `is neither YAML nor JSON: ${error.message}`;
    throw error;
  }
}

const OPERATIONS: ReadonlySet<unknown> = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

function operationsProblem(operations: readonly unknown[]): string | undefined {
  for (const [index, operation] of operations.entries()) {
    if (!isMapping(operation)) return `operation ${index + 1} must be an object`;
    if (!OPERATIONS.has(operation.op)) return `operation ${index + 1} needs op: ${[...OPERATIONS].join(', ')}`;
    const pointers = operation.op === 'move' || operation.op === 'copy' ? ['path', 'from'] : ['path'];
    const bad = pointers.find((name) => !isPointer(operation[name]));
    if (bad !== undefined) return `operation ${index + 1} needs ${bad}, beginning with a slash`;
  }
  return undefined;
}

function isPointer(value: unknown): boolean {
  return typeof value === 'string' && (value === '' || value.startsWith('/'));
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
