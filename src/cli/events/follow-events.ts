import { watchKind } from '../../main/kube/watch.ts';
import type { StageSet } from '../../shared/api/types.ts';
import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { Reader } from '../owned/reader.ts';
import { type EventObject, eventResource, isAbout, subjectOf } from './event.ts';
import { type Family, familyOf, namespacesOf } from './family.ts';

export interface FollowEvents {
  readonly set: StageSet;
  readonly family: Family;
  /** Told already. */
  readonly found: readonly EventObject[];
  readonly reader: Reader;
  readonly tell: (event: EventObject) => void;
}

/** Tells of each event to come, for ever; rejects where events may not be watched. */
export function followEvents({ set, family, found, reader, tell }: FollowEvents): Promise<never> {
  const told = new Set(found.map(versionOf));
  const relatives = new Relatives(set, family, reader);
  let previous = Promise.resolve();
  return new Promise((_resolve, reject) => {
    const hear = (event: EventObject) => {
      const version = versionOf(event);
      if (told.has(version)) return;
      told.add(version);
      // One after the other, in the order they came.
      previous = previous.then(async () => {
        if (isAbout(event, await relatives.with(event), set)) tell(event);
      });
      previous.catch(reject);
    };
    for (const namespace of namespacesOf(family)) {
      watchKind<EventObject>({
        client: reader.client,
        resource: eventResource,
        namespace,
        form: 'full',
        sink: { put: hear, remove: () => {}, replaceAll: (events) => events.forEach(hear) },
        onRefused: reject,
      });
    }
  });
}

/** Pods come and go while events are followed. */
class Relatives {
  readonly #set: StageSet;
  readonly #reader: Reader;
  #family: Family;
  readonly #strangers = new Set<ObjectId>();

  constructor(set: StageSet, family: Family, reader: Reader) {
    this.#set = set;
    this.#family = family;
    this.#reader = reader;
  }

  /** The family as it was when this event came; who is not known is looked for once. */
  async with(event: EventObject): Promise<Family> {
    const subject = subjectOf(event);
    if (this.#family.has(subject) || this.#strangers.has(subject)) return this.#family;
    const grown = await familyOf(this.#set, this.#reader);
    // Those who are gone by now are still told of.
    this.#family = new Set([...this.#family, ...grown]);
    if (!this.#family.has(subject)) this.#strangers.add(subject);
    return this.#family;
  }
}

function versionOf({ metadata: { uid = '', resourceVersion = '' } }: EventObject): string {
  return `${uid}@${resourceVersion}`;
}
