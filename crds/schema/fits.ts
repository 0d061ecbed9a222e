/**
 * Says quickly whether a document fits its schema, so that a process which meets only good documents need not load and
 * feed the validator's library. It may say no to what fits, and the library decides; its yes must hold.
 */
import type { Field, Node } from './schema.ts';

/** RFC 3339, as metav1.Time is written. */
export const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

type Members = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWithin(
  value: number,
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
) {
  return Number.isInteger(value) && value >= minimum && value <= maximum;
}

/** Lengths count characters, not code units. */
function hasLength(value: string, least: number, most: number): boolean {
  const { length } = [...value];
  return length >= least && length <= most;
}

function fieldsFit(fields: Readonly<Record<string, Field>>, value: Members): boolean {
  return Object.entries(fields).every(([name, { node, presence }]) => {
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    return member === undefined ? presence === 'optional' : fits(node, member);
  });
}

/** Whether a value, with its defaults filled in, fits the node. */
export function fits(node: Node, value: unknown): boolean {
  switch (node.kind) {
    case 'string':
      return (
        typeof value === 'string' &&
        hasLength(value, node.minLength, node.maxLength) &&
        (node.pattern === undefined || new RegExp(node.pattern, 'u').test(value)) &&
        (node.format === undefined || dateTime.test(value))
      );
    case 'choice':
      return typeof value === 'string' && node.values.includes(value);
    case 'integer':
      return typeof value === 'number' && isWithin(value, node);
    case 'intOrString':
      if (typeof value === 'number') return isWithin(value, node);
      return (
        typeof value === 'string' &&
        hasLength(value, 0, node.maxLength) &&
        new RegExp(node.pattern, 'u').test(value)
      );
    case 'boolean':
      return typeof value === 'boolean' && (node.only === undefined || value === node.only);
    case 'list':
      return (
        Array.isArray(value) &&
        value.length >= node.minItems &&
        value.length <= node.maxItems &&
        value.every((item) => fits(node.items, item)) &&
        // Whether two objects are one item is left to the library.
        (node.listType !== 'set' || (new Set(value).size === value.length && !value.some(isObject)))
      );
    case 'map': {
      if (!isObject(value)) return false;
      const members = Object.values(value);
      return members.length <= node.maxProperties && members.every((member) => fits(node.values, member));
    }
    case 'object':
      return (
        isObject(value) &&
        Object.keys(value).every((name) => Object.hasOwn(node.fields, name)) &&
        fieldsFit(node.fields, value)
      );
    case 'open':
      return isObject(value) && fieldsFit(node.fields, value);
    case 'union':
      return node.variants.some((variant) => fits(variant, value));
    default:
      return node satisfies never;
  }
}
