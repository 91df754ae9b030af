import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Reason, reasons } from '../../shared/api/reasons.ts';
import type { StageSet, StageSetSpec, StageSetStatus } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import type { Evidence, Trouble } from './evidence.ts';
import { explain } from './explain.ts';

const nowMs = Date.parse('2026-01-01T12:00:00Z');
const stuck: Trouble = { text: 'Deployment shop/web (Available: 0/1)', next: ['kubectl', 'describe', 'x'], others: 0 };

/** A cluster on which there is nothing to find, but for what a test puts there. */
function evidence(found: Partial<Evidence> = {}): Evidence {
  return {
    nowMs,
    controller: async () => ({ is: 'running', holder: 'it', namespace: 'flux-system' }),
    trouble: async () => undefined,
    lingering: async () => undefined,
    lastWarning: async () => undefined,
    jobTrouble: async () => undefined,
    stageSet: async () => undefined,
    resourceName: ({ kind }) => `${kind.toLowerCase()}s`,
    resourceNameOfKind: (kind) => `${kind.toLowerCase()}s`,
    ...found,
  };
}

interface Given {
  readonly reason?: string;
  readonly message?: string;
  readonly spec?: Partial<StageSetSpec>;
  readonly status?: Partial<StageSetStatus>;
  readonly metadata?: Partial<StageSet['metadata']>;
  readonly doing?: string;
}

function setOf({ reason = 'Succeeded', message = 'm', spec, status, metadata, doing }: Given = {}): StageSet {
  const common = { observedGeneration: 2, lastTransitionTime: '2026-01-01T00:00:00Z', message };
  const ready = reasons[reason as Reason]?.ready ?? 'False';
  return {
    apiVersion: 'stages.metio.wtf/v1',
    kind: 'StageSet',
    metadata: { name: 'shop', namespace: 'shop', generation: 2, finalizers: [keys.finalizer], ...metadata },
    spec: { stages: [{ name: 'app', sourceRef: { name: 'app' } }], retryInterval: '5m', ...spec },
    status: {
      observedGeneration: 2,
      conditions: [
        { ...common, type: 'Ready', status: ready, reason },
        ...(doing === undefined
          ? []
          : [{ ...common, type: 'Reconciling', status: 'True' as const, reason: 'Progressing', message: doing }]),
      ],
      ...status,
    },
  };
}

/** What is said, and the command, of each reason with the message that a run leaves. */
const answers: Readonly<Record<Reason, readonly [message: string, says: RegExp, next: RegExp]>> = {
  Succeeded: ['All 1 stages applied', /is Ready: All 1 stages applied\.$/, /^stagesetctl tree shop/],
  Suspended: ['suspended', /is suspended/, /^stagesetctl resume shop/],
  InvalidSpec: ['spec.x: bad', /as it is written: spec\.x: bad\. Nothing is tried again before/, /-o yaml$/],
  InvalidVersion: ['spec.version: bad', /as it is written: spec\.version: bad\. Nothing/, /-o yaml$/],
  DowngradeRequiresMigration: ['1 is below 2', /as it is written: 1 is below 2\. Nothing/, /-o yaml$/],
  Stalled: ['a → b → a', /is stalled: a → b → a\. Nothing is tried again before a StageSet/, /DEPENDS ON/],
  DependencyNotReady: ['waiting for "x"', /waits: waiting for "x"\. It goes on by itself/, /^kubectl get stagesets/],
  SourceNotReady: [
    'stage "app": it is not ready',
    /waits: .*is not ready\. It goes on/,
    /describe externalartifacts app/,
  ],
  ArtifactNotFound: ['stage "app": no such', /waits: .*no such\. It goes on/, /get externalartifacts -n shop$/],
  ResolveFailed: ['cross-namespace', /cannot find its source: cross-namespace\. It goes on/, /get externalartifacts/],
  UpdateDeferred: ['until 2099', /waits: until 2099\. It goes on by itself when a window/, /reconcile .*--update-now$/],
  StageFailed: [
    'stage "app" failed: build: x',
    /failed at its stage "app": build: x\. .*every 5m/,
    /^stagesetctl build/,
  ],
  PreviousRevisionUnavailable: ['gone', /cannot be put back: gone\. It is tried again every 5m/, /^kubectl describe/],
};

describe('every reason has an answer', () => {
  for (const reason of Object.keys(reasons) as Reason[]) {
    const [message, says, next] = answers[reason];
    test(reason, async () => {
      const answer = await explain(setOf({ reason, message }), evidence());
      assert.match(answer.text, says);
      assert.match(answer.text, /^StageSet shop\/shop /);
      assert.match(answer.text, /[^.]\.$/);
      assert.match(answer.next.join(' '), next);
    });
  }

  test('one of a newer controller too', async () => {
    const { text } = await explain(setOf({ reason: 'NotYetApproved', message: 'ask ann' }), evidence());
    assert.match(text, /is not Ready \(NotYetApproved\): ask ann\.$/);
  });
});

