import type { Loader } from '../files/loader.ts';
import { Problem, placed } from '../problem.ts';
import { type DecodeOptions, strictly } from './decode.ts';
import { type Kustomization, kustomization } from './shape.ts';
import { parseYaml11 } from './yaml11.ts';

export const kustomizationNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

const VERSION = 'kustomize.config.k8s.io/v1beta1';
const COMPONENT_VERSION = 'kustomize.config.k8s.io/v1alpha1';

export interface LoadedKustomization {
  readonly fields: Kustomization;
  readonly isComponent: boolean;
  /** Its file's name. */
  readonly fileName: string;
}

/** The kustomization of a folder, with what it says in old fields moved to the new ones. */
export function loadKustomization(loader: Loader): LoadedKustomization {
  const { text, fileName } = findKustomization(loader);
  return placed(loader.name(fileName), () =>
    checkedKustomization(decodeKustomization(text, loader, strictly), fileName),
  );
}

export function checkedKustomization(read: Kustomization, fileName: string): LoadedKustomization {
  const fields = withoutOldFields(read);
  return { fields, isComponent: checkedKind(fields), fileName };
}

export function decodeKustomization(text: string, loader: Loader, options: DecodeOptions): Kustomization {
  return kustomization(parseYaml11(text, loader.room), '', options);
}

export interface KustomizationText {
  readonly text: string;
  readonly fileName: string;
}

export function findKustomization(loader: Loader): KustomizationText {
  const found = kustomizationNames.filter((name) => loader.find(name) !== undefined);
  const [fileName, another] = found;
  if (fileName === undefined) {
    throw new Problem('missing', `${loader.name('.')} has no ${kustomizationNames.join(', ')}`);
  }
  if (another !== undefined) throw new Problem('configuration', `${loader.name('.')} has ${found.join(' and ')}`);
  return { text: loader.loadSettings(fileName), fileName };
}

function withoutOldFields(fields: Kustomization): Kustomization {
  const { bases, imageTags, helmChartInflationGenerator, ...rest } = fields;
  refuseEmpty(fields);
  if ([...(fields.helmCharts ?? []), ...(helmChartInflationGenerator ?? [])].length > 0) {
    throw new Problem('refused', 'helmCharts: Helm charts are not inflated');
  }
  const withEnvs = <T extends { readonly env?: string; readonly envs?: readonly string[] }>(args: readonly T[]) =>
    args.map(({ env, ...others }) => (env ? { ...others, envs: [...(others.envs ?? []), env] } : others));
  return {
    ...rest,
    resources: [...(fields.resources ?? []), ...(bases ?? [])],
    images: [...(fields.images ?? []), ...(imageTags ?? [])],
    configMapGenerator: withEnvs(fields.configMapGenerator ?? []),
    secretGenerator: withEnvs(fields.secretGenerator ?? []),
  } as Kustomization;
}

/** An empty list or map is something, an empty text is not; in an old field an empty list is nothing. */
function refuseEmpty(fields: Kustomization): void {
  const says = Object.entries(fields).some(([name, value]) => {
    if (name === 'kind' || name === 'apiVersion') return false;
    if (typeof value === 'string') return value !== '';
    const isOld = name === 'bases' || name === 'imageTags' || name === 'helmChartInflationGenerator';
    return !isOld || (Array.isArray(value) && value.length > 0);
  });
  if (!says) throw new Problem('configuration', 'the kustomization is empty');
}

function checkedKind({ kind, apiVersion }: Kustomization): boolean {
  if (kind && kind !== 'Kustomization' && kind !== 'Component') {
    throw new Problem('configuration', 'kind must be Kustomization or Component');
  }
  const isComponent = kind === 'Component';
  const wanted = isComponent ? COMPONENT_VERSION : VERSION;
  if (apiVersion && apiVersion !== wanted) throw new Problem('configuration', `apiVersion must be ${wanted}`);
  return isComponent;
}
