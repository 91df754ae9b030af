import { dump } from 'js-yaml';
import type { Random } from '../../support/seeds.ts';
import type { KustomizeCase } from './case.ts';

/** A folder before it is written: by path, what stands in each document of a file. */
export type Model = Readonly<Record<string, readonly unknown[]>>;

/** Scalars that are written as they stand here, without quotes. */
const RAW = '§';
const rawScalars = [
  '0750',
  '1_500',
  '2e3',
  'off',
  'yes',
  'n',
  '~',
  '',
  '2030-12-31',
  '0x1F',
  '1.50',
  'true',
  '12345678',
  '9007199254740995',
  'null',
];

export function caseOf(model: Model, name: string): KustomizeCase {
  const files = Object.entries(model).map(([path, documents]) => [path, documents.map(written).join('---\n')]);
  return { name, files: Object.fromEntries(files), path: 'app', filesFrom: 'artifact' };
}

function written(document: unknown): string {
  if (typeof document === 'string') return document;
  return dump(withoutUndefined(document), { lineWidth: -1, noRefs: true }).replaceAll(/(["']?)§([^"'\n]*)\1/g, '$2');
}

/** A kustomization in `app` on one or two layers of bases, with objects that refer to each other. */
export function randomModel(random: Random): Model {
  const tree = new TreeBuilder(random);
  tree.layer('app', random.below(3));
  return tree.files;
}

const names = ['web', 'db', 'settings', 'pass', 'robot'];
const namespaces = [undefined, undefined, 'team', 'other', 'default'];

interface KnownObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

class TreeBuilder {
  readonly files: Record<string, readonly unknown[]> = {};
  readonly #random: Random;
  readonly #known: KnownObject[] = [];
  #folders = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  layer(folder: string, below: number): void {
    const random = this.#random;
    const resources: string[] = [];
    if (below === 0 || this.#chance(0.4)) {
      this.files[`${folder}/all.yaml`] = Array.from({ length: 1 + random.below(5) }, () => this.#newObject());
      resources.push('all.yaml');
    }
    const bases = below === 0 ? 0 : 1 + random.below(2);
    for (let index = 0; index < bases; index++) {
      const base = `base${this.#folders++}`;
      this.layer(base, below - 1);
      resources.push(`../${base}`);
    }
    const fields: Record<string, unknown> = { resources };
    if (this.#chance(0.15)) fields.components = [`../${this.#component()}`];
    for (const [field, make] of Object.entries(this.#fields)) if (this.#chance(0.16)) fields[field] = make();
    this.files[`${folder}/kustomization.yaml`] = [fields];
  }

  #component(): string {
    const folder = `component${this.#folders++}`;
    const fields: Record<string, unknown> = { kind: 'Component' };
    for (const [field, make] of Object.entries(this.#fields)) if (this.#chance(0.25)) fields[field] = make();
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
        includeSelectors: this.#chance(0.3),
        includeTemplates: this.#chance(0.3),
      },
    ],
    commonAnnotations: () => ({ note: this.#random.pick(['text', '7', 'on']) }),
    images: () => [
      {
        name: this.#random.pick(['nginx', 'redis', 'reg.org:5000/a', '.*']),
        ...this.#some({ newTag: '9', newName: 'new/name', digest: 'sha256:abc', tagSuffix: '-arm' }),
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
    generatorOptions: () => this.#some({ disableNameSuffixHash: true, labels: { g: 'o' }, immutable: true }),
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

  #chance(likelihood: number): boolean {
    return this.#random.below(100) < likelihood * 100;
  }

  #name(): string {
    return this.#random.pick(names);
  }

  #some<T extends object>(fields: T): Partial<T> {
    return Object.fromEntries(Object.entries(fields).filter(() => this.#chance(0.5))) as Partial<T>;
  }

  #scalar(): unknown {
    return this.#chance(0.3)
      ? `${RAW}${this.#random.pick(rawScalars)}`
      : this.#random.pick(['text', '5', 7, true, 'on', '', null]);
  }

  #meta(): object {
    const namespace = this.#random.pick(namespaces);
    return {
      name: this.#name(),
      ...(namespace !== undefined && { namespace }),
      ...this.#some({
        labels: { app: this.#name(), n: this.#scalar() },
        annotations: { note: this.#scalar(), m: this.#scalar() },
      }),
    };
  }

  /** One whose name nobody else has, mostly. */
  #newObject(): object {
    for (;;) {
      const made = this.#object() as KnownObject;
      const isTaken = this.#known.some(
        ({ kind, metadata }) => kind === made.kind && metadata.name === made.metadata.name,
      );
      if (isTaken && this.#chance(0.97)) continue;
      this.#known.push(made);
      return made;
    }
  }

  #object(): object {
    const kind = this.#random.pick([
      'Deployment',
      'StatefulSet',
      'CronJob',
      'Service',
      'ConfigMap',
      'Secret',
      'ServiceAccount',
      'RoleBinding',
      'Ingress',
      'Thing',
      'Namespace',
      'HorizontalPodAutoscaler',
      'ClusterRole',
      'Job',
      'PersistentVolumeClaim',
      'StorageClass',
      'ValidatingWebhookConfiguration',
      'ServiceList',
      'NetworkPolicy',
    ]);
    const meta = this.#meta();
    const name = () => this.#name();
    switch (kind) {
      case 'Deployment':
      case 'StatefulSet':
        return {
          apiVersion: 'apps/v1',
          kind,
          metadata: meta,
          spec: {
            replicas: this.#scalar(),
            serviceName: name(),
            selector: { matchLabels: { app: name() } },
            template: this.#pod(),
          },
        };
      case 'CronJob':
        return {
          apiVersion: 'batch/v1',
          kind,
          metadata: meta,
          spec: { jobTemplate: { spec: { template: this.#pod() } } },
        };
      case 'Service':
        return {
          apiVersion: 'v1',
          kind,
          metadata: meta,
          spec: {
            selector: { app: name() },
            ports: [
              { port: 80, ...this.#some({ protocol: 'TCP', name: 'http' }) },
              ...(this.#chance(0.5) ? [{ port: 53, protocol: 'UDP' }] : []),
            ],
          },
        };
      case 'ConfigMap':
      case 'Secret':
        return { apiVersion: 'v1', kind, metadata: meta, data: { a: this.#scalar(), b: 'x:y' } };
      case 'ServiceAccount':
        return {
          apiVersion: 'v1',
          kind,
          metadata: meta,
          secrets: [{ name: name() }],
          imagePullSecrets: [{ name: name() }],
        };
      case 'RoleBinding':
        return {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind,
          metadata: meta,
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: name() },
          subjects: [
            {
              kind: this.#random.pick(['ServiceAccount', 'User']),
              name: this.#random.pick([...names, 'default']),
              ...this.#some({ namespace: 'team' }),
            },
          ],
        };
      case 'Ingress':
        return {
          apiVersion: 'networking.k8s.io/v1',
          kind,
          metadata: meta,
          spec: {
            tls: [{ secretName: name() }],
            rules: [{ http: { paths: [{ backend: { service: { name: name() } } }] } }],
          },
        };
      case 'HorizontalPodAutoscaler':
        return {
          apiVersion: 'autoscaling/v2',
          kind,
          metadata: meta,
          spec: { scaleTargetRef: { kind: 'Deployment', name: name() } },
        };
      case 'ClusterRole':
        return {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind,
          metadata: meta,
          rules: [{ resourceNames: [name(), name()] }],
        };
      case 'Job':
        return {
          apiVersion: 'batch/v1',
          kind,
          metadata: meta,
          spec: { template: this.#pod(), backoffLimit: this.#scalar() },
        };
      case 'PersistentVolumeClaim':
        return { apiVersion: 'v1', kind, metadata: meta, spec: { storageClassName: name(), volumeName: name() } };
      case 'StorageClass':
        return { apiVersion: 'storage.k8s.io/v1', kind, metadata: meta, parameters: { secretRef: name() } };
      case 'ValidatingWebhookConfiguration':
        return {
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind,
          metadata: meta,
          webhooks: [{ name: 'w', clientConfig: { service: { name: name(), ...this.#some({ namespace: 'team' }) } } }],
        };
      case 'ServiceList':
        return {
          apiVersion: 'v1',
          kind,
          metadata: meta,
          items: [{ apiVersion: 'v1', kind: 'Service', metadata: this.#meta(), spec: { selector: { a: name() } } }],
        };
      case 'NetworkPolicy':
        return {
          apiVersion: 'networking.k8s.io/v1',
          kind,
          metadata: meta,
          spec: {
            podSelector: { matchLabels: { app: name() } },
            ingress: [{ from: [{ podSelector: { matchLabels: { app: name() } } }] }],
          },
        };
      case 'Namespace':
        return { apiVersion: 'v1', kind, metadata: meta };
      default:
        return {
          apiVersion: 'example.org/v1',
          kind: 'Thing',
          metadata: meta,
          spec: { containers: [{ name: 'c', image: 'nginx' }], list: [1, this.#scalar()], ref: { name: name() } },
        };
    }
  }

  #pod(): object {
    const random = this.#random;
    const container = (name: string) => ({
      name,
      image: random.pick(['nginx', 'nginx:1.2', 'redis@sha256:00', 'reg.org:5000/a/b:3', 'reg.org:5000/a']),
      ...this.#some({
        env: [
          { name: 'A', value: this.#scalar() },
          { name: 'B', valueFrom: { configMapKeyRef: { name: this.#name(), key: 'k' } } },
          { name: 'C', value: '$(V0)-$(V1)' },
        ],
        envFrom: [{ secretRef: { name: this.#name() } }],
        ports: [{ containerPort: 80 }, { containerPort: 90, protocol: 'TCP' }],
        args: ['$(V0)', 'x'],
      }),
    });
    return {
      ...this.#some({ metadata: { labels: { app: this.#name() }, annotations: { n: this.#scalar() } } }),
      spec: {
        ...this.#some({
          serviceAccountName: this.#name(),
          volumes: [
            { name: 'v', configMap: { name: this.#name() } },
            { name: 'w', secret: { secretName: this.#name() } },
          ],
        }),
        containers: [container('main'), ...(this.#chance(0.4) ? [container('side')] : [])],
      },
    };
  }

  #patch(): object {
    const random = this.#random;
    if (this.#chance(0.4)) {
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
    const base = this.#known.length > 0 && this.#chance(0.9) ? this.#random.pick(this.#known) : this.#object();
    const { metadata, ...rest } = base as KnownObject;
    const { name, namespace } = metadata;
    const body = this.#mutated(rest) as object;
    const more = this.#chance(0.3) ? (this.#mutated(this.#meta()) as object) : {};
    const patch = written({ ...body, metadata: { ...more, name, ...(namespace && { namespace }) } });
    return {
      patch,
      ...(this.#chance(0.6) && { target: this.#target() }),
      ...(this.#chance(0.1) && { options: { allowNameChange: true } }),
    };
  }

  #transformer(): string {
    const random = this.#random;
    const configs: Readonly<Record<string, object>> = {
      PrefixTransformer: { prefix: 't-', fieldSpecs: [{ path: 'metadata/name' }] },
      SuffixTransformer: { suffix: '-t', fieldSpecs: [{ path: 'metadata/name', kind: 'Service' }] },
      NamespaceTransformer: {
        unsetOnly: this.#chance(0.5),
        setRoleBindingSubjects: random.pick(['none', 'allServiceAccounts', 'defaultOnly']),
        fieldSpecs: [{ path: 'metadata/name', kind: 'Namespace', create: true }],
      },
      LabelTransformer: {
        labels: { tt: '1' },
        fieldSpecs: [{ path: 'spec/template/metadata/labels', create: this.#chance(0.5), kind: 'Deployment' }],
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
      ...this.#some({ name: this.#random.pick([...names, 'w.*', '.*b']) }),
    };
  }

  /** Parts taken away, directives and nulls put in. */
  #mutated(value: unknown): unknown {
    const random = this.#random;
    if (Array.isArray(value)) {
      const items = value.filter(() => this.#chance(0.8)).map((item) => this.#mutated(item));
      return this.#chance(0.08) ? [...items, { $patch: random.pick(['replace', 'delete', 'merge']) }] : items;
    }
    if (typeof value !== 'object' || value === null) return this.#chance(0.1) ? this.#scalar() : value;
    const kept = Object.entries(value).filter(
      ([key]) => key === 'kind' || key === 'apiVersion' || key === 'name' || this.#chance(0.8),
    );
    const fields = kept.map(([key, item]) => [
      key,
      key === 'kind' || key === 'apiVersion' ? item : this.#chance(0.06) ? null : this.#mutated(item),
    ]);
    if (this.#chance(0.05)) fields.push(['$patch', random.pick(['replace', 'delete', 'merge'])]);
    return Object.fromEntries(fields);
  }

  /** A new one, or one that is merged into what is there. */
  #generator(kind: 'ConfigMap' | 'Secret'): object {
    const random = this.#random;
    const there = this.#known.filter((each) => each.kind === kind);
    const merged = there.length > 0 && this.#chance(0.6) ? random.pick(there).metadata : undefined;
    const name = merged?.name ?? `gen${this.#known.length}`;
    const metadata = { name, ...(merged?.namespace && { namespace: merged.namespace }) };
    if (merged === undefined) this.#known.push({ apiVersion: 'v1', kind, metadata });
    return {
      ...metadata,
      ...(merged && { behavior: random.pick(['merge', 'replace']) }),
      literals: ['a=b', `k=${random.pick(['1', 'x y', '"q"'])}`],
      ...this.#some({ options: this.#some({ disableNameSuffixHash: true, labels: { o: 'p' } }) }),
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
          ...(this.#chance(0.8) && {
            options: {
              create: this.#chance(0.8),
              ...this.#some({ delimiter: random.pick([':', '-']), index: random.below(3) - 1 }),
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
