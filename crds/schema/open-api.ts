/**
 * From a node to the structural OpenAPI v3 schema of a CRD. What it accepts is what the validator accepts, and more
 * where a structural schema cannot be exact (unions). Fields that this version does not support stand in it with a rule
 * that refuses them, since the API server drops fields it does not know in silence.
 */
import type { CelRule, Node, ObjectNode } from './schema.ts';

export interface OpenApiSchema {
  readonly [keyword: string]: unknown;
}

/** Integers above this bound need int64 (OpenAPI's formats). */
const largestInt32 = 2 ** 31 - 1;

function validations(rules: readonly CelRule[]): OpenApiSchema {
  return rules.length === 0 ? {} : { 'x-kubernetes-validations': rules };
}

/** Shapes of fields that are refused: loose, so that the refusal speaks first, and bounded. */
const laterShapes: Readonly<Record<ObjectNode['later'][string], OpenApiSchema>> = {
  object: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  array: {
    type: 'array',
    maxItems: 100,
    'x-kubernetes-list-type': 'atomic',
    items: {
      type: 'object',
      description: 'An item of a list that is refused.',
      'x-kubernetes-preserve-unknown-fields': true,
    },
  },
  string: { type: 'string', maxLength: 1024 },
  integer: { type: 'integer', format: 'int64' },
  boolean: { type: 'boolean' },
};

function laterField(name: string, shape: ObjectNode['later'][string]): OpenApiSchema {
  return {
    ...laterShapes[shape],
    description: `${name} is not supported by this version and is refused.`,
    ...validations([
      { rule: 'false', message: `Unsupported: ${name} does nothing in this version; remove it.` },
    ]),
  };
}

function objectSchema(node: ObjectNode): OpenApiSchema {
  const fields = Object.entries(node.fields);
  const required = fields.filter(([, { presence }]) => presence === 'required').map(([name]) => name);
  const properties = fields.map(([name, field]) => [
    name,
    { ...openApiSchema(field.node), ...(field.default === undefined ? {} : { default: field.default }) },
  ]);
  const later = Object.entries(node.later).map(([name, shape]) => [name, laterField(name, shape)]);
  return {
    type: 'object',
    description: node.description,
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries([...properties, ...later]),
    ...validations(node.rules),
  };
}

/** The structural schema of a node. */
export function openApiSchema(node: Node): OpenApiSchema {
  const { description } = node;
  switch (node.kind) {
    case 'string':
      return {
        type: 'string',
        description,
        ...(node.minLength === 0 ? {} : { minLength: node.minLength }),
        maxLength: node.maxLength,
        ...(node.pattern === undefined ? {} : { pattern: node.pattern }),
        ...(node.format === undefined ? {} : { format: node.format }),
      };
    case 'choice':
      return { type: 'string', description, enum: node.values };
    case 'integer':
      return {
        type: 'integer',
        description,
        format: node.maximum > largestInt32 ? 'int64' : 'int32',
        minimum: node.minimum,
        ...(node.maximum === Number.MAX_SAFE_INTEGER ? {} : { maximum: node.maximum }),
      };
    case 'intOrString':
      return {
        description,
        'x-kubernetes-int-or-string': true,
        anyOf: [{ type: 'integer' }, { type: 'string' }],
        minimum: node.minimum,
        maximum: node.maximum,
        maxLength: node.maxLength,
        pattern: node.pattern,
      };
    case 'boolean':
      return { type: 'boolean', description };
    case 'list':
      return {
        type: 'array',
        description,
        items: openApiSchema(node.items),
        ...(node.minItems === 0 ? {} : { minItems: node.minItems }),
        maxItems: node.maxItems,
        'x-kubernetes-list-type': node.listType,
        ...(node.key === undefined ? {} : { 'x-kubernetes-list-map-keys': [node.key] }),
      };
    case 'map':
      return {
        type: 'object',
        description,
        additionalProperties: openApiSchema(node.values),
        maxProperties: node.maxProperties,
      };
    case 'object':
      return objectSchema(node);
    case 'open':
      return { type: 'object', description, 'x-kubernetes-preserve-unknown-fields': true };
    case 'union':
      return { description, 'x-kubernetes-preserve-unknown-fields': true };
    default:
      return node satisfies never;
  }
}
