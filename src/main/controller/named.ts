import { describeObjectId, type ObjectId } from '../../shared/objects/object-id.ts';

const MOST = 10;

/** As a message lists objects: the first ten by name. */
export function named(ids: readonly ObjectId[], describe: (id: ObjectId) => string = describeObjectId): string {
  const more = ids.length > MOST ? ` and ${ids.length - MOST} more` : '';
  return `${ids.slice(0, MOST).map(describe).join(', ')}${more}`;
}
