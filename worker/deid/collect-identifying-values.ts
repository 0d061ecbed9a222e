/**
 * Gathers the values of one object that identify somebody: names, numbers, places and dates that the profile removes or
 * replaces, at any depth. They are what text is searched for, wherever else in the object they reappear.
 */

import { undeclaredReadings } from '../dicom/character-set/decode-tolerant.ts';
import type { Element } from '../dicom/element.ts';
import type { Tag } from '../dicom/tag.ts';
import { type Vr, vrFacts } from '../dicom/vr.ts';
import type { CompiledProfile } from '../profile/compile.ts';
import { lookup } from '../standards/dictionary.ts';
import { contentItemRow } from '../standards/structured-content.ts';
import { contentItemOf, contentTags } from './content-item.ts';
import { dayNumber } from './dates/calendar.ts';
import { decide } from './decide.ts';
import { asciiValues, bytesOf, textOf, trimPadding } from './element-value.ts';
import { identifyingKindOf } from './identifying-kind.ts';
import type { ObjectContext } from './object-context.ts';
import { itemScope, type Scope } from './scope.ts';
import { calendarDateOf, searchedDay } from './text/date-needles.ts';
import type { IdentifyingValue } from './text/identifying-values.ts';

type Kind = IdentifyingValue['kind'];

const searched: ReadonlySet<Vr> = new Set<Vr>([
  'PN',
  'LO',
  'SH',
  'ST',
  'LT',
  'UT',
  'UC',
  'AE',
  'DA',
  'DT',
  'UR',
]);
const longestSearched = 1024;

function kindUnder(profile: CompiledProfile, tag: Tag, vr: Vr): Kind | undefined {
  if (vr === 'PN') return 'personName';
  const keyword = lookup(tag)?.keyword;
  if (keyword === undefined) return undefined;
  const isDate = vr === 'DA' || vr === 'DT';
  if (isDate && profile.dates !== 'remove') return /Birth|Death/.test(keyword) ? 'date' : undefined;
  const compiled = profile.row(tag);
  if (compiled === undefined)
    return profile.supplement(tag)?.code === 'X' ? identifyingKindOf(keyword) : undefined;
  // The table's descriptions under the Clean Descriptors option are cleaned, not searched for.
  if (compiled.resolved.code === 'K' || compiled.resolved.code === 'C') return undefined;
  return isDate ? 'date' : identifyingKindOf(keyword);
}

/** The kind of value that an attribute holds under its VR; undefined where it is no source of identity. */
export type KindOf = (tag: Tag, vr: Vr) => Kind | undefined;

/** Tells the kinds under a profile. Of each standard attribute the kind under its last VR is remembered. */
export function createKindOf(profile: CompiledProfile): KindOf {
  const known = new Map<Tag, { readonly vr: Vr; readonly kind: Kind | undefined }>();
  return (tag, vr) => {
    const before = known.get(tag);
    if (before?.vr === vr) return before.kind;
    const kind = kindUnder(profile, tag, vr);
    if (lookup(tag) !== undefined) known.set(tag, { vr, kind });
    return kind;
  };
}

/** A content item whose concept names an identifier (Table E.3.4-1: the text goes). */
function contentKind(element: Element, scope: Scope, object: ObjectContext): Kind | undefined {
  if (element.tag !== contentTags.textValue) return undefined;
  const { concept, valueType } = contentItemOf(scope.dataSet, object.body);
  if (concept === undefined || valueType === undefined) return undefined;
  const row = contentItemRow({ code: concept.value, scheme: concept.scheme, valueType });
  return row === undefined || row.options.CleanDescriptors === 'C' ? undefined : 'identifier';
}

/** What the profile's own rule keeps is no secret of the object: it must not be searched for and removed. */
function isKeptByRule(element: Element, scope: Scope, object: ObjectContext): boolean {
  if (object.profile.rules.length === 0) return false;
  const { action, because } = decide(element, scope, object);
  return (
    because.kind === 'rule' &&
    (action.kind === 'keep' || action.kind === 'clean' || action.kind === 'cleanMatch')
  );
}

/** Parts of a Latin name that has a letter beyond ASCII. The rest of it reads the same under any declaration. */
function latinParts(reading: string): readonly string[] {
  return reading
    .split(/[\^=\\\s]+/)
    .filter((part) => /[^\0-\x7f]/.test(part) && /(?:[A-Za-z].*){3}/.test(part));
}

/** What identifies somebody in one object. */
export interface Identifying {
  /** Each once. */
  readonly values: readonly IdentifyingValue[];
  /** Day numbers of the object's dates, of birth and of what was done. */
  readonly dates: ReadonlySet<number>;
}

interface Collected {
  readonly values: Map<string, IdentifyingValue>;
  readonly dates: Set<number>;
}

function collect(scope: Scope, object: ObjectContext, into: Collected): void {
  for (const element of scope.dataSet.elements) {
    element.items?.forEach((item, index) => {
      collect(itemScope(scope, element.tag, item, index, object.body), object, into);
    });
    const length = element.valueEnd - element.valueStart;
    if (!searched.has(element.vr) || length === 0 || length > longestSearched) continue;
    if (isKeptByRule(element, scope, object)) continue;
    if (element.vr === 'DA' || element.vr === 'DT') {
      const dates = asciiValues(element, object.body).flatMap((value) => calendarDateOf(value) ?? []);
      for (const date of dates) into.dates.add(dayNumber(date));
    }
    const kind = object.kindOf(element.tag, element.vr) ?? contentKind(element, scope, object);
    if (kind === undefined) continue;
    const { text: whole } = textOf(element, scope, object.body);
    const undeclared = vrFacts[element.vr].usesCharacterSet
      ? undeclaredReadings(bytesOf(element, object.body), whole)
      : [];
    for (const value of [...whole.split('\\'), ...undeclared.flatMap(latinParts)]) {
      const trimmed = trimPadding(value);
      const text = kind === 'date' ? searchedDay(trimmed) : trimmed;
      if (text !== '') into.values.set(`${kind}\\${text}`, { kind, text });
    }
  }
}

/** The identifying values and the dates of the object. */
export function collectIdentifyingValues(root: Scope, object: ObjectContext): Identifying {
  const collected: Collected = { values: new Map(), dates: new Set() };
  collect(root, object, collected);
  return { values: [...collected.values.values()], dates: collected.dates };
}
