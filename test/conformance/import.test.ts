import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importDocuments } from '../../src/cli/import/documents.ts';
import type { Imported } from '../../src/cli/import/imported.ts';
import type { YamlMap, YamlValue } from '../../src/shared/yaml/yaml-value.ts';
import { type Field, knownFields } from './import/fields.ts';

// Whatever a CRD lets users write is carried over or noted by name.

const metadata = { name: 'web', namespace: 'apps' };

const automated = { prune: true, selfHeal: true };
const source = { repoURL: 'https://example.org/shop.git', path: 'deploy', targetRevision: 'main' };
const windows = { kind: 'deny', schedule: '0 9 * * *', duration: '1h', applications: ['*'], namespaces: ['other'] };

const smallest: Readonly<Record<string, YamlMap>> = {
  Application: { spec: { project: 'default', source, destination: { namespace: 'shop' }, syncPolicy: { automated } } },
  AppProject: { spec: {} },
  Kustomization: { spec: { interval: '5m', prune: true, sourceRef: { kind: 'GitRepository', name: 'web' } } },
};

/** What must stand beside a field for it to mean anything: of the longest path that fits. */
const beside: Readonly<Record<string, YamlMap>> = {
  'spec.healthChecks[]': { apiVersion: 'v1', kind: 'ConfigMap', name: 'web' },
  'spec.healthCheckExprs[]': { apiVersion: 'v1', kind: 'ConfigMap', current: 'true' },
  'spec.decryption': { provider: 'sops' },
  'spec.postBuild': {}, // is noted as a whole, which says nothing of what is in it
  'spec.kubeConfig.secretRef': { name: 'cluster' },
  'spec.patches[]': { patch: '[]' },
  'spec.postBuild.substituteFrom[]': { kind: 'Secret', name: 'values' },
  'spec.dependsOn[]': { name: 'infra' },
  'spec.sources[]': source,
  'spec.sourceHydrator': { syncSource: { repoURL: source.repoURL, path: 'deploy', targetBranch: 'env' } },
  'spec.ignoreDifferences[]': { kind: 'Deployment', jsonPointers: ['/spec/replicas'] },
  'spec.source.kustomize': { commonLabels: { a: 'b' }, labelWithoutSelector: true },
  'spec.sources[].kustomize': { commonLabels: { a: 'b' }, labelWithoutSelector: true },
  'spec.syncWindows[]': windows,
};

/** Where what says something differs from `sample`: the rest is what is meant anyway. */
const samples: Readonly<Record<string, YamlValue>> = {
  'spec.interval': '3m',
  'spec.retryInterval': '3m',
  'spec.timeout': '3m',
  'spec.prune': false,
  'spec.decryption.provider': 'other',
  'spec.syncPolicy.automated.prune': false,
  'spec.syncPolicy.automated.selfHeal': false,
  'spec.syncPolicy.automated.enabled': false,
  'spec.syncPolicy.retry.backoff.duration': '3m',
  'spec.syncPolicy.syncOptions[]': 'Force=true',
  'spec.ignoreDifferences[].jsonPointers[]': '/spec/paused',
  'spec.ignoreDifferences[].jqPathExpressions[]': '.spec.paused',
  'spec.syncWindows[].kind': 'allow',
  'spec.source.kustomize.labelWithoutSelector': false,
  'spec.sources[].kustomize.labelWithoutSelector': false,
  'spec.syncWindows[].duration': '3h',
  'spec.syncWindows[].timeZone': 'Europe/Berlin',
};

function sampleOf({ path, type, values }: Field): YamlValue {
  const given = samples[path];
  if (given !== undefined) return given;
  // The last of them is no default.
  const text = values?.at(-1) ?? 'sample';
  return { string: text, boolean: true, integer: 7, object: { sample: 'x' }, any: 'sample' }[type] ?? text;
}

/** `value` put where `path` leads; what is there already stays, and lists have one item. */
function withField(object: YamlMap, path: string, value: YamlValue, walked = ''): YamlMap {
  const [, name = '', list = '', rest = ''] = /^([^.[]+)(\[\])?\.?(.*)$/.exec(path) ?? [];
  const key = name === '*' ? 'key' : name;
  const here = `${walked === '' ? '' : `${walked}.`}${name}${list}`;
  const before = list === '' ? object[key] : (object[key] as readonly YamlValue[] | undefined)?.[0];
  const inner =
    rest === '' ? value : withField({ ...beside[here], ...(before as YamlMap | undefined) }, rest, value, here);
  return { ...object, [key]: list === '' ? inner : [inner] };
}

/** An AppProject is imported with an Application of it. */
function imported(document: YamlMap): Imported {
  const application = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata, ...smallest.Application };
  const documents = document.kind === 'AppProject' ? [document, application] : [document];
  const [only] = importDocuments(documents, {
    kind: undefined,
    namespace: undefined,
    showSecrets: true,
    manifestsOf: () => undefined,
  }).imported;
  assert.ok(only);
  return only;
}

const without = ({ notes: _, ...rest }: Imported) => JSON.stringify(rest);
const withoutPlaces = (path: string) => path.replace(/^AppProject\./, '').replaceAll(/\[\d+\]/g, '[]');

/** What a single field does not show, and why. */
const soAnyway = new Map([
  ['spec.syncWindows[].syncOverrun', 'a window that closes stops no run'],
  ['spec.syncWindows[].clusters[]', 'it chooses Applications: see windows.test.ts'],
  ['spec.syncWindows[].namespaces[]', 'the same'],
  ['spec.source.directory.recurse', 'folders below are rendered'],
  ['spec.sources[].directory.recurse', 'folders below are rendered'],
]);

for (const { apiVersion, kind, fields } of knownFields()) {
  const base = smallest[kind];
  if (base === undefined) continue;
  test(`every field of ${kind} ${apiVersion} is carried over or noted`, () => {
    const named = kind === 'AppProject' ? { name: 'default' } : metadata;
    const document = { apiVersion, kind, metadata: named, ...base };
    const lost = fields.filter((field) => {
      const { path } = field;
      const parent = path.replace(/\.[^.]+$/, '');
      // With all around it and without the field itself, so that it alone makes the difference.
      const around = beside[parent] === undefined ? document : withField(document, parent, beside[parent]);
      const before = imported(around);
      const after = imported(withField(around, path, sampleOf(field)));
      const known = new Set(before.notes.map((note) => JSON.stringify(note)));
      const notes = after.notes.filter((note) => !known.has(JSON.stringify(note)));
      const isNoted = notes.some(({ field: noted }) => isAt(withoutPlaces(noted), path));
      const isCarried = without(after) !== without(before);
      const isUnknown = notes.some(({ why }) => why.includes('does not know it'));
      return isUnknown || !(isNoted || isCarried || soAnyway.has(path));
    });
    assert.deepEqual(
      lost.map(({ path }) => path),
      [],
    );
  });
}

function isAt(noted: string, path: string): boolean {
  return noted === path || path.startsWith(`${noted}.`) || path.startsWith(`${noted}[`);
}

test('a field that no CRD has is noted too, wherever it stands', () => {
  const document = { apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', metadata };
  const spec = {
    ...(smallest.Kustomization?.spec as YamlMap),
    serviceAccountName: 'deployer',
    new: { a: 1 },
    patches: [{ patch: '[]', new: 1 }],
  };
  const { notes } = imported({ ...document, spec });
  assert.deepEqual(
    notes.map(({ field }) => field),
    ['spec.new', 'spec.patches[0].new'],
  );
});
