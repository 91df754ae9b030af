/** What an object stands on is applied in an earlier wave: 1 to 5. */
export type Wave = 1 | 2 | 3 | 4 | 5;

const kindsOfWave: Readonly<Record<Exclude<Wave, 4>, readonly string[]>> = {
  1: ['/Namespace', 'apiextensions.k8s.io/CustomResourceDefinition', 'scheduling.k8s.io/PriorityClass'],
  2: [
    '/ServiceAccount',
    'rbac.authorization.k8s.io/Role',
    'rbac.authorization.k8s.io/ClusterRole',
    '/Secret',
    '/ConfigMap',
    '/PersistentVolume',
    '/PersistentVolumeClaim',
    '/ResourceQuota',
    '/LimitRange',
  ],
  3: ['rbac.authorization.k8s.io/RoleBinding', 'rbac.authorization.k8s.io/ClusterRoleBinding'],
  5: [
    'batch/Job',
    'batch/CronJob',
    'networking.k8s.io/Ingress',
    'apiregistration.k8s.io/APIService',
    'admissionregistration.k8s.io/*',
  ],
};

const waveOfKind = new Map<string, Wave>();
for (const wave of [1, 2, 3, 5] as const) {
  for (const kind of kindsOfWave[wave]) waveOfKind.set(kind, wave);
}

export interface WaveQuestion {
  readonly group: string;
  readonly kind: string;
  readonly clusterScoped: boolean;
  /** Its CRD is in this very stage. */
  readonly definedHere: boolean;
}

export function waveOf({ group, kind, clusterScoped, definedHere }: WaveQuestion): Wave {
  const listed = waveOfKind.get(`${group}/${kind}`) ?? waveOfKind.get(`${group}/*`);
  if (listed !== undefined) return listed;
  // A class whose CRD comes along cannot be applied beside it.
  return clusterScoped && kind.endsWith('Class') && !definedHere ? 1 : 4;
}
