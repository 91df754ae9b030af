import { fieldOf } from '../nodes/lookup.ts';
import { textOf } from '../nodes/scalars.ts';
import { Problem } from '../problem.ts';
import { type GvkPattern, matchesGvk, sameNamespace } from '../resources/ids.ts';
import type { Resource } from '../resources/resource.ts';

export interface ReferralQuestion {
  readonly referrer: Resource;
  /** What may be meant. */
  readonly target: GvkPattern;
  /** The field of the reference. */
  readonly path: string;
  /** What of the referral is written into the field. */
  readonly taken: 'name' | 'name and namespace';
  /** Where that is, for messages. */
  readonly place: string;
}

/** Which of several objects that all had the name is meant; undefined when none is. */
export function chooseReferral(named: readonly Resource[], question: ReferralQuestion): Resource | undefined {
  const { referrer, target } = question;
  let left = named.filter((each) => wasOfKind(each, target));
  const role = question.path.endsWith('roleRef/name') ? roleOf(referrer) : undefined;
  if (role !== undefined) left = left.filter((each) => wasOfKind(each, role));
  left = left.filter((each) => isWhereReferrerIs(each, referrer));
  if (left.length <= 1) return left[0];
  // Who went through the same folders got the same prefixes and suffixes last.
  left = left.filter((each) => sameAffixes(each, referrer, 'or none'));
  if (left.length > 1) left = left.filter((each) => sameAffixes(each, referrer, 'exactly'));
  const [first] = left;
  if (first === undefined || left.every((each) => isSame(each, first, question.taken))) return first;
  throw new Problem('ambiguous', `${question.place} fits ${left.length} objects`);
}

function wasOfKind({ previousIds }: Resource, target: GvkPattern): boolean {
  return previousIds.some((id) => matchesGvk(id, target));
}

/** Undefined when the binding does not say completely which role it means. */
function roleOf({ node }: Resource): GvkPattern | undefined {
  const role = node.roleRef;
  const [group, kind] = [fieldOf(role, 'apiGroup'), fieldOf(role, 'kind')];
  return group === undefined || kind === undefined ? undefined : { group: textOf(group), kind: textOf(kind) };
}

/** A ServiceAccount may be elsewhere: a RoleBinding reaches it there. */
function isWhereReferrerIs(candidate: Resource, referrer: Resource): boolean {
  const [candidateId, referrerId] = [candidate.id, referrer.id];
  if (referrerId.isClusterScoped || candidateId.isClusterScoped || candidate.kind === 'ServiceAccount') return true;
  return sameNamespace(candidateId, referrerId);
}

function sameAffixes(a: Resource, b: Resource, how: 'exactly' | 'or none'): boolean {
  const agree = (left: readonly string[], right: readonly string[]) =>
    (how === 'or none' && (left.length === 0 || right.length === 0)) || sameEnding(left, right);
  return agree(a.prefixes, b.prefixes) && agree(a.suffixes, b.suffixes);
}

/** Whether the shorter list is the end of the longer one; an empty list is the end of an empty one only. */
function sameEnding(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return a.length === b.length;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return short.every((item, index) => item === long[long.length - short.length + index]);
}

function isSame(a: Resource, b: Resource, taken: ReferralQuestion['taken']): boolean {
  return a.name === b.name && (taken === 'name' || a.namespace === b.namespace);
}
