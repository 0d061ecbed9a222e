/**
 * What may stand in an output under a tag: decided from the verifier's own tables in order, the first that answers wins.
 * Where the tables leave a choice to the Type of an attribute, every outcome of the choice is allowed.
 */
import type { DeidProfileSpec } from '../../crds/v1alpha1/profile.ts';
import { creatorOf, elementIn, type ReadDataSet, type ReadElement } from './object-reader.ts';
import { readRules } from './profile-rules.ts';
import {
  attributeOf,
  type ConfidentialityRow,
  conceptOf,
  confidentialityOf,
  isSafePrivate,
  tagOfKeyword,
} from './tables.ts';
import { textOf } from './values.ts';

export type Expectation =
  /** The element must not stand there. */
  | 'absent'
  /** Nothing of the source's value: no value, a dummy, or a sequence of dummies. */
  | 'gone'
  | 'empty'
  | 'pseudonym'
  | 'uid'
  | 'classUid'
  | 'movedDate'
  | 'age'
  /** Cleaned text and kept values: what they may hold is a question of text. */
  | 'open'
  /** As the source has it, and no place for its identifying values to hide from a search: kept by a rule. */
  | 'kept';

export interface ReadProfile {
  readonly spec: DeidProfileSpec;
  readonly options: ReadonlySet<string>;
  readonly dates: 'remove' | 'shift' | 'keep';
  /** `source` is the root of the object as it was: what it declares of private elements counts. */
  expect(element: ReadElement, source: ReadDataSet): Expectation;
}

/** Options by the letters of the tables, in the order in which they are asked: those that clean before those that keep. */
const optionLetters: readonly (readonly [letter: string, option: string])[] = [
  ['s', 'CleanStructuredContent'],
  ['g', 'CleanGraphics'],
  ['m', 'RetainLongitudinalModifiedDates'],
  ['t', 'CleanDescriptors'],
  ['f', 'RetainLongitudinalFullDates'],
  ['c', 'RetainPatientCharacteristics'],
  ['d', 'RetainDeviceIdentity'],
  ['i', 'RetainInstitutionIdentity'],
  ['u', 'RetainUIDs'],
  ['p', 'RetainSafePrivate'],
];

const contentSequences = new Set([0x0040a730, 0x00400555, 0x00400610, 0x0040b020]);
const statements = new Set([0x00120062, 0x00120063, 0x00120064, 0x00280303]);
const uncleanable = new Set('OB OW OD OF OL OV UN US CS'.split(' '));
const dateVrs = new Set(['DA', 'DT', 'TM']);
const texts = new Set('AE AS CS DA DS DT IS LO LT PN SH ST TM UC UR UT'.split(' '));
const numbersThatStay = new Set(['US', 'SS', 'UL', 'SL', 'AT', 'CS', 'SQ']);

/** UIDs that name a definition, by the ends of their keywords (PS3.3, PS3.4 annex B, PS3.5 annex A, PS3.16). */
const classKeyword =
  /(?:SOPClassUID|SOPClassUIDInFile|TransferSyntaxUID|TransferSyntaxUIDInFile|SpecializedSOPClassUID|SOPClassesInStudy|SOPClassesInSeries|SOPClassesSupported|CodingSchemeUID|ContextUID|MappingResourceUID)$/;

/** Attributes outside Table E.1-1 that hold a number or address of the institution or of the person (PS3.15 E.1.1). */
const furtherIdentifiers: ReadonlySet<number | undefined> = new Set(
  [
    'PatientBirthDateInAlternativeCalendar',
    'PatientDeathDateInAlternativeCalendar',
    'PlacerOrderNumberProcedure',
    'FillerOrderNumberProcedure',
    'OwnerID',
    'LocalNamespaceEntityID',
    'ContactDisplayName',
    'StoredInstanceBaseURI',
    'RetrieveURL',
    'RetrieveURI',
    'ContactURI',
  ].map(tagOfKeyword),
);

function isOutside(tag: number): boolean {
  const group = tag >>> 16;
  return (
    (tag & 0xffff) === 0 ||
    group === 2 ||
    group === 4 ||
    group === 0 ||
    (group < 8 && group % 2 === 1) ||
    group === 0xffff
  );
}

