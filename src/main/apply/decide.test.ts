import assert from 'node:assert/strict';
import { test } from 'node:test';
import { current } from '../../shared/kstatus/readiness.ts';
import type { PlannedObject, PlanSummary } from '../../shared/protocol/tasks.ts';
import type { LiveObject } from '../live/live-object.ts';
import { appliedPrint } from '../live/ownership-print.ts';
import { changedObjects } from './decide.ts';

const owner = { namespace: 'shop', name: 'web' };
const planned: PlannedObject = {
  id: 'shop_a__ConfigMap',
  apiVersion: 'v1',
  wave: 2,
  digest: 'd1',
  sensitive: false,
  keep: false,
  offset: 0,
  length: 0,
};
const live: LiveObject = {
  id: planned.id,
  metadata: { name: 'a', namespace: 'shop', resourceVersion: '1' },
  uid: 'u',
  owner,
  stage: 'app',
  print: 'p1',
  readiness: current,
  keep: false,
  deleting: false,
};

interface Case {
  readonly object?: Partial<PlannedObject>;
  readonly live?: Partial<LiveObject> | 'absent';
  readonly print?: string | 'forgotten';
  readonly applies: boolean;
}

const cases: Readonly<Record<string, Case>> = {
  'as we applied it': { applies: false },
  'not there': { live: 'absent', applies: true },
  'another body': { object: { digest: 'd2' }, applies: true },
  'somebody took a field': { live: { print: 'p2' }, applies: true },
  'we do not remember applying it': { print: 'forgotten', applies: true },
  'it is being deleted': { live: { deleting: true }, applies: true },
  'it is labelled as another owner’s': { live: { owner: { namespace: 'shop', name: 'bank' } }, applies: true },
  'ssa: Ignore, whatever there is': { object: { ssa: 'Ignore', digest: 'd2' }, applies: false },
  'ssa: IfNotPresent, and it is there': { object: { ssa: 'IfNotPresent', digest: 'd2' }, applies: false },
  'ssa: IfNotPresent, and it is not': { object: { ssa: 'IfNotPresent' }, live: 'absent', applies: true },
};

for (const [what, { object = {}, live: liveChange = {}, print, applies }] of Object.entries(cases)) {
  test(`${what}: ${applies ? 'applied' : 'left alone'}`, () => {
    const plan: PlanSummary = {
      objects: [{ ...planned, ...object }],
      definedKinds: [],
      assumedScopes: [],
      images: [],
      digest: '',
    };
    const remembered = print === 'forgotten' ? undefined : appliedPrint('d1', 'p1');
    const known = {
      live: () => (liveChange === 'absent' ? undefined : { ...live, ...liveChange }),
      printOf: () => remembered,
    };
    assert.equal(changedObjects(plan, known, owner).length, applies ? 1 : 0);
  });
}
