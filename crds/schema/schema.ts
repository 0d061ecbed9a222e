/**
 * The one source of a document's shape: nodes as data, built by the functions below. From them come the TypeScript
 * types ({@link Value}, {@link Input}), the OpenAPI schema of the CRD (`open-api.ts`), the JSON Schema of the validator
 * (`json-schema.ts`), and the defaults (`defaults.ts`).
 */

/** A validation rule in CEL, evaluated by the API server on the node it stands at. */
export interface CelRule {
  readonly rule: string;
  /** A sentence that says what to do. */
  readonly message: string;
}

interface Described {
  /** Full sentences: what it does, its unit and its default. */
  readonly description: string;
}

export interface StringNode extends Described {
  readonly kind: 'string';
  readonly minLength: number;
  readonly maxLength: number;
  /** A regular expression without look-around, so that RE2 and JavaScript read it alike. */
  readonly pattern?: string;
  /** What a fitting value looks like, said after "must be". */
  readonly expected?: string;
  readonly format?: 'date-time';
}

export interface ChoiceNode extends Described {
  readonly kind: 'choice';
  readonly values: readonly string[];
  /** Values that the design names and this version does not support. */
  readonly later: readonly string[];
}

export interface IntegerNode extends Described {
  readonly kind: 'integer';
  readonly minimum: number;
  readonly maximum: number;
}

export interface IntOrStringNode extends Described {
  readonly kind: 'intOrString';
  readonly minimum: number;
  readonly maximum: number;
  readonly maxLength: number;
  readonly pattern: string;
  readonly expected: string;
}

export interface BooleanNode extends Described {
  readonly kind: 'boolean';
  /** The one value that may stand, where only one may. */
  readonly only?: boolean;
}

export interface ListNode extends Described {
  readonly kind: 'list';
  readonly items: Node;
  readonly minItems: number;
  readonly maxItems: number;
  /** Kubernetes' list type; `map` lists have items of distinct `key`. */
  readonly listType: 'atomic' | 'set' | 'map';
  readonly key?: string;
}

export interface MapNode extends Described {
  readonly kind: 'map';
  readonly values: Node;
  readonly maxProperties: number;
}

export interface ObjectNode extends Described {
  readonly kind: 'object';
  readonly fields: Readonly<Record<string, Field>>;
  /** Fields that the design names and this version does not support, with what a wrong type would be in a CRD. */
  readonly later: Readonly<Record<string, 'object' | 'array' | 'string' | 'integer' | 'boolean'>>;
  readonly rules: readonly CelRule[];
}

/** A value that a structural schema cannot describe: open in the CRD, exact in the validator. */
export interface UnionNode extends Described {
  readonly kind: 'union';
  readonly variants: readonly Node[];
  /** What a fitting value looks like, said after "must be". */
  readonly expected: string;
}

/** An object of which only some fields concern us; others are free. */
export interface OpenNode extends Described {
  readonly kind: 'open';
  readonly fields: Readonly<Record<string, Field>>;
}

export type Node =
  | StringNode
  | ChoiceNode
  | IntegerNode
  | IntOrStringNode
  | BooleanNode
  | ListNode
  | MapNode
  | ObjectNode
  | UnionNode
  | OpenNode;

/** A plain JSON value. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

export type Presence = 'required' | 'optional' | 'defaulted';

/** A node's place in an object. */
export interface Field {
  readonly node: Node;
  readonly presence: Presence;
  /** Set exactly where `presence` is `defaulted`. */
  readonly default?: Json;
}

/** A node that knows the types it stands for: `Out` with the defaults filled in, `In` as people write it. */
export interface Schema<Out, In = Out> {
  readonly node: Node;
  readonly out?: Out;
  readonly in?: In;
}

/** A field that knows its types and presence. */
export interface TypedField<Out, In, P extends Presence> extends Field {
  readonly presence: P;
  readonly out?: Out;
  readonly in?: In;
}

/** What a schema's values are once validated and completed. */
export type Value<S> = S extends Schema<infer Out, unknown> ? Out : never;
/** What people may write: fields with a default may be left out. */
export type Input<S> = S extends Schema<unknown, infer In> ? In : never;

type Fields = Readonly<Record<string, TypedField<unknown, unknown, Presence>>>;
type KeysOf<F extends Fields, P extends Presence> = {
  [K in keyof F]: F[K]['presence'] extends P ? K : never;
}[keyof F];
type OutOf<F> = F extends TypedField<infer Out, unknown, Presence> ? Out : never;
type InOf<F> = F extends TypedField<unknown, infer In, Presence> ? In : never;
type Flat<T> = { [K in keyof T]: T[K] };
type ObjectOut<F extends Fields> = Flat<
  { readonly [K in KeysOf<F, 'required' | 'defaulted'>]: OutOf<F[K]> } & {
    readonly [K in KeysOf<F, 'optional'>]?: OutOf<F[K]>;
  }
