import { hash } from 'node:crypto';
import { Artifacts } from '../../src/main/build/artifacts.ts';
import type { BuildJob } from '../../src/main/build/build-job.ts';
import { Builds, type BuiltStage } from '../../src/main/build/builds.ts';
import { createByteBudget } from '../../src/main/pool/byte-budget.ts';
import { createPool } from '../../src/main/pool/pool.ts';
import type { Artifact } from '../../src/main/source/source-object.ts';
import { craftTar } from '../../test/support/crafted-tar.ts';

const APPS = 500;

/** Every app of a repository built, then again from a commit that has changed one: what the others cost. */
export async function measureMonorepo() {
  const pool = createPool({ workers: 1, workerMemoryMiB: 512 });
  const archives = new Map<string, Buffer>();
  const budget = createByteBudget(2 ** 30);
  const artifacts = new Artifacts({
    download: async ({ digest }) => new Uint8Array(archives.get(digest) ?? []).buffer,
    runTask: pool.run,
    budget,
    idleBytes: 2 ** 28,
  });
  const unwrapKeys = () => Promise.reject(new Error('nothing is encrypted here'));
  const builds = new Builds({ artifacts, budget, runTask: pool.run, unwrapKeys, cacheBytes: 2 ** 28 });
  const never = new AbortController().signal;
  const inPlace = <T>(_: string, wait: () => Promise<T>) => wait();

  function publish(changedApp: number | undefined): Artifact {
    const archive = craftTar(Object.entries(monorepo(changedApp)).map(([name, body]) => ({ name, body })));
    const digest = `sha256:${hash('sha256', archive)}`;
    archives.set(digest, archive);
    return { url: `http://bench/${digest}`, digest, revision: digest, sizeBytes: archive.length };
  }

  async function buildAll(artifact: Artifact, last: readonly BuiltStage[]) {
    const startedMs = performance.now();
    const built = await Promise.all(
      Array.from({ length: APPS }, (_, app) => builds.build(jobOf(app, artifact), last[app], inPlace, never)),
    );
    return { built, ms: performance.now() - startedMs };
  }

  try {
    const first = await buildAll(publish(undefined), []);
    const { hits: before, misses } = builds.stats;
    const second = await buildAll(publish(7), first.built);
    const hits = builds.stats.hits - before;
    if (hits !== APPS - 1 || builds.stats.misses !== misses + 1) throw new Error(`${hits} hits of ${APPS} apps`);
    return { apps: APPS, hits, firstMs: first.ms, secondMs: second.ms };
  } finally {
    await pool.close();
  }
}

function jobOf(app: number, artifact: Artifact): BuildJob {
  return {
    artifact,
    stage: { path: `apps/app-${app}/prod`, applyHelmHookResources: true, patches: [] },
    owner: { namespace: 'bench', name: `app-${app}`, stage: 'all' },
    applySetId: undefined,
    scopes: { clusterScoped: [], namespaced: [] },
    variables: [],
    decryption: undefined,
  };
}

/** A base that all share, and for each app a base of its own with an overlay. */
function monorepo(changedApp: number | undefined): Readonly<Record<string, string>> {
  const files: Record<string, string> = {
    'base/kustomization.yaml': 'resources: [quota.yaml]\n',
    'base/quota.yaml': 'apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: quota}\nspec: {hard: {pods: "10"}}\n',
  };
  for (let app = 0; app < APPS; app += 1) {
    const folder = `apps/app-${app}`;
    const tag = app === changedApp ? '2.0' : '1.0';
    files[`${folder}/base/kustomization.yaml`] = 'resources: [../../../base, deployment.yaml, service.yaml]\n';
    files[`${folder}/base/deployment.yaml`] =
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n` +
      `  template:\n    metadata: {labels: {app: web}}\n    spec: {containers: [{name: web, image: "web:${tag}"}]}\n`;
    files[`${folder}/base/service.yaml`] =
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n';
    files[`${folder}/prod/kustomization.yaml`] =
      `resources: [../base]\nnamespace: app-${app}\nnamePrefix: prod-\nlabels: [{pairs: {env: prod}}]\n`;
  }
  return files;
}
