/** The CRD files: as the source says, as the API server demands, and as the validators judge. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { definitionFiles } from './definition-yaml.ts';
import { builtinProfiles } from './profiles/builtin.ts';
import { openApiSchema } from './schema/open-api.ts';
import { kinds } from './v1alpha1/custom-resource.ts';

interface SchemaPart {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaPart>>;
  readonly additionalProperties?: SchemaPart;
  readonly items?: SchemaPart;
  readonly enum?: readonly string[];
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly minimum?: number;
  readonly default?: unknown;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string; readonly message: string }[];
}

/** A part of a schema and all below it, with their paths. */
function* parts(schema: SchemaPart, path: string): Generator<readonly [string, SchemaPart]> {
  yield [path, schema];
  for (const [name, child] of Object.entries(schema.properties ?? {})) yield* parts(child, `${path}.${name}`);
  if (schema.items !== undefined) yield* parts(schema.items, `${path}[]`);
  if (schema.additionalProperties !== undefined) yield* parts(schema.additionalProperties, `${path}{}`);
}

function partsOf(kind: (typeof kinds)[number]): readonly (readonly [string, SchemaPart])[] {
  const { spec, status } = (openApiSchema(kind.node) as SchemaPart).properties ?? {};
  assert.ok(spec !== undefined && status !== undefined);
  return [...parts(spec, 'spec'), ...parts(status, 'status')];
}

/** An ajv that reads structural schemas. */
function structuralAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
  for (const keyword of [
    'x-kubernetes-preserve-unknown-fields',
    'x-kubernetes-int-or-string',
    'x-kubernetes-list-type',
    'x-kubernetes-list-map-keys',
    'x-kubernetes-validations',
  ]) {
    ajv.addKeyword(keyword);
  }
  ajv.addFormat('int32', true);
  ajv.addFormat('int64', true);
  ajv.addFormat('date-time', true);
  return ajv;
}

describe('the definition files', () => {
  for (const [name, text] of definitionFiles()) {
    it(`${name} is what npm run generate writes`, async () => {
      assert.equal(await readFile(new URL(name, import.meta.url), 'utf8'), text, 'run npm run generate');
    });
  }
});

for (const kind of kinds) {
  describe(`the schema of ${kind.kind}`, () => {
    const all = partsOf(kind);

    it('is structural: every part has a type, or says why it has none', () => {
      for (const [path, part] of all) {
        const open = part['x-kubernetes-preserve-unknown-fields'] || part['x-kubernetes-int-or-string'];
        assert.ok(part.type !== undefined || open, path);
        assert.ok(part.properties === undefined || part.additionalProperties === undefined, path);
      }
    });

    it('bounds texts, lists and maps, so that the cost of rules is bounded', () => {
      for (const [path, part] of all) {
        const typed = part.type ?? (part['x-kubernetes-int-or-string'] ? 'string' : 'none');
        if (typed === 'string') assert.ok(part.maxLength !== undefined || part.enum !== undefined, path);
        if (typed === 'array') assert.ok(part.maxItems !== undefined, path);
        if (part.additionalProperties !== undefined) assert.ok(part.maxProperties !== undefined, path);
      }
    });

    it('has no floating point, says the type of lists and the keys of maps', () => {
      for (const [path, part] of all) {
        assert.notEqual(part.type, 'number', path);
        if (part.type !== 'array') continue;
        const listType = part['x-kubernetes-list-type'];
        assert.ok(listType !== undefined, path);
        assert.equal(part['x-kubernetes-list-map-keys'] !== undefined, listType === 'map', path);
      }
    });

    it('describes every field in sentences, with the default where there is one that is no object', () => {
      for (const [path, part] of all) {
        assert.match(part.description ?? '', /^\S.*\.$/, path);
        const told = part.default === undefined || part.type === 'object';
        assert.ok(told || part.description?.includes('Default: '), path);
      }
    });

    it('says in every rule what to do', () => {
      for (const [path, part] of all) {
        for (const { message } of part['x-kubernetes-validations'] ?? [])
          assert.match(message, /\w{3}.*[.;,]/, path);
      }
    });

    it('has defaults that fit', () => {
      for (const [path, part] of all) {
        if (part.default === undefined) continue;
        assert.ok(structuralAjv().compile(part)(part.default), path);
      }
    });

    it('has columns that name fields of the schema', () => {
      const paths = new Set(all.map(([path]) => `.${path}`));
      for (const { jsonPath, type } of kind.columns) {
        if (type === 'date') continue;
        assert.ok(paths.has(jsonPath) || jsonPath.startsWith('.status.conditions['), jsonPath);
      }
    });
  });
}

it('documents that the validators accept fit the definitions', () => {
  const definition = kinds.find(({ kind }) => kind === 'DeidProfile');
  assert.ok(definition !== undefined);
  const fits = structuralAjv().compile(openApiSchema(definition.node));
  for (const profile of Object.values(builtinProfiles)) assert.ok(fits(profile), JSON.stringify(fits.errors));
});
