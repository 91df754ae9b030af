import type { KustomizeCase, Tree } from '../case.ts';

/** Cases by name: each a folder `app` with a kustomization, and what lies around it. */
export type Trees = Readonly<Record<string, Tree>>;

export function casesOf(group: string, trees: Trees, filesFrom: KustomizeCase['filesFrom'] = 'artifact') {
  return Object.entries(trees).map(
    ([name, files]): KustomizeCase => ({ name: `${group}: ${name}`, files, path: 'app', filesFrom }),
  );
}

/** One kustomization and the objects of one file. */
export function one(kustomization: string, objects: string, more: Tree = {}): Tree {
  return { 'app/kustomization.yaml': `resources: [all.yaml]\n${kustomization}`, 'app/all.yaml': objects, ...more };
}

/** A base that holds the objects, and an overlay on it. */
export function overlaid(overlay: string, base: string, objects: string, more: Tree = {}): Tree {
  return {
    'app/kustomization.yaml': `resources: [../base]\n${overlay}`,
    'base/kustomization.yaml': `resources: [all.yaml]\n${base}`,
    'base/all.yaml': objects,
    ...more,
  };
}

export function documents(...texts: readonly string[]): string {
  return texts.join('\n---\n');
}

export const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: robot
      imagePullSecrets: [{name: pull}]
      initContainers:
      - {name: init, image: busybox}
      containers:
      - name: web
        image: nginx:1.25
        ports: [{containerPort: 80, protocol: TCP, name: http}]
        env:
        - {name: A, valueFrom: {configMapKeyRef: {name: settings, key: a}}}
        - {name: B, valueFrom: {secretKeyRef: {name: pass, key: b}}}
        - {name: C, value: plain}
        envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: pass}}]
      - {name: side, image: "registry.example.org:5000/side@sha256:abc"}
      volumes:
      - {name: v, configMap: {name: settings}}
      - {name: w, secret: {secretName: pass}}
      - {name: x, persistentVolumeClaim: {claimName: disk}}
      - {name: y, projected: {sources: [{configMap: {name: settings}}, {secret: {name: pass}}]}}
`;

export const service = `apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: http}, {port: 53, protocol: UDP, name: dns}]
`;

export const configMap = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {a: "1"}
`;

export const secret = `apiVersion: v1
kind: Secret
metadata: {name: pass}
type: Opaque
stringData: {b: hidden}
`;

export const account = `apiVersion: v1
kind: ServiceAccount
metadata: {name: robot}
secrets: [{name: pass}]
imagePullSecrets: [{name: pull}]
`;

export const object = (kind: string, name: string, rest = '', apiVersion = 'v1') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${rest}`;
