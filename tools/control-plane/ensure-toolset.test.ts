import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ensureToolset } from './ensure-toolset.ts';
import { binaries, fluxCrdFiles, fluxCrdsFolder, kwokStagesFile } from './toolset.ts';

const silent = () => undefined;

test('KUBEBUILDER_ASSETS comes first, and what it lacks is named', async (t) => {
  const folder = await temporaryFolder(t);
  const env = { KUBEBUILDER_ASSETS: folder, XDG_CACHE_HOME: '/no/such/cache' };
  await mkdir(join(folder, fluxCrdsFolder));
  const files = [...binaries.map(({ name }) => name), ...fluxCrdFiles.map((file) => join(fluxCrdsFolder, file))];
  for (const file of files) await writeFile(join(folder, file), '');
  await rm(join(folder, 'kwok'));
  await assert.rejects(ensureToolset(silent, env), /lacks kwok, kwok-stages\.yaml\. /);

  await writeFile(join(folder, 'kwok'), '');
  await writeFile(join(folder, kwokStagesFile), '');
  const toolset = await ensureToolset(silent, env);
  assert.equal(toolset.binary('kubectl'), join(folder, 'kubectl'));
});

test('without Go the error names both ways out, and nothing stays in the cache', async (t) => {
  const cache = await temporaryFolder(t);
  const build = ensureToolset(silent, { PATH: '/no/such/folder', XDG_CACHE_HOME: cache });
  await assert.rejects(build, /install Go .* KUBEBUILDER_ASSETS .* kube-apiserver, /);
  assert.deepEqual(readdirSync(join(cache, 'stageset-controller')), []);
});

test('a build that fails quotes what Go said', async (t) => {
  const cache = await temporaryFolder(t);
  await writeFile(join(cache, 'go'), '#!/bin/sh\necho "go: no route to the module proxy" >&2; exit 1\n', {
    mode: 0o755,
  });
  const lines: string[] = [];
  const build = ensureToolset((line) => lines.push(line), { PATH: `${cache}:/bin:/usr/bin`, XDG_CACHE_HOME: cache });
  await assert.rejects(build, /go build .* failed:\ngo: no route to the module proxy/);
  assert.match(lines.at(-1) ?? '', /\(1\/6\) etcd…$/);
});

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stageset-toolset-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}
