import { keys as ours } from '../labels.ts';
import { isMap, type YamlMap, type YamlValue } from '../yaml/yaml-value.ts';
import { groupOf } from './object.ts';

export const MASK = '***';

/**
 * Where in an object something secret may be that is none of a Secret's data: decrypted content, or a Secret's value that
 * variables or kustomize brought. `keys`: it may be what a field is called, too.
 */
export type SecretIn = 'values' | 'keys';

/** What is shown in place of a secret; never anything that could be guessed from. */
export type MaskOf = (secret: YamlValue) => string;

/** kubectl keeps a whole object here, values and all. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * An object without what must not be shown: of a Secret the values of its data; of any object into which something secret
 * went (`secretIn`), nobody knows where, every value but those that say which object it is.
 */
export function maskSecrets(object: YamlMap, known: Known, maskOf: MaskOf = () => MASK): YamlMap {
  if (known.secretIn !== undefined) return new Masking(known, maskOf).allButName(object);
  return isSecret(object) ? new Masking(known, maskOf).dataOf(object) : object;
}

export interface Known {
  readonly secretIn: SecretIn | undefined;
  /** What fields are called that are no secrets. Absent: all names are, unless `secretIn` says otherwise. */
  readonly plainKeys?: ReadonlySet<string>;
}

/** What the fields of an object are called, however deep. */
export function keysIn(value: YamlValue, keys = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(value)) for (const item of value) keysIn(item, keys);
  else if (isMap(value)) {
    for (const [key, inner] of Object.entries(value)) {
      keys.add(key);
      keysIn(inner, keys);
    }
  }
  return keys;
}

function isSecret({ apiVersion, kind }: YamlMap): boolean {
  return kind === 'Secret' && typeof apiVersion === 'string' && groupOf(apiVersion) === '';
}

class Masking {
  readonly #known: Known;
  readonly #maskOf: MaskOf;

  constructor(known: Known, maskOf: MaskOf) {
    this.#known = known;
    this.#maskOf = maskOf;
  }

  dataOf(secret: YamlMap): YamlMap {
    return mapFields(secret, (key, value) => {
      if (key === 'data' || key === 'stringData') return this.#scalars(value);
      return key === 'metadata' ? this.#lastApplied(value) : value;
    });
  }

  allButName(object: YamlMap): YamlMap {
    return this.#fields(object, topFields, (key, value) => {
      if (key === 'apiVersion' || key === 'kind') return value;
      if (key === 'type' && isSecret(object) && isKnownType(value)) return value;
      return key === 'metadata' && isMap(value) ? this.#metadata(value) : this.#scalars(value);
    });
  }

  #metadata(metadata: YamlMap): YamlMap {
    return this.#fields(metadata, metadataFields, (key, value) => {
      if (key === 'name' || key === 'namespace') return value;
      return key === 'labels' && isMap(value) ? this.#labels(value) : this.#scalars(value);
    });
  }

  #labels(labels: YamlMap): YamlMap {
    return this.#fields(labels, ownLabels, (key, value) => (ownLabels.includes(key) ? value : this.#scalars(value)));
  }

  #lastApplied(metadata: YamlValue): YamlValue {
    return mapIfMap(metadata, (key, value) =>
      key === 'annotations'
        ? mapIfMap(value, (name, text) => (name === LAST_APPLIED ? this.#maskOf(text) : text))
        : value,
    );
  }

  /** Null says nothing. */
  #scalars(value: YamlValue): YamlValue {
    if (Array.isArray(value)) return value.map((item) => this.#scalars(item));
    if (isMap(value)) return this.#fields(value, [], (_key, inner) => this.#scalars(inner));
    return value === null ? null : this.#maskOf(value);
  }

  /** These keys are no secrets, whatever the others are. */
  #fields(map: YamlMap, plain: readonly string[], change: (key: string, value: YamlValue) => YamlValue): YamlMap {
    const { secretIn, plainKeys } = this.#known;
    if (secretIn !== 'keys' && plainKeys === undefined) return mapFields(map, change);
    const shown: Record<string, YamlValue> = {};
    for (const [key, value] of Object.entries(map)) {
      const isPlain = plain.includes(key) || plainKeys?.has(key) === true;
      shown[isPlain ? key : unused(this.#maskOf(key), shown)] = change(key, value);
    }
    return shown;
  }
}

const topFields: readonly string[] = [
  'apiVersion',
  'kind',
  'metadata',
  'spec',
  'data',
  'binaryData',
  'stringData',
  'rules',
  'subjects',
  'roleRef',
  'type',
];
const metadataFields: readonly string[] = [
  'name',
  'namespace',
  'labels',
  'annotations',
  'finalizers',
  'ownerReferences',
];

/** Two keys that show alike are still two. */
function unused(shown: string, taken: object): string {
  let key = shown;
  for (let n = 2; Object.hasOwn(taken, key); n += 1) key = `${shown} ${n}`;
  return key;
}

const ownLabels: readonly string[] = [ours.ownerName, ours.ownerNamespace, ours.stage, ours.applySetPartOf];

/** Those that Kubernetes knows; of others nobody knows what they say. */
function isKnownType(type: YamlValue): boolean {
  return type === 'Opaque' || (typeof type === 'string' && /^(bootstrap\.)?kubernetes\.io\/[a-z-]{1,30}$/.test(type));
}

function mapIfMap(value: YamlValue, change: (key: string, value: YamlValue) => YamlValue): YamlValue {
  return isMap(value) ? mapFields(value, change) : value;
}

function mapFields(map: YamlMap, change: (key: string, value: YamlValue) => YamlValue): YamlMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(key, value)]));
}
