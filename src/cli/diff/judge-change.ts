import type { Verdict } from '../../main/apply/dry-run.ts';
import { type Known, keysIn, type SecretIn } from '../../shared/objects/mask.ts';
import { groupOf } from '../../shared/objects/object.ts';
import { parseObjectId } from '../../shared/objects/object-id.ts';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import type { YamlMap } from '../../shared/yaml/yaml-value.ts';
import { asApplied } from './as-applied.ts';
import { compare, type Difference } from './compare.ts';
import type { Change, ObjectName } from './report.ts';
import { withoutNoise, withoutOwnLabels } from './without-noise.ts';

/** One object of a stage. */
export interface Rendered {
  readonly stage: string;
  readonly planned: PlannedObject;
  /** As it would be sent. */
  readonly body: YamlMap;
}

/** The same with all that was learned of it. */
export interface Looked extends Rendered {
  /** Undefined where there is none. */
  readonly live: YamlMap | undefined;
  /** The same as an apply would find it, once what earlier owners hold is taken over. */
  readonly base: YamlMap | undefined;
  /** What was applied before may hold secrets, wherever. */
  readonly wasSensitive: boolean;
  /** What the server made of it; undefined where it was not asked. */
  readonly verdict:
    | Exclude<Verdict, { is: 'fine' }>
    | { readonly is: 'fine'; readonly left: YamlMap | undefined }
    | undefined;
}

/** An object without what is not to be shown. */
export type Mask = (object: YamlMap, known: Known) => YamlMap;

/** What a reconcile would do with it. Nothing that is not to be shown is in the answer. */
export function judgeChange(looked: Looked, mask: Mask): Change {
  const { planned, body, live, verdict } = looked;
  const object = nameOf(looked.stage, planned);
  if (verdict?.is === 'refused') return { object, is: 'refused', because: withoutName(verdict.refusal.message) };
  if (planned.ssa === 'Ignore') return { object, is: 'unchanged', note: 'left alone: ssa: Ignore' };
  if (live === undefined)
    return { object, is: 'created', to: mask(withoutOwnLabels(withoutNoise(body)), { secretIn: planned.secretIn }) };
  if (planned.ssa === 'IfNotPresent') return { object, is: 'unchanged', note: 'left alone: ssa: IfNotPresent' };
  if (verdict?.is === 'kept') return { object, is: 'unchanged', note: 'left as it is: conflict policy KeepExisting' };
  const difference = differenceOf(looked, verdict?.is === 'fine' ? verdict.left : undefined, mask);
  if (verdict?.is === 'recreated') {
    return { object, is: 'replaced', because: `immutable and changed: ${verdict.fields.join(', ')}`, difference };
  }
  if (difference === undefined) return { object, is: 'unchanged' };
  const isGuessed = verdict !== undefined && (verdict.is === 'later' || verdict.left === undefined);
  return {
    object,
    is: 'changed',
    difference,
    ...(isGuessed && { note: 'the server cannot tell before it is applied' }),
  };
}

/** The same where two renders are compared, and no cluster is asked. */
export function judgeRendered(before: Rendered | undefined, after: Rendered, mask: Mask): Change {
  const { stage, planned, body } = after;
  const object = nameOf(stage, planned);
  const to = withoutOwnLabels(withoutNoise(body));
  if (before === undefined) return { object, is: 'created', to: mask(to, { secretIn: planned.secretIn }) };
  const difference = compareMasked(
    withoutOwnLabels(withoutNoise(before.body)),
    to,
    knownOf(before.planned, planned),
    mask,
  );
  return difference === undefined ? { object, is: 'unchanged' } : { object, is: 'changed', difference };
}

/** Where either may hold a secret, both are shown with care. */
function knownOf(before: PlannedObject, after: PlannedObject): Known {
  const places = [before.secretIn, after.secretIn];
  return { secretIn: places.find((place) => place === 'keys') ?? places.find((place) => place !== undefined) };
}

function compareMasked(from: YamlMap, to: YamlMap, known: Known, mask: Mask): Difference | undefined {
  if (compare(from, to) === undefined) return undefined;
  return compare(mask(from, known), mask(to, known));
}

function differenceOf(
  { planned, body, live = {}, base = live, wasSensitive }: Looked,
  left: YamlMap | undefined,
  mask: Mask,
): Difference | undefined {
  const [from, to] = [withoutNoise(live), withoutNoise(left ?? asApplied(base, body))];
  const isSecret = parseObjectId(planned.id)?.kind === 'Secret' && groupOf(planned.apiVersion) === '';
  const secretIn: SecretIn | undefined = planned.secretIn ?? (wasSensitive ? 'values' : undefined);
  // What was rendered before may have had a secret for the name of a field, which is then one that goes.
  const plainKeys = secretIn === undefined || secretIn === 'keys' || isSecret ? undefined : keysIn(to);
  const known = { secretIn, ...(plainKeys !== undefined && { plainKeys }) };
  return compareMasked(from, to, known, mask);
}

export function nameOf(stage: string, { id, apiVersion }: Pick<PlannedObject, 'id' | 'apiVersion'>): ObjectName {
  const { namespace = '', name = id, kind = '' } = parseObjectId(id) ?? {};
  return { stage, apiVersion, kind, namespace, name };
}

/** Refusals begin with whom they are about, which is said already. */
function withoutName(message: string): string {
  return message.replace(/^[A-Za-z0-9]+ \S+: /, '');
}
