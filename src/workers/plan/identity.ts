import { groupOf } from '../../shared/objects/object.ts';
import { TaskError } from '../../shared/protocol/task-error.ts';
import { isMap, type YamlMap, type YamlValue } from '../../shared/yaml/yaml-value.ts';
import type { KustomizedObject } from '../kustomize/build-kustomization.ts';
import { quoted } from '../quoted.ts';

/** A built object that says, in a form an API server takes, what it is. */
export interface IdentifiedObject {
  readonly apiVersion: string;
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly metadata: YamlMap;
  readonly object: YamlMap;
  readonly origin: string;
  /** Whether decrypted content or a Secret's value went into it. */
  readonly sensitive: boolean;
  /** Whether it may be in what a field is called, too. */
  readonly hasSecretKeys: boolean;
}

const API_VERSION = /^(?:[a-z0-9][a-z0-9.-]*\/)?[a-z0-9]+$/;
const KIND = /^[A-Za-z][A-Za-z0-9]*$/;
const NAMESPACE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const NAME_MAX = 253;

export function identify({ object, origin, sensitive, hasSecretKeys = false }: KustomizedObject): IdentifiedObject {
  // What was encrypted is not told, and what is no identity stands nowhere else.
  const told = (text: string) => (sensitive ? '' : ` ${quoted(text)}`);
  const apiVersion = requiredText(object.apiVersion, 'apiVersion', origin);
  const kind = requiredText(object.kind, 'kind', origin);
  if (!API_VERSION.test(apiVersion)) throw refused(origin, `apiVersion${told(apiVersion)} is not valid`);
  if (!KIND.test(kind)) throw refused(origin, `kind${told(kind)} is not valid`);
  const metadata = isMap(object.metadata) ? object.metadata : {};
  if (metadata.name === undefined && metadata.generateName !== undefined) {
    throw refused(origin, `this ${kind} has metadata.generateName, which cannot be applied: give it a metadata.name`);
  }
  const name = requiredText(metadata.name, 'metadata.name', origin);
  // Anything else would lead somewhere else as part of a URL.
  if (name.length > NAME_MAX || name === '.' || name === '..' || /[/%\p{Cc}]/u.test(name)) {
    throw refused(origin, `metadata.name${told(name)} is not valid`);
  }
  const namespace = optionalText(metadata.namespace, 'metadata.namespace', origin);
  if (namespace !== undefined && !NAMESPACE.test(namespace)) {
    throw refused(origin, `metadata.namespace${told(namespace)} is not valid`);
  }
  return {
    apiVersion,
    group: groupOf(apiVersion),
    kind,
    name,
    namespace,
    labels: texts(metadata.labels, 'metadata.labels', origin),
    annotations: texts(metadata.annotations, 'metadata.annotations', origin),
    metadata,
    object,
    origin,
    sensitive,
    hasSecretKeys,
  };
}

function requiredText(value: YamlValue | undefined, field: string, origin: string): string {
  const text = optionalText(value, field, origin);
  if (text === undefined) throw refused(origin, `${field} is missing`);
  return text;
}

function optionalText(value: YamlValue | undefined, field: string, origin: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw refused(origin, `${field} is not a string: quote it`);
  return value;
}

/** Labels or annotations; a value left empty is an empty string, as for the API server. */
function texts(value: YamlValue | undefined, field: string, origin: string): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (!isMap(value)) throw refused(origin, `${field} is not a map`);
  const entries = Object.entries(value).map(([key, text]) => {
    if (text !== null && typeof text !== 'string') {
      throw refused(origin, `${field}[${quoted(key)}] is not a string: quote it`);
    }
    return [key, text ?? ''];
  });
  return Object.fromEntries(entries);
}

function refused(origin: string, why: string): TaskError {
  return new TaskError('badManifest', `${origin}: ${why}`);
}
