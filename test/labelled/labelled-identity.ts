/** UIDs, names and the identity of the patient with labels. */
import { type LabelledValue, type Labelling, removed, same } from './labelling.ts';
import { personName } from './persona.ts';

/** Class-like attributes, whose values are definitions. */
const isClass = (keyword: string): boolean =>
  /SOPClass|TransferSyntaxUID|CodingSchemeUID|ContextUID|MappingResourceUID/.test(keyword);

export function labelledUid({ facts, at, code, mayStay, check }: Labelling): LabelledValue {
  const { random, formulas } = at;
  if (isClass(facts.keyword))
    return check('1.2.840.10008.5.1.4.1.1.2', mayStay ? same('1.2.840.10008.5.1.4.1.1.2') : () => []);
  const uid = `1.3.6.1.4.1.${random.digits(5)}.${random.digits(9)}.${random.digits(6)}`;
  return check(uid, (text) => [
    [
      'uid_consistent',
      mayStay && (code === undefined || code === 'U')
        ? text === formulas.uid(uid)
        : text === '' || !text.includes(uid),
      `${text}`,
    ],
  ]);
}

/** PN. */
export function labelledName({ facts, at, check }: Labelling): LabelledValue {
  const { persona, random } = at;
  if (facts.tag === '00100010') return check(personName(persona.patient), removed([persona.patient.family]));
  const person = random.pick([persona.physician, persona.operator]);
  return check(personName(person), removed([person.family, person.given]));
}

export function labelledPatientId({ at, mayStay, check }: Labelling): LabelledValue {
  const { persona, formulas } = at;
  return check(persona.mrn, (text, raw) =>
    mayStay
      ? [['patid_consistent', text === formulas.pseudonym(persona.issuer, persona.mrn)]]
      : removed([persona.mrn])(text, raw),
  );
}

/** AS. */
export function labelledAge({ code, mayStay, check }: Labelling): LabelledValue {
  return check('045Y', (text, raw) =>
    (code === 'K' && mayStay) || (code === undefined && mayStay)
      ? same('045Y')(text, raw)
      : removed(code === 'D' || code === 'X' ? ['045Y'] : [])(text, raw),
  );
}
