import { type Kind, stageInventoryKind, stageSetKind } from '../../src/shared/api/crd.ts';
import { API_VERSION } from '../../src/shared/api/group.ts';
import { action } from '../../src/shared/api/schema/action.ts';
import type { Fields, Integer, Schema, Struct, Text } from '../../src/shared/api/schema/language.ts';
import { objectTarget, objectTargetFields, sourceRef } from '../../src/shared/api/schema/references.ts';

/** What several places share has one section of its own. */
const shared: ReadonlyMap<Fields, Section> = new Map<Fields, Section>([
  [action.fields, { title: 'Action', struct: action }],
  [sourceRef.fields, { title: 'Source reference', struct: sourceRef }],
  [objectTargetFields, { title: 'Object reference', struct: objectTarget('One object on the target cluster.') }],
]);

interface Section {
  readonly title: string;
  readonly struct: Struct;
}

export function apiReference(): string {
  return `<!-- Generated from src/shared/api/schema by \`npm run generate\`. -->

# API reference

Both kinds are namespaced and of \`${API_VERSION}\`. Defaults are applied when a field is read, so a manifest comes back as
it was sent. A duration is written as in Go: \`90s\`, \`1h30m\`, \`500ms\`; a time as in RFC 3339: \`2026-12-24T00:00:00Z\`.
\`kubectl explain stageset.spec\` tells the same on the command line.

${[stageSetKind, stageInventoryKind].map(kindPage).join('\n')}
## Shared types

${[...shared.values()].flatMap(({ title, struct }) => sections({ title, struct })).join('\n')}`;
}

function kindPage(kind: Kind): string {
  const parts = [
    { title: 'spec', struct: kind.spec },
    ...(kind.status === undefined ? [] : [{ title: 'status', struct: kind.status }]),
  ];
  const columns = kind.columns.map(({ name, priority }) => (priority === 1 ? `${name} (with \`-o wide\`)` : name));
  return `## ${kind.kind}

${escaped(kind.description)} Short name: \`${kind.shortName}\`. Columns: ${columns.join(', ')}.

${parts.flatMap(({ title, struct }) => sections({ title: `${kind.kind} ${title}`, struct })).join('\n')}`;
}

/** The section of a struct, then those of the structs inside it. */
function sections({ title, struct }: Section): readonly string[] {
  const fields = Object.entries(struct.fields);
  const inner = fields.flatMap(([name, schema]) => {
    const { element, path } = innermost(schema, `${title}.${name}`);
    return element.type === 'struct' && !shared.has(element.fields) ? sections({ title: path, struct: element }) : [];
  });
  const rows = fields.map(([name, schema]) => {
    const cells = [`\`${name}\``, typeOf(schema, `${title}.${name}`), defaultOf(schema), descriptionOf(schema)];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    `### ${headline(title)}

${escaped(struct.description)}

| field | type | default | description |
|---|---|---|---|
${rows.join('\n')}
`,
    ...inner,
  ];
}

/** What a list, or a list of lists, is made of, and the path to it. */
function innermost(schema: Schema, path: string): { readonly element: Schema; readonly path: string } {
  return schema.type === 'list' ? innermost(schema.items, `${path}[]`) : { element: schema, path };
}

function typeOf(schema: Schema, path: string): string {
  switch (schema.type) {
    case 'boolean':
      return 'bool';
    case 'integer':
      return 'integer';
    case 'dictionary':
      return `map of ${typeOf(schema.values, path)}`;
    case 'list':
      return `list of ${typeOf(schema.items, `${path}[]`)}`;
    case 'text':
      return schema.values?.map((value) => `\`${value}\``).join(', ') ?? textType(schema);
    case 'struct':
      return structLink(schema, path);
    default:
      return schema satisfies never;
  }
}

function structLink({ fields }: Struct, path: string): string {
  const title = shared.get(fields)?.title;
  return title === undefined ? linkTo(path, 'object') : linkTo(title, title.toLowerCase());
}

function textType({ format }: Text): string {
  if (format === undefined) return 'string';
  return format === 'duration' ? 'duration' : 'time';
}

function defaultOf(schema: Schema): string {
  if (schema.optional === undefined) return '**required**';
  return schema.defaultsTo === undefined ? '' : escaped(schema.defaultsTo);
}

/** For people, then what of the schema's rules the words do not say. */
function descriptionOf(schema: Schema): string {
  const rules = rulesOf(schema);
  return escaped(schema.description) + (rules.length > 0 ? ` *${escaped(sentence(rules))}*` : '');
}

function sentence(rules: readonly string[]): string {
  const joined = rules.join(', ');
  return `${joined.slice(0, 1).toUpperCase()}${joined.slice(1)}.`;
}

function rulesOf(schema: Schema): readonly string[] {
  switch (schema.type) {
    case 'integer':
      return rangeOf(schema);
    case 'text':
      return textRules(schema);
    case 'list':
      return [
        ...(schema.minItems === undefined ? [] : [`at least ${schema.minItems}`]),
        ...(schema.namedBy === undefined ? [] : [`each ${schema.namedBy} once`]),
      ];
    case 'dictionary':
      return schema.keyPattern === undefined ? [] : [`keys match ${schema.keyPattern}`];
    default:
      return [];
  }
}

function rangeOf({ minimum, maximum }: Integer): readonly string[] {
  if (minimum === undefined) return [];
  return [maximum === undefined ? `at least ${minimum}` : `from ${minimum} to ${maximum}`];
}

function textRules({ kindOfText, format, positive, maxLength, minLength }: Text): readonly string[] {
  if (format === 'duration') return positive === true ? ['more than 0'] : [];
  return [
    ...(kindOfText === undefined ? [] : [`must be ${kindOfText}`]),
    ...(minLength === undefined ? [] : ['not empty']),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
  ];
}

/** A path is code, a shared type's name is not. */
function headline(title: string): string {
  return title.includes(' ') && title.includes('.') ? title.replace(/ (\S+)$/, ' `$1`') : title;
}

function linkTo(title: string, text: string): string {
  return `[${text}](#${slug(title)})`;
}

/** As GitHub makes an anchor of a heading. */
function slug(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\|<*_`[\]]/g, '\\$&');
}
