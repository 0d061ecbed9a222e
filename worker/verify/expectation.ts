/**
 * What may stand in an output under a tag: decided from the verifier's own tables in order, the first that answers wins.
 * Where the tables leave a choice to the Type of an attribute, every outcome of the choice is allowed.
 */
import type { DeidProfileSpec } from '../../crds/v1alpha1/profile.ts';
import { codeInForce } from './option-codes.ts';
import { mayStayPrivate } from './private-safety.ts';
import { readRules } from './profile-rules.ts';
import { elementIn, type ReadDataSet, type ReadElement } from './read-element.ts';
import {
  attributeOf,
  type ConfidentialityRow,
  conceptOf,
  confidentialityOf,
  isRequiredIn,
  tagOfKeyword,
} from './tables.ts';
import { textIn } from './values.ts';

export type Expectation =
  /** The element must not stand there. */
  | 'absent'
  /** Nothing of the source's value: no value, a dummy, or a sequence of dummies. */
  | 'gone'
  | 'empty'
  /** The text that a rule gives. */
  | 'replaced'
  | 'pseudonym'
  | 'uid'
  | 'classUid'
  | 'movedDate'
  | 'age'
  /** Text that is cleaned as free text: no date of the source stays in it. */
  | 'cleaned'
  /** Kept values: what texts among them may hold is a question of text. */
  | 'open'
  /** As the source has it, and no place for its identifying values to hide from a search: kept by a rule. */
  | 'kept'
  /** What a rule makes of it hangs on the value. */
  | 'unsure';

export interface ReadProfile {
  readonly spec: DeidProfileSpec;
  readonly options: ReadonlySet<string>;
  readonly dates: 'remove' | 'shift' | 'keep';
  /** `source` is the root of the object as it was: what it declares of private elements counts. */
  expect(element: ReadElement, source: ReadDataSet): Expectation;
  /** The text that a rule puts in place of the element's value. */
  replacement(element: ReadElement, source: ReadDataSet): string | undefined;
}

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

/** The row of Table E.3.4-1 for the content item that a data set is. */
function conceptRow(item: ReadDataSet): ConfidentialityRow | undefined {
  const [concept] = elementIn(item, 0x0040a043)?.items ?? [];
  const code = textIn(concept, 0x00080100) || textIn(concept, 0x00080119);
  return conceptOf(code, textIn(concept, 0x00080102), textIn(item, 0x0040a040));
}

/** Texts of group 0028 that hold numbers and terms: Photometric Interpretation, Number of Frames, spacing, rescaling. */
const pixelTexts = new Set([
  0x00280004, 0x00280008, 0x00280030, 0x00280034, 0x00281050, 0x00281051, 0x00281052, 0x00281053,
]);

/** The description of pixel data, without which they say something else (PS3.3 section C.7.6.3). */
function describesPixels(tag: number, vr: string): boolean {
  return pixelTexts.has(tag) || (tag >>> 16 === 0x0028 && !texts.has(vr));
}

