import type { Action, StageActions, StageSetSpec } from '../../../src/shared/api/types.ts';
import type { KubeObject } from '../../../src/shared/objects/object.ts';
import { type Manifest, oneStage, type Scene } from '../../harness/scene.ts';

/** A StageSet `app` of one stage, of the source `app`, with these actions. */
export async function rollWith(scene: Scene, actions: StageActions, spec: Partial<StageSetSpec> = {}): Promise<void> {
  await scene.roll('app', { ...oneStage('app', { actions }), ...spec });
}

/** Puts an object up beside what stages apply. */
export async function put(scene: Scene, { metadata, ...rest }: Manifest): Promise<void> {
  await scene.api.create({ ...rest, metadata: { ...(metadata as object), namespace: scene.namespace } } as KubeObject);
}

/** A Deployment without pods, in whose arguments each effect of an action is one more entry. */
export async function putJournal(scene: Scene): Promise<void> {
  const labels = { app: 'journal' };
  const containers = [{ name: 'journal', image: 'example/journal:1', args: ['begin'] }];
  await put(scene, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'journal' },
    spec: { replicas: 0, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  });
}

/** Takes effect each time it is carried out. */
export function write(name: string, entry = name): Action {
  const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'journal' };
  const operations = [{ op: 'add', path: '/spec/template/spec/containers/0/args/-', value: entry }];
  return { name, patch: { target, type: 'json6902', patch: JSON.stringify(operations) } };
}

interface WithArgs extends KubeObject {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly args: string[] }[] } };
  };
}

/** The effects so far, in their order. */
export async function journal(scene: Scene): Promise<readonly string[]> {
  const found = await scene.find<WithArgs>('Deployment', 'journal');
  return found?.spec.template.spec.containers[0]?.args.slice(1) ?? [];
}

export const configMapNamed = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', name });

/** Sets entries of a ConfigMap. */
export function setIn(object: string, data: Readonly<Record<string, string>>, name = 'set'): Action {
  return { name, patch: { target: configMapNamed(object), patch: JSON.stringify({ data }) } };
}

export async function dataOf(scene: Scene, name: string): Promise<Readonly<Record<string, string>> | undefined> {
  return (await scene.find<KubeObject & { readonly data?: Record<string, string> }>('ConfigMap', name))?.data;
}

export async function executed(scene: Scene, stage = 'app'): Promise<readonly string[] | undefined> {
  const { status } = await scene.read('app');
  return status?.stages?.find(({ name }) => name === stage)?.executedActions;
}
