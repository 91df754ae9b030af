// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Flux's references
import { actionChoices } from './action-choices.ts';
import type { FieldPath } from './fields.ts';
import { OWN_NAMESPACE, SHELF } from './places.ts';

const configMap = { apiVersion: 'v1', kind: 'ConfigMap' } as const;
/** In a patch with a target: what the target matches. */
const anything = { apiVersion: 'v1', kind: 'Any' } as const;

/**
 * What a field may hold, where its schema does not tell: of a text all that works and a little that does not. A path
 * may lead to a whole part of the spec, whose fields only make sense together.
 */
export const choices: Readonly<Record<FieldPath, readonly unknown[]>> = {
  interval: ['30m', '1h', '90m'],
  retryInterval: ['30m', '1h', '2h'],
  driftDetectionInterval: ['20m', '40m', '3h'],
  timeout: ['2m', '3m', '5m'],
  serviceAccountName: ['tenant', 'default'],
  'dependsOn[]': [
    { name: 'base' },
    { name: 'base', namespace: OWN_NAMESPACE },
    { name: 'base', namespace: SHELF },
    { name: 'other', namespace: SHELF },
    { name: 'missing' },
  ],
  kubeConfig: [
    { secretRef: { name: 'here' } },
    { secretRef: { name: 'here', key: 'value' } },
    { secretRef: { name: 'here', key: 'other' } },
    { secretRef: { name: 'here-too', key: 'other' } },
  ],
  decryption: [
    { provider: 'sops' },
    { provider: 'sops', secretRef: { name: 'keys' } },
    { provider: 'sops', secretRef: { name: 'more-keys' } },
  ],
  version: [
    { value: '1.0.0' },
    { value: '2.0.0' },
    { value: 'v3.0.0' },
    { value: '3.0.0+again' },
    { fromObject: { stage: 'base', kind: 'ConfigMap', name: 'alpha-settings' } },
    { fromObject: { stage: 'base', kind: 'Deployment', name: 'alpha-web', apiVersion: 'apps/v1' } },
    { fromObject: { stage: 'base', kind: 'ConfigMap', name: 'alpha-settings', fieldPath: '{.data.version}' } },
    {
      fromObject: {
        stage: 'base',
        kind: 'Secret',
        name: 'alpha-secret',
        apiVersion: 'v1',
        fieldPath: '{.stringData.version}',
      },
    },
    {
      fromObject: {
        stage: 'web',
        kind: 'ConfigMap',
        name: 'beta-settings',
        apiVersion: 'v1',
        fieldPath: '{.data.version}',
      },
    },
    { fromObject: { stage: 'web', kind: 'ConfigMap', name: 'beta-settings' } },
    { fromArtifact: { stage: 'base', path: 'VERSION' } },
    { fromArtifact: { stage: 'web', path: 'release/VERSION' } },
  ],
  'migrations[].name': ['up', 'over', 'on'],
  'migrations[].from': ['1.*', '>=1.0.0 <3.0.0'],
  'migrations[].to': ['1.0.0', '2.0.0', '3.0.0'],
  'migrations[].stage': ['base', 'web', 'edge'],
  'migrations[].actions[]': actionChoices,
  // All open: what a closed one holds back hangs on what stood before.
  'updateWindows[]': [
    { type: 'Allow', from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' },
    { type: 'Allow', from: '2021-01-01T00:00:00Z', to: '2121-01-01T00:00:00Z' },
    { type: 'Deny', from: '2120-01-01T00:00:00Z', to: '2130-01-01T00:00:00Z' },
    { type: 'Allow', schedule: '* * * * *', duration: '5m' },
    { type: 'Allow', schedule: '*/2 * * * *', duration: '10m', timeZone: 'Europe/Berlin' },
    { type: 'Deny', schedule: '0 0 30 2 *', duration: '1h', timeZone: 'Asia/Kathmandu' },
  ],
  'stages[].name': ['base', 'web', 'edge', 'last', 'more'],
  'stages[].sourceRef': [
    { name: 'alpha' },
    { name: 'alpha', kind: 'ExternalArtifact' },
    { name: 'alpha', namespace: OWN_NAMESPACE },
    { name: 'alpha', namespace: SHELF },
    { name: 'beta' },
    { name: 'beta', kind: 'ExternalArtifact', apiVersion: 'source.toolkit.fluxcd.io/v1' },
    { name: 'gamma', kind: 'GitRepository' },
    { name: 'gamma', kind: 'GitRepository', apiVersion: 'source.toolkit.fluxcd.io/v1', namespace: OWN_NAMESPACE },
    { name: 'maker', kind: 'Producer', apiVersion: 'example.test/v1' },
  ],
  'stages[].path': ['app', './app', 'extra', 'sealed', 'kinds', './', 'missing'],
  'stages[].timeout': ['2m', '3m', '5m'],
  'stages[].patches[].patch': [
    JSON.stringify({ ...anything, metadata: { name: 'any', labels: { patched: 'one' } } }),
    JSON.stringify({ ...anything, metadata: { name: 'any', labels: { patched: 'two' } } }),
    JSON.stringify({ ...anything, metadata: { name: 'any', annotations: { patched: 'three' } } }),
    JSON.stringify({ ...configMap, metadata: { name: 'alpha-settings' }, data: { patched: 'by name' } }),
    '- {op: add, path: /metadata/labels/patched, value: four}',
  ],
  'stages[].patches[].target.group': ['apps', '.*', 'no-such'],
  'stages[].patches[].target.version': ['v1', 'v.'],
  'stages[].patches[].target.kind': ['ConfigMap', 'Deployment', 'ConfigMap|Secret', 'Widget'],
  'stages[].patches[].target.name': ['.*-settings', 'alpha-.*', 'beta-frozen'],
  'stages[].patches[].target.namespace': [OWN_NAMESPACE, 'no-such'],
  'stages[].patches[].target.labelSelector': ['tier=back', 'tier'],
  'stages[].patches[].target.annotationSelector': ['note=one', 'note'],
  'stages[].postBuild.substitute': [{}, { who: 'anna' }, { who: 'bert' }, { who: 'anna', count: '2' }],
  'stages[].postBuild.substituteFrom[]': [
    { kind: 'ConfigMap', name: 'variables' },
    { kind: 'ConfigMap', name: 'variables', optional: true },
    { kind: 'Secret', name: 'more-variables' },
    { kind: 'Secret', name: 'more-variables', optional: false },
    { kind: 'ConfigMap', name: 'missing', optional: true },
    { kind: 'Secret', name: 'missing' },
  ],
  'stages[].actions.pre[]': actionChoices,
  'stages[].actions.post[]': actionChoices,
  'stages[].actions.onFailure[]': actionChoices,
  'stages[].conflictPolicy.rules[].target.apiVersion': ['v1', 'apps/v1'],
  'stages[].conflictPolicy.rules[].target.kind': ['ConfigMap', 'Deployment', 'PersistentVolumeClaim'],
  'stages[].conflictPolicy.rules[].target.name': ['beta-frozen', 'alpha-web'],
  'stages[].conflictPolicy.rules[].target.namespace': [OWN_NAMESPACE, 'no-such'],
  'stages[].readyChecks.timeout': ['1m', '2m', '3m'],
  'stages[].readyChecks.checks[]': [
    { ...configMap, name: 'variables' },
    { ...configMap, name: 'variables', namespace: OWN_NAMESPACE },
    { ...configMap, name: 'of-base', namespace: SHELF },
    { apiVersion: 'apps/v1', kind: 'Deployment', name: 'of-base', namespace: SHELF },
    { apiVersion: 'v1', kind: 'Namespace', name: SHELF },
  ],
  'stages[].readyChecks.exprs[].apiVersion': ['v1', 'apps/v1', `${OWN_NAMESPACE}.example.test/v1`],
  'stages[].readyChecks.exprs[].kind': ['ConfigMap', 'Secret', 'Deployment', 'Widget'],
  'stages[].readyChecks.exprs[].current': ['true', 'metadata.name != ""'],
  'stages[].readyChecks.exprs[].inProgress': ['false', 'metadata.name == ""'],
  'stages[].readyChecks.exprs[].failed': ['false', 'kind == ""'],
};
