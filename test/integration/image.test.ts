import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, cp, link, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, matchesGlob } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { configMap, oneStage, startScene, succeeded } from '../harness/scene.ts';
import { parseDockerfile } from '../support/image/dockerfile.ts';
import { buildLayers, type Layers, linkTree, placeOf, runIn } from '../support/image/layers.ts';

// There is no container here: each step of the Dockerfile is taken in a folder that stands for /app.

const root = join(import.meta.dirname, '..', '..');
const stages = parseDockerfile(await readFile(join(root, 'Dockerfile'), 'utf8'));
const last = stages.at(-1) ?? assert.fail();

let layers: Layers;
let workshop: string;

before(async () => {
  layers = await buildLayers(stages);
  workshop = await mkdtemp(join(tmpdir(), 'image-test-')); // not in somebody's home, which only that user may enter
  await chmod(workshop, 0o755);
});

after(async () => {
  await rm(workshop, { recursive: true });
});

const [env = assert.fail()] = last.steps.flatMap((step) => (step.is === 'ENV' ? [step] : []));
const [user = assert.fail()] = last.steps.flatMap((step) => (step.is === 'USER' ? [step] : []));
const [entry = assert.fail()] = last.steps.flatMap((step) => (step.is === 'ENTRYPOINT' ? [step] : []));

/** The folder that is /app in the image, which nobody can write to. */
async function assembled(t: TestContext): Promise<string> {
  const app = join(workshop, 'app');
  await mkdir(app);
  t.after(() => runIn(workshop, 'find app -type d -exec chmod u+w {} + && rm -rf app'));
  for (const step of last.steps) {
    if (step.is !== 'COPY') continue;
    for (const source of step.sources) {
      if (step.from === undefined) await cp(join(root, source), placeOf(source, step.to, app), { recursive: true });
      else await linkTree(source.replace(/^\/app/, layers.get(step.from) ?? assert.fail()), join(app, step.to));
    }
  }
  await runIn(app, 'find . -type d -exec chmod a-w {} +');
  return app;
}

/** Who is root becomes the user of the image. */
function userOf(value: string): { readonly uid?: number; readonly gid?: number } {
  const [, uid, gid] = /^([1-9]\d*):([1-9]\d*)$/.exec(value) ?? assert.fail(`${value} is somebody without privileges`);
  return process.getuid?.() === 0 ? { uid: Number(uid), gid: Number(gid) } : {};
}

test('the image starts Node.js as bin/stageset-controller does', async () => {
  const script = await readFile(join(root, 'bin', 'stageset-controller'), 'utf8');
  const [, flags = ''] = /^set -- (.+) "\$entry"/m.exec(script) ?? [];
  assert.deepEqual(entry.command.slice(1, -1), flags.split(' '));
});

