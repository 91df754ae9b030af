import type { HeapRoom } from '../../heap-room.ts';
import { verbs } from '../schema/action.ts';
import type { Action, HttpAction, PatchAction, Verb, WaitAction } from '../types.ts';
import { jsonPatchProblem, mergePatchProblem } from './patch-text.ts';
import { actionsOf, type Placed } from './places.ts';
import type { Rule } from './rule.ts';
import { isGiven } from './sound.ts';
import { expression } from './stage-rules.ts';
import { type Violation, violation } from './violation.ts';

const VERBS = Object.keys(verbs) as readonly Verb[];

export const actions: Rule = function* ({ spec, room }) {
  for (const { value: action, path } of actionsOf(spec)) {
    yield* oneVerb({ value: action, path });
    if (action.patch) yield* patch({ value: action.patch, path: `${path}.patch` }, room);
    if (action.http) yield* http({ value: action.http, path: `${path}.http` });
    if (action.wait) yield* wait({ value: action.wait, path: `${path}.wait` });
  }
};

function* oneVerb({ value: action, path }: Placed<Action>): Iterable<Violation> {
  const given = VERBS.filter((verb) => isGiven(action[verb]));
  if (given.length === 1) return;
  const found = given.length === 0 ? 'none' : given.join(' and ');
  yield violation(path, 'ExactlyOne', `needs exactly one of ${VERBS.join(', ')}; there is ${found}`);
}

function* patch({ value, path }: Placed<PatchAction>, room: HeapRoom): Iterable<Violation> {
  if (typeof value.patch !== 'string' || value.type === null) return;
  const problemOf = value.type === 'json6902' ? jsonPatchProblem : mergePatchProblem;
  const problem = problemOf(value.patch, room);
  if (problem !== undefined) yield violation(`${path}.patch`, 'BadPatch', problem);
}

function* http({ value, path }: Placed<HttpAction>): Iterable<Violation> {
  if (typeof value.url === 'string' && !URL.canParse(value.url)) {
    yield violation(`${path}.url`, 'BadUrl', 'must be an http or https URL');
  }
  if (isGiven(value.body) && isGiven(value.bodyFrom)) {
    yield violation(`${path}.bodyFrom`, 'NotTogether', 'cannot be set beside body');
  }
}

function* wait({ value, path }: Placed<WaitAction>): Iterable<Violation> {
  const onObject = isGiven(value.target) || isGiven(value.expr);
  if (isGiven(value.duration) === onObject) {
    yield violation(path, onObject ? 'NotTogether' : 'Incomplete', 'needs either duration or target and expr');
  } else if (onObject) {
    for (const field of ['target', 'expr'] as const) {
      if (!isGiven(value[field])) yield violation(`${path}.${field}`, 'Missing', 'is required');
    }
  }
  yield* expression(value.expr, `${path}.expr`);
}
