import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { stagesetctl } from '../harness/stagesetctl.ts';
import { startHttpServer } from '../support/http-server.ts';

// A server of one StageSet, which takes merge patches of its suspend and its annotations: no cluster is needed.

test('-o prints the StageSet as a verb has left it, in place of words', async (t) => {
  let suspend = false;
  let annotations = {};
  const { origin } = await startHttpServer(t, async (request, response) => {
    if (request.method === 'PATCH') {
      const { spec, metadata } = JSON.parse(await text(request));
      suspend = spec?.suspend ?? suspend;
      annotations = { ...annotations, ...metadata?.annotations };
    }
    const metadata = { name: 'shop', namespace: 'default', annotations, managedFields: [{ manager: 'x' }] };
    const set = { apiVersion: 'stages.metio.wtf/v1', kind: 'StageSet', metadata, spec: { suspend, stages: [] } };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(set));
  });
  const ask = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await stagesetctl([...args, '--server', origin]);
    assert.deepEqual([code, stderr], [0, '']);
    return stdout;
  };
  assert.equal(JSON.parse(await ask('suspend', 'shop', '-o', 'json')).spec.suspend, true);
  assert.equal(JSON.parse(await ask('suspend', 'shop', '-o', 'json')).spec.suspend, true);
  assert.match(await ask('resume', 'shop', '-o', 'yaml'), /^spec:\n {2}stages: \[\]\n {2}suspend: false$/m);
  const asked = await ask('reconcile', 'shop', '-o', 'yaml');
  assert.match(
    asked,
    /^apiVersion: .*\nkind: StageSet\nmetadata:\n {2}annotations:\n {4}reconcile\.fluxcd\.io\/requestedAt: /,
  );
  assert.doesNotMatch(asked, /managedFields|Reconcile requested/);
  assert.equal(await ask('suspend', 'shop'), 'StageSet shop suspended\n');
});
