import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubledContainer } from '../../main/apply/pod-problem.ts';
import { KubeError } from '../../main/kube/errors.ts';
import type { ReadRequest } from '../../main/kube/types.ts';
import type { KubeObject } from '../../shared/objects/object.ts';
import type { Reader } from '../owned/reader.ts';
import { lastWordsOf } from './last-words.ts';

const asked: ReadRequest[] = [];

/** A kubelet that has this log, or none. */
function kubelet(log: string | undefined): Reader {
  const stream = async (request: ReadRequest) => {
    asked.push(request);
    if (log === undefined) throw new KubeError({ status: 500, reason: 'InternalError', message: 'no kubelet' });
    return (async function* chunks() {
      yield Buffer.from(log.slice(0, 3));
      yield Buffer.from(log.slice(3));
    })();
  };
  return { client: { stream } } as unknown as Reader;
}

async function wordsOf(status: object, log?: string) {
  const pod: KubeObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-1', namespace: 'shop' },
    status: { containerStatuses: [{ name: 'app', ready: false, ...status }] },
  };
  const container = troubledContainer(pod);
  assert.ok(container !== undefined);
  return lastWordsOf(pod, container, kubelet(log));
}

const looping = { waiting: { reason: 'CrashLoopBackOff' } };
const ended = { exitCode: 1, reason: 'Error' };

test('the log of the container that ended, by its last line', async () => {
  const words = await wordsOf({ state: looping, lastState: { terminated: ended } }, 'starting\npanic: né\n');
  assert.deepEqual(words, { text: 'panic: né', previous: true });
  const { path, query } = asked.at(-1) ?? {};
  assert.equal(path, '/api/v1/namespaces/shop/pods/web-1/log');
  assert.deepEqual(query, { container: 'app', tailLines: '1', previous: 'true' });
});

test('one that has ended for good is no previous one', async () => {
  assert.deepEqual(await wordsOf({ state: { terminated: ended } }, 'bye'), { text: 'bye', previous: false });
});

test('a termination message goes first, and is cut', async () => {
  const terminated = { ...ended, message: `first\n${'x'.repeat(500)}\n` };
  const { text } = await wordsOf({ state: { terminated } }, 'bye');
  assert.equal(text, `${'x'.repeat(300)}…`);
});

test('where there is no log to be had, nothing is said', async () => {
  assert.deepEqual(await wordsOf({ state: { terminated: ended } }), { text: undefined, previous: false });
});
