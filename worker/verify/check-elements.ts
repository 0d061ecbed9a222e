/** Checks each element of an output against what may stand in its place. */
import type { Finding } from '../verifier.ts';
import { isNoText, isNoValue, isUncappedAge } from './allowed-values.ts';
import type { Expectation, ReadProfile } from './expectation.ts';
import { placeOf, type ReadElement, trim } from './read-element.ts';
import type { SourceFacts } from './source-facts.ts';
import { isRegisteredUid } from './tables.ts';
import { textOf, valuesOf } from './values.ts';

type Reason = Finding['reason'];

function ofUid(element: ReadElement, source: SourceFacts): Reason | undefined {
  const isRight = valuesOf(element).every(
    (uid) => uid === '' || isRegisteredUid(uid) || source.mappedUids.has(uid),
  );
  return isRight ? undefined : 'VerificationUid';
}

function ofMovedDate(element: ReadElement, source: SourceFacts): Reason | undefined {
  const { vr, tag } = element;
  if (isNoValue(element)) return undefined;
  const before = source.values(tag);
  const allowed = vr === 'TM' ? before : source.movedValues(tag);
  const isRight = valuesOf(element).every(
    (value) => allowed.has(value) || isNoText(vr, value) || isOtherForm(value, vr, before),
  );
  return isRight ? undefined : 'VerificationDate';
}

/** Values that begin with no day: a year alone, an old form with dots. They are not followed, but must not stay. */
function isOtherForm(value: string, vr: string, before: ReadonlySet<string>): boolean {
  return vr !== 'TM' && !before.has(value) && ![...before].every((one) => /^\d{8}/.test(one) || one === '');
}

/** What the element's character set cannot hold of the rule's text is left out of it. */
function isReplacement(element: ReadElement, text: string | undefined): boolean {
  if (element.items !== undefined || element.bulk !== undefined || text === undefined) return false;
  const written = textOf(element);
  return written === trim(text) || (!isAscii.test(text) && isWithin(written, text)) || isNoValue(element);
}

const isAscii = /^[\0-\x7f]*$/;

/** True where the characters of `part` stand in `whole` in their order. */
function isWithin(part: string, whole: string): boolean {
  let at = 0;
  for (const character of whole) if (character === part[at]) at += 1;
  return at === part.length;
}

function reasonOf(
  element: ReadElement,
  expectation: Expectation,
  source: SourceFacts,
  profile: ReadProfile,
): Reason | undefined {
  const { vr, bulk, items, tag } = element;
  switch (expectation) {
    case 'absent':
      return 'VerificationForbiddenAttribute';
    case 'gone':
      if (items !== undefined) return undefined;
      if (vr === 'UI') return ofUid(element, source);
      if (bulk === undefined && isNoValue(element)) return undefined;
      return vr === 'DA' || vr === 'DT' || vr === 'TM'
        ? 'VerificationDate'
        : 'VerificationForbiddenAttribute';
    case 'empty':
      return element.start === element.end && bulk === undefined && (items ?? []).length === 0
        ? undefined
        : 'VerificationForbiddenAttribute';
    case 'replaced':
      return isReplacement(element, profile.replacement(element, source.root))
        ? undefined
        : 'VerificationForbiddenAttribute';
    case 'pseudonym':
      return source.pseudonyms.has(valuesOf(element).join('\\')) ? undefined : 'VerificationIdentifyingValue';
    case 'uid':
      return vr === 'UI' ? ofUid(element, source) : undefined;
    case 'classUid':
      return valuesOf(element).every(
        (uid) => uid === '' || isRegisteredUid(uid) || source.values(tag).has(uid),
      )
        ? undefined
        : 'VerificationUid';
    case 'movedDate':
      return vr === 'DA' || vr === 'DT' || vr === 'TM' ? ofMovedDate(element, source) : undefined;
    case 'age':
      return valuesOf(element).some((one) => isUncappedAge(one, profile.spec.dicom.ages.capAbove))
        ? 'VerificationIdentifyingValue'
        : undefined;
    case 'open':
    case 'cleaned':
    case 'kept':
    case 'unsure':
      return undefined;
    default:
      return expectation satisfies never;
  }
}

/** The first element of the output that does not stand there rightly. */
export function checkElements(
  output: readonly ReadElement[],
  source: SourceFacts,
  profile: ReadProfile,
  expect: (element: ReadElement) => Expectation,
): Finding | undefined {
  for (const element of output) {
    const reason = reasonOf(element, expect(element), source, profile);
    if (reason !== undefined) return { reason, at: placeOf(element) };
  }
  return undefined;
}
