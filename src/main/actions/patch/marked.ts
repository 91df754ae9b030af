import { keys } from '../../../shared/labels.ts';
import type { ObjectMeta } from '../../../shared/objects/object.ts';
import type { Operation } from './read-patch.ts';

const ANNOTATIONS = '/metadata/annotations';

export function hasBeenDone({ annotations = {} }: ObjectMeta, key: string): boolean {
  return annotations[keys.actionKey] === key;
}

/** The operations, and with them the mark that they were carried out; refused when the object has changed since. */
export function marked(
  operations: readonly Operation[],
  { annotations, resourceVersion }: ObjectMeta,
  key: string,
): readonly Operation[] {
  const needsMap = annotations === undefined ? [{ op: 'add', path: ANNOTATIONS, value: {} }] : [];
  return [
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
    ...needsMap,
    ...operations,
    markAfter(operations, key),
  ];
}

/** Where the operations take all annotations away, the mark brings the map along. */
function markAfter(operations: readonly Operation[], key: string): Operation {
  const lastOfAll = operations.findLast(
    ({ op, path, from }) => path === ANNOTATIONS || (op === 'move' && from === ANNOTATIONS),
  );
  const isGone = lastOfAll?.op === 'remove' || (lastOfAll?.op === 'move' && lastOfAll.from === ANNOTATIONS);
  if (isGone) return { op: 'add', path: ANNOTATIONS, value: { [keys.actionKey]: key } };
  return {
    op: 'add',
    path: `${ANNOTATIONS}/${keys.actionKey.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    value: key,
  };
}
