// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Flux's references
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { packFiles } from '../../shared/protocol/file-map.ts';
import type { StageBuild } from '../../shared/protocol/tasks.ts';
import type { Unwrapped, WantedKeys } from '../../shared/sops/unwrapped.ts';
import type { Reservation } from '../pool/budget.ts';
import { type ByteBudget, createByteBudget } from '../pool/byte-budget.ts';
import { createPool } from '../pool/pool.ts';
import type { Artifact } from '../source/source-object.ts';
import type { Artifacts } from './artifacts.ts';
import type { BuildJob } from './build-job.ts';
import { Builds, type BuiltStage, type HeldBodies, type Park } from './builds.ts';

type Files = Readonly<Record<string, string>>;

const never = new AbortController().signal;
const configMap = (name: string, data = '{a: b}') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: ${data}\n`;
const plot = 'apiVersion: example.org/v1\nkind: Plot\nmetadata: {name: p}\n';

const monorepo: Files = {
  'apps/shop/kustomization.yaml': 'resources: [../../base, own.yaml]\n',
  'apps/shop/own.yaml': configMap('own', '{a: "${greeting}"}'),
  'apps/other/own.yaml': configMap('other'),
  'base/a.yaml': configMap('base'),
  'base/kustomization.yaml': 'resources: [a.yaml]\n',
  'plain/deep/p.yaml': plot,
};

interface Scene {
  readonly builds: Builds;
  /** A job for these files. */
  job(files: Files, changes?: Partial<BuildJob>, stage?: Partial<StageBuild>): BuildJob;
  /** Whether `next` was answered by the build of `first`. */
  isHit(first: BuildJob, next: BuildJob): Promise<boolean>;
  build(job: BuildJob, last?: BuiltStage): Promise<BuiltStage>;
  bodies(job: BuildJob, built: BuiltStage): Promise<string>;
  hold(job: BuildJob, built: BuiltStage, park?: Park): Promise<HeldBodies>;
  readonly budget: ByteBudget;
  readonly asked: WantedKeys[];
}

function scene(t: TestContext, { cacheBytes = 2 ** 20, unwrapped = [] as readonly Unwrapped[] } = {}): Scene {
  const pool = createPool({ workers: 1, workerMemoryMiB: 128 });
  t.after(() => pool.close());
  const artifacts = new Map<string, SharedArrayBuffer>();
  const budget = createByteBudget(2 ** 20);
  const unpacked = {
    async use(
      artifact: Artifact,
      _: AbortSignal,
      work: (files: SharedArrayBuffer, share: Reservation) => Promise<unknown>,
    ) {
      using share = await budget.reserve(1);
      return await work(artifacts.get(artifact.digest)!, share);
    },
  } as Pick<Artifacts, 'use'> as Artifacts;
  const asked: WantedKeys[] = [];
  const unwrapKeys = async (keys: WantedKeys) => {
    asked.push(keys);
    return unwrapped;
  };
  const builds = new Builds({ artifacts: unpacked, budget, runTask: pool.run, unwrapKeys, cacheBytes });
  const inPlace = <T>(_: string, wait: () => Promise<T>) => wait();

  function job(files: Files, changes: Partial<BuildJob> = {}, stage: Partial<StageBuild> = {}): BuildJob {
    const digest = hash('sha256', JSON.stringify(files));
    artifacts.set(digest, packFiles(new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))));
    return {
      artifact: { url: `http://a/${digest}`, digest, revision: digest, sizeBytes: 1 },
      stage: { path: 'apps/shop', applyHelmHookResources: true, patches: [], ...stage },
      owner: { namespace: 'team', name: 'shop', stage: 'app' },
      applySetId: undefined,
      scopes: { clusterScoped: [], namespaced: [] },
      variables: [{ name: 'greeting', value: 'hello', secret: false }],
      decryption: undefined,
      ...changes,
    };
  }

  const build = (of: BuildJob, last?: BuiltStage) => builds.build(of, last, inPlace, never);
  return {
    builds,
    job,
    build,
    asked,
    async isHit(first, next) {
      const last = await build(first);
      const { misses } = builds.stats;
      const built = await build(next, last);
      const isHit = builds.stats.misses === misses;
      assert.equal(isHit, built.summary === last.summary);
      // What is served from memory is what a build from nothing gives.
      const fresh = await build(next);
      assert.deepEqual({ ...built.summary }, { ...fresh.summary });
      return isHit;
    },
    async bodies(of, built) {
      using held = await builds.bodies(of, built, inPlace, never);
      return Buffer.from(held.bytes).toString();
    },
    hold: (of, built, park = inPlace) => builds.bodies(of, built, park, never),
    budget,
  };
}

