/**
 * From a row of PS3.15 Table E.1-1 to an action: first the options that override the basic profile, then the Type of
 * the attribute in its IOD, which decides composite codes (Table E.1-1a) and keeps the object valid.
 */
import type { Vr } from '../dicom/vr.ts';
import type { AttributeType } from '../standards/attribute-types.ts';
import type {
  BasicCode,
  ConfidentialityOption,
  ConfidentialityRow,
} from '../standards/confidentiality-table.ts';
import type { Action, Because } from './action.ts';

/** The code that is in force for a row once the profile's options have spoken. */
export interface ResolvedCode {
  readonly code: BasicCode | 'K' | 'C';
  readonly option?: ConfidentialityOption;
}

/**
 * Options in the order in which they are asked. Those that clean stand before those that keep, so that a value which one
 * option wants cleaned and another kept is cleaned.
 */
const precedence: readonly ConfidentialityOption[] = [
  'CleanStructuredContent',
  'CleanGraphics',
  'RetainLongitudinalModifiedDates',
  'CleanDescriptors',
  'RetainLongitudinalFullDates',
  'RetainPatientCharacteristics',
  'RetainDeviceIdentity',
  'RetainInstitutionIdentity',
  'RetainUIDs',
  'RetainSafePrivate',
];

/** Finds the code of `row` under `options`. */
export function resolveCode(
  row: ConfidentialityRow,
  options: ReadonlySet<ConfidentialityOption>,
): ResolvedCode {
  let kept: ConfidentialityOption | undefined;
  for (const option of precedence) {
    const code = options.has(option) ? row.options[option] : undefined;
    if (code === 'C') return { code, option };
    if (code === 'K') kept ??= option;
  }
  return kept === undefined ? { code: row.basic } : { code: 'K', option: kept };
}

/** What the IOD says of the attribute at its place. */
export interface IodFacts {
  /** False for SOP classes whose IOD is not known to us: then the strongest Type is assumed. */
  readonly known: boolean;
  /** Undefined where the IOD does not define the attribute at this place. */
  readonly type: AttributeType | undefined;
}

/** Value Representations whose values cannot be cleaned part by part: an option that cleans leaves them to the basic profile. */
const uncleanable: ReadonlySet<Vr> = new Set<Vr>(['OB', 'OW', 'OD', 'OF', 'OL', 'OV', 'UN', 'US', 'CS']);

/** A conditional Type counts as required: whether its condition holds is not known here. */
function isRequired(facts: IodFacts): boolean {
  return facts.known ? facts.type === '1' || facts.type === '1C' : true;
}

function mayBeEmpty(facts: IodFacts): boolean {
  return facts.type === '2' || facts.type === '2C';
}

/**
 * The action for a basic profile code, by the attribute's Type. A plain X or Z never leaves an attribute of Type 1
 * missing or empty: PS3.15 E.1.1 holds the de-identifier to the integrity of the IOD.
 */
export function actionOfBasicCode(code: BasicCode, facts: IodFacts, vr: Vr): Action {
  switch (code) {
    case 'X':
      if (facts.type === '1') return { kind: 'dummy' };
      return facts.type === '2' ? { kind: 'empty' } : { kind: 'remove' };
    case 'Z':
      return facts.type === '1' || facts.type === '1C' ? { kind: 'dummy' } : { kind: 'empty' };
    case 'D':
      return vr === 'SQ' && facts.known && facts.type === undefined ? { kind: 'remove' } : { kind: 'dummy' };
    case 'U':
      return { kind: 'mapUid' };
    case 'Z/D':
      return isRequired(facts) ? { kind: 'dummy' } : { kind: 'empty' };
    case 'X/Z':
      if (!facts.known || mayBeEmpty(facts)) return { kind: 'empty' };
      return isRequired(facts) ? { kind: 'dummy' } : { kind: 'remove' };
    case 'X/D':
    case 'X/Z/D':
      if (isRequired(facts)) return { kind: 'dummy' };
      return facts.type === '2' ? { kind: 'empty' } : { kind: 'remove' };
    case 'X/Z/U*':
      return { kind: 'keep' };
    default:
      return code satisfies never;
  }
}

/** Sequences of content items and the attributes that hold them (PS3.15 E.3.4). */
const contentSequences: ReadonlySet<number> = new Set([0x0040a730, 0x00400555, 0x00400610, 0x0040b020]);

/** True for a sequence whose items are content items or are encoded like them. */
export function isContentSequence(tag: number): boolean {
  return contentSequences.has(tag);
}

/** The action for a row under the profile's options, and why. `facts` is asked only where the Type matters. */
export function actionOfRow(
  row: ConfidentialityRow,
  resolved: ResolvedCode,
  tag: number,
  vr: Vr,
  facts: () => IodFacts,
): { readonly action: Action; readonly because: Because } {
  const { option } = resolved;
  const because = (code: string, type?: AttributeType): Because => ({
    kind: 'table',
    code,
    ...(option === undefined ? {} : { option }),
    ...(type === undefined ? {} : { type }),
  });
  switch (resolved.code) {
    case 'K':
      return { action: { kind: 'keep' }, because: because('K') };
    case 'C': {
      if (option === 'RetainLongitudinalModifiedDates' && !uncleanable.has(vr)) {
        return { action: { kind: 'shiftDate' }, because: because('C') };
      }
      if (isContentSequence(tag))
        return { action: { kind: 'content', values: 'clean' }, because: because('C') };
      if (!uncleanable.has(vr)) return { action: { kind: 'clean' }, because: because('C') };
      const iod = facts();
      return { action: actionOfBasicCode(row.basic, iod, vr), because: because(row.basic, iod.type) };
    }
    default: {
      const iod = facts();
      const action = actionOfBasicCode(resolved.code, iod, vr);
      const isContent = action.kind === 'dummy' && isContentSequence(tag);
      return {
        action: isContent ? { kind: 'content', values: 'dummy' } : action,
        because: because(resolved.code, iod.type),
      };
    }
  }
}
