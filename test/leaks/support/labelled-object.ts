/**
 * An object with labels in it, in every shape in which it can come: transfer syntaxes, depths of nesting. And its output
 * under a profile, with what a test asks of it.
 */
import assert from 'node:assert/strict';
import { inflateRawSync } from 'node:zlib';
import type { BuiltinProfileName } from '../../../crds/v1alpha1/job.ts';
import { createUidMap } from '../../../worker/deid/identity/uid-map.ts';
import type { DataSet, Element } from '../../../worker/dicom/element.ts';
import type { EngineDecision } from '../../../worker/engine.ts';
import { jpeg } from '../../builders/code-streams.ts';
import {
  dicomFile,
  el,
  encapsulated,
  type FileOptions,
  type Part,
  sq,
  syntaxes,
  tag,
} from '../../builders/dicom.ts';
import { deidentify, elementsOf, key, type Reading, read, textOf } from '../../engine/support/deidentify.ts';

/** The new UID of a UID under the profiles of the product. */
export const mappedUid: (uid: string) => string = createUidMap(key);

/** Transfer syntaxes that differ in how they encode a data set, and one with encapsulated pixel data. */
export const encodings = {
  explicit: syntaxes.explicit,
  implicit: syntaxes.implicit,
  bigEndian: syntaxes.bigEndian,
  deflated: syntaxes.deflated,
  encapsulated: syntaxes.jpegBaseline,
} as const;
export type EncodingName = keyof typeof encodings;

/** The sequences around what is planted, from the root. No row of Table E.1-1 removes them. */
export const depths = {
  'at the root': [],
  'one sequence deep': ['SharedFunctionalGroupsSequence'],
  'three sequences deep': [
    'SharedFunctionalGroupsSequence',
    'DerivationImageSequence',
    'SourceImageSequence',
  ],
} as const;
export type Depth = keyof typeof depths;

/** The patient of the objects here, unless a test plants another. */
export const patient = {
  name: 'Quastenburger^Mirelda',
  id: 'QX-4711-0815',
  birthDate: '19471103',
  studyDate: '20190407',
} as const;

const uids = { study: '1.2.3.4711.1', series: '1.2.3.4711.2', instance: '1.2.3.4711.3' } as const;
const ctImageStorage = '1.2.840.10008.5.1.4.1.1.2';

/** Group and element of a part as a number, read from what it writes. */
function tagOfPart(part: Part): number {
  const bytes = Buffer.from(part({ explicit: true, littleEndian: true }));
  return bytes.readUInt16LE(0) * 0x10000 + bytes.readUInt16LE(2);
}

/** The parts in ascending order of their tags (PS3.5 section 7.1). */
function inTagOrder(parts: readonly Part[]): readonly Part[] {
  return [...parts].sort((a, b) => tagOfPart(a) - tagOfPart(b));
}

function pixels(encoding: EncodingName): readonly Part[] {
  return [
    el('SamplesPerPixel', 1),
    el('PhotometricInterpretation', 'MONOCHROME2'),
    el('Rows', 2),
    el('Columns', 2),
    el('BitsAllocated', 8),
    el('BitsStored', 8),
    el('HighBit', 7),
    el('PixelRepresentation', 0),
    encoding === 'encapsulated' ? encapsulated([jpeg()]) : el('PixelData', Uint8Array.of(1, 2, 3, 4), 'OB'),
  ];
}

const around: readonly Part[] = [
  el('SpecificCharacterSet', 'ISO_IR 192'),
  el('SOPClassUID', ctImageStorage),
  el('SOPInstanceUID', uids.instance),
  el('StudyDate', patient.studyDate),
  el('Modality', 'CT'),
  el('PatientName', patient.name),
  el('PatientID', patient.id),
  el('PatientBirthDate', patient.birthDate),
  el('StudyInstanceUID', uids.study),
  el('SeriesInstanceUID', uids.series),
];

/** What a test plants in an object. */
export interface Labelled {
  /** Stands at the depth in question; takes the place of elements of the same tag where that is the root. */
  readonly planted: readonly Part[];
  /** Stands at the root, whatever the depth; takes the place of elements of the same tag. */
  readonly root?: readonly Part[];
  readonly pixelData?: (encoding: EncodingName) => readonly Part[];
  readonly file?: FileOptions;
}

