import {
  account,
  casesOf,
  configMap,
  deployment,
  documents,
  object,
  one,
  overlaid,
  secret,
  service,
  type Trees,
} from './tree.ts';

const rbac = 'rbac.authorization.k8s.io/v1';
const everything = documents(
  deployment,
  service,
  configMap,
  secret,
  account,
  object('PersistentVolumeClaim', 'disk', 'spec: {storageClassName: fast, volumeName: pv}\n'),
  object('StorageClass', 'fast', 'provisioner: x\nparameters: {secretRef: pass}\n', 'storage.k8s.io/v1'),
  object('PersistentVolume', 'pv', 'spec: {storageClassName: fast, claimRef: {name: disk}}\n'),
  object(
    'Role',
    'reader',
    'rules: [{apiGroups: [""], resources: [secrets], resourceNames: [pass, settings, other]}]\n',
    rbac,
  ),
  object(
    'RoleBinding',
    'bind',
    'roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}\nsubjects: [{kind: ServiceAccount, name: robot}, {kind: ServiceAccount, name: default}, {kind: User, name: robot}, {kind: Group, name: all}]\n',
    rbac,
  ),
  object('ClusterRole', 'all', 'rules: []\n', rbac),
  object(
    'ClusterRoleBinding',
    'bindall',
    'roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: all}\nsubjects: [{kind: ServiceAccount, name: robot, namespace: team}]\n',
    rbac,
  ),
  object(
    'Ingress',
    'in',
    '  annotations: {nginx.ingress.kubernetes.io/auth-secret: pass, other: pass}\nspec: {ingressClassName: nginx, tls: [{secretName: pass, hosts: [h]}], rules: [{http: {paths: [{path: /, backend: {service: {name: web, port: {number: 80}}}}]}}], defaultBackend: {service: {name: web}}}\n',
    'networking.k8s.io/v1',
  ),
  object('IngressClass', 'nginx', '', 'networking.k8s.io/v1'),
  object(
    'HorizontalPodAutoscaler',
    'hpa',
    'spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}\n',
    'autoscaling/v2',
  ),
  object(
    'StatefulSet',
    'db',
    'spec: {serviceName: web, replicas: 1, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: "db:1"}], ephemeralContainers: [{name: d, image: nginx, env: [{name: e, valueFrom: {configMapKeyRef: {name: settings}}}]}]}}, volumeClaimTemplates: [{metadata: {name: data}, spec: {storageClassName: fast}}]}\n',
    'apps/v1',
  ),
  object(
    'CronJob',
    'cron',
    'spec: {schedule: "* * * * *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: "job:1", envFrom: [{secretRef: {name: pass}}]}]}}}}}\n',
    'batch/v1',
  ),
  object(
    'Job',
    'once',
    'spec: {template: {spec: {serviceAccountName: robot, containers: [{name: c, image: nginx}]}}}\n',
    'batch/v1',
  ),
  object(
    'DaemonSet',
    'every',
    'spec: {selector: {matchLabels: {x: y}}, template: {metadata: {labels: {x: y}}, spec: {priorityClassName: high, containers: [{name: c, image: nginx}]}}}\n',
    'apps/v1',
  ),
  object('PriorityClass', 'high', 'value: 5\n', 'scheduling.k8s.io/v1'),
  object('Namespace', 'team'),
  object(
    'CustomResourceDefinition',
    'things.example.org',
    'spec: {group: example.org, conversion: {webhook: {clientConfig: {service: {name: web, namespace: old}}}}}\n',
    'apiextensions.k8s.io/v1',
  ),
  object('APIService', 'v1.example.org', 'spec: {service: {name: web, namespace: old}}\n', 'apiregistration.k8s.io/v1'),
  object(
    'ValidatingWebhookConfiguration',
    'hook',
    'webhooks: [{name: a, clientConfig: {service: {name: web, namespace: old}}}, {name: b, clientConfig: {service: {name: elsewhere, namespace: old}}}]\n',
    'admissionregistration.k8s.io/v1',
  ),
  object(
    'NetworkPolicy',
    'net',
    'spec: {podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}, {podSelector: {}}]}]}\n',
    'networking.k8s.io/v1',
  ),
  object('PodDisruptionBudget', 'pdb', 'spec: {selector: {matchLabels: {app: web}}}\n', 'policy/v1'),
  object(
    'Thing',
    'custom',
    'spec: {secretName: pass, containers: [{image: "nginx:2"}], deep: {initContainers: [{image: nginx}]}}\n',
    'example.org/v1',
  ),
);

