/**
 * A value for an attribute, with what must become of it under a profile. The expectation comes from the table's code, the
 * VR and the attribute's Type, never from what the engine does.
 */
import { labelledDate, labelledTime } from './labelled-dates.ts';
import { labelledAge, labelledName, labelledPatientId, labelledUid } from './labelled-identity.ts';
import { labelledBytes, labelledNumber, labelledTerm, numeric } from './labelled-numbers.ts';
import { labelledText } from './labelled-text.ts';
import { type LabelledValue, labellingOf, removed, type Surroundings } from './labelling.ts';
import type { AttributeFacts } from './standard-facts.ts';

/** Values that the object needs to be sound, or that are handled by themselves. */
const withoutValue = new Set([
  'PatientIdentityRemoved',
  'SOPInstanceUID',
  'LongitudinalTemporalInformationModified',
  'PatientAlternativeCalendar',
]);

/** The value; undefined where the attribute is to have none. */
export function labelledValue(facts: AttributeFacts, at: Surroundings): LabelledValue | undefined {
  const { vr, keyword, tag } = facts;
  if (withoutValue.has(keyword)) return undefined;
  const labelling = labellingOf(facts, at);
  switch (vr) {
    case 'UI':
      return labelledUid(labelling);
    case 'DA':
    case 'DT':
      return labelledDate(labelling);
    case 'TM':
      return labelledTime(labelling);
    case 'PN':
      return labelledName(labelling);
    case 'AS':
      return labelledAge(labelling);
    case 'DS':
    case 'IS':
      return labelledNumber(labelling);
    case 'CS':
      return labelledTerm(labelling);
    default:
      break;
  }
  switch (tag) {
    case '00100020':
      return labelledPatientId(labelling);
    case '00100021':
      return labelling.check(at.persona.issuer, removed([at.persona.issuer]));
    case '00080201':
      return labelling.check('+0100', () => []);
    default:
      return numeric.has(vr) ? labelledBytes(labelling) : labelledText(labelling);
  }
}
