import type { Schema } from '../../shared/api/schema/language.ts';
import { isMap, type YamlMap, type YamlValue } from '../../shared/yaml/yaml-value.ts';
import { RuntimeError } from '../cli-error.ts';
import type { Note, Remedy } from './note.ts';

/**
 * A part of what is imported, which keeps account of itself: every field is either read or noted, and `unread` names
 * those that were neither, so that nothing is lost without a word.
 */
export class Input {
  /** Where it stands in its document; empty for the document itself. */
  readonly path: string;
  readonly #value: YamlMap;
  readonly #notes: Note[];
  readonly #done = new Set<string>();
  readonly #parts = new Map<string, Input>();

  constructor(value: YamlMap, path = '', notes: Note[] = []) {
    this.#value = value;
    this.path = path;
    this.#notes = notes;
  }

  get notes(): readonly Note[] {
    return this.#notes;
  }

  /** Whether there is anything: null counts as absent, as for the API server, and so does empty text, as for Flux and Argo CD. */
  has(field: string): boolean {
    return Object.hasOwn(this.#value, field) && this.#value[field] !== null && this.#value[field] !== '';
  }

  /** The names of its fields, whatever they are. */
  fields(): readonly string[] {
    return Object.keys(this.#value).filter((field) => this.has(field));
  }

  /** As it is, whole. */
  take(field: string): YamlValue | undefined {
    this.#done.add(field);
    return this.has(field) ? this.#value[field] : undefined;
  }

  text(field: string): string | undefined {
    const value = this.take(field);
    if (value === undefined || typeof value === 'string') return value;
    throw this.#mistake(field, 'a string');
  }

  bool(field: string): boolean | undefined {
    const value = this.take(field);
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.#mistake(field, 'true or false');
  }

  texts(field: string): readonly string[] {
    return this.#items(field).map((item) => {
      if (typeof item === 'string') return item;
      throw this.#mistake(field, 'a list of strings');
    });
  }

  part(field: string): Input | undefined {
    const value = this.take(field);
    if (value === undefined) return undefined;
    if (isMap(value)) return this.#partOf(value, this.at(field));
    throw this.#mistake(field, 'an object');
  }

  parts(field: string): readonly Input[] {
    return this.#items(field).map((item, index) => {
      if (isMap(item)) return this.#partOf(item, `${this.at(field)}[${index}]`);
      throw this.#mistake(field, 'a list of objects');
    });
  }

  /** What of a field our own API has too, under the same names. The rest of it stays unread. */
  copy<T>(field: string, schema: Schema): T | undefined {
    if (!this.has(field)) return undefined;
    if (schema.type === 'struct') {
      const part = this.part(field);
      return part && (part.#copied(schema) as T);
    }
    if (schema.type === 'list' && schema.items.type === 'struct') {
      const { items } = schema;
      return this.parts(field).map((item) => item.#copied(items)) as T;
    }
    return this.take(field) as T;
  }

  /** Says of a field, where it is set, that it stays behind. */
  leave(field: string, remedy: Remedy): void {
    if (this.has(field)) this.note(field, remedy);
  }

  /** The same of several. */
  leaveAll(remedies: Readonly<Record<string, Remedy>>): void {
    for (const [field, remedy] of Object.entries(remedies)) this.leave(field, remedy);
  }

  note(field: string, remedy: Remedy): void {
    this.#done.add(field);
    this.noteAt(this.at(field), remedy);
  }

  /** Of a field anywhere below, by its whole path. */
  noteAt(path: string, [why, instead]: Remedy): void {
    this.#notes.push({ field: path, why, instead });
  }

  /** Another document that belongs to this one: what is noted of it is noted here. */
  alongside(document: YamlMap, path: string): Input {
    return this.#partOf(document, path);
  }

  /** All that was neither read nor noted, here and in what was read of it. */
  unread(): readonly string[] {
    const own = this.fields().filter((field) => !this.#done.has(field));
    return [...own.map((field) => this.at(field)), ...[...this.#parts.values()].flatMap((part) => part.unread())];
  }

  at(field: string): string {
    return this.path === '' ? field : `${this.path}.${field}`;
  }

  #copied(schema: Extract<Schema, { readonly type: 'struct' }>): YamlMap {
    const known = Object.entries(schema.fields).filter(([field]) => this.has(field));
    return Object.fromEntries(known.map(([field, inner]) => [field, this.copy<YamlValue>(field, inner) ?? null]));
  }

  #partOf(value: YamlMap, path: string): Input {
    const part = this.#parts.get(path) ?? new Input(value, path, this.#notes);
    this.#parts.set(path, part);
    return part;
  }

  #items(field: string): readonly YamlValue[] {
    const value = this.take(field);
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    throw this.#mistake(field, 'a list');
  }

  #mistake(field: string, wanted: string): RuntimeError {
    return new RuntimeError(`${this.at(field)} is not ${wanted}: the API server would refuse it, too`);
  }
}