/** The code that a row has under the options: that of the first option that cleans, else of one that keeps. */
function inForce(row: ConfidentialityRow, options: ReadonlySet<string>): { code: string; letter: string } {
  let kept: string | undefined;
  for (const [letter, option] of optionLetters) {
    const code = options.has(option) ? row.options.get(letter) : undefined;
    if (code === 'C') return { code, letter };
    if (code === 'K') kept ??= letter;
  }
  return kept === undefined ? { code: row.basic, letter: '' } : { code: 'K', letter: kept };
}

function text(dataSet: ReadDataSet | undefined, tag: number): string {
  const element = dataSet === undefined ? undefined : elementIn(dataSet, tag);
  return element === undefined ? '' : textOf(element);
}

/** The row of Table E.3.4-1 for the content item that a data set is. */
function conceptRow(item: ReadDataSet): ConfidentialityRow | undefined {
  const [concept] = elementIn(item, 0x0040a043)?.items ?? [];
  const code = text(concept, 0x00080100) || text(concept, 0x00080119);
  return conceptOf(code, text(concept, 0x00080102), text(item, 0x0040a040));
}

/** Whether the source declares a private element to hold nothing identifying (PS3.3 section C.12.1.1.7). */
function isDeclaredSafe(element: ReadElement, creator: string, source: ReadDataSet): boolean {
  const numbers = (item: ReadDataSet, tag: number): readonly number[] => {
    const value = elementIn(item, tag)?.value ?? Buffer.alloc(0);
    const found: number[] = [];
    for (let at = 0; at + 2 <= value.length; at += 2)
      found.push(item.littleEndian ? value.readUInt16LE(at) : value.readUInt16BE(at));
    return found;
  };
  return (elementIn(source, 0x00080300)?.items ?? []).some(
    (item) =>
      numbers(item, 0x00080301)[0] === element.tag >>> 16 &&
      text(item, 0x00080302).toUpperCase() === creator.toUpperCase() &&
      (text(item, 0x00080303) === 'SAFE' ||
        numbers(item, 0x00080304).some((number) => (number & 0xff) === (element.tag & 0xff))),
  );
}

