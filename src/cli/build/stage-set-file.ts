import { API_VERSION, GROUP } from '../../shared/api/group.ts';
import type { StageSet } from '../../shared/api/types.ts';
import { groupOf } from '../../shared/objects/object.ts';
import { isMap, type YamlMap } from '../../shared/yaml/yaml-value.ts';
import { RuntimeError, UsageError } from '../cli-error.ts';
import { readObjects } from '../read-input.ts';

/** The one StageSet in a file, which may hold other objects beside it, in the namespace that it will have. */
export async function readStageSetFile(file: string, askedNamespace: string | undefined): Promise<StageSet> {
  const found = (await readObjects(file, '-f')).filter(isStageSet);
  const [only, ...others] = found;
  if (only === undefined) throw new RuntimeError(`-f ${file}: holds no StageSet of ${GROUP}`);
  if (others.length > 0) {
    const names = found.map(({ metadata }) => (isMap(metadata) ? String(metadata.name) : 'one without a name'));
    throw new RuntimeError(`-f ${file}: holds ${found.length} StageSets (${names.join(', ')}): put each into its file`);
  }
  if (only.apiVersion !== API_VERSION) {
    throw new RuntimeError(`-f ${file}: is of ${String(only.apiVersion)}, and this version knows ${API_VERSION} only`);
  }
  const { metadata } = only;
  if (!isMap(metadata) || typeof metadata.name !== 'string') {
    throw new RuntimeError(`-f ${file}: the StageSet has no metadata.name`);
  }
  const own = typeof metadata.namespace === 'string' ? metadata.namespace : undefined;
  if (own !== undefined && askedNamespace !== undefined && own !== askedNamespace) {
    throw new UsageError(`-n ${askedNamespace} contradicts ${file}, whose StageSet is in the namespace "${own}"`);
  }
  const namespace = own ?? askedNamespace ?? 'default';
  return { ...only, metadata: { ...metadata, namespace } } as unknown as StageSet;
}

function isStageSet({ apiVersion, kind }: YamlMap): boolean {
  return kind === 'StageSet' && typeof apiVersion === 'string' && groupOf(apiVersion) === GROUP;
}