/** What a stage failed at, and where to look then. */
const failures: readonly [what: string, given: Given, next: RegExp][] = [
  ['fetch artifact: no route', {}, /^kubectl describe externalartifacts app/],
  [
    'configure decryption: Secret shop/keys does not exist',
    { spec: { decryption: { provider: 'sops', secretRef: { name: 'keys' } } } },
    /^kubectl get secrets --field-selector metadata\.name=keys -n shop$/,
  ],
  [
    'connect to target cluster: no key "value"',
    { spec: { kubeConfig: { secretRef: { name: 'remote' } } } },
    /^kubectl get secrets --field-selector metadata\.name=remote/,
  ],
  ['apply: ConfigMap shop/a: spec is wrong', {}, /^stagesetctl build shop -n shop --stage app$/],
  [
    'apply: Pod shop/a: pods "a" is forbidden: exceeded quota: few, requested: pods=1',
    {},
    /^kubectl describe resourcequotas few -n shop$/,
  ],
  [
    'apply: Namespace x: User "ann" cannot patch resource "namespaces" in API group "" at the cluster scope',
    {},
    /^kubectl get clusterrolebindings -o wide$/,
  ],
  [
    'apply: Deployment shop/web: Apply failed with 1 conflict: conflict with "kubectl": .spec.replicas',
    {},
    /^kubectl get deployments web -n shop --show-managed-fields -o yaml$/,
  ],
  [
    'apply: Service shop/web: immutable and changed: spec.clusterIP (conflict policy Fail)',
    {},
    /^kubectl get services web -n shop --show-managed-fields -o yaml$/,
  ],
  ['apply: ConfigMap x/a: namespaces "x" not found', {}, /^kubectl get namespaces$/],
  ['apply: Pod shop/a: failed calling webhook "w": refused', {}, /webhookconfigurations$/],
  ['prune: cannot delete ConfigMap shop/a: it is held', {}, /^kubectl describe stagesets/],
  ['verify: timed out after 2s', {}, /^stagesetctl tree shop/],
  [
    'pre action "warm": answered 500',
    { spec: { stages: [{ name: 'app', sourceRef: { name: 'app' }, actions: { pre: [{ name: 'warm' }] } }] } },
    /^kubectl describe stagesets/,
  ],
];

describe('a stage that failed', () => {
  for (const [what, given, next] of failures) {
    test(what, async () => {
      const set = setOf({ ...given, reason: 'StageFailed', message: `stage "app" failed: ${what}` });
      const answer = await explain(set, evidence());
      assert.ok(answer.text.includes(what), answer.text);
      assert.match(answer.next.join(' '), next);
    });
  }

  test('in verify: the object that is stuck now is the answer', async () => {
    const set = setOf({ reason: 'StageFailed', message: 'stage "app" failed: verify: timed out after 2s' });
    const { text, next } = await explain(set, evidence({ trouble: async () => ({ ...stuck, others: 2 }) }));
    assert.match(text, /at its stage "app", which is not ready: Deployment .*; 2 more objects are not ready\. /);
    assert.equal(next, stuck.next);
  });

  test('in a migration: its Job is looked at', async () => {
    const job = { name: 'dump', job: { sourceRef: { name: 'jobs' } } };
    const migrations = [{ name: 'to-2', to: '2.0.0', stage: 'app', actions: [job] }];
    const message = 'stage "app" failed: migration "to-2": action "dump": failed';
    const asked: string[] = [];
    const jobTrouble = async (action: string) => {
      asked.push(action);
      return stuck;
    };
    const { next } = await explain(
      setOf({ reason: 'StageFailed', message, spec: { migrations } }),
      evidence({ jobTrouble }),
    );
    assert.deepEqual([asked, next], [['dump'], stuck.next]);
  });
});

