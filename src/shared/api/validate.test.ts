import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSet } from './types.ts';
import type { ValidationOptions } from './validate/rule.ts';
import type { ViolationCode } from './validate/violation.ts';
import { validateStageSet } from './validate.ts';

/** One of each: every case below changes one thing in it. */
const valid: StageSet = {
  apiVersion: 'stages.metio.wtf/v1',
  kind: 'StageSet',
  metadata: { name: 'shop', namespace: 'shop' },
  spec: {
    interval: '10m',
    dependsOn: [{ name: 'platform', namespace: 'platform' }, { name: 'database' }],
    serviceAccountName: 'deployer',
    kubeConfig: { secretRef: { name: 'remote' } },
    decryption: { provider: 'sops', secretRef: { name: 'age' } },
    version: { fromObject: { stage: 'app', kind: 'Deployment', name: 'web' } },
    migrations: [
      {
        name: 'two',
        from: '1.*',
        to: '2.0.0',
        stage: 'app',
        actions: [{ name: 'move', job: { sourceRef: { name: 'jobs' } } }],
      },
    ],
    updateWindows: [
      { type: 'Deny', schedule: '0 9 * * MON-FRI', duration: '8h', timeZone: 'Europe/Berlin' },
      { type: 'Allow', from: '2026-01-01T00:00:00Z', to: '2026-12-31T00:00:00+01:00' },
    ],
    stages: [
      { name: 'infra', sourceRef: { name: 'infra' } },
      {
        name: 'app',
        sourceRef: { name: 'app', kind: 'JsonnetSnippet', apiVersion: 'jaas.metio.wtf/v1' },
        path: './overlays/../prod',
        patches: [{ patch: '- {op: replace, path: /spec/replicas, value: 6}', target: { kind: 'Deployment' } }],
        postBuild: { substitute: { cluster_name: 'eu' }, substituteFrom: [{ kind: 'Secret', name: 'vars' }] },
        conflictPolicy: { rules: [{ target: { kind: 'Job' }, action: 'Recreate' }] },
        readyChecks: {
          exprs: [{ apiVersion: 'db.example/v1', kind: 'Database', current: "status.phase == 'Running'" }],
        },
        actions: {
          pre: [{ name: 'gate', http: { url: 'https://gate.example/approve', expectedStatus: [200] } }],
          post: [{ name: 'settle', wait: { duration: '0s' } }],
        },
      },
    ],
  },
};

test('a sound StageSet has no violation', () => {
  assert.deepEqual(validateStageSet(valid), []);
});

const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const sourceRef = { name: 'jobs' };

// [what is put where, what is reported: code and, where it is not the same place, path]
type Case = readonly [path: string, value: unknown, code: ViolationCode, at?: string];

