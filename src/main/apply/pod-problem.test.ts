import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podProblem } from './pod-problem.ts';

const oom = { terminated: { reason: 'OOMKilled', exitCode: 137, message: 'canary' } };
const app = (fields: object) => ({ containerStatuses: [{ name: 'app', ready: false, ...fields }] });

interface Row {
  readonly name: string;
  readonly status: object;
  readonly problem: string | undefined;
}

const rows: readonly Row[] = [
  { name: 'runs and is ready', status: app({ ready: true, state: { running: {} } }), problem: undefined },
  { name: 'ready again after a crash', status: app({ ready: true, lastState: oom }), problem: undefined },
  { name: 'just begun', status: app({ state: { waiting: { reason: 'ContainerCreating' } } }), problem: undefined },
  { name: 'no status at all', status: {}, problem: undefined },
  {
    name: 'no node takes it',
    status: {
      conditions: [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available' },
      ],
    },
    problem: 'Unschedulable: 0/3 nodes are available',
  },
  {
    name: 'an image that is not there',
    status: app({ state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "a:1"' } } }),
    problem: 'container app: ImagePullBackOff: Back-off pulling image "a:1"',
  },
  {
    name: 'crashes again and again',
    status: app({ state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: oom }),
    problem: 'container app: CrashLoopBackOff, last end: OOMKilled, exit code 137',
  },
  {
    name: 'has ended',
    status: app({ state: { terminated: { reason: 'Error', exitCode: 3, message: 'canary' } } }),
    problem: 'container app: last end: Error, exit code 3',
  },
  {
    name: 'runs again after it was killed, and is not ready yet',
    status: app({ state: { running: {} }, lastState: oom }),
    problem: 'container app: last end: OOMKilled, exit code 137',
  },
  {
    name: 'an init container comes first',
    status: {
      initContainerStatuses: [{ name: 'wait', state: { terminated: { exitCode: 1 } } }],
      ...app({ state: { waiting: { reason: 'PodInitializing' } } }),
    },
    problem: 'container wait: last end: terminated, exit code 1',
  },
  {
    name: 'an init container that ended well is no problem',
    status: { initContainerStatuses: [{ name: 'wait', state: { terminated: { exitCode: 0, reason: 'Completed' } } }] },
    problem: undefined,
  },
  {
    name: 'evicted',
    status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' },
    problem: 'Evicted: The node was low on resource: memory.',
  },
  {
    name: 'a message of several lines and no end is one line and has one',
    status: app({ state: { waiting: { reason: 'ErrImagePull', message: `a\n  b ${'c'.repeat(300)}` } } }),
    problem: `container app: ErrImagePull: a b ${'c'.repeat(196)}…`,
  },
];

for (const { name, status, problem } of rows) {
  test(`${name}: ${problem?.slice(0, 60) ?? 'no problem'}`, () => {
    const found = podProblem({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'it' }, status });
    assert.equal(found, problem);
    assert.ok(found?.includes('canary') !== true, 'what a container wrote is never told');
  });
}
