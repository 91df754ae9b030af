import type { Random } from '../../support/seeds.ts';

/** Before scalars that are written as they stand, without quotes. */
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

export const names = ['web', 'db', 'settings', 'pass', 'robot'];
export const namespaces = [undefined, undefined, 'team', 'other', 'default'];

/** Objects that refer to each other by a few names, with scalars of every kind. */
export class RandomObjects {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  chance(likelihood: number): boolean {
    return this.#random.below(100) < likelihood * 100;
  }

  name(): string {
    return this.#random.pick(names);
  }

  some<T extends object>(fields: T): Partial<T> {
    return Object.fromEntries(Object.entries(fields).filter(() => this.chance(0.5))) as Partial<T>;
  }

  scalar(): unknown {
    return this.chance(0.3)
      ? `${RAW}${this.#random.pick(rawScalars)}`
      : this.#random.pick(['text', '5', 7, true, 'on', '', null]);
  }

  meta(): object {
    const namespace = this.#random.pick(namespaces);
    return {
      name: this.name(),
      ...(namespace !== undefined && { namespace }),
      ...this.some({
        labels: { app: this.name(), n: this.scalar() },
        annotations: { note: this.scalar(), m: this.scalar() },
      }),
    };
  }

  /** One whose name nobody else has, mostly. */
  object(): object {
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
    const meta = this.meta();
    const name = () => this.name();
    switch (kind) {
      case 'Deployment':
      case 'StatefulSet':
        return {
          apiVersion: 'apps/v1',
          kind,
          metadata: meta,
          spec: {
            replicas: this.scalar(),
            serviceName: name(),
            selector: { matchLabels: { app: name() } },
            template: this.pod(),
          },
        };
      case 'CronJob':
        return {
          apiVersion: 'batch/v1',
          kind,
          metadata: meta,
          spec: { jobTemplate: { spec: { template: this.pod() } } },
        };
      case 'Service':
        return {
          apiVersion: 'v1',
          kind,
          metadata: meta,
          spec: {
            selector: { app: name() },
            ports: [
              { port: 80, ...this.some({ protocol: 'TCP', name: 'http' }) },
              ...(this.chance(0.5) ? [{ port: 53, protocol: 'UDP' }] : []),
            ],
          },
        };
      case 'ConfigMap':
      case 'Secret':
        return { apiVersion: 'v1', kind, metadata: meta, data: { a: this.scalar(), b: 'x:y' } };
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
              ...this.some({ namespace: 'team' }),
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
          spec: { template: this.pod(), backoffLimit: this.scalar() },
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
          webhooks: [{ name: 'w', clientConfig: { service: { name: name(), ...this.some({ namespace: 'team' }) } } }],
        };
      case 'ServiceList':
        return {
          apiVersion: 'v1',
          kind,
          metadata: meta,
          items: [{ apiVersion: 'v1', kind: 'Service', metadata: this.meta(), spec: { selector: { a: name() } } }],
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
          spec: { containers: [{ name: 'c', image: 'nginx' }], list: [1, this.scalar()], ref: { name: name() } },
        };
    }
  }

  pod(): object {
    const random = this.#random;
    const container = (name: string) => ({
      name,
      image: random.pick(['nginx', 'nginx:1.2', 'redis@sha256:00', 'reg.org:5000/a/b:3', 'reg.org:5000/a']),
      ...this.some({
        env: [
          { name: 'A', value: this.scalar() },
          { name: 'B', valueFrom: { configMapKeyRef: { name: this.name(), key: 'k' } } },
          { name: 'C', value: '$(V0)-$(V1)' },
        ],
        envFrom: [{ secretRef: { name: this.name() } }],
        ports: [{ containerPort: 80 }, { containerPort: 90, protocol: 'TCP' }],
        args: ['$(V0)', 'x'],
      }),
    });
    return {
      ...this.some({ metadata: { labels: { app: this.name() }, annotations: { n: this.scalar() } } }),
      spec: {
        ...this.some({
          serviceAccountName: this.name(),
          volumes: [
            { name: 'v', configMap: { name: this.name() } },
            { name: 'w', secret: { secretName: this.name() } },
          ],
        }),
        containers: [container('main'), ...(this.chance(0.4) ? [container('side')] : [])],
      },
    };
  }

  /** Parts taken away, directives and nulls put in. */
  mutated(value: unknown): unknown {
    const random = this.#random;
    if (Array.isArray(value)) {
      const items = value.filter(() => this.chance(0.8)).map((item) => this.mutated(item));
      return this.chance(0.08) ? [...items, { $patch: random.pick(['replace', 'delete', 'merge']) }] : items;
    }
    if (typeof value !== 'object' || value === null) return this.chance(0.1) ? this.scalar() : value;
    const kept = Object.entries(value).filter(
      ([key]) => key === 'kind' || key === 'apiVersion' || key === 'name' || this.chance(0.8),
    );
    const fields = kept.map(([key, item]) => [
      key,
      key === 'kind' || key === 'apiVersion' ? item : this.chance(0.06) ? null : this.mutated(item),
    ]);
    if (this.chance(0.05)) fields.push(['$patch', random.pick(['replace', 'delete', 'merge'])]);
    return Object.fromEntries(fields);
  }
}