/** Reads a validated profile. */
export function readProfile(spec: DeidProfileSpec): ReadProfile {
  const options: ReadonlySet<string> = new Set(spec.dicom.basis.options);
  const ruleOf = readRules(spec);
  const dates = options.has('RetainLongitudinalModifiedDates')
    ? 'shift'
    : options.has('RetainLongitudinalFullDates')
      ? 'keep'
      : 'remove';
  const ofDate: Expectation = dates === 'shift' ? 'movedDate' : dates === 'keep' ? 'open' : 'gone';
  const rows = new Map<number, { code: string; letter: string; basic: string } | undefined>();
  const rowOf = (tag: number): { code: string; letter: string; basic: string } | undefined => {
    if (!rows.has(tag)) {
      const row = confidentialityOf(tag);
      rows.set(tag, row === undefined ? undefined : { ...inForce(row, options), basic: row.basic });
    }
    return rows.get(tag);
  };

  const byRule = (element: ReadElement, source: ReadDataSet): Expectation | undefined => {
    if (spec.dicom.rules.length === 0) return undefined;
    const verdict = ruleOf(element, source);
    switch (verdict?.kind) {
      case undefined:
        return undefined;
      case 'remove':
        return 'absent';
      case 'empty':
        return 'empty';
      case 'pseudonym':
        return 'pseudonym';
      case 'remapUID':
        return 'uid';
      case 'shiftDate':
        return 'movedDate';
      default:
        return 'kept';
    }
  };

  const byVr = (tag: number, vr: string): Expectation | undefined => {
    if (vr === 'PN') return 'gone';
    if (vr === 'UI') return classKeyword.test(attributeOf(tag)?.keyword ?? '') ? 'classUid' : 'uid';
    if (dateVrs.has(vr)) return ofDate;
    return vr === 'AS' ? 'age' : undefined;
  };

  const ofPrivate = (element: ReadElement, source: ReadDataSet): Expectation => {
    const { tag, vr } = element;
    const retains = options.has('RetainSafePrivate');
    const low = tag & 0xffff;
    if (low >= 0x10 && low <= 0xff) return retains || spec.dicom.rules.length > 0 ? 'open' : 'absent';
    const creator = creatorOf(tag, element.dataSet);
    if (!retains || creator === undefined) return 'absent';
    const isSafe = isSafePrivate(tag, creator, vr) || isDeclaredSafe(element, creator, source);
    if (!isSafe || vr === 'PN' || vr === 'UN') return 'absent';
    return byVr(tag, vr) ?? 'open';
  };

  const byTable = (element: ReadElement): Expectation | undefined => {
    const { tag, vr } = element;
    const row = rowOf(tag);
    if (row === undefined) return undefined;
    if (tag === 0x00100010 || tag === 0x00100020) return 'pseudonym';
    const ofBasic = (): Expectation => (row.basic === 'U' ? 'uid' : row.basic === 'X/Z/U*' ? 'open' : 'gone');
    if (row.code === 'K') return vr === 'AS' ? 'age' : 'open';
    if (row.code !== 'C') return contentSequences.has(tag) ? 'open' : ofBasic();
    if (row.letter === 'm' && !uncleanable.has(vr)) {
      if (dateVrs.has(vr)) return 'movedDate';
      return texts.has(vr) ? 'open' : 'gone';
    }
    if (contentSequences.has(tag)) return 'open';
    if (uncleanable.has(vr)) return ofBasic();
    if (vr === 'UI') return 'uid';
    if (dateVrs.has(vr)) return dates === 'shift' ? 'movedDate' : 'gone';
    if (vr === 'PN') return 'gone';
    return vr === 'AS' ? 'age' : 'open';
  };

  /** The value of a content item: its concept's row, or its value type. */
  const ofContentItem = (element: ReadElement): Expectation | undefined => {
    const { tag, dataSet } = element;
    const isValue = tag === 0x0040a160 || tag === 0x0040a123;
    const isDate = tag === 0x0040a120 || tag === 0x0040a121 || tag === 0x0040a122;
    if (!isValue && !isDate && tag !== 0x0040a124) return undefined;
    let sequence: ReadElement | undefined = dataSet.parent;
    if (sequence === undefined || !contentSequences.has(sequence.tag)) return undefined;
    while (sequence.dataSet.parent !== undefined && contentSequences.has(sequence.dataSet.parent.tag))
      sequence = sequence.dataSet.parent;
    if (tag === 0x0040a124) return 'uid';
    if (isDate) return dates === 'remove' ? 'gone' : dates === 'shift' ? 'movedDate' : 'open';
    const row = conceptRow(dataSet);
    const { code } = row === undefined ? { code: undefined } : inForce(row, options);
    if (code === 'K') return 'open';
    if (tag === 0x0040a123) return 'gone';
    if (code === 'C') return 'open';
    if (code !== undefined) return 'gone';
    return rowOf(sequence.tag)?.code === 'C' ? 'open' : 'gone';
  };

  const own = (element: ReadElement, source: ReadDataSet): Expectation => {
    const { tag, vr, dataSet } = element;
    if (isOutside(tag)) return 'absent';
    if (statements.has(tag)) return dataSet.parent === undefined ? 'open' : 'absent';
    const ruled = byRule(element, source);
    if (ruled !== undefined) return ruled;
    if ((tag & 0x10000) !== 0) return ofPrivate(element, source);
    const content = ofContentItem(element) ?? byTable(element);
    if (content !== undefined) return content;
    if (furtherIdentifiers.has(tag)) return 'gone';
    if (attributeOf(tag) === undefined) return 'absent';
    return byVr(tag, vr) ?? 'open';
  };

  const isInDummy = (element: ReadElement, source: ReadDataSet): boolean => {
    for (let at = element.dataSet.parent; at !== undefined; at = at.dataSet.parent)
      if (own(at, source) === 'gone') return true;
    return false;
  };

  return {
    spec,
    options,
    dates,
    expect: (element, source) => {
      const expectation = own(element, source);
      const isStructure = numbersThatStay.has(element.vr) || element.vr === 'UI';
      return (expectation === 'open' || expectation === 'age') && !isStructure && isInDummy(element, source)
        ? 'gone'
        : expectation;
    },
  };
}
