/** What the key makes of patients, remembered for the last of them: the objects of a series have one. */
import { dayOffset } from './date-offset.ts';
import { identityFields, type KnownIdentity } from './patient-identity.ts';
import type { ProjectKey } from './project-key.ts';
import { type PseudonymForm, patientPseudonym } from './pseudonym.ts';

export interface KeyedPatient {
  readonly pseudonym: string;
  /** Days to subtract from dates. */
  readonly dayOffset: number;
}

const mostPatients = 1000;

/** Gives {@link patientPseudonym} and {@link dayOffset} of an identity. */
export function createKeyedPatients(
  key: ProjectKey,
  form: PseudonymForm,
  maxShiftDays: number,
): (identity: KnownIdentity) => KeyedPatient {
  const known = new Map<string, KeyedPatient>();
  return (identity) => {
    const name = JSON.stringify(identityFields(identity));
    const before = known.get(name);
    if (before !== undefined) return before;
    const patient = {
      pseudonym: patientPseudonym(key, identity, form),
      dayOffset: dayOffset(key, identity, maxShiftDays),
    };
    if (known.size >= mostPatients) known.delete(known.keys().next().value ?? '');
    known.set(name, patient);
    return patient;
  };
}