test('what the Dockerfile builds runs as nobody, from where nothing can be written, and rolls out', async (t) => {
  const scene = await startScene(t);
  const app = await assembled(t);
  const kubeconfig = join(workshop, 'kubeconfig');
  await copyFile(scene.controllerKubeconfig, kubeconfig);
  await chmod(kubeconfig, 0o644);
  const [command, ...args] = entry.command.map((word) => word.replace(/^\/app/, app));
  assert.equal(command, 'node');
  const child = spawn(
    await nodeForAll(),
    [
      ...args,
      `--kubeconfig=${kubeconfig}`,
      '--allow-loopback-artifacts',
      '--enable-webhook=false',
      ...['metrics', 'health-probe', 'gate'].map((what) => `--${what}-bind-address=127.0.0.1:0`),
    ],
    {
      cwd: app,
      env: Object.fromEntries(env.values),
      stdio: ['ignore', 'pipe', 'inherit'],
      ...userOf(user.value),
    },
  );
  const log = logOf(t, child);
  const port = await eventually(() => /"msg":"serving probes".*?"port":(\d+)/.exec(log())?.[1] ?? assert.fail(log()));
  const probe = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  assert.equal(await probe('/healthz'), 200);
  await eventually(async () => assert.equal(await probe('/readyz'), 200));

  await scene.publish('app', [configMap('a')]);
  await scene.roll('app', oneStage('app'));
  await scene.settled('app', succeeded);

  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('the package is small, and npx runs stagesetctl from it without a network', async (t) => {
  const packed = join(workshop, 'package');
  await mkdir(packed);
  const { files } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  for (const name of ['package.json', 'README.md', 'LICENSE', ...files.filter((each: string) => each !== 'dist')]) {
    await cp(join(root, name), join(packed, name), { recursive: true });
  }
  await linkTree(join(layers.get('build') ?? '', 'dist'), join(packed, 'dist'));
  const [{ filename, size, files: inside }] = JSON.parse(
    (await runIn(packed, 'npm pack --ignore-scripts --json')).stdout,
  );
  assert.ok(size < 2e6, `${size} bytes`);
  const paths = inside.map(({ path }: { readonly path: string }) => path);
  assert.deepEqual(
    paths.filter((path: string) => !/^(bin|completions|dist|crds)\/|^(package\.json|README\.md|LICENSE)$/.test(path)),
    [],
  );
  assert.deepEqual(
    paths.filter((path: string) => /\.test\./.test(path)),
    [],
  );

  const project = join(workshop, 'project');
  const installed = join(project, 'node_modules', 'stageset-controller');
  await mkdir(project);
  t.after(() => rm(project, { recursive: true }));
  await linkTree(join(layers.get('dependencies') ?? '', 'node_modules'), join(project, 'node_modules'));
  await mkdir(installed);
  await runIn(project, `tar -xzf '${join(packed, filename)}' --strip-components=1 -C '${installed}'`);
  await runIn(project, 'npm rebuild --ignore-scripts --offline stageset-controller'); // links what `bin` names
  const { stdout } = await runIn(project, 'npx --offline --no -- stagesetctl --version');
  assert.match(stdout, /^0\.\d+\.\d+ \(commit \w+\)\n$/);
  assert.match((await runIn(project, 'npx --offline --no -- stageset-controller --help')).stdout, /--watch-namespaces/);
});

test('nothing that is copied is left out of the build context, and little else is in it', async () => {
  const patterns = (await readFile(join(root, '.dockerignore'), 'utf8'))
    .split('\n')
    .filter((line) => /^[^#]/.test(line));
  /** The last pattern that fits decides; a folder's decides for what is in it. */
  const isIn = (path: string) => {
    const ways = path.split('/').map((_, i, parts) => parts.slice(0, i + 1).join('/'));
    const fitting = patterns.filter((pattern) => ways.some((way) => matchesGlob(way, pattern.replace(/^!/, ''))));
    return fitting.at(-1)?.startsWith('!') === true;
  };
  const copied = stages
    .flatMap(({ steps }) => steps)
    .flatMap((step) => (step.is === 'COPY' && step.from === undefined ? step.sources : []));
  assert.deepEqual(
    copied.filter((path) => !isIn(path)),
    [],
  );
  for (const path of [
    'node_modules/undici/package.json',
    '.git/HEAD',
    '.cache/x',
    'dist/main/main.js',
    'src/main/log/log.test.ts',
    'test/x.ts',
    'tools/test.ts',
  ]) {
    assert.equal(isIn(path), false, path);
  }
});

test('no registry is named', async () => {
  for (const { from } of stages) assert.match(from, /^\$\{(BUILD|RUN)_IMAGE\}$|^compiler$/);
  const text = await readFile(join(root, 'Dockerfile'), 'utf8');
  assert.match(text, /^ARG BUILD_IMAGE=node:24-slim\nARG RUN_IMAGE=node:24-slim$/m);
});

/** Whoever runs the image can read this one; ours may lie in somebody's home. */
async function nodeForAll(): Promise<string> {
  const node = join(workshop, 'node');
  await link(process.execPath, node).catch(() => copyFile(process.execPath, node));
  return node;
}

function logOf(t: TestContext, child: ChildProcess): () => string {
  t.after(() => child.kill('SIGKILL'));
  let log = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  return () => log;
}