const cases: readonly Case[] = [
  // structure
  ['spec', undefined, 'WrongType'],
  ['spec', [], 'WrongType'],
  ['spec.interval', 5, 'WrongType'],
  ['spec.interval', '5', 'Malformed'],
  ['spec.interval', '0s', 'OutOfRange'],
  ['spec.retryInterval', '-1m', 'OutOfRange'],
  ['spec.driftDetectionInterval', '0', 'OutOfRange'],
  ['spec.timeout', '0m', 'OutOfRange'],
  ['spec.suspend', 'true', 'WrongType'],
  ['spec.serviceAccountName', 'system:admin', 'Malformed'],
  ['spec.serviceAccountName', '', 'Malformed'],
  ['spec.serviceAccountName', 'a'.repeat(254), 'OutOfRange'],
  ['spec.windowScope', 'Nothing', 'NotAllowed'],
  ['spec.stages', undefined, 'Missing'],
  ['spec.stages', {}, 'WrongType'],
  ['spec.stages[1].name', undefined, 'Missing'],
  ['spec.stages[0].name', 'app', 'Duplicate', 'spec.stages[1].name'],
  ['spec.stages[0].name', 'Infra', 'Malformed'],
  ['spec.stages[0].sourceRef', undefined, 'Missing'],
  ['spec.stages[0].sourceRef.name', '', 'OutOfRange'],
  ['spec.stages[0].__proto__', { prune: false }, 'ForbiddenKey'],
  ['spec.stages[1].timeout', '1 minute', 'Malformed'],
  ['spec.stages[1].actions.pre[0].retries', 101, 'OutOfRange'],
  ['spec.stages[1].actions.pre[0].retries', -1, 'OutOfRange'],
  ['spec.stages[1].actions.pre[0].retries', 1.5, 'WrongType'],
  ['spec.stages[1].actions.pre[0].name', 'a/b', 'Malformed'],
  [
    'spec.stages[1].actions.pre[1]',
    { name: 'gate', delete: { target } },
    'Duplicate',
    'spec.stages[1].actions.pre[1].name',
  ],
  // around the stages
  ['spec.dependsOn[1].name', 'shop', 'SelfReference', 'spec.dependsOn[1]'],
  ['spec.dependsOn[0]', { name: 'shop', namespace: 'shop' }, 'SelfReference'],
  ['spec.kubeConfig', {}, 'Incomplete'],
  ['spec.kubeConfig.configMapRef', { name: 'eks' }, 'NotSupported'],
  ['spec.kubeConfig', { configMapRef: {} }, 'NotSupported', 'spec.kubeConfig.configMapRef'],
  ['spec.decryption.provider', 'vault', 'NotAllowed'],
  ['spec.decryption.secretRef', {}, 'Missing', 'spec.decryption.secretRef.name'],
  ['spec.decryption.secretRef.name', '', 'OutOfRange'],
  // version and migrations
  ['spec.version', {}, 'ExactlyOne'],
  ['spec.version.value', '2.1.0', 'ExactlyOne', 'spec.version'],
  ['spec.version', { value: 'latest' }, 'BadVersion', 'spec.version.value'],
  ['spec.version', { value: 21 }, 'WrongType', 'spec.version.value'],
  ['spec.version.fromObject.stage', 'web', 'UnknownStage'],
  ['spec.version.fromObject.fieldPath', '{.data', 'BadJsonPath'],
  [
    'spec.version',
    { fromArtifact: { stage: 'web', path: 'VERSION' } },
    'UnknownStage',
    'spec.version.fromArtifact.stage',
  ],
  ...['/VERSION', '../VERSION', './VERSION', 'a//VERSION', 'a/', '.'].map((path): Case => {
    return ['spec.version', { fromArtifact: { stage: 'app', path } }, 'BadPath', 'spec.version.fromArtifact.path'];
  }),
  ['spec.version', undefined, 'NeedsVersion', 'spec.migrations'],
  ['spec.migrations[0].stage', 'web', 'UnknownStage'],
  ['spec.migrations[0].to', '2', 'BadVersion'],
  ['spec.migrations[0].from', '>=1,', 'BadConstraint'],
  ['spec.migrations[0].actions', undefined, 'Missing'],
  ['spec.migrations[0].actions[0].patch', { target, patch: '{}' }, 'ExactlyOne', 'spec.migrations[0].actions[0]'],
  [
    'spec.migrations[1]',
    { name: 'two', to: '3.0.0', stage: 'app', actions: [] },
    'Duplicate',
    'spec.migrations[1].name',
  ],
  // windows
  ['spec.updateWindows[0].type', 'Maybe', 'NotAllowed'],
  ['spec.updateWindows[0].schedule', undefined, 'Missing'],
  ['spec.updateWindows[0].duration', undefined, 'Missing'],
  ['spec.updateWindows[0].duration', '0s', 'OutOfRange'],
  ['spec.updateWindows[0].from', '2026-01-01T00:00:00Z', 'NotTogether', 'spec.updateWindows[0]'],
  ['spec.updateWindows[0]', { type: 'Deny' }, 'Incomplete'],
  ['spec.updateWindows[0].timeZone', 'Europe/Bielefeld', 'BadTimeZone'],
  ['spec.updateWindows[0].timeZone', '+02:00', 'BadTimeZone'],
  ...['0 9 * *', '0 0 9 * * *', '@daily', '60 * * * *', '0 9 * * MOON', ''].map((schedule): Case => {
    return ['spec.updateWindows[0].schedule', schedule, 'BadSchedule'];
  }),
  ['spec.updateWindows[1].to', undefined, 'Missing'],
  ['spec.updateWindows[1].to', '2026-01-01T00:00:00Z', 'OutOfRange'],
  ['spec.updateWindows[1].to', 'tomorrow', 'Malformed'],
  ['spec.updateWindows[1].to', '2026-02-30T00:00:00Z', 'Malformed'],
  // a stage
  ['spec.stages[1].sourceRef.apiVersion', undefined, 'NeedsApiVersion'],
  ['spec.stages[1].sourceRef.apiVersion', 'a/b/c', 'Malformed'],
  ['spec.stages[1].path', '../other', 'BadPath'],
  ['spec.stages[1].path', '/etc', 'BadPath'],
  ['spec.stages[1].path', 'a/../../b', 'BadPath'],
  ['spec.stages[1].path', 'a\0b', 'BadPath'],
  ...['', '[', 'text', '- {op: jump, path: /a}', '- {op: add, path: a}', '- {op: move, path: /a}', '- 1'].map(
    (patch): Case => {
      const code = patch === '' ? 'OutOfRange' : 'BadPatch';
      return ['spec.stages[1].patches[0].patch', patch, code];
    },
  ),
  ['spec.stages[1].postBuild.substitute', { 'a-b': 'c' }, 'Malformed', 'spec.stages[1].postBuild.substitute["a-b"]'],
  ['spec.stages[1].postBuild.substitute', { a: 1 }, 'WrongType', 'spec.stages[1].postBuild.substitute["a"]'],
  ['spec.stages[1].postBuild.substituteFrom[0].kind', 'Pod', 'NotAllowed'],
  ['spec.stages[1].conflictPolicy.default', 'Ignore', 'NotAllowed'],
  ...['PersistentVolumeClaim', 'PersistentVolume'].map((kind): Case => {
    const at = 'spec.stages[1].conflictPolicy.rules[0]';
    return [`${at}.target.kind`, kind, 'NeedsAllowDataLoss', `${at}.allowDataLoss`];
  }),
  ['spec.stages[1].readyChecks.exprs[0].current', 'status.phase =', 'BadExpression'],
  ['spec.stages[1].readyChecks.exprs[0].failed', '(', 'BadExpression'],
  ['spec.stages[1].readyChecks.exprs[0].inProgress', '('.repeat(9_000), 'BadExpression'],
  [
    'spec.stages[1].readyChecks.checks',
    [{ kind: 'Pod', name: 'a' }],
    'Missing',
    'spec.stages[1].readyChecks.checks[0].apiVersion',
  ],
  // an action
  ['spec.stages[1].actions.pre[0].http', undefined, 'ExactlyOne', 'spec.stages[1].actions.pre[0]'],
  ['spec.stages[1].actions.pre[0].delete', { target }, 'ExactlyOne', 'spec.stages[1].actions.pre[0]'],
  ['spec.stages[1].actions.pre[0].http.url', 'ftp://gate.example', 'Malformed'],
  ['spec.stages[1].actions.pre[0].http.url', 'https://gate:port', 'BadUrl'],
  ['spec.stages[1].actions.pre[0].http.method', 'FETCH', 'NotAllowed'],
  ['spec.stages[1].actions.pre[0].http.expectedStatus[0]', 99, 'OutOfRange'],
  [
    'spec.stages[1].actions.pre[0].http.headersFrom',
    [{ name: 'a', key: 'a b' }],
    'Malformed',
    'spec.stages[1].actions.pre[0].http.headersFrom[0].key',
  ],
  ...action(
    { http: { url: 'https://a.example', body: 'x', bodyFrom: { name: 'a', key: 'b' } } },
    'NotTogether',
    '.http.bodyFrom',
  ),
  ...action({ wait: {} }, 'Incomplete', '.wait'),
  ...action({ wait: { duration: '1s', target, expr: 'true' } }, 'NotTogether', '.wait'),
  ...action({ wait: { duration: '-1s' } }, 'OutOfRange', '.wait.duration'),
  ...action({ wait: { target } }, 'Missing', '.wait.expr'),
  ...action({ wait: { expr: 'true' } }, 'Missing', '.wait.target'),
  ...action({ wait: { target, expr: 'status.' } }, 'BadExpression', '.wait.expr'),
  ...action({ patch: { target, patch: '[]' } }, 'BadPatch', '.patch.patch'),
  ...action({ patch: { target, patch: '{}\n---\n{}' } }, 'BadPatch', '.patch.patch'),
  ...action({ patch: { target, patch: '{}', type: 'json6902' } }, 'BadPatch', '.patch.patch'),
  ...action({ patch: { target, patch: 'a: [' } }, 'BadPatch', '.patch.patch'),
  ...action({ job: { sourceRef, path: '../x' } }, 'BadPath', '.job.path'),
  ...action({ apply: { sourceRef: { name: 'a', kind: 'Snippet' } } }, 'NeedsApiVersion', '.apply.sourceRef.apiVersion'),
  ...action({ delete: {} }, 'Missing', '.delete.target'),
];

