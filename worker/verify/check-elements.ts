/** Checks each element of an output against what may stand in its place. */
import type { Finding } from '../verifier.ts';
import { isNoValue, isUncappedAge, movedDate } from './allowed-values.ts';
import type { Expectation, ReadProfile } from './expectation.ts';
import { placeOf, type ReadElement } from './object-reader.ts';
import type { SourceFacts } from './source-facts.ts';
import { isRegisteredUid } from './tables.ts';
import { valuesOf } from './values.ts';

type Reason = Finding['reason'];

function ofUid(element: ReadElement, source: SourceFacts): Reason | undefined {
  const isRight = valuesOf(element).every(
    (uid) => uid === '' || isRegisteredUid(uid) || source.mappedUids.has(uid),
  );
  return isRight ? undefined : 'VerificationUid';
}

function ofMovedDate(element: ReadElement, source: SourceFacts): Reason | undefined {
  const { vr, tag } = element;
  if (isNoValue(vr, element.value)) return undefined;
  const before = source.values(tag);
  const allowed =
    vr === 'TM' ? before : new Set([...before].map((value) => movedDate(value, source.days) ?? ''));
  const isRight = valuesOf(element).every(
    (value) => allowed.has(value) || isNoValue(vr, Buffer.from(value)) || isOtherForm(value, vr, before),
  );
  return isRight ? undefined : 'VerificationDate';
}

/** Values that begin with no day: a year alone, an old form with dots. They are not followed, but must not stay. */
function isOtherForm(value: string, vr: string, before: ReadonlySet<string>): boolean {
  return vr !== 'TM' && !before.has(value) && ![...before].every((one) => /^\d{8}/.test(one) || one === '');
}

function reasonOf(
  element: ReadElement,
  expectation: Expectation,
  source: SourceFacts,
  profile: ReadProfile,
): Reason | undefined {
  const { vr, value, bulk, items, tag } = element;
  switch (expectation) {
    case 'absent':
      return 'VerificationForbiddenAttribute';
    case 'gone':
      if (items !== undefined) return undefined;
      if (vr === 'UI') return ofUid(element, source);
      if (bulk === undefined && isNoValue(vr, value)) return undefined;
      return vr === 'DA' || vr === 'DT' || vr === 'TM'
        ? 'VerificationDate'
        : 'VerificationForbiddenAttribute';
    case 'empty':
      return value.length === 0 && bulk === undefined && (items ?? []).length === 0
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
    case 'kept':
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
