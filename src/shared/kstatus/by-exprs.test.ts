import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../objects/object.ts';
import { type HealthExprs, readinessByExprs } from './by-exprs.ts';
import type { Readiness } from './readiness.ts';

const all: HealthExprs = {
  inProgress: "status.phase in ['Pending', 'Stuck']",
  failed: "status.phase in ['Failed', 'Stuck']",
  current: "status.phase in ['Running', 'Stuck', 'Failed']",
};

function database(status: unknown, metadata: Partial<KubeObject['metadata']> = {}): KubeObject {
  return {
    apiVersion: 'db.example/v1',
    kind: 'Database',
    metadata: { name: 'main', ...metadata },
    ...(status !== undefined && { status }),
  };
}

interface Row {
  readonly name: string;
  readonly object: KubeObject;
  readonly exprs?: HealthExprs;
  readonly is: Readiness['is'];
  readonly message?: string;
}

const rows: readonly Row[] = [
  { name: 'inProgress counts before all others', object: database({ phase: 'Stuck' }), is: 'inProgress' },
  { name: 'failed counts before current', object: database({ phase: 'Failed' }), is: 'failed' },
  { name: 'current', object: database({ phase: 'Running' }), is: 'current' },
  {
    name: 'none that is true is in progress',
    object: database({ phase: 'Odd' }),
    is: 'inProgress',
    message: 'none of its expressions is true',
  },
  {
    name: 'without status an expression that needs it has no answer',
    object: database(undefined),
    is: 'inProgress',
    message: 'its inProgress expression has no answer: unknown variable in status',
  },
  {
    name: 'an expression without an answer ends the search, though a later one would be true',
    object: database({ phase: 'Running' }),
    exprs: { inProgress: 'status.missing == 1', current: 'true' },
    is: 'inProgress',
    message: 'its inProgress expression has no answer: no such key in status.missing',
  },
  {
    name: 'an answer that is neither true nor false is none',
    object: database({ phase: 'Running' }),
    exprs: { current: 'status.phase' },
    is: 'inProgress',
    message: 'its current expression has no answer: is neither true nor false',
  },
  { name: 'what is left out is not asked', object: database({}), exprs: { current: 'true' }, is: 'current' },
  {
    name: 'a status about an older generation is in progress whatever the expressions say',
    object: database({ phase: 'Running', observedGeneration: 1 }, { generation: 2 }),
    is: 'inProgress',
  },
  {
    name: 'a status about this generation leaves it to them',
    object: database({ phase: 'Running', observedGeneration: 2 }, { generation: 2 }),
    is: 'current',
  },
  {
    name: 'an observed generation that is no number is unknown',
    object: database({ phase: 'Running', observedGeneration: '2' }, { generation: 2 }),
    is: 'unknown',
  },
  {
    name: 'kstatus has no say: an object that is going, stalled and not ready is current by its expression',
    object: database(
      {
        conditions: [
          { type: 'Ready', status: 'False' },
          { type: 'Stalled', status: 'True' },
        ],
      },
      { deletionTimestamp: '2030-01-01T00:00:00Z' },
    ),
    exprs: { current: 'true' },
    is: 'current',
  },
];

for (const { name, object, exprs = all, is, message } of rows) {
  test(name, () => {
    const found = readinessByExprs(object, exprs);
    assert.equal(found.is, is);
    if (message !== undefined) assert.equal('message' in found && found.message, message);
  });
}