function action(body: object, code: ViolationCode, at: string): readonly Case[] {
  const path = 'spec.stages[1].actions.pre[0]';
  return [[path, { name: 'gate', ...body }, code, path + at]];
}

for (const [path, value, code, at = path] of cases) {
  test(`${path} = ${JSON.stringify(value)?.slice(0, 60)}: ${code}`, () => {
    const found = validateStageSet(changed(path, value));
    assert.deepEqual(
      found.map((violation) => [violation.path, violation.code]),
      [[at, code]],
    );
  });
}

/** The valid one with one thing put in place, or taken out. */
function changed(path: string, value: unknown): unknown {
  const copy = structuredClone(valid);
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
  const last = keys.pop() ?? '';
  let parent = copy as unknown as Record<string, unknown>;
  for (const key of keys) parent = parent[key] as Record<string, unknown>;
  if (value === undefined) delete parent[last];
  else Object.defineProperty(parent, last, { value, enumerable: true, configurable: true, writable: true });
  return copy;
}

test('what concerns a version is InvalidVersion, the rest InvalidSpec', () => {
  const reasonOf = (path: string, value: unknown) => validateStageSet(changed(path, value))[0]?.reason;
  assert.equal(reasonOf('spec.version', { value: 'latest' }), 'InvalidVersion');
  assert.equal(reasonOf('spec.version.fromObject.stage', 'web'), 'InvalidVersion');
  assert.equal(reasonOf('spec.version.fromObject.fieldPath', '{'), 'InvalidVersion');
  assert.equal(reasonOf('spec.migrations[0].to', '2'), 'InvalidVersion');
  assert.equal(reasonOf('spec.migrations[0].from', 'x y'), 'InvalidVersion');
  assert.equal(reasonOf('spec.migrations[0].stage', 'web'), 'InvalidSpec');
  assert.equal(reasonOf('spec.version', {}), 'InvalidSpec');
});

