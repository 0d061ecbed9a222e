/** Makes the validator of a schema: ajv finds what does not fit, and this file says it to people. */
import { createRequire } from 'node:module';
import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { withDefaults } from './defaults.ts';
import { dateTime, fits } from './fits.ts';
import { jsonSchema } from './json-schema.ts';
import { nearest } from './nearest.ts';
import { type Problem, problem, type Segments, type Validated } from './problem.ts';
import type { Node, Schema, UnionNode } from './schema.ts';

function unescapePointer(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The fields that may stand in an object; a union offers those of all its variants. */
function child(node: Node | undefined, step: string): Node | undefined {
  switch (node?.kind) {
    case 'object':
    case 'open':
      return Object.hasOwn(node.fields, step) ? node.fields[step]?.node : undefined;
    case 'list':
      return node.items;
    case 'map':
      return node.values;
    case 'union':
      return node.variants.map((variant) => child(variant, step)).find((found) => found !== undefined);
    default:
      return undefined;
  }
}

interface Place {
  readonly segments: Segments;
  readonly node: Node | undefined;
}

function placeOf(root: Node, pointer: string): Place {
  const segments: (string | number)[] = [];
  let node: Node | undefined = root;
  for (const step of pointer.split('/').slice(1).map(unescapePointer)) {
    segments.push(node?.kind === 'list' ? Number(step) : step);
    node = child(node, step);
  }
  return { segments, node };
}

function valueAt(root: unknown, segments: Segments): unknown {
  let value = root;
  for (const segment of segments) value = (value as Readonly<Record<string | number, unknown>>)[segment];
  return value;
}

const laterHint = 'This version does not support it; remove it.';

function unknownField({ segments, node }: Place, name: string): Problem {
  const at = [...segments, name];
  if (node?.kind === 'object' && Object.hasOwn(node.later, name)) {
    return problem('Unsupported', at, 'is not supported yet', laterHint);
  }
  if (node?.kind === 'union')
    return problem('UnknownField', at, 'is one key too many', `Write ${node.expected}.`);
  const names = node?.kind === 'object' ? Object.keys(node.fields) : [];
  const meant = nearest(name, names);
  const hint = meant === undefined ? `The fields here are ${names.join(', ')}.` : `Did you mean ${meant}?`;
  return problem('UnknownField', at, 'is no field of this kind', hint);
}

/** What fits a node, said after "must be". */
function expectation(node: Node | undefined): string {
  switch (node?.kind) {
    case 'string':
      return (
        node.expected ?? (node.format === undefined ? 'text' : 'a date and time such as 2026-01-31T12:00:00Z')
      );
    case 'choice':
      return node.values.length === 1 ? `${node.values[0]}` : `one of ${node.values.join(', ')}`;
    case 'integer':
      return node.maximum === Number.MAX_SAFE_INTEGER
        ? `a whole number from ${node.minimum}`
        : `a whole number from ${node.minimum} to ${node.maximum}`;
    case 'intOrString':
      return node.expected;
    case 'boolean':
      return node.only === undefined ? 'true or false' : `${node.only}`;
    case 'list':
      return 'a list';
    case 'union':
      return node.expected;
    case 'map':
    case 'object':
    case 'open':
      return 'an object';
    case undefined:
      return 'something else';
    default:
      return node satisfies never;
  }
}

function wrongChoice({ segments, node }: Place, value: unknown): Problem {
  if (node?.kind === 'choice' && typeof value === 'string') {
    if (node.later.includes(value)) {
      return problem('Unsupported', segments, `${value} is not supported yet`, laterHint);
    }
    const meant = nearest(value, node.values);
    if (meant !== undefined) {
      return problem('Invalid', segments, `must be ${expectation(node)}`, `Did you mean ${meant}?`);
    }
  }
  return problem('Invalid', segments, `must be ${expectation(node)}`);
}

/** No variant was meant: a word may have been misspelt. */
function wrongUnion({ segments }: Place, node: UnionNode, value: unknown): Problem {
  const words = node.variants.flatMap((variant) => (variant.kind === 'choice' ? variant.values : []));
  const meant = typeof value === 'string' ? nearest(value, words) : undefined;
  return problem(
    'Invalid',
    segments,
    `must be ${expectation(node)}`,
    meant === undefined ? undefined : `Did you mean ${meant}?`,
  );
}

function wrongType({ segments, node }: Place, value: unknown): Problem {
  const quoted = (node?.kind === 'string' || node?.kind === 'choice') && typeof value === 'number';
  return problem(
    'Invalid',
    segments,
    `must be ${expectation(node)}`,
    quoted ? 'Put it in quotes, or it is read as a number.' : undefined,
  );
}

function lengthProblem({ segments, node }: Place): Problem {
  switch (node?.kind) {
    case 'string':
      return problem(
        'Invalid',
        segments,
        node.minLength > 0
          ? `must have ${node.minLength} to ${node.maxLength} characters`
          : `must have at most ${node.maxLength} characters`,
      );
    case 'list':
      return problem('Invalid', segments, `must have ${node.minItems} to ${node.maxItems} items`);
    case 'map':
      return problem('Invalid', segments, `must have at most ${node.maxProperties} entries`);
    default:
      return problem('Invalid', segments, `must be ${expectation(node)}`);
  }
}

function problemOf(root: Node, document: unknown, error: ErrorObject): Problem {
  const place = placeOf(root, error.instancePath);
  const params: Readonly<Record<string, unknown>> = error.params;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField(place, String(params.additionalProperty));
    case 'required': {
      const name = String(params.missingProperty);
      const expected = expectation(child(place.node, name));
      return problem('Missing', [...place.segments, name], `is missing: it must be ${expected}`);
    }
    case 'enum':
    case 'const':
      return wrongChoice(place, valueAt(document, place.segments));
    case 'type':
      return wrongType(place, valueAt(document, place.segments));
    case 'minLength':
    case 'maxLength':
    case 'minItems':
    case 'maxItems':
    case 'maxProperties':
      return lengthProblem(place);
    case 'uniqueItems':
      return problem('Invalid', place.segments, 'must not hold an item twice');
    case 'anyOf':
      if (place.node?.kind === 'union') {
        return wrongUnion(place, place.node, valueAt(document, place.segments));
      }
      return problem('Invalid', place.segments, `must be ${expectation(place.node)}`);
    default:
      return problem('Invalid', place.segments, `must be ${expectation(place.node)}`);
  }
}