const hits: readonly (readonly [what: string, of: (scene: Scene) => readonly [BuildJob, BuildJob]])[] = [
  ['nothing', ({ job }) => [job(monorepo), job(monorepo)]],
  [
    'a file of another app',
    ({ job }) => [job(monorepo), job({ ...monorepo, 'apps/other/own.yaml': configMap('new') })],
  ],
  ['a new file nobody lists', ({ job }) => [job(monorepo), job({ ...monorepo, 'apps/shop/notes.yaml': 'x: y' })]],
  [
    'where the artifact is served',
    ({ job }) => {
      const first = job(monorepo);
      return [first, { ...first, artifact: { ...first.artifact, url: 'http://elsewhere/x' } }];
    },
  ],
  [
    'the scope of a kind that it has not',
    ({ job }) => [job(monorepo), job(monorepo, { scopes: { clusterScoped: ['example.org/Plot'], namespaced: [] } })],
  ],
];

for (const [what, of] of hits) {
  test(`a hit: ${what} changes`, async (t) => {
    const own = scene(t);
    assert.equal(await own.isHit(...of(own)), true);
  });
}

const plain = { path: 'plain' };
const misses: readonly (readonly [what: string, of: (scene: Scene) => readonly [BuildJob, BuildJob]])[] = [
  [
    'a file that it read',
    ({ job }) => [job(monorepo), job({ ...monorepo, 'base/a.yaml': configMap('base', '{x: y}') })],
  ],
  [
    'its kustomization',
    ({ job }) => [job(monorepo), job({ ...monorepo, 'base/kustomization.yaml': 'resources: [./a.yaml]\n' })],
  ],
  [
    'a name that it missed',
    ({ job }) => [
      job(monorepo, {}, plain),
      job(
        {
          ...monorepo,
          'plain/kustomization.yaml': 'resources: [deep]\n',
          'plain/deep/kustomization.yml': 'resources: [p.yaml]\n',
        },
        {},
        plain,
      ),
    ],
  ],
  [
    'a directory that it listed',
    ({ job }) => [job(monorepo, {}, plain), job({ ...monorepo, 'plain/deep/q.yaml': configMap('q') }, {}, plain)],
  ],
  ['its path', ({ job }) => [job(monorepo), job(monorepo, {}, { path: 'apps/other' })]],
  [
    'its patches',
    ({ job }) => [job(monorepo), job(monorepo, {}, { patches: [{ patch: configMap('own', '{c: d}') }] })],
  ],
  ['an option', ({ job }) => [job(monorepo), job(monorepo, {}, { applyHelmHookResources: false })]],
  [
    'a variable',
    ({ job }) => [job(monorepo), job(monorepo, { variables: [{ name: 'greeting', value: 'bye', secret: false }] })],
  ],
  [
    'whether a variable is secret',
    ({ job }) => [job(monorepo), job(monorepo, { variables: [{ name: 'greeting', value: 'hello', secret: true }] })],
  ],
  [
    'the key',
    ({ job }) => [job(monorepo, { decryption: keys('a.agekey') }), job(monorepo, { decryption: keys('b.agekey') })],
  ],
  [
    'the account that asks key services',
    ({ job }) => [
      job(monorepo, { decryption: keys() }),
      job(monorepo, { decryption: { ...keys(), account: 'other' } }),
    ],
  ],
  ['whether files are decrypted', ({ job }) => [job(monorepo), job(monorepo, { decryption: keys() })]],
  [
    'the namespace',
    ({ job }) => [job(monorepo), job(monorepo, { owner: { namespace: 'x', name: 'shop', stage: 'app' } })],
  ],
  ['the name', ({ job }) => [job(monorepo), job(monorepo, { owner: { namespace: 'team', name: 'x', stage: 'app' } })]],
  [
    'the stage',
    ({ job }) => [job(monorepo), job(monorepo, { owner: { namespace: 'team', name: 'shop', stage: 'x' } })],
  ],
  ['the inventory mode', ({ job }) => [job(monorepo), job(monorepo, { applySetId: 'applyset-x-v1' })]],
  [
    'the scope of a kind that it has',
    ({ job }) => [
      job(monorepo, {}, plain),
      job(monorepo, { scopes: { clusterScoped: ['example.org/Plot'], namespaced: [] } }, plain),
    ],
  ],
  [
    'an earlier stage that brings a kind of its own',
    ({ job }) => {
      const clusterScoped = ['example.org/Plot'];
      const first = job(monorepo, { scopes: { clusterScoped, namespaced: [] } }, plain);
      return [first, { ...first, scopes: { clusterScoped, namespaced: ['example.org/Plot'] } }];
    },
  ],
];

