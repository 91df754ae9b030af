import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { KubeError } from '../kube/errors.ts';
import { stageInventoryResource } from '../kube/own-kinds.ts';
import type { ClusterClient } from '../kube/types.ts';
import { createLog } from '../log/log.ts';
import { catchUp } from './catch-up.ts';

const away = new KubeError({ status: 0, reason: 'Network', message: 'nobody is there' });

/** Answers with these pages in turn, or fails. */
function startScene(answers: readonly (object | KubeError)[]) {
  const clock = new ManualClock();
  const left = [...answers];
  const client: ClusterClient = {
    send: async () => {
      const body = left.shift() ?? assert.fail('asked too often');
      if (body instanceof KubeError) throw body;
      return { status: 200, body: body as never, warnings: [] };
    },
    stream: () => assert.fail(),
    stats: () => assert.fail(),
    close: () => assert.fail(),
  };
  const log = createLog({ level: 'error', encoding: 'text', clock, write: () => {} });
  const found: string[] = [];
  const stop = new AbortController();
  const put = ({ metadata }: { readonly metadata: { readonly name: string } }) => void found.push(metadata.name);
  const done = catchUp({ resource: stageInventoryResource, scope: [], put }, stop.signal, { client, clock, log });
  return { clock, found, stop, done };
}

const page = (name: string, token?: string) => ({ metadata: { continue: token }, items: [{ metadata: { name } }] });

test('every page is read, and all of them again when one could not be', async () => {
  const { clock, found, done } = startScene([page('a', 'more'), away, page('a', 'more'), page('b')]);
  await clock.advance(1_000);
  await done;
  assert.deepEqual(found, ['a', 'a', 'b']);
});

test('it ends with the process', async () => {
  const { clock, stop, done } = startScene([away]);
  await clock.advance(0);
  stop.abort(new Error('stopping'));
  await assert.rejects(done, /stopping/);
});
