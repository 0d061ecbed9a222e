/** From a node to the JSON Schema (2020-12) that the validator checks documents against: exact, unknown fields refused. */
import type { Field, Node } from './schema.ts';

export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

function properties(fields: Readonly<Record<string, Field>>): JsonSchema {
  const entries = Object.entries(fields);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, { node }]) => [name, jsonSchema(node)])),
    required: entries.filter(([, { presence }]) => presence !== 'optional').map(([name]) => name),
  };
}

/** The schema of a node; fields with a default are required, as {@link withDefaults} has filled them in. */
export function jsonSchema(node: Node): JsonSchema {
  return { description: node.description, ...shape(node) };
}

function shape(node: Node): JsonSchema {
  switch (node.kind) {
    case 'string':
      return {
        type: 'string',
        minLength: node.minLength,
        maxLength: node.maxLength,
        ...(node.pattern === undefined ? {} : { pattern: node.pattern }),
        ...(node.format === undefined ? {} : { format: node.format }),
      };
    case 'choice':
      return { type: 'string', enum: node.values };
    case 'integer':
      return { type: 'integer', minimum: node.minimum, maximum: node.maximum };
    case 'intOrString':
      return {
        type: ['integer', 'string'],
        minimum: node.minimum,
        maximum: node.maximum,
        maxLength: node.maxLength,
        pattern: node.pattern,
      };
    case 'boolean':
      return node.only === undefined ? { type: 'boolean' } : { type: 'boolean', const: node.only };
    case 'list':
      return {
        type: 'array',
        items: jsonSchema(node.items),
        minItems: node.minItems,
        maxItems: node.maxItems,
        ...(node.listType === 'set' ? { uniqueItems: true } : {}),
      };
    case 'map':
      return {
        type: 'object',
        additionalProperties: jsonSchema(node.values),
        maxProperties: node.maxProperties,
      };
    case 'object':
      return { ...properties(node.fields), additionalProperties: false };
    case 'open':
      return properties(node.fields);
    case 'union':
      return { anyOf: node.variants.map(jsonSchema) };
    default:
      return node satisfies never;
  }
}