const trees: Trees = {
  'nothing at all': one('', everything),
  namespace: one('namespace: team\n', everything),
  'namespace over namespaces': one(
    'namespace: team\n',
    documents(
      object('ConfigMap', 'a', '  namespace: one\n'),
      object('ConfigMap', 'b', '  namespace: two\n'),
      object(
        'RoleBinding',
        'rb',
        '  namespace: one\nroleRef: {apiGroup: x, kind: Role, name: r}\nsubjects: [{kind: ServiceAccount, name: robot, namespace: one}, {kind: ServiceAccount, name: stranger, namespace: one}]\n',
        rbac,
      ),
      object('ServiceAccount', 'robot', '  namespace: one\n'),
    ),
  ),
  'namespace makes two of one': one(
    'namespace: team\n',
    documents(object('ConfigMap', 'a', '  namespace: one\n'), object('ConfigMap', 'a', '  namespace: two\n')),
  ),
  'namespace of newer kinds': one(
    'namespace: team\n',
    documents(
      object('VolumeAttributesClass', 'a', '', 'storage.k8s.io/v1'),
      object('FlowSchema', 'b', '', 'flowcontrol.apiserver.k8s.io/v1'),
      object('FlowSchema', 'c', '', 'flowcontrol.apiserver.k8s.io/v1beta1'),
      object('ValidatingAdmissionPolicy', 'd', '', 'admissionregistration.k8s.io/v1'),
    ),
  ),
  'robot without namespace, subject with one': one(
    'namespace: team\n',
    documents(
      object('ServiceAccount', 'robot'),
      object('RoleBinding', 'rb', 'roleRef: {}\nsubjects: [{kind: ServiceAccount, name: robot, namespace: a}]\n', rbac),
    ),
  ),
  prefix: one('namePrefix: x-\n', everything),
  suffix: one('nameSuffix: -y\n', everything),
  'prefix, suffix and namespace': one('namePrefix: x-\nnameSuffix: -y\nnamespace: team\n', everything),
  'prefixes in two layers': overlaid('namePrefix: b-\nnamespace: team\n', 'namePrefix: a-\n', everything),
  'two bases, one name': {
    'app/kustomization.yaml': 'resources: [../a, ../b]\nnamePrefix: top-\n',
    'a/kustomization.yaml': 'resources: [../base]\nnamePrefix: a-\n',
    'b/kustomization.yaml': 'resources: [../base]\nnamePrefix: b-\n',
    'base/kustomization.yaml': 'resources: [all.yaml]\n',
    'base/all.yaml': documents(deployment, configMap, secret),
  },
  'one base twice unchanged': {
    'app/kustomization.yaml': 'resources: [../a, ../b]\n',
    'a/kustomization.yaml': 'resources: [../base]\n',
    'b/kustomization.yaml': 'resources: [../base]\n',
    'base/kustomization.yaml': 'resources: [all.yaml]\n',
    'base/all.yaml': configMap,
  },
  'a reference that fits two stays or fails': {
    'app/kustomization.yaml': 'resources: [../a, ../b, d.yaml]\n',
    'app/d.yaml': deployment,
    'a/kustomization.yaml': 'resources: [../base]\nnamePrefix: a-\n',
    'b/kustomization.yaml': 'resources: [../base]\nnamePrefix: b-\n',
    'base/kustomization.yaml': 'resources: [all.yaml]\n',
    'base/all.yaml': configMap,
  },
  'labels without selectors': one('labels: [{pairs: {team: x, app: other}}]\n', everything),
  'labels with selectors': one('labels: [{pairs: {team: x}, includeSelectors: true}]\n', everything),
  'labels with templates': one('labels: [{pairs: {team: x}, includeTemplates: true}]\n', everything),
  'labels with claims': one(
    'labels: [{pairs: {team: x}, includeVolumeClaimTemplates: true}, {pairs: {z: "1"}, fields: [{path: spec/deep/labels, create: true, kind: Thing}]}]\n',
    everything,
  ),
  'common labels': one('commonLabels: {team: x, app: other}\n', everything),
  'a label set twice is one': overlaid('labels: [{pairs: {team: two}}]\n', 'commonLabels: {team: one}\n', everything),
  'a label changed by a patch is one': overlaid(
    'patches: [{patch: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, labels: {team: three}}}"}]\n',
    'commonLabels: {team: one}\n',
    everything,
  ),
  'common annotations': one('commonAnnotations: {a: b, c: "1"}\n', everything),
  'annotations become texts': one(
    '',
    documents(
      object(
        'ConfigMap',
        'a',
        '  annotations: {a: 1, b: true, c: null, d: , e: 1.50, f: 0750, g: "x"}\n  labels: {n: 1}\n',
      ),
      object('ConfigMap', 'b', '  annotations: {}\n  labels: {}\n'),
      object('ConfigMap', 'c', '  annotations:\n'),
    ),
  ),
  'labels on null and text': one(
    'commonLabels: {a: b}\n',
    documents(object('ConfigMap', 'a', '  labels:\n'), object('Service', 'b', 'spec: {selector: null}\n')),
  ),
  'a label where there is text': one('commonLabels: {a: b}\n', object('ConfigMap', 'a', '  labels: text\n')),
  images: one(
    'images: [{name: nginx, newTag: "2"}, {name: db, newName: reg.org/db, digest: "sha256:1"}, {name: busybox, newName: bb, newTag: v1, digest: "sha256:2"}, {name: "registry.example.org:5000/side", newTag: v3}, {name: job, tagSuffix: -arm}]\n',
    everything,
  ),
  'a tag suffix twice': one(
    'images: [{name: nginx, tagSuffix: -arm}, {name: "registry.example.org:5000/side", tagSuffix: -arm}]\n',
    everything,
  ),
  'image names are patterns': one(
    'images: [{name: "ngin.", newTag: "3"}, {name: "d(b|c)", newName: new}, {name: "[", newTag: "4"}]\n',
    everything,
  ),
  'an image that is a number': one(
    'images: [{name: a, newTag: "0123"}, {name: "b", newName: "1", newTag: "2"}]\n',
    object('Pod', 'p', 'spec: {containers: [{name: x, image: a}, {name: y, image: b}, {name: z}]}\n'),
  ),
  'containers of texts': one('images: [{name: a, newTag: "1"}]\n', object('Pod', 'p', 'spec: {containers: [a]}\n')),
  replicas: one('replicas: [{name: web, count: 5}, {name: db, count: 0}]\n', everything),
  'replicas by the old name': one('namePrefix: x-\nreplicas: [{name: web, count: 5}]\n', everything),
  'replicas of nothing': one('replicas: [{name: gone, count: 5}]\n', everything),
  'names that look like numbers': one(
    'namePrefix: "1"\n',
    documents(object('ConfigMap', '"23"'), object('ConfigMap', 'e3'), object('ConfigMap', 'a')),
  ),
  'sort fifo': one('sortOptions: {order: fifo}\nnamespace: n1\n', everything),
  'sort legacy': one(
    'sortOptions: {order: legacy, legacySortOptions: {orderFirst: [Service, ConfigMap], orderLast: [Namespace, Thing]}}\n',
    everything,
  ),
  'sort fifo with options': one(
    'sortOptions: {order: fifo, legacySortOptions: {orderFirst: [], orderLast: []}}\n',
    everything,
  ),
  'sort unknown': one('sortOptions: {order: random}\n', everything),
  'build metadata': overlaid(
    'buildMetadata: [originAnnotations, transformerAnnotations, managedByLabel]\nnamePrefix: x-\nlabels: [{pairs: {a: b}}]\nconfigMapGenerator: [{name: gen, literals: [a=b]}]\n',
    'namespace: team\nimages: [{name: nginx, newTag: "2"}]\nsecretGenerator: [{name: gs, literals: [a=b]}]\n',
    documents(deployment, configMap),
  ),
  'build metadata, one only': overlaid('buildMetadata: [managedByLabel]\nnamePrefix: x-\n', '', configMap),
  'build metadata of a base': overlaid('namePrefix: x-\n', 'buildMetadata: [originAnnotations]\n', configMap),
};

export const transforms = casesOf('transforms', trees);
