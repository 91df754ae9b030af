import { keys } from '../labels.ts';
import { API_VERSION, GROUP, VERSION } from './group.ts';
import { stageInventorySpec } from './schema/inventory.ts';
import type { Schema, Struct } from './schema/language.ts';
import { stageSetSpec } from './schema/stage-set.ts';
import { stageSetStatus } from './schema/status.ts';

/** A kind of ours, as it is served. */
export interface Kind {
  readonly kind: string;
  readonly plural: string;
  readonly shortName: string;
  readonly description: string;
  readonly spec: Struct;
  /** Present when the kind has a status subresource. */
  readonly status?: Struct;
  readonly columns: readonly PrinterColumn[];
  readonly labels?: Readonly<Record<string, string>>;
}

interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly description: string;
  readonly jsonPath: string;
  /** 1 is shown with `-o wide` only. */
  readonly priority?: 1;
}

export const stageSetKind: Kind = {
  kind: 'StageSet',
  plural: 'stagesets',
  shortName: 'sset',
  description:
    'A release as an ordered list of stages: each is applied, waited for, and only then followed by the next.',
  spec: stageSetSpec,
  status: stageSetStatus,
  columns: [
    ready('Ready', 'status', 'Whether the last run succeeded.'),
    ready('Status', 'message', 'What the last run says.'),
    age(),
    { ...ready('Reason', 'reason', 'Why, in one word.'), priority: 1 },
    { name: 'Version', type: 'string', description: 'Version deployed.', jsonPath: '.status.version', priority: 1 },
  ],
};

export const stageInventoryKind: Kind = {
  kind: 'StageInventory',
  plural: 'stageinventories',
  shortName: 'sinv',
  description:
    'What one stage of a StageSet has applied. Written by the controller, which prunes and tears down by it.',
  spec: stageInventorySpec,
  columns: [
    { name: 'Stage', type: 'string', description: 'The stage.', jsonPath: `.metadata.labels.${escaped(keys.stage)}` },
    age(),
    { name: 'Entries', type: 'integer', description: 'How many objects.', jsonPath: '.spec.entriesCount', priority: 1 },
  ],
  // KEP-3659: kubectl accepts only kinds marked like this as the parent of an ApplySet.
  labels: { 'applyset.kubernetes.io/is-parent-type': 'true' },
};

function ready(name: string, field: string, description: string): PrinterColumn {
  return { name, type: 'string', description, jsonPath: `.status.conditions[?(@.type=="Ready")].${field}` };
}

function age(): PrinterColumn {
  return { name: 'Age', type: 'date', description: 'Time since creation.', jsonPath: '.metadata.creationTimestamp' };
}

function escaped(labelKey: string): string {
  return labelKey.replaceAll('.', '\\.');
}

export function crdName(kind: Kind): string {
  return `${kind.plural}.${GROUP}`;
}

/** The CustomResourceDefinition of a kind, as an object to send or to print. */
export function customResourceDefinition(kind: Kind): Readonly<Record<string, unknown>> {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: crdName(kind), ...(kind.labels && { labels: kind.labels }) },
    spec: {
      group: GROUP,
      names: {
        kind: kind.kind,
        listKind: `${kind.kind}List`,
        plural: kind.plural,
        singular: kind.kind.toLowerCase(),
        shortNames: [kind.shortName],
      },
      scope: 'Namespaced',
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          additionalPrinterColumns: kind.columns,
          ...(kind.status && { subresources: { status: {} } }),
          schema: { openAPIV3Schema: rootSchema(kind) },
        },
      ],
    },
  };
}

function rootSchema(kind: Kind): JsonSchema {
  return {
    type: 'object',
    description: kind.description,
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string', description: `The API version, ${API_VERSION}.` },
      kind: { type: 'string', description: `The kind, ${kind.kind}.` },
      metadata: { type: 'object' },
      spec: structural(kind.spec),
      ...(kind.status && { status: structural(kind.status) }),
    },
  };
}

type JsonSchema = Readonly<Record<string, unknown>>;

/** No defaults and no `maxItems`: the former live in code, the latter would refuse what a tenant may want. */
function structural(schema: Schema): JsonSchema {
  const description =
    schema.defaultsTo === undefined ? schema.description : `${schema.description} Defaults to ${schema.defaultsTo}.`;
  switch (schema.type) {
    case 'boolean':
      return { type: 'boolean', description };
    case 'integer':
      return { type: 'integer', description, ...pick(schema, ['format', 'minimum', 'maximum']) };
    case 'text':
      return {
        type: 'string',
        description,
        ...(schema.values && { enum: schema.values }),
        ...pick(schema, ['pattern', 'format', 'minLength', 'maxLength']),
      };
    case 'list':
      return {
        type: 'array',
        description,
        ...pick(schema, ['minItems']),
        ...(schema.namedBy === undefined
          ? { 'x-kubernetes-list-type': 'atomic' }
          : { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [schema.namedBy] }),
        items: structural(schema.items),
      };
    case 'dictionary':
      return { type: 'object', description, additionalProperties: structural(schema.values) };
    case 'struct': {
      const fields = Object.entries(schema.fields);
      const required = fields.filter(([, field]) => field.optional === undefined).map(([name]) => name);
      return {
        type: 'object',
        description,
        ...(required.length > 0 && { required }),
        properties: Object.fromEntries(fields.map(([name, field]) => [name, structural(field)])),
      };
    }
    default:
      return schema satisfies never;
  }
}

/** Those of the keys that are set. */
function pick<T extends object>(from: T, names: readonly (keyof T)[]): Partial<T> {
  return Object.fromEntries(
    names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]),
  ) as Partial<T>;
}