function replacing(base: readonly Part[], parts: readonly Part[]): readonly Part[] {
  const taken = new Set(parts.map(tagOfPart));
  return [...base.filter((part) => !taken.has(tagOfPart(part))), ...parts];
}

/** The file of a labelled object. */
export function labelledFile(labelled: Labelled, encoding: EncodingName, depth: Depth): Buffer {
  const path: readonly string[] = depths[depth];
  const nested = path.reduceRight<readonly Part[]>(
    (inside, sequence) => [sq(sequence, [inTagOrder(inside)])],
    labelled.planted,
  );
  const base = [...around, ...(labelled.pixelData ?? pixels)(encoding)];
  const parts = inTagOrder(replacing(replacing(base, labelled.root ?? []), nested));
  return dicomFile(parts, { ...labelled.file, transferSyntax: encodings[encoding] });
}

/** One output, and how its object came. */
export interface Output {
  readonly profile: BuiltinProfileName;
  readonly encoding: EncodingName;
  readonly depth: Depth;
  readonly decision: EngineDecision;
  /** The output's bytes, the data set inflated where it is deflated; empty where there is none. */
  readonly bytes: Buffer;
  readonly root: Reading;
  /** The data set in which the labels were planted; undefined where the sequences around it are gone. */
  readonly planted: PlantedSet | undefined;
}

/** The data set that held the labels, as the output has it. */
export interface PlantedSet {
  element(name: string): Element | undefined;
  /** The value as text, a character a byte; undefined where the element is missing. */
  text(name: string): string | undefined;
  /** All values of that attribute below the data set, at any depth. */
  texts(name: string): readonly string[];
}

function plantedSet(reading: Reading, depth: Depth): PlantedSet | undefined {
  let dataSet: DataSet | undefined = reading.parsed.dataSet;
  for (const sequence of depths[depth]) {
    dataSet = dataSet?.elements.find((one) => one.tag === tag(sequence))?.items?.[0]?.dataSet;
  }
  if (dataSet === undefined) return undefined;
  const found = dataSet;
  const element = (name: string) => found.elements.find((one) => one.tag === tag(name));
  return {
    element,
    text: (name) => {
      const one = element(name);
      return one === undefined ? undefined : textOf(one, reading.parsed);
    },
    texts: (name) =>
      [...elementsOf(found)].filter((one) => one.tag === tag(name)).map((one) => textOf(one, reading.parsed)),
  };
}

/** The bytes of a file with its data set inflated; it begins behind the File Meta Information (PS3.10 section 7.1). */
export function inflated(file: Buffer, encoding: EncodingName): Buffer {
  if (encoding !== 'deflated') return file;
  const start = 144 + file.readUInt32LE(140);
  return Buffer.concat([file.subarray(0, start), inflateRawSync(file.subarray(start))]);
}

/** De-identifies a labelled object in one shape under one profile. Fails where it is not de-identified. */
export async function outputOf(
  labelled: Labelled,
  shape: Pick<Output, 'profile' | 'encoding' | 'depth'>,
): Promise<Output> {
  const { decision, bytes } = await deidentify(
    labelledFile(labelled, shape.encoding, shape.depth),
    shape.profile,
  );
  assert.ok('output' in decision, `${nameOf(shape)}: ${JSON.stringify(decision)}`);
  const root = await read(bytes);
  return {
    ...shape,
    decision,
    bytes: inflated(bytes, shape.encoding),
    root,
    planted: plantedSet(root, shape.depth),
  };
}

const msPerDay = 86_400_000;

/** Days since 1970 of a date as `YYYYMMDD`. */
export function dayNumber(date: string): number {
  return (
    Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8))) / msPerDay
  );
}

/** The date so many days later, as `YYYYMMDD`. */
export function plusDays(date: string, days: number): string {
  return new Date((dayNumber(date) + days) * msPerDay).toISOString().slice(0, 10).replaceAll('-', '');
}

/** By how many days the dates of an output under `research` moved, told by its Study Date. */
export function shiftOf({ root }: Output): number {
  const days = dayNumber(root.text('StudyDate') ?? '') - dayNumber(patient.studyDate);
  assert.ok(days < 0, 'dates move into the past');
  return days;
}

/** How an object came and went, for messages. */
export function nameOf({ profile, encoding, depth }: Pick<Output, 'profile' | 'encoding' | 'depth'>): string {
  return `${profile}, ${encoding}, ${depth}`;
}