>;
type ObjectIn<F extends Fields> = Flat<
  { readonly [K in KeysOf<F, 'required'>]: InOf<F[K]> } & {
    readonly [K in KeysOf<F, 'optional' | 'defaulted'>]?: InOf<F[K]>;
  }
>;

/** Longest text where nothing else is said, in characters: bounds what a CEL rule may cost. */
const longText = 1024;

/** Text of bounded length in characters. */
export function text(
  description: string,
  limits: {
    readonly minLength?: number;
    readonly maxLength?: number;
    readonly pattern?: string;
    readonly expected?: string;
    readonly format?: 'date-time';
  } = {},
): Schema<string> {
  return { node: { kind: 'string', description, minLength: 0, maxLength: longText, ...limits } };
}

/** One of a few words. */
export function choice<const V extends string>(
  description: string,
  values: readonly V[],
  later: readonly string[] = [],
): Schema<V> {
  return { node: { kind: 'choice', description, values, later } };
}

/** A whole number within bounds, both included. */
export function integer(
  description: string,
  minimum: number,
  maximum = Number.MAX_SAFE_INTEGER,
): Schema<number> {
  return { node: { kind: 'integer', description, minimum, maximum } };
}

/** A whole number, or text that stands for one, such as a quantity or a percentage. */
export function intOrString(
  description: string,
  limits: {
    readonly minimum: number;
    readonly maximum: number;
    readonly maxLength: number;
    readonly pattern: string;
    readonly expected: string;
  },
): Schema<number | string> {
  return { node: { kind: 'intOrString', description, ...limits } };
}

export function boolean(description: string): Schema<boolean> {
  return { node: { kind: 'boolean', description } };
}

/** The word `true` and nothing else. */
export function always(description: string): Schema<true> {
  return { node: { kind: 'boolean', description, only: true } };
}

/** A list of at most `maxItems`; a `set` has no item twice, a `map` no two items of one `key`. */
export function list<Out, In>(
  description: string,
  items: Schema<Out, In>,
  limits: {
    readonly maxItems: number;
    readonly minItems?: number;
    readonly listType?: 'atomic' | 'set' | 'map';
    readonly key?: string;
  },
): Schema<readonly Out[], readonly In[]> {
  return {
    node: { kind: 'list', description, items: items.node, minItems: 0, listType: 'atomic', ...limits },
  };
}

/** Names to values, at most `maxProperties` of them. */
export function map<Out, In>(
  description: string,
  values: Schema<Out, In>,
  maxProperties: number,
): Schema<Readonly<Record<string, Out>>, Readonly<Record<string, In>>> {
  return { node: { kind: 'map', description, values: values.node, maxProperties } };
}

/** An object of exactly these fields. */
export function object<F extends Fields>(
  description: string,
  fields: F,
  extra: { readonly later?: ObjectNode['later']; readonly rules?: readonly CelRule[] } = {},
): Schema<ObjectOut<F>, ObjectIn<F>> {
  return { node: { kind: 'object', description, fields, later: {}, rules: [], ...extra } };
}

/** An object of these fields and any others. */
export function open<F extends Fields>(description: string, fields: F): Schema<ObjectOut<F>, ObjectIn<F>> {
  return { node: { kind: 'open', description, fields } };
}

/** One of several shapes. */
export function union<S extends readonly Schema<unknown, unknown>[]>(
  description: string,
  expected: string,
  variants: S,
): Schema<Value<S[number]>, Input<S[number]>> {
  return { node: { kind: 'union', description, expected, variants: variants.map(({ node }) => node) } };
}

/** A field that must stand. */
export function required<Out, In>({ node }: Schema<Out, In>): TypedField<Out, In, 'required'> {
  return { node, presence: 'required' };
}

/** A field that may be left out. */
export function optional<Out, In>({ node }: Schema<Out, In>): TypedField<Out, In, 'optional'> {
  return { node, presence: 'optional' };
}

/** A field that has the value where it is left out. */
export function defaulted<Out, In extends Json | object>(
  { node }: Schema<Out, In>,
  value: In,
): TypedField<Out, In, 'defaulted'> {
  return { node, presence: 'defaulted', default: value as Json };
}
