import type { ConflictRule, StagePatch } from '../../../shared/api/types.ts';
import { groupOf } from '../../../shared/objects/object.ts';
import { isMap, type YamlMap, type YamlValue } from '../../../shared/yaml/yaml-value.ts';
import type { Input } from '../input.ts';
import { holdsData, keeping, losesData } from '../one-object.ts';

interface ObjectOptions {
  readonly kept: readonly StagePatch[];
  readonly rules: readonly ConflictRule[];
}

const OURS = 'kustomize.toolkit.fluxcd.io/';

/** What labels and annotations ask Flux for, object by object. `ssa` and `substitute` are heeded here as they are. */
export function objectOptions(objects: readonly YamlMap[], input: Input): ObjectOptions {
  const kept: StagePatch[] = [];
  const rules: ConflictRule[] = [];
  for (const object of objects) {
    const { apiVersion, kind, name, namespace, says } = read(object);
    if (says('prune', 'disabled')) kept.push(keeping({ group: groupOf(apiVersion), kind, name, namespace }));
    if (says('force', 'enabled') && holdsData({ kind })) input.noteAt(`${kind} ${name}: ${OURS}force`, losesData);
    else if (says('force', 'enabled')) rules.push({ target: { apiVersion, kind, name }, action: 'Recreate' });
    if (says('reconcile', 'disabled')) {
      input.noteAt(`${kind} ${name}: ${OURS}reconcile`, [
        'only Flux heeds it',
        `annotate the object ${OURS}ssa: Ignore, which means the same here`,
      ]);
    }
  }
  return { kept, rules };
}

function read({ apiVersion, kind, metadata }: YamlMap) {
  const { name, namespace, labels, annotations } = isMap(metadata) ? metadata : {};
  const given = { ...mapOr(labels), ...mapOr(annotations) };
  return {
    apiVersion: String(apiVersion),
    kind: String(kind),
    name: String(name),
    namespace: typeof namespace === 'string' ? namespace : undefined,
    says: (key: string, value: string) => String(given[`${OURS}${key}`]).toLowerCase() === value,
  };
}

function mapOr(value: YamlValue | undefined): YamlMap {
  return isMap(value) ? value : {};
}
