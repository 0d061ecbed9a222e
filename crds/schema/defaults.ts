/** Fills in what a document leaves out, as the API server does. */
import type { Node } from './schema.ts';

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The value with every missing field that has a default, at any depth. The value given is not changed; parts that do
 * not fit the node are passed on as they are, for the validator to name.
 */
export function withDefaults(node: Node, value: unknown): unknown {
  switch (node.kind) {
    case 'object':
    case 'open': {
      if (!isRecord(value)) return value;
      const filled: Record<string, unknown> = { ...value };
      for (const [name, field] of Object.entries(node.fields)) {
        const given: unknown = filled[name] ?? field.default;
        if (given !== undefined) filled[name] = withDefaults(field.node, given);
      }
      return filled;
    }
    case 'list':
      return Array.isArray(value) ? value.map((item: unknown) => withDefaults(node.items, item)) : value;
    case 'map':
      return isRecord(value)
        ? Object.fromEntries(
            Object.entries(value).map(([name, item]) => [name, withDefaults(node.values, item)]),
          )
        : value;
    case 'string':
    case 'choice':
    case 'integer':
    case 'intOrString':
    case 'boolean':
    case 'union':
      return value;
    default:
      return node satisfies never;
  }
}
