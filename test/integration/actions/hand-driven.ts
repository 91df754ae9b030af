import type { KubeObject } from '../../../src/shared/objects/object.ts';
import { eventually } from '../../../tools/control-plane/eventually.ts';
import type { Manifest, Scene } from '../../harness/scene.ts';

/** Finishes by itself, unless its pods are to be scheduled by somebody who is not there. */
export function job(name: string, podSpec: object = {}, spec: object = {}): Manifest {
  const template = {
    spec: { restartPolicy: 'Never', containers: [{ name: 'it', image: 'example/it:1' }], ...podSpec },
  };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { backoffLimit: 0, ...spec, template } };
}

/** No scheduler takes its pod and no kubelet runs it: the test does. */
export const byHand = { schedulerName: 'by-hand' };

interface JobObject extends KubeObject {
  readonly spec: { readonly template: object };
}

export function jobsIn({ api, namespace }: Scene): Promise<JobObject[]> {
  return api.list<JobObject>('batch/v1', 'Job', { namespace });
}

/** The only Job there is, once its pod is. */
export async function theJob(scene: Scene): Promise<{ readonly job: JobObject; readonly pod: KubeObject }> {
  return eventually(async () => {
    const [job, ...others] = await jobsIn(scene);
    const pods = await scene.api.list('v1', 'Pod', { namespace: scene.namespace });
    const pod = pods.find(({ metadata }) => metadata.labels?.['job-name'] === job?.metadata.name);
    if (job === undefined || pod === undefined || others.length > 0) throw new Error('there is not one Job with a pod');
    return { job, pod };
  });
}

const container = { name: 'it', image: 'example/it:1', imageID: '', restartCount: 0 };
const running = { startedAt: '2026-01-01T00:00:00Z' };

export async function startPod(scene: Scene, pod: KubeObject): Promise<void> {
  await setStatus(scene, pod, {
    phase: 'Running',
    containerStatuses: [{ ...container, ready: true, state: { running } }],
  });
}

export async function endPod(scene: Scene, pod: KubeObject, exitCode: number): Promise<void> {
  const terminated = { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', message: 'password=hunter2' };
  await setStatus(scene, pod, {
    phase: exitCode === 0 ? 'Succeeded' : 'Failed',
    containerStatuses: [{ ...container, ready: false, state: { terminated } }],
  });
}

async function setStatus({ api, namespace }: Scene, { metadata: { name } }: KubeObject, status: object): Promise<void> {
  await api.patch({ apiVersion: 'v1', kind: 'Pod', namespace, name }, { status }, { subresource: 'status' });
}
