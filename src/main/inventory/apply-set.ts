import { keys } from '../../shared/labels.ts';
import { type ObjectId, parseObjectId } from '../../shared/objects/object-id.ts';

/** What the parent of an ApplySet carries (KEP-3659): how a tool finds the members, and whose they are. */
export interface ParentMarks {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ApplySet {
  readonly id: string;
  readonly members: Iterable<ObjectId>;
  /** The parent's own, which is not named among the others. */
  readonly namespace: string;
  readonly toolVersion: string;
}

export const noParent: ParentMarks = { labels: {}, annotations: {} };

/** All annotations of an object together may take 256 KiB. */
const ANNOTATION_BYTES = 200 * 2 ** 10;

export function parentMarks({ id, members, namespace, toolVersion }: ApplySet): ParentMarks {
  const parts = [...members].flatMap((member) => parseObjectId(member) ?? []);
  const groupKinds = new Set(parts.map(({ group, kind }) => (group === '' ? kind : `${kind}.${group}`)));
  const namespaces = new Set(parts.map((each) => each.namespace)).difference(new Set(['', namespace]));
  const annotations = {
    [keys.applySetTooling]: `stageset-controller/v${toolVersion}`,
    [keys.applySetGroupKinds]: [...groupKinds].toSorted().join(','),
    [keys.applySetNamespaces]: [...namespaces].toSorted().join(','),
  };
  const bytes = Object.values(annotations).reduce((sum, value) => sum + value.length, 0);
  // A set that leaves members out would mislead the tools that read it; none at all does not.
  return bytes > ANNOTATION_BYTES ? noParent : { labels: { [keys.applySetId]: id }, annotations };
}

/** `ConfigMap` or `Deployment.apps`, as the annotation lists them. */
export function readGroupKinds(annotation: string): readonly { readonly group: string; readonly kind: string }[] {
  return annotation.split(',').flatMap((each) => {
    const [kind = '', ...group] = each.split('.');
    return kind === '' ? [] : [{ kind, group: group.join('.') }];
  });
}
