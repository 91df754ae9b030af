import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { KindFields } from './fields.ts';

// Writes down every field of the kinds that `stagesetctl import` reads, out of the CRDs in these Go modules.

const crds = [
  { module: 'github.com/fluxcd/kustomize-controller@v1.10.1', file: fluxFile(), version: 'v1' },
  { module: 'github.com/fluxcd/kustomize-controller@v1.6.0', file: fluxFile(), version: 'v1beta2' },
  { module: 'github.com/argoproj/argo-cd/v3@v3.6.1', file: 'manifests/crds/application-crd.yaml', version: 'v1alpha1' },
  { module: 'github.com/argoproj/argo-cd/v3@v3.6.1', file: 'manifests/crds/appproject-crd.yaml', version: 'v1alpha1' },
] as const;

interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
}

interface Crd {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

const notOfTheUser = new Set(['apiVersion', 'kind', 'metadata', 'status']);

const kinds = crds.map(({ module, file, version }): KindFields => {
  const crd: Crd = parse(textIn(module, file));
  const schema = crd.spec.versions.find(({ name }) => name === version)?.schema.openAPIV3Schema ?? {};
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    notOfTheUser.has(name) ? [] : [...leavesOf(field, name)],
  );
  return { module, apiVersion: `${crd.spec.group}/${version}`, kind: crd.spec.names.kind, fields };
});
const blocks = kinds.map(({ fields, ...kind }) => {
  const lines = fields.map((field) => `    ${JSON.stringify(field)}`).join(',\n');
  return `  ${JSON.stringify(kind).slice(0, -1)}, "fields": [\n${lines}\n  ]}`;
});
writeFileSync(new URL('testdata/fields.json', import.meta.url), `[\n${blocks.join(',\n')}\n]\n`);

function fluxFile(): string {
  return 'config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml';
}

/** Go may be too old to build the module, and still says where it has put it. */
function textIn(module: string, file: string): string {
  const { Zip } = JSON.parse(output('go', 'mod', 'download', '-json', module)) as { readonly Zip: string };
  return output('unzip', '-p', Zip, `${module}/${file}`);
}

function output(command: string, ...args: readonly string[]): string {
  const { stdout, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (error !== undefined || stdout === '') throw error ?? new Error(`${command} ${args.join(' ')} says nothing`);
  return stdout;
}

function* leavesOf(schema: Schema, path: string): Generator<KindFields['fields'][number]> {
  const { properties, items, additionalProperties: values } = schema;
  if (items !== undefined) yield* leavesOf(items, `${path}[]`);
  else if (properties !== undefined) {
    for (const [name, field] of Object.entries(properties)) yield* leavesOf(field, `${path}.${name}`);
  } else if (typeof values === 'object') yield* leavesOf(values, `${path}.*`);
  else yield { path, type: schema.type ?? 'any', ...(schema.enum !== undefined && { values: schema.enum }) };
}
