import { groupOf } from '../../shared/objects/object.ts';
import type { YamlMap } from '../../shared/yaml/yaml-value.ts';
import { UsageError } from '../cli-error.ts';

export const importedKinds = ['Kustomization', 'Application'] as const;
export type ImportedKind = (typeof importedKinds)[number];

const groups = {
  Kustomization: 'kustomize.toolkit.fluxcd.io',
  Application: 'argoproj.io',
  AppProject: 'argoproj.io',
} as const;

/** A word of the command line, as kubectl would take it. */
export function kindNamed(word: string): ImportedKind {
  const [bare = ''] = word.toLowerCase().split('.');
  const kind = importedKinds.find((each) => [each.toLowerCase(), `${each.toLowerCase()}s`].includes(bare));
  const short = ({ ks: 'Kustomization', app: 'Application', apps: 'Application' } as const)[bare];
  if (kind !== undefined || short !== undefined) return kind ?? (short as ImportedKind);
  throw new UsageError(`"${word}" cannot be imported: give kustomization or application, and a name`);
}

/** What kind of ours a document is, whatever its version. */
export function kindOf({ apiVersion, kind }: YamlMap): keyof typeof groups | undefined {
  const known = Object.entries(groups).find(
    ([name, group]) => name === kind && typeof apiVersion === 'string' && groupOf(apiVersion) === group,
  );
  return known?.[0] as keyof typeof groups | undefined;
}

/** What else comes in such files, and what becomes of it. */
const hints: Readonly<Record<string, string>> = {
  'kustomize.config.k8s.io/Kustomization': 'it says how to build: the stage renders the folder that it lies in',
  'kustomize.config.k8s.io/Component': 'it says how to build: the stage renders the folder that it lies in',
  'argoproj.io/ApplicationSet': 'import the Applications that it makes: kubectl get applications -o yaml',
  'helm.toolkit.fluxcd.io/HelmRelease': 'leave it to helm-controller: a stage may apply and await it as any object',
};

export function hintFor({ apiVersion, kind }: YamlMap): string {
  const group = typeof apiVersion === 'string' ? groupOf(apiVersion) : '';
  return hints[`${group}/${String(kind)}`] ?? 'it stays as it is';
}