describe('a StageSet', () => {
  test('is ready, but its objects are no longer', async () => {
    const { text } = await explain(setOf(), evidence({ trouble: async () => stuck }));
    assert.match(text, /was Ready after its last run, but something is not any more: Deployment/);
  });

  test('is ready, but somebody else writes on its objects', async () => {
    const message = 'stage "app": corrected Deployment shop/web (last written by kubectl-edit)';
    const warned = (atMs: number) => ({ reason: 'DriftCorrected', message, atMs });
    const now = await explain(setOf(), evidence({ lastWarning: async () => warned(nowMs - 60_000) }));
    assert.match(now.text, /is Ready, with a warning 60s ago \(DriftCorrected\): stage "app": corrected Deployment/);
    assert.equal(now.next.join(' '), 'kubectl get deployments web -n shop --show-managed-fields -o yaml');
    const old = await explain(setOf(), evidence({ lastWarning: async () => warned(nowMs - 3_600_000) }));
    assert.match(old.text, /is Ready: m\.$/);
  });

  test('is at work on a stage whose objects it waits for', async () => {
    const set = setOf({ doing: 'stage "app": waiting for Deployment shop/web' });
    const { text, next } = await explain(set, evidence({ trouble: async () => stuck }));
    assert.equal(
      text,
      'StageSet shop/shop is being rolled out: stage "app" waits for Deployment shop/web (Available: 0/1).',
    );
    assert.equal(next, stuck.next);
  });

  test('is tried again: what the last try ended with is told', async () => {
    const set = setOf({ reason: 'StageFailed', message: 'no', doing: 'starting' });
    const { text } = await explain(set, evidence());
    assert.equal(text, 'StageSet shop/shop is being rolled out: starting. The last try ended with: no.');
  });

  test('was at work when its controller went', async () => {
    const controller = async () =>
      ({ is: 'silent', holder: 'pod-1', namespace: 'flux-system', sinceMs: nowMs - 300_000 }) as const;
    const { text, next } = await explain(setOf({ doing: 'starting' }), evidence({ controller }));
    assert.match(text, /was being rolled out \(starting\)\. No controller is running: pod-1, .* 5m ago\./);
    assert.equal(next.join(' '), 'kubectl get pods -n flux-system');
    const failed = await explain(setOf({ reason: 'StageFailed', message: 'x' }), evidence({ controller }));
    assert.match(failed.text, /No controller is running: pod-1/);
  });

  test('is edited, or asked for a run, and nobody has looked', async () => {
    const edited = await explain(setOf({ metadata: { generation: 3 } }), evidence());
    assert.match(edited.text, /waits for a controller: its spec was changed \(generation 3\).* One is running in/);
    const annotations = { [keys.requestedAt]: 'now' };
    const asked = await explain(setOf({ metadata: { annotations } }), evidence());
    assert.match(asked.text, /a run was asked for \(token now\)/);
    const handled = await explain(
      setOf({ metadata: { annotations }, status: { lastHandledReconcileAt: 'now' } }),
      evidence(),
    );
    assert.match(handled.text, /is Ready/);
    const unread = await explain(
      setOf({ metadata: { generation: 3 } }),
      evidence({ controller: async () => ({ is: 'unread' }) }),
    );
    assert.match(unread.text, /you may not list Leases\.$/);
  });

  test('waits for one that waits for another; a circle on the way ends the search', async () => {
    const waiting = (name: string, on: string) =>
      setOf({ reason: 'DependencyNotReady', message: 'w', metadata: { name }, spec: { dependsOn: [{ name: on }] } });
    const sets = [waiting('a', 'b'), waiting('b', 'c'), setOf({ reason: 'StageFailed', metadata: { name: 'c' } })];
    const stageSet = async (_: string, name: string) => sets.find(({ metadata }) => metadata.name === name);
    const { text, next } = await explain(sets[0]!, evidence({ stageSet }));
    assert.match(text, /"b" waits for "c", which is StageFailed: m\.$/);
    assert.equal(next.join(' '), 'stagesetctl why c -n shop');
    const doing = 'stage "app": waiting for Deployment shop/web';
    sets[2] = setOf({ metadata: { name: 'c' }, reason: 'StageFailed', doing });
    assert.match((await explain(sets[0]!, evidence({ stageSet }))).text, /which is being rolled out: stage "app": wai/);
    sets[2] = setOf({ metadata: { name: 'c', generation: 3 } });
    assert.match((await explain(sets[0]!, evidence({ stageSet }))).text, /which waits for a controller: /);
    sets[2] = waiting('c', 'a');
    await explain(sets[0]!, evidence({ stageSet }));
  });

  test('is being deleted: by another finalizer, without a controller, and for what does not go', async () => {
    const deletionTimestamp = '2026-01-01T00:00:00Z';
    const foreign = await explain(setOf({ metadata: { deletionTimestamp, finalizers: ['x/y'] } }), evidence());
    assert.match(foreign.text, /waits for whoever set the finalizer "x\/y"\.$/);
    const held = await explain(setOf({ metadata: { deletionTimestamp } }), evidence({ lingering: async () => stuck }));
    assert.equal(held.next, stuck.next);
    const failed = await explain(
      setOf({ metadata: { deletionTimestamp }, reason: 'StageFailed', message: 'stage "app" failed: prune: no' }),
      evidence(),
    );
    assert.match(failed.text, /is being deleted: stage "app" failed: prune: no\.$/);
  });
});
