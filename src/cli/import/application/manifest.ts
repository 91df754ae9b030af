import { groupOf } from '../../../shared/objects/object.ts';
import { isMap, type YamlMap } from '../../../shared/yaml/yaml-value.ts';
import type { ObjectName } from '../one-object.ts';

export const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';
export const HOOK = 'argocd.argoproj.io/hook';
export const HELM_HOOK = 'helm.sh/hook';
export const HELM_WEIGHT = 'helm.sh/hook-weight';

/** An object of the source, and what Argo CD reads from its annotations. */
export interface Manifest extends ObjectName {
  readonly object: YamlMap;
  readonly apiVersion: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly wave: number;
  /** Empty for an object like any other. */
  readonly phases: readonly string[];
}

export function manifestOf(object: YamlMap): Manifest {
  const metadata = isMap(object.metadata) ? object.metadata : {};
  const annotations = textsOf(metadata.annotations);
  const apiVersion = textOf(object.apiVersion);
  const phases = phasesOf(annotations);
  return {
    object,
    apiVersion,
    group: groupOf(apiVersion),
    kind: textOf(object.kind),
    name: textOf(metadata.name) || textOf(metadata.generateName).replace(/[-.]+$/, ''),
    namespace: textOf(metadata.namespace) || undefined,
    annotations,
    wave: waveOf(annotations, phases.length > 0),
    phases,
  };
}

export function describe({ kind, name }: Manifest): string {
  return `${kind} ${name}`;
}

/** Argo CD takes Helm's hooks for its own, as far as it has such, where an object has none of its own. */
const ofHelm: Readonly<Record<string, string>> = {
  'pre-install': 'PreSync',
  'pre-upgrade': 'PreSync',
  'post-install': 'PostSync',
  'post-upgrade': 'PostSync',
  'pre-delete': 'PreDelete',
  'post-delete': 'PostDelete',
};

function phasesOf({ [HOOK]: own, [HELM_HOOK]: helm }: Manifest['annotations']): readonly string[] {
  if (own !== undefined) return [...new Set(wordsOf(own))];
  return [...new Set(wordsOf(helm).map((word) => ofHelm[word] ?? word))];
}

function waveOf(annotations: Manifest['annotations'], isHook: boolean): number {
  return integerOf(annotations[SYNC_WAVE]) ?? (isHook ? integerOf(annotations[HELM_WEIGHT]) : undefined) ?? 0;
}

/** As Go reads one: nothing may stand around it. */
export function integerOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[-+]?\d+$/.test(text) ? Number(text) : undefined;
}

export function wordsOf(list: string | undefined): readonly string[] {
  return (list ?? '').split(',').flatMap((word) => word.trim() || []);
}

function textsOf(value: YamlMap[string] | undefined): Readonly<Record<string, string>> {
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)])) : {};
}

function textOf(value: YamlMap[string] | undefined): string {
  return typeof value === 'string' ? value : '';
}