const longTexts = new Set('ST LT UT'.split(' '));

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

  /** What cleaning makes of a value of a VR. */
  const cleaned = (vr: string): Expectation => {
    if (vr === 'UI') return 'uid';
    if (dateVrs.has(vr)) return dates === 'shift' ? 'movedDate' : 'gone';
    if (vr === 'PN') return 'gone';
    return vr === 'AS' ? 'age' : 'cleaned';
  };

  const byRule = (element: ReadElement, source: ReadDataSet): Expectation | undefined => {
    if (spec.dicom.rules.length === 0) return undefined;
    const verdict = ruleOf(element, source);
    switch (verdict?.kind) {
      case undefined:
        return undefined;
      case 'keep':
        return 'kept';
      case 'remove':
        return 'absent';
      case 'empty':
        return 'empty';
      case 'replace':
        return 'replaced';
      case 'pseudonym':
        return 'pseudonym';
      case 'remapUID':
        return 'uid';
      case 'shiftDate':
        return 'movedDate';
      case 'clean':
        return texts.has(element.vr) || element.vr === 'UI' || element.vr === 'SQ'
          ? cleaned(element.vr)
          : 'kept';
      case 'cap':
      case 'generalise':
      case 'cleanMatch':
      case 'unsure':
        return 'unsure';
      default:
        return verdict satisfies never;
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
    if (!retains || !mayStayPrivate(element, source)) return 'absent';
    return byVr(tag, vr) ?? 'open';
  };

  const byTable = (tag: number, vr: string): Expectation | undefined => {
    const row = confidentialityOf(tag);
    if (row === undefined) return undefined;
    const { code, letter } = codeInForce(row, options);
    if (tag === 0x00100010 || tag === 0x00100020) return 'pseudonym';
    const ofBasic = (): Expectation => (row.basic === 'U' ? 'uid' : row.basic === 'X/Z/U*' ? 'open' : 'gone');
    if (code === 'K') return vr === 'AS' ? 'age' : 'open';
    if (code !== 'C') return contentSequences.has(tag) ? 'open' : ofBasic();
    if (letter === 'm' && !uncleanable.has(vr)) {
      if (dateVrs.has(vr)) return 'movedDate';
      return texts.has(vr) ? 'open' : 'gone';
    }
    if (contentSequences.has(tag)) return 'open';
    return uncleanable.has(vr) ? ofBasic() : cleaned(vr);
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
    const code = row === undefined ? undefined : codeInForce(row, options).code;
    if (code === 'K') return 'open';
    if (tag === 0x0040a123) return 'gone';
    if (code === 'C') return 'cleaned';
    if (code !== undefined) return 'gone';
    const ofSequence = confidentialityOf(sequence.tag);
    return ofSequence !== undefined && codeInForce(ofSequence, options).code === 'C' ? 'cleaned' : 'gone';
  };

  /** What needs no more than the tag and the VR; undefined for what no table lists. */
  const listed = (tag: number, vr: string): Expectation | undefined =>
    byTable(tag, vr) ??
    (furtherIdentifiers.has(tag) ? 'gone' : attributeOf(tag) === undefined ? 'absent' : byVr(tag, vr));
  const known = new Map<string, Map<number, Expectation | undefined>>();
  const remembered = (tag: number, vr: string): Expectation | undefined => {
    let ofVr = known.get(vr);
    if (ofVr === undefined) {
      ofVr = new Map();
      known.set(vr, ofVr);
    }
    const before = ofVr.get(tag);
    if (before !== undefined || ofVr.has(tag)) return before;
    const found = listed(tag, vr);
    ofVr.set(tag, found);
    return found;
  };

  const unlisted = (tag: number, vr: string, source: ReadDataSet): Expectation => {
    const isStaying =
      spec.dicom.unlisted === 'keep' ||
      describesPixels(tag, vr) ||
      isRequiredIn(textIn(source, 0x00080016), tag);
    if (!isStaying) return 'absent';
    return longTexts.has(vr) ? 'cleaned' : 'open';
  };

  const own = (element: ReadElement, source: ReadDataSet): Expectation => {
    const { tag, vr, dataSet } = element;
    if (isOutside(tag)) return 'absent';
    if (statements.has(tag)) return dataSet.parent === undefined ? 'open' : 'absent';
    const ruled = byRule(element, source);
    if (ruled !== undefined) return ruled;
    if ((tag & 0x10000) !== 0) return ofPrivate(element, source);
    return ofContentItem(element) ?? remembered(tag, vr) ?? unlisted(tag, vr, source);
  };

  const isInDummy = (element: ReadElement, source: ReadDataSet): boolean => {
    for (let at = element.dataSet.parent; at !== undefined; at = at.dataSet.parent)
      if (own(at, source) === 'gone') return true;
    return false;
  };

  const expect = (element: ReadElement, source: ReadDataSet): Expectation => {
    const expectation = own(element, source);
    if (element.dataSet.parent === undefined || !losesItsValue.has(expectation)) return expectation;
    const isStructure = numbersThatStay.has(element.vr) || element.vr === 'UI';
    return !isStructure && isInDummy(element, source) ? 'gone' : expectation;
  };

  return {
    spec,
    options,
    dates,
    expect: (element, source) => {
      element.expected ??= expect(element, source);
      return element.expected;
    },
    replacement: (element, source) => {
      const verdict = ruleOf(element, source);
      return verdict?.kind === 'replace' ? verdict.text : undefined;
    },
  };
}

/** What a value within a dummy may not stay as. */
const losesItsValue: ReadonlySet<Expectation> = new Set(['open', 'cleaned', 'age']);
