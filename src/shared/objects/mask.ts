import { isMap, type YamlMap, type YamlValue } from '../yaml/yaml-value.ts';
import { groupOf } from './object.ts';

export const MASK = '***';

/** kubectl keeps a whole object here, values and all. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * An object without what must not be shown: of a Secret the values of its data; of any other object into which
 * something secret went (`sensitive`), nobody knows where, every value but those that say which object it is.
 */
export function maskSecrets(object: YamlMap, { sensitive }: { readonly sensitive: boolean }): YamlMap {
  if (isSecret(object)) return maskSecret(object);
  return sensitive ? maskAllButName(object) : object;
}

function isSecret({ apiVersion, kind }: YamlMap): boolean {
  return kind === 'Secret' && typeof apiVersion === 'string' && groupOf(apiVersion) === '';
}

function maskSecret(secret: YamlMap): YamlMap {
  return mapFields(secret, (key, value) => {
    if (key === 'data' || key === 'stringData') return maskScalars(value);
    return key === 'metadata' ? maskLastApplied(value) : value;
  });
}

function maskLastApplied(metadata: YamlValue): YamlValue {
  return mapIfMap(metadata, (key, value) =>
    key === 'annotations' ? mapIfMap(value, (name, text) => (name === LAST_APPLIED ? MASK : text)) : value,
  );
}

function maskAllButName(object: YamlMap): YamlMap {
  return mapFields(object, (key, value) => {
    if (key === 'apiVersion' || key === 'kind') return value;
    if (key !== 'metadata' || !isMap(value)) return maskScalars(value);
    return mapFields(value, (field, inner) => (field === 'name' || field === 'namespace' ? inner : maskScalars(inner)));
  });
}

/** Null says nothing. */
function maskScalars(value: YamlValue): YamlValue {
  if (Array.isArray(value)) return value.map(maskScalars);
  if (isMap(value)) return mapFields(value, (_key, inner) => maskScalars(inner));
  return value === null ? null : MASK;
}

function mapIfMap(value: YamlValue, change: (key: string, value: YamlValue) => YamlValue): YamlValue {
  return isMap(value) ? mapFields(value, change) : value;
}

function mapFields(map: YamlMap, change: (key: string, value: YamlValue) => YamlValue): YamlMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(key, value)]));
}
