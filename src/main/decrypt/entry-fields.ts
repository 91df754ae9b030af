import { load } from 'js-yaml';
import { KeyServiceError } from './key-service.ts';

/** The text fields of a Secret's entry that is YAML or JSON. Never quotes it. */
export function entryFields(name: string, content: string): Readonly<Record<string, string>> {
  let parsed: unknown;
  try {
    parsed = load(content);
  } catch {
    throw new KeyServiceError(`entry ${name} is not valid YAML`);
  }
  if (typeof parsed !== 'object' || parsed === null) throw new KeyServiceError(`entry ${name} is no map`);
  return Object.fromEntries(Object.entries(parsed).filter((field) => typeof field[1] === 'string'));
}