/** The variant that a value was meant to be: the one that has its first field. */
function meantVariant(node: UnionNode, value: unknown): number {
  if (typeof value !== 'object' || value === null) return -1;
  const [name] = Object.keys(value);
  return node.variants.findIndex(
    (variant) => variant.kind === 'object' && name !== undefined && Object.hasOwn(variant.fields, name),
  );
}

/** Of the errors of a union's variants only those of the variant that was meant stay, or the union's own. */
function withoutOtherVariants(
  root: Node,
  document: unknown,
  errors: readonly ErrorObject[],
): readonly ErrorObject[] {
  return errors
    .filter(({ keyword }) => keyword === 'anyOf')
    .reduce((rest, union) => {
      const { node, segments } = placeOf(root, union.instancePath);
      const index = node?.kind === 'union' ? meantVariant(node, valueAt(document, segments)) : -1;
      const inside = `${union.schemaPath}/`;
      const meant = `${inside}${index}/`;
      return rest.filter((error) => {
        if (!error.instancePath.startsWith(union.instancePath)) return true;
        if (error === union) return index < 0;
        return !error.schemaPath.startsWith(inside) || error.schemaPath.startsWith(meant);
      });
    }, errors);
}

/** Loads the library and compiles the schema: tens of milliseconds, spent only where something may be wrong. */
function compile<Out>(node: Node): ValidateFunction<Out> {
  const library: { readonly Ajv2020: typeof Ajv2020 } = createRequire(import.meta.url)('ajv/dist/2020.js');
  // The schemas are made by this room and tested against the meta-schema: compiling that too takes longer than all else.
  const ajv = new library.Ajv2020({
    strict: true,
    allErrors: true,
    allowUnionTypes: true,
    validateSchema: false,
  });
  ajv.addFormat('date-time', dateTime);
  return ajv.compile<Out>(jsonSchema(node));
}

/**
 * Makes the validator of a schema. It fills in defaults, never changes the value given, and names everything that is
 * wrong, not only the first. The document that it gives back is the schema's `Value`.
 */
export function validator<Out, In>({ node }: Schema<Out, In>): (value: unknown) => Validated<Out> {
  let validate: ValidateFunction<Out> | undefined;
  return (value) => {
    const document = withDefaults(node, value);
    if (fits(node, document)) return { ok: true, document: document as Out };
    validate ??= compile<Out>(node);
    if (validate(document)) return { ok: true, document };
    const errors = withoutOtherVariants(node, document, validate.errors ?? []);
    return { ok: false, problems: errors.map((error) => problemOf(node, document, error)) };
  };
}
