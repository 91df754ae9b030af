import { keys } from '../../../shared/labels.ts';
import type { ObjectMeta } from '../../../shared/objects/object.ts';
import type { Operation } from './read-patch.ts';

const ANNOTATIONS = '/metadata/annotations';

/** Which action it was, and the digest of what it found, where that is of use after a crash. */
export interface Mark {
  readonly key: string;
  readonly base: string | undefined;
}

export function hasBeenDone({ annotations = {} }: ObjectMeta, key: string): boolean {
  return annotations[keys.actionKey] === key;
}

/** The operations, and with them the mark that they were carried out; refused when the object has changed since. */
export function marked(
  operations: readonly Operation[],
  { annotations, resourceVersion }: ObjectMeta,
  mark: Mark,
): readonly Operation[] {
  const needsMap = annotations === undefined ? [{ op: 'add', path: ANNOTATIONS, value: {} }] : [];
  return [
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
    ...needsMap,
    ...operations,
    ...added(annotationsOf(mark, annotations), operations),
  ];
}

type Annotations = Readonly<Record<string, string>>;

function annotationsOf({ key, base }: Mark, before: Annotations = {}): Annotations {
  const isKnown = base !== undefined || before[keys.actionBase] !== undefined;
  return { [keys.actionKey]: key, ...(isKnown && { [keys.actionBase]: base ?? '' }) };
}

/** Where the operations take all annotations away, these bring the map along. */
function added(annotations: Annotations, operations: readonly Operation[]): readonly Operation[] {
  const lastOfAll = operations.findLast(
    ({ op, path, from }) => path === ANNOTATIONS || (op === 'move' && from === ANNOTATIONS),
  );
  const isGone = lastOfAll?.op === 'remove' || (lastOfAll?.op === 'move' && lastOfAll.from === ANNOTATIONS);
  if (isGone) return [{ op: 'add', path: ANNOTATIONS, value: annotations }];
  return Object.entries(annotations).map(([key, value]) => ({
    op: 'add',
    path: `${ANNOTATIONS}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    value,
  }));
}