test('a kubeConfig of the wrong kind is refused here and fails the connection in a run', () => {
  assert.equal(validateStageSet(changed('spec.kubeConfig', {}))[0]?.atRunTime, 'connect');
  assert.equal(validateStageSet(changed('spec.kubeConfig.configMapRef', { name: 'eks' }))[0]?.atRunTime, 'connect');
});

test('a dependency in another namespace is refused only where the operator says so', () => {
  const options: ValidationOptions = { noCrossNamespaceRefs: true };
  const [found, ...more] = validateStageSet(valid, options);
  assert.deepEqual(
    [found?.path, found?.code, found?.atRunTime],
    ['spec.dependsOn[0].namespace', 'CrossNamespace', 'dependency'],
  );
  assert.deepEqual(more, []);
});

test('everything is reported at once, wrong fields hiding no others', () => {
  const set = structuredClone(valid) as unknown as {
    spec: Record<string, unknown> & { stages: Record<string, unknown>[] };
  };
  set.spec.interval = 5;
  set.spec.updateWindows = [{ type: 'Deny', schedule: 9, duration: '8h', timeZone: 'Mars/Olympus' }];
  set.spec.stages[0] = { sourceRef: { name: 'infra', kind: 'Snippet' }, path: '..' };
  assert.deepEqual(
    validateStageSet(set)
      .map(({ path }) => path)
      .toSorted(),
    [
      'spec.interval',
      'spec.stages[0].name',
      'spec.stages[0].path',
      'spec.stages[0].sourceRef.apiVersion',
      'spec.updateWindows[0].schedule',
      'spec.updateWindows[0].timeZone',
    ],
  );
});

test('what a newer version may have added is no violation, and null is as good as absent', () => {
  assert.deepEqual(validateStageSet(changed('spec.fleet', { size: 3 })), []);
  assert.deepEqual(validateStageSet(changed('spec.stages[0].patches', null)), []);
});

test('a patch whose aliases stand for millions is refused, and soon', () => {
  const levels = Array.from(
    { length: 40 },
    (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}, *a${level}]`,
  );
  const patches = Array(500).fill({ patch: ['a0: &a0 [x]', ...levels].join('\n') });
  const startedMs = performance.now();
  const found = validateStageSet(changed('spec.stages[1].patches', patches));
  assert.equal(found[0]?.code, 'BadPatch');
  assert.ok(performance.now() - startedMs < 20_000); // a tenth of a second; written out in full it would be minutes
});

test('the list of violations has an end', () => {
  const found = validateStageSet({ spec: { stages: Array(100_000).fill({}) } });
  assert.equal(found.length, 101);
  assert.equal(found.at(-1)?.code, 'TooMany');
});

test('messages show what was written, shortened', () => {
  const [found] = validateStageSet(changed('spec.windowScope', 'x'.repeat(10_000)));
  assert.match(found?.message ?? '', /must be one of Updates, All, not "x{64}…"$/);
});

test('no message quotes a patch, a body or a substitution value', () => {
  const secret = 'hunter2';
  for (const [path, value] of [
    ['spec.stages[1].patches[0].patch', `*${secret}`],
    ['spec.stages[1].patches[0].patch', `!${secret} a`],
    ['spec.stages[1].actions.pre[0].http.body', [secret]],
    ['spec.stages[1].postBuild.substitute', { a: [secret] }],
  ] as const) {
    const found = validateStageSet(changed(path, value));
    assert.equal(found.length, 1);
    assert.doesNotMatch(JSON.stringify(found), new RegExp(secret));
  }
});
