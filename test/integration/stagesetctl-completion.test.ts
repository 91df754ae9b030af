import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { type Scene, stagesOf, startScene } from '../harness/scene.ts';
import { folderWith, program, stagesetctl, stagesetctlAt } from '../harness/stagesetctl.ts';

async function startShops(t: Parameters<typeof startScene>[0]): Promise<Scene> {
  const scene = await startScene(t);
  for (const name of ['payments', 'platform']) await scene.roll(name, { ...stagesOf('db', 'web'), suspend: true });
  return scene;
}

/** What bash offers at the end of this line, with the script of the real program. */
async function completed(line: string, { plane }: Scene): Promise<readonly string[]> {
  const script = [
    'source <(stagesetctl completion bash)',
    'COMP_POINT=${' + '#COMP_LINE}',
    '__stagesetctl_complete',
    'printf "%s\\n" "${' + 'COMPREPLY[@]}"',
  ].join('\n');
  const env = {
    PATH: `${dirname(program)}${delimiter}${process.env.PATH}`,
    KUBECONFIG: plane.kubeconfigPath,
    COMP_LINE: line,
  };
  const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-c', script], { env });
  assert.equal(stderr, '');
  return stdout.split('\n').filter((each) => each !== '');
}

test('bash completes commands, flags, and names as they are on the cluster', async (t) => {
  const scene = await startShops(t);
  const { namespace } = scene;
  const at = `-n ${namespace}`;
  for (const [line, wanted] of [
    ['stagesetctl rec', ['reconcile']],
    ['stagesetctl help rec', ['reconcile']],
    ['stagesetctl get --all', ['--all-namespaces']],
    [`stagesetctl get ${at} p`, ['payments', 'platform']],
    [`stagesetctl suspend ${at} pay`, ['payments']],
    [`stagesetctl reconcile payments ${at} --stage `, ['db', 'web']],
    [`stagesetctl reconcile payments ${at} --stage=w`, ['web']],
    [`stagesetctl get -n ${namespace.slice(0, -1)}`, [namespace]],
    ['stagesetctl get --context ', ['admin', 'controller']],
    ['stagesetctl get -o ', ['json', 'yaml', 'wide']],
    ['stagesetctl get --kubeconfig /nowhere ', []],
  ] as const) {
    assert.deepEqual(await completed(line, scene), wanted, line);
  }
});

test('kubectl runs it as a plugin, and completes it', async (t) => {
  const scene = await startShops(t);
  const { plane, namespace } = scene;
  const folder = await folderWith({ 'on-the-path': '' });
  const named = (name: string) => join(folder, name);
  await symlink(program, named('kubectl-stageset'));
  await symlink(join(dirname(program), 'kubectl_complete-stageset'), named('kubectl_complete-stageset'));
  const env = { PATH: `${folder}${delimiter}${process.env.PATH}`, KUBECONFIG: plane.kubeconfigPath, HOME: folder };
  const kubectl = async (...args: readonly string[]) =>
    (await promisify(execFile)(plane.toolset.binary('kubectl'), args, { env })).stdout;
  assert.equal(await kubectl('stageset', 'get', '-n', namespace), (await stagesetctlAt(scene)('get')).stdout);
  assert.equal(await kubectl('__complete', 'stageset', 'get', '-n', namespace, 'pay'), 'payments\n:4\n');
});

test('without a cluster there is nothing to offer, and nothing to complain of', async () => {
  const { code, stdout, stderr } = await stagesetctl(['__complete', 'get', '']);
  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: ':4\n', stderr: '' });
});

test('each shell has its script, and any other is wrong usage', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout } = await stagesetctl(['completion', shell]);
    assert.equal(code, 0);
    assert.match(stdout, /^#.*\n[\s\S]*__complete/);
  }
  const { code, stderr } = await stagesetctl(['completion', 'csh']);
  assert.equal(code, 2);
  assert.match(stderr, /Allowed choices are bash, zsh, fish: see --help\n$/);
});

test('--version names version and commit, --help every command with examples', async () => {
  assert.match((await stagesetctl(['--version'])).stdout, /^\d+\.\d+\.\d+\S* \(commit [0-9a-f]{7,40}\)\n$/);
  const { stdout } = await stagesetctl(['--help']);
  assert.match(stdout, /\nExamples:\n {2}\S/);
  const commands = (await stagesetctl(['__complete', ''])).stdout.split('\n').slice(0, -2);
  for (const line of commands) {
    const [name = ''] = line.split('\t');
    assert.ok(stdout.includes(`\n  ${name} `), name);
    const help = await stagesetctl([name, '--help']);
    assert.match(help.stdout, /\nExamples:\n {2}\S/, name);
    assert.deepEqual(await stagesetctl(['help', name]), help);
  }
  assert.deepEqual(await stagesetctl(['help']), { code: 0, stdout, stderr: '' });
  const says = 'stagesetctl: there is no command "gte": see --help\n';
  assert.deepEqual(await stagesetctl(['help', 'gte']), { code: 2, stdout: '', stderr: says });
});
