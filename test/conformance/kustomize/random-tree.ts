import { dump } from 'js-yaml';
import type { Random } from '../../support/seeds.ts';
import type { KustomizeCase } from './case.ts';
import { names, RandomObjects } from './random-objects.ts';
import { configMapOf, isTexts, randomTexts } from './random-texts.ts';

/** A folder before it is written: by path, what stands in each document of a file. */
export type Model = Readonly<Record<string, readonly unknown[]>>;

export function caseOf(model: Model, name: string): KustomizeCase {
  const files = Object.entries(model).map(([path, documents]) => [path, documents.map(written).join('---\n')]);
  return { name, files: Object.fromEntries(files), path: 'app', filesFrom: 'artifact' };
}

/** Scalars with a mark before them stand there without quotes. */
function written(document: unknown): string {
  if (typeof document === 'string') return document;
  if (isTexts(document)) return configMapOf(document);
  return dump(withoutUndefined(document), { lineWidth: -1, noRefs: true }).replaceAll(/(["']?)§([^"'\n]*)\1/g, '$2');
}

/** A kustomization in `app` on one or two layers of bases, with objects that refer to each other. */
export function randomModel(random: Random): Model {
  const tree = new TreeBuilder(random);
  tree.layer('app', random.below(3));
  return tree.files;
}

interface KnownObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

class TreeBuilder {
  readonly files: Record<string, readonly unknown[]> = {};
  readonly #random: Random;
  readonly #objects: RandomObjects;
  readonly #known: KnownObject[] = [];
  #folders = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#objects = new RandomObjects(random);
  }

  layer(folder: string, below: number): void {
    const random = this.#random;
    const resources: string[] = [];
    if (below === 0 || this.#objects.chance(0.4)) {
      this.files[`${folder}/all.yaml`] = Array.from({ length: 1 + random.below(5) }, () => this.#newObject());
      resources.push('all.yaml');
    }
    if (this.#objects.chance(0.15)) {
      this.files[`${folder}/texts.yaml`] = [randomTexts(random)];
      resources.push('texts.yaml');
    }
    const bases = below === 0 ? 0 : 1 + random.below(2);
    for (let index = 0; index < bases; index++) {
      const base = `base${this.#folders++}`;
      this.layer(base, below - 1);
      resources.push(`../${base}`);
    }
    const fields: Record<string, unknown> = { resources };
    if (this.#objects.chance(0.15)) fields.components = [`../${this.#component()}`];
    for (const [field, make] of Object.entries(this.#fields)) if (this.#objects.chance(0.16)) fields[field] = make();
    this.files[`${folder}/kustomization.yaml`] = [fields];
  }

  #component(): string {
    const folder = `component${this.#folders++}`;
    const fields: Record<string, unknown> = { kind: 'Component' };
    for (const [field, make] of Object.entries(this.#fields)) if (this.#objects.chance(0.25)) fields[field] = make();
    fields.namePrefix ??= 'c-';
    this.files[`${folder}/kustomization.yaml`] = [fields];
    return folder;
  }

  readonly #fields: Readonly<Record<string, () => unknown>> = {
    namespace: () => this.#random.pick(['team', 'prod', 'default']),
    namePrefix: () => this.#random.pick(['x-', 'y-', '1']),
    nameSuffix: () => this.#random.pick(['-s', '-t']),
    commonLabels: () => ({ [this.#random.pick(['app', 'team'])]: this.#random.pick(['one', '5']) }),
    labels: () => [
      {
        pairs: { [this.#random.pick(['app', 'tier'])]: 'two' },
        includeSelectors: this.#objects.chance(0.3),
        includeTemplates: this.#objects.chance(0.3),
      },
    ],
    commonAnnotations: () => ({ note: this.#random.pick(['text', '7', 'on']) }),
    images: () => [
      {
        name: this.#random.pick(['nginx', 'redis', 'reg.org:5000/a', '.*']),
        ...this.#objects.some({ newTag: '9', newName: 'new/name', digest: 'sha256:abc', tagSuffix: '-arm' }),
      },
    ],
    replicas: () => {
      const scaled = this.#known.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
      if (scaled.length === 0) return undefined;
      return [{ name: this.#random.pick(scaled).metadata.name, count: this.#random.below(9) }];
    },
    patches: () => Array.from({ length: 1 + this.#random.below(2) }, () => this.#patch()),
    configMapGenerator: () => [this.#generator('ConfigMap')],
    secretGenerator: () => [this.#generator('Secret')],
    generatorOptions: () => this.#objects.some({ disableNameSuffixHash: true, labels: { g: 'o' }, immutable: true }),
    replacements: () => [this.#replacement()],
    vars: () => {
      if (this.#known.length === 0) return undefined;
      const { apiVersion, kind, metadata } = this.#random.pick(this.#known);
      return [
        {
          name: `V${this.#random.below(3)}`,
          objref: { apiVersion, kind, ...metadata, labels: undefined, annotations: undefined },
        },
      ];
    },
    patchesStrategicMerge: () => {
      const { target, options, patch } = this.#patch() as { target?: object; options?: object; patch: string };
      return target === undefined && options === undefined ? [patch] : undefined;
    },
    patchesJson6902: () => {
      if (this.#known.length === 0) return undefined;
      const { kind, metadata } = this.#random.pick(this.#known);
      return [
        {
          target: { version: 'v1', kind, name: metadata.name },
          patch: '- {op: add, path: /metadata/annotations, value: {j: 6902}}',
        },
      ];
    },
    transformers: () => [this.#transformer()],
    buildMetadata: () => [this.#random.pick(['originAnnotations', 'transformerAnnotations', 'managedByLabel'])],
    sortOptions: () => ({ order: this.#random.pick(['fifo', 'legacy']) }),
  };

  #newObject(): object {
    for (;;) {
      const made = this.#objects.object() as KnownObject;
      const isTaken = this.#known.some(
        ({ kind, metadata }) => kind === made.kind && metadata.name === made.metadata.name,
      );
      if (isTaken && this.#objects.chance(0.97)) continue;
      this.#known.push(made);
      return made;
    }
  }

  #patch(): object {
    const random = this.#random;
    if (this.#objects.chance(0.4)) {
      const path = random.pick([
        '/metadata/labels/x',
        '/metadata/annotations/x',
        '/spec/replicas',
        '/data/a',
        '/spec/template/spec/containers/0/image',
        '/spec/template/spec/containers/-',
        '/metadata/name',
      ]);
      const operation = {
        op: random.pick(['add', 'add', 'replace', 'remove', 'test']),
        path,
        value: random.pick(['v', 5, true, null, { name: 'n' }, 12345678]),
      };
      return { patch: JSON.stringify([operation]), target: this.#target() };
    }
    const base =
      this.#known.length > 0 && this.#objects.chance(0.9) ? this.#random.pick(this.#known) : this.#objects.object();
    const { metadata, ...rest } = base as KnownObject;
    const { name, namespace } = metadata;
    const body = this.#objects.mutated(rest) as object;
    const more = this.#objects.chance(0.3) ? (this.#objects.mutated(this.#objects.meta()) as object) : {};
    const patch = written({ ...body, metadata: { ...more, name, ...(namespace && { namespace }) } });
    return {
      patch,
      ...(this.#objects.chance(0.6) && { target: this.#target() }),
      ...(this.#objects.chance(0.1) && { options: { allowNameChange: true } }),
    };
  }

  #transformer(): string {
    const random = this.#random;
    const configs: Readonly<Record<string, object>> = {
      PrefixTransformer: { prefix: 't-', fieldSpecs: [{ path: 'metadata/name' }] },
      SuffixTransformer: { suffix: '-t', fieldSpecs: [{ path: 'metadata/name', kind: 'Service' }] },
      NamespaceTransformer: {
        unsetOnly: this.#objects.chance(0.5),
        setRoleBindingSubjects: random.pick(['none', 'allServiceAccounts', 'defaultOnly']),
        fieldSpecs: [{ path: 'metadata/name', kind: 'Namespace', create: true }],
      },
      LabelTransformer: {
        labels: { tt: '1' },
        fieldSpecs: [{ path: 'spec/template/metadata/labels', create: this.#objects.chance(0.5), kind: 'Deployment' }],
      },
      AnnotationsTransformer: {
        annotations: { ta: 'x' },
        fieldSpecs: [{ path: 'metadata/annotations', create: true }],
      },
      ImageTagTransformer: {
        imageTag: { name: 'nginx', newTag: 'tt' },
        fieldSpecs: [{ path: 'spec/containers[]/image' }],
      },
      PatchTransformer: {
        patch: '{apiVersion: v1, kind: Any, metadata: {name: any, labels: {pt: "1"}}}',
        target: this.#target(),
      },
    };
    const kind = random.pick(Object.keys(configs));
    return written({ apiVersion: 'builtin', kind, metadata: { name: 'tt', namespace: 'moved' }, ...configs[kind] });
  }

  #target(): object {
    return {
      kind: this.#random.pick(['Deployment', 'Service', 'ConfigMap', '.*', 'S.*']),
      ...this.#objects.some({ name: this.#random.pick([...names, 'w.*', '.*b']) }),
    };
  }

  /** A new one, or one that is merged into what is there. */
  #generator(kind: 'ConfigMap' | 'Secret'): object {
    const random = this.#random;
    const there = this.#known.filter((each) => each.kind === kind);
    const merged = there.length > 0 && this.#objects.chance(0.6) ? random.pick(there).metadata : undefined;
    const name = merged?.name ?? `gen${this.#known.length}`;
    const metadata = { name, ...(merged?.namespace && { namespace: merged.namespace }) };
    if (merged === undefined) this.#known.push({ apiVersion: 'v1', kind, metadata });
    return {
      ...metadata,
      ...(merged && { behavior: random.pick(['merge', 'replace']) }),
      literals: ['a=b', `k=${random.pick(['1', 'x y', '"q"'])}`],
      ...this.#objects.some({ options: this.#objects.some({ disableNameSuffixHash: true, labels: { o: 'p' } }) }),
    };
  }

  #replacement(): object {
    const random = this.#random;
    const known = this.#known.length > 0 ? random.pick(this.#known) : { kind: 'Service', metadata: { name: 'web' } };
    const { kind, metadata } = known;
    return {
      source: {
        kind,
        name: metadata.name,
        fieldPath: random.pick([
          'metadata.name',
          'metadata.name',
          'kind',
          ...(/[CS]/.test(kind) ? ['data.b'] : ['spec']),
        ]),
      },
      targets: [
        {
          select: this.#target(),
          fieldPaths: [
            random.pick([
              'metadata.name',
              'metadata.annotations.note',
              'metadata.annotations.[a.b/c]',
              'data.a',
              'metadata.annotations.new',
              'spec.template.spec.containers.0.image',
              'spec.template.spec.containers.[name=main].env.[name=A].value',
              'metadata.labels.app',
              'spec.template.spec.containers.*.image',
            ]),
          ],
          ...(this.#objects.chance(0.8) && {
            options: {
              create: this.#objects.chance(0.8),
              ...this.#objects.some({ delimiter: random.pick([':', '-']), index: random.below(3) - 1 }),
            },
          }),
        },
      ],
    };
  }
}

function withoutUndefined(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