for (const [what, of] of misses) {
  test(`a miss: ${what} changes`, async (t) => {
    const own = scene(t);
    assert.equal(await own.isHit(...of(own)), false);
  });
}

function keys(...names: readonly string[]): NonNullable<BuildJob['decryption']> {
  const identity = 'AGE-SECRET-KEY-1DGYC2X5KYUDQQ43X09ZJSUTFH38PSLQNS5D4LRAPEL6VF64QSZYQJTYCU4';
  return { entries: new Map(names.map((name) => [name, identity])), account: 'team' };
}

test('bodies that were dropped are built again, the same', async (t) => {
  const { job, build, bodies, builds } = scene(t, { cacheBytes: 1 });
  const of = job(monorepo);
  const built = await build(of);
  assert.equal(builds.stats.bytes, 0);
  const text = await bodies(of, built);
  const { offset, length } = built.summary.objects[0]!;
  assert.equal(JSON.parse(text.slice(offset, offset + length)).metadata.name, 'base');
  assert.equal(await bodies(of, built), text);
  assert.equal(builds.stats.misses, 3);
});

for (const [what, cacheBytes] of [
  ['kept', 2 ** 20],
  ['built again', 1],
] as const) {
  test(`bodies that were ${what} count in the byte budget for as long as they are held`, async (t) => {
    const { job, build, hold, budget } = scene(t, { cacheBytes });
    const of = job(monorepo);
    const built = await build(of);
    assert.equal(budget.reserved, 0);
    {
      using bodies = await hold(of, built);
      assert.ok(bodies.bytes.byteLength > 0);
      assert.equal(budget.reserved, bodies.bytes.byteLength);
    }
    assert.equal(budget.reserved, 0);
  });

  test(`bodies that were ${what} count no more when their run gets no slot to go on with`, async (t) => {
    const { job, build, hold, budget } = scene(t, { cacheBytes });
    const of = job(monorepo);
    const built = await build(of);
    const superseded: Park = async (_, wait) => {
      await wait();
      throw new Error('superseded');
    };
    await assert.rejects(hold(of, built, superseded), /superseded/);
    assert.equal(budget.reserved, 0);
  });
}

test('what bears secrets is dropped before what does not', async (t) => {
  const { job, build, bodies, builds } = scene(t, { cacheBytes: 1_200 });
  const files = {
    'a/a.yaml': configMap('a'),
    's/s.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: b}\n',
    'b/b.yaml': configMap('b', `{x: ${'x'.repeat(600)}}`),
  };
  const [plainJob, secretJob, largeJob] = ['a', 's', 'b'].map((path) => job(files, {}, { path })) as [
    BuildJob,
    BuildJob,
    BuildJob,
  ];
  const first = await build(plainJob);
  const secret = await build(secretJob);
  await build(largeJob);
  const { misses: before } = builds.stats;
  await bodies(plainJob, first);
  assert.equal(builds.stats.misses, before, 'older, and still there');
  await bodies(secretJob, secret);
  assert.equal(builds.stats.misses, before + 1);
});

test('keys that a service holds are asked for, and the build goes on with the answers', async (t) => {
  const vault = {
    type: 'hc_vault',
    address: 'https://vault',
    enginePath: 'sops',
    keyName: 'k',
    enc: 'vault:v1:x',
  } as const;
  const { job, build, asked } = scene(t, {
    unwrapped: [{ key: vault, outcome: { is: 'closed', because: 'permission denied' } }],
  });
  const sops = {
    hc_vault: [
      {
        vault_address: vault.address,
        engine_path: vault.enginePath,
        key_name: vault.keyName,
        enc: vault.enc,
        created_at: '2030-01-01T00:00:00Z',
      },
    ],
    lastmodified: '2030-01-01T00:00:00Z',
    mac: 'ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]',
    version: '3.9.0',
  };
  const file = JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a' },
    data: { a: sops.mac },
    sops,
  });
  await assert.rejects(build(job({ 'apps/shop/a.json': file }, { decryption: keys() })), (error) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, /"apps\/shop\/a\.json" cannot be decrypted: .*permission denied/);
    return true;
  });
  assert.deepEqual(asked, [[[vault]]]);
});

test('a key that is none is named, without its content', async (t) => {
  const { job, build } = scene(t);
  const decryption = { entries: new Map([['x.agekey', 'hunter2']]), account: '' };
  await assert.rejects(build(job(monorepo, { decryption })), {
    code: 'badKeys',
    message: /^entry "x\.agekey": its age identity 1/,
  });
});
