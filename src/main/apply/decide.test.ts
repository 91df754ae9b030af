import assert from 'node:assert/strict';
import { test } from 'node:test';
import { current } from '../../shared/kstatus/readiness.ts';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import type { LiveObject } from '../live/live-object.ts';
import { appliedPrint } from '../live/ownership-print.ts';
import { type Decision, decide } from './decide.ts';

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
  readonly claimed?: boolean;
  readonly decision: Decision;
}

const bank = { namespace: 'shop', name: 'bank' };
const nobody = { namespace: 'shop', name: 'nobody' };

const cases: Readonly<Record<string, Case>> = {
  'as we applied it': { decision: 'leave' },
  'not there': { live: 'absent', decision: 'apply' },
  'another body': { object: { digest: 'd2' }, decision: 'apply' },
  'somebody took a field': { live: { print: 'p2' }, decision: 'apply' },
  'we do not remember applying it': { print: 'forgotten', decision: 'apply' },
  'it is being deleted': { live: { deleting: true }, decision: 'apply' },
  'it is another StageSet’s': { live: { owner: bank }, print: 'forgotten', decision: 'adopt' },
  'another StageSet took it before this rollout': { live: { owner: bank }, decision: 'adopt' },
  'another StageSet took it in this rollout': { live: { owner: bank }, claimed: true, decision: 'yield' },
  'somebody wrote another name into its labels': { live: { owner: nobody }, claimed: true, decision: 'apply' },
  'a StageSet that is gone left it behind': { live: { owner: nobody }, print: 'forgotten', decision: 'adopt' },
  'ssa: Ignore, whatever there is': { object: { ssa: 'Ignore', digest: 'd2' }, decision: 'leave' },
  'ssa: IfNotPresent, and it is there': { object: { ssa: 'IfNotPresent', digest: 'd2' }, decision: 'leave' },
  'ssa: IfNotPresent, and it is not': { object: { ssa: 'IfNotPresent' }, live: 'absent', decision: 'apply' },
  'ssa: Merge': { object: { ssa: 'Merge', digest: 'd2' }, decision: 'apply' },
};

for (const [what, { object = {}, live: change = {}, print, claimed = false, decision }] of Object.entries(cases)) {
  test(`${what}: ${decision}`, () => {
    const known = {
      live: () => (change === 'absent' ? undefined : { ...live, ...change }),
      printOf: () => (print === 'forgotten' ? undefined : appliedPrint('d1', 'p1')),
      isStageSet: ({ name }: { readonly name: string }) => name === bank.name,
      isClaimed: () => claimed,
    };
    assert.equal(decide({ ...planned, ...object }, known, owner), decision);
  });
}
