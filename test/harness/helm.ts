import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { loadAll } from 'js-yaml';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { helm3Oracle, helm4Oracle, oracleBinary } from '../../tools/oracles/oracle-binary.ts';

export const chart = join(import.meta.dirname, '..', '..', 'chart');
const oracles = { 'Helm 3': helm3Oracle, 'Helm 4': helm4Oracle } as const;
const home = await mkdtemp(join(tmpdir(), 'helm-'));
after(() => rm(home, { recursive: true, force: true }));
export type HelmVersion = keyof typeof oracles;
export const helmVersions = Object.keys(oracles) as readonly HelmVersion[];

/** As a file of values says it. */
export type ChartValues = Readonly<Record<string, unknown>>;

/** Values come in on standard input, where `-f -` asks for them. Rejects, with what Helm printed, unless it ends with 0. */
export async function helm(version: HelmVersion, args: readonly string[], values: ChartValues = {}): Promise<string> {
  const binary = await oracleBinary(oracles[version]);
  // What it keeps of a cluster must not be taken for another's, which may come to the same port.
  const env = { PATH: process.env.PATH, HOME: home };
  return new Promise((resolve, reject) => {
    const child = execFile(binary, args, { env, timeout: 300_000, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`helm ${args.join(' ')}: ${stderr || error.message}`));
    });
    child.stdin?.on('error', () => {}); // it ended without reading
    child.stdin?.end(JSON.stringify(values));
  });
}

export interface RenderWishes {
  readonly version?: HelmVersion;
  readonly release?: string;
  readonly namespace?: string;
}

/** The objects that these values come to. */
export async function render(
  values: ChartValues = {},
  { version = 'Helm 3', release = 'stageset-controller', namespace = 'stageset-system' }: RenderWishes = {},
): Promise<readonly KubeObject[]> {
  const where = [release, chart, `--namespace=${namespace}`, '--kube-version=1.36'];
  const text = await helm(version, ['template', ...where, '--values=-'], values);
  return (loadAll(text) as (KubeObject | null)[]).filter((object) => object !== null);
}

export interface DeploymentObject extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly strategy: { readonly type: string };
    readonly template: { readonly spec: PodSpec };
  };
}

interface PodSpec {
  readonly serviceAccountName: string;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly {
    readonly image: string;
    readonly args: readonly string[];
    readonly env: readonly EnvVariable[];
    readonly securityContext: Readonly<Record<string, unknown>>;
    readonly resources: { readonly limits: object; readonly requests: object };
    readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  }[];
}

interface EnvVariable {
  readonly name: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
}

export function deploymentIn(objects: readonly KubeObject[]): DeploymentObject {
  const found = objects.find(({ kind }) => kind === 'Deployment');
  if (found === undefined) throw new Error('no Deployment is rendered');
  return found as DeploymentObject;
}

/** Arguments of the controller. */
export function argsIn(objects: readonly KubeObject[]): readonly string[] {
  return deploymentIn(objects).spec.template.spec.containers[0]?.args ?? [];
}

export function namesIn(objects: readonly KubeObject[], kind: string): readonly string[] {
  return objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
}
