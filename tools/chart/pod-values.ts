import {
  anything,
  choice,
  having,
  listOf,
  nameOrNone,
  quantity,
  type Schema,
  text,
  texts,
  truth,
  type Values,
} from './value.ts';

const count = { type: 'integer', minimum: 1 };
const someOf = (says: string, each: Schema = anything) => ({ says, fallback: [], schema: listOf(each) });

/** What the Deployment and its pods are made of. */
export const podValues: Values = {
  replicas: {
    values: {
      min: { says: 'How many pods.', fallback: 1, schema: count },
      max: {
        says: 'With more than min, a HorizontalPodAutoscaler (80% CPU) chooses, and a PodDisruptionBudget keeps one.',
        fallback: 1,
        schema: count,
      },
    },
  },
  image: {
    values: {
      registry: { says: 'Host and path before the repository.', fallback: '', schema: text },
      repository: { says: 'Name of the image.', fallback: 'stageset-controller', schema: text },
      tag: { says: 'Empty: the chart’s appVersion. A digest goes here too: sha256:….', fallback: '', schema: text },
      pullPolicy: {
        says: 'When it is pulled.',
        fallback: 'IfNotPresent',
        schema: choice('Always', 'IfNotPresent', 'Never'),
      },
    },
  },
  imagePullSecrets: someOf('Secrets of the release’s namespace, as in a pod.', having('name')),
  serviceAccount: {
    values: {
      create: { says: 'Create the ServiceAccount.', fallback: true, schema: truth },
      name: {
        says: 'Empty: as the Deployment is called, or default where none is created.',
        fallback: '',
        schema: nameOrNone,
      },
      annotations: { says: 'Such as the role of a cloud that it stands for.', fallback: {}, schema: texts },
    },
  },
  resources: {
    says: 'What a pod asks for and may take. Threads, caches and budgets go by it.',
    values: {
      cpu: { says: 'Processors.', fallback: '500m', schema: quantity },
      memory: { says: 'Memory.', fallback: '512Mi', schema: quantity },
      ephemeralStorage: { says: 'For /tmp and logs.', fallback: '32Mi', schema: quantity },
    },
  },
  podSecurityContext: {
    says: 'Of the pod. With rollbackStore.backend=pvc, fsGroup is set to securityContext.runAsGroup unless it stands here.',
    fallback: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    schema: anything,
  },
  securityContext: {
    says: 'Of the container.',
    fallback: {
      runAsNonRoot: true,
      runAsUser: 65_532,
      runAsGroup: 65_532,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    schema: anything,
  },
  podLabels: {
    says: 'More labels of the pods.',
    fallback: {},
    schema: texts,
  },
  podAnnotations: { says: 'Annotations of the pods.', fallback: {}, schema: texts },
  extraEnv: someOf('Environment variables, such as VAULT_ADDR.', {
    ...having('name', ['POD_UID']),
    anyOf: [{ required: ['valueFrom'] }, { properties: { value: text } }],
  }),
  extraVolumes: someOf(
    'Volumes, such as a CA or a kubeconfig.',
    having('name', ['tmp', 'webhook-certificate', 'rollback-store']),
  ),
  extraVolumeMounts: someOf(
    'Where they are mounted.',
    having('mountPath', ['/tmp', '/tmp/k8s-webhook-server/serving-certs', '/var/lib/stageset/rollback']),
  ),
  nodeSelector: { says: 'As in a pod.', fallback: {}, schema: texts },
  tolerations: someOf('As in a pod.'),
  affinity: { says: 'As in a pod.', fallback: {}, schema: anything },
  topologySpreadConstraints: someOf('As in a pod. Empty: pods are spread over nodes where that can be had.'),
  priorityClassName: { says: 'As in a pod.', fallback: '', schema: nameOrNone },
};
