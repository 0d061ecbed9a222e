/**
 * From a validated `DeidProfile` to what decides about elements: the profile's rules, the standard's table under the
 * profile's options, the supplement, and the settings of identity, dates and text. Frozen, pure, without DICOM bytes.
 */
import type { DeidProfileSpec } from '../../crds/v1alpha1/profile.ts';
import { type Tag, tagOf } from '../dicom/tag.ts';
import {
  type ConfidentialityOption,
  type ConfidentialityRow,
  rowFor,
} from '../standards/confidentiality-table.ts';
import { tagOfKeyword } from '../standards/dictionary.ts';
import { type CompiledRule, compileRule } from './rule.ts';
import { type SupplementRow, supplement } from './supplement.ts';
import { type ResolvedCode, resolveCode } from './table-actions.ts';

/** A table row with the code that is in force under the profile's options. */
export interface CompiledRow {
  readonly row: ConfidentialityRow;
  readonly resolved: ResolvedCode;
}

export interface CompiledProfile {
  readonly options: ReadonlySet<ConfidentialityOption>;
  readonly unlisted: 'keep' | 'remove' | 'reject';
  readonly rules: readonly CompiledRule[];
  /** The table's row for a standard attribute, with its code; undefined where the table has none. */
  row(tag: Tag): CompiledRow | undefined;
  supplement(tag: Tag): SupplementRow | undefined;
  /** What happens to dates: removed by the basic profile, moved, or kept as they are. */
  readonly dates: 'remove' | 'shift' | 'keep';
  readonly maxShiftDays: number;
  /** Ages above this number of years are capped wherever they are kept. */
  readonly capAgeAbove: number;
  /** True where age, sex and the like may stay in text. */
  readonly keepsPatientCharacteristics: boolean;
  readonly patientIdentity: {
    readonly missing: 'reject' | 'perStudy';
    readonly defaultIssuer: string;
    readonly prefix: string;
    readonly length: number;
  };
  readonly uidRoot: string;
  readonly pixelsUnchecked: 'review' | 'pass';
  readonly documents: 'reject' | 'remove';
}

function datesOf(options: ReadonlySet<ConfidentialityOption>): CompiledProfile['dates'] {
  if (options.has('RetainLongitudinalModifiedDates')) return 'shift';
  return options.has('RetainLongitudinalFullDates') ? 'keep' : 'remove';
}

/** Repeating groups are looked up under their first group: (60xx,eeee) as (6000,eeee) (PS3.5 section 7.6). */
function foldRepeatingGroup(tag: Tag): Tag {
  const group = tag >>> 16;
  const family = group & 0xff00;
  return family === 0x5000 || family === 0x6000 ? tagOf(family, tag & 0xffff) : tag;
}

/** Compiles a profile whose document has been validated and whose defaults have been filled in. */
export function compileProfile(spec: DeidProfileSpec): CompiledProfile {
  const { dicom } = spec;
  const options: ReadonlySet<ConfidentialityOption> = new Set(dicom.basis.options);
  const rowCache = new Map<Tag, CompiledRow | undefined>();
  const supplementByTag = new Map<Tag, SupplementRow>();
  for (const row of supplement) {
    const tag = tagOfKeyword(row.keyword);
    if (tag !== undefined) supplementByTag.set(tag, row);
  }
  const compiledRow = (tag: Tag): CompiledRow | undefined => {
    const row = rowFor(tag);
    return row === undefined ? undefined : { row, resolved: resolveCode(row, options) };
  };
  return Object.freeze({
    options,
    unlisted: dicom.unlisted,
    rules: dicom.rules.map(compileRule),
    row: (tag: Tag) => {
      const folded = foldRepeatingGroup(tag);
      if (!rowCache.has(folded)) rowCache.set(folded, compiledRow(folded));
      return rowCache.get(folded);
    },
    supplement: (tag: Tag) => supplementByTag.get(foldRepeatingGroup(tag)),
    dates: datesOf(options),
    maxShiftDays: dicom.dates.shiftDays.maxDays,
    capAgeAbove: dicom.ages.capAbove,
    keepsPatientCharacteristics: options.has('RetainPatientCharacteristics'),
    patientIdentity: {
      missing: dicom.patientIdentity.missing,
      defaultIssuer: dicom.patientIdentity.defaultIssuer,
      prefix: dicom.patientIdentity.pseudonym.prefix,
      length: dicom.patientIdentity.pseudonym.length,
    },
    uidRoot: dicom.uidRoot,
    pixelsUnchecked: spec.pixels.unchecked,
    documents: spec.documents,
  });
}
