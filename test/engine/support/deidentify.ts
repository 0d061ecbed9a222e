/** Runs the engine over the bytes of one object and gives what a reader of its output sees. */
import { builtinProfiles } from '../../../crds/profiles/builtin.ts';
import type { BuiltinProfileName } from '../../../crds/v1alpha1/job.ts';
import { residentSource } from '../../../worker/bytes/byte-source.ts';
import { createEngine } from '../../../worker/deid/engine.ts';
import { parseProjectKey } from '../../../worker/deid/identity/project-key.ts';
import type { DataSet, Element } from '../../../worker/dicom/element.ts';
import { type ParsedObject, parseObject } from '../../../worker/dicom/parse.ts';
import type { Tag } from '../../../worker/dicom/tag.ts';
import type { Engine, EngineDecision } from '../../../worker/engine.ts';
import { confidentialityRows } from '../../../worker/standards/confidentiality-table.ts';
import { tag } from '../../builders/dicom.ts';

export const key = parseProjectKey(Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7 + 3)));

export const engines: Readonly<Record<BuiltinProfileName, Engine>> = {
  basic: createEngine({ profile: builtinProfiles.basic.spec, key }),
  research: createEngine({ profile: builtinProfiles.research.spec, key }),
  strict: createEngine({ profile: builtinProfiles.strict.spec, key }),
};

export interface Deidentified {
  readonly decision: EngineDecision;
  /** The output's bytes; empty where there is none. */
  readonly bytes: Buffer;
}

export async function deidentify(
  file: Uint8Array,
  profile: BuiltinProfileName = 'basic',
): Promise<Deidentified> {
  const decision = await engines[profile].deidentify(residentSource(file));
  const chunks: Uint8Array[] = [];
  if ('output' in decision) {
    for await (const chunk of decision.output.chunks()) chunks.push(Uint8Array.from(chunk));
  }
  return { decision, bytes: Buffer.concat(chunks) };
}

/** Values of a parsed object by keyword or tag, at the root. */
export interface Reading {
  readonly parsed: ParsedObject;
  element(name: string): Element | undefined;
  /** The value as text, without padding; undefined where the element is missing. */
  text(name: string): string | undefined;
}

export async function read(file: Uint8Array): Promise<Reading> {
  const parsed = await parseObject(residentSource(file));
  const element = (name: string) => parsed.dataSet.elements.find((one) => one.tag === tag(name));
  return {
    parsed,
    element,
    text: (name) => {
      const found = element(name);
      return found === undefined ? undefined : textOf(found, parsed);
    },
  };
}

export function textOf({ valueStart, valueEnd }: Element, { body }: ParsedObject): string {
  return Buffer.from(body.view(valueStart, valueEnd))
    .toString('latin1')
    .replace(/[ \0]+$/, '');
}

/** Every element at any depth. */
export function* elementsOf(dataSet: DataSet): Generator<Element> {
  for (const element of dataSet.elements) {
    yield element;
    for (const item of element.items ?? []) yield* elementsOf(item.dataSet);
  }
}

/** The tags that the rows of Table E.1-1 name, with those of repeating groups in their first group. */
export const tableTags: readonly Tag[] = confidentialityRows.flatMap(({ pattern }) => {
  const first = pattern.replaceAll('x', '0');
  return /^[0-9A-F]{8}$/.test(first) ? [Number.parseInt(first, 16)] : [];
});
