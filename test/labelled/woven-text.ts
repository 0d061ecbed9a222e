/** Harmless texts into which something that identifies the object's people is woven, in many spellings. */
import type { Name, Persona } from './persona.ts';
import type { Random } from './random.ts';

/** A text with its labels: what must go from it and what must stay in it. */
export interface WovenText {
  readonly text: string;
  readonly removed: readonly string[];
  readonly retained: readonly string[];
  /** Which spelling was woven in, for the report. */
  readonly form: string;
}

interface Woven {
  readonly form: string;
  readonly text: string;
  readonly removed: readonly string[];
}

const plain = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/Ø/g, 'O').replace(/ø/g, 'o');
const writtenOut = (text: string): string =>
  text
    .replace(/[äÄ]/g, 'ae')
    .replace(/[öÖøØ]/g, 'oe')
    .replace(/[üÜ]/g, 'ue')
    .replace(/å/g, 'aa');

/** Forms of a name; what must go is its family name, and the given name where it stands beside it. */
const nameForms: Readonly<Record<string, (name: Name) => Omit<Woven, 'form'>>> = {
  family: ({ family }) => ({ text: family, removed: [family] }),
  'family, capitals': ({ family }) => ({ text: family.toUpperCase(), removed: [family.toUpperCase()] }),
  'given family': ({ family, given }) => ({ text: `${given} ${family}`, removed: [family, given] }),
  'family, given': ({ family, given }) => ({ text: `${family}, ${given}`, removed: [family, given] }),
  'family given middle': ({ family, given, middle }) => ({
    text: `${family} ${given} ${middle}`,
    removed: [family, given],
  }),
  'initial family': ({ family, given }) => ({ text: `${given.charAt(0)}. ${family}`, removed: [family] }),
  'family initial': ({ family, given }) => ({ text: `${family}, ${given.charAt(0)}.`, removed: [family] }),
  caret: ({ family, given }) => ({
    text: `${family}^${given}`.toUpperCase(),
    removed: [family.toUpperCase()],
  }),
  underscore: ({ family, given }) => ({ text: `${plain(family)}_${plain(given)}`, removed: [plain(family)] }),
  'without diacritics': ({ family, given }) => ({
    text: plain(`${given} ${family}`),
    removed: [plain(family)],
  }),
  'written out': ({ family }) => ({ text: writtenOut(family), removed: [writtenOut(family)] }),
  'Mr.': ({ family }) => ({ text: `Mr. ${family}`, removed: [family] }),
  Frau: ({ family }) => ({ text: `Frau ${family}`, removed: [family] }),
  possessive: ({ family }) => ({ text: `${family}'s`, removed: [family] }),
  'run together': ({ family, given }) => ({
    text: plain(`${family}${given}`).replace(/[^A-Za-z]/g, ''),
    removed: [plain(family).replace(/[^A-Za-z]/g, '')],
  }),
};

const people: readonly ((persona: Persona) => {
  readonly who: string;
  readonly name: Name;
  readonly before: string;
})[] = [
  ({ patient }) => ({ who: 'patient', name: patient, before: '' }),
  ({ physician }) => ({ who: 'physician', name: physician, before: 'Dr. ' }),
  ({ operator }) => ({ who: 'operator', name: operator, before: '' }),
];

const otherForms: Readonly<Record<string, (persona: Persona) => Omit<Woven, 'form'>>> = {
  MRN: ({ mrn }) => ({ text: mrn, removed: [mrn] }),
  'MRN without zeros': ({ mrn }) => ({
    text: mrn.replace(/^\D*0*/, ''),
    removed: [mrn.replace(/^\D*0*/, '')],
  }),
  'MRN labelled': ({ mrn }) => ({ text: `MRN: ${mrn}`, removed: [mrn] }),
  'MRN grouped': ({ mrn }) => ({ text: mrn.replace(/(\d{4})(\d{4})$/, '$1-$2'), removed: [mrn.slice(-4)] }),
  accession: ({ accession }) => ({ text: `#${accession}`, removed: [accession] }),
  'accession labelled': ({ accession }) => ({ text: `Acc. No. ${accession}`, removed: [accession] }),
  telephone: ({ telephone }) => ({ text: telephone, removed: [telephone.slice(-7)] }),
  'telephone labelled': ({ telephone }) => ({
    text: `Tel. ${telephone.replace('+49 ', '0')}`,
    removed: [telephone.slice(-7)],
  }),
  mail: ({ mail }) => ({ text: mail, removed: ['ranzau', mail.slice(mail.indexOf('@') + 1)] }),
  URL: ({ city }) => ({
    text: `https://pacs.${city.toLowerCase()}.example/q?id=7`,
    removed: [city.toLowerCase()],
  }),
  institution: ({ institution, city }) => ({ text: institution, removed: [city] }),
  street: ({ street }) => ({ text: street, removed: [street] }),
  station: ({ station }) => ({ text: station, removed: [station] }),
  serial: ({ serial }) => ({ text: `S/N ${serial}`, removed: [serial] }),
  'birth date': ({ birthDate }) => ({ text: birthDate, removed: [birthDate] }),
  'birth date, slashes': ({ birthDate: d }) => {
    const text = `${d.slice(4, 6)}/${d.slice(6)}/${d.slice(0, 4)}`;
    return { text: `DOB ${text}`, removed: [text] };
  },
  'birth date, full stops': ({ birthDate: d }) => {
    const text = `${d.slice(6)}.${d.slice(4, 6)}.${d.slice(0, 4)}`;
    return { text: `geb. ${text}`, removed: [text] };
  },
  'study date': ({ studyDate }) => ({ text: studyDate, removed: [studyDate] }),
  'study date, hyphens': ({ studyDate: d }) => {
    const text = `${d.slice(0, 4)}-${d.slice(4, 6)}-${d.slice(6)}`;
    return { text, removed: [text] };
  },
};

function wovenOf(persona: Persona, random: Random): Woven {
  if (random.below(2) === 0) {
    const form = random.pick(Object.keys(otherForms));
    const make = otherForms[form];
    if (make === undefined) throw new Error(form);
    return { form, ...make(persona) };
  }
  const { who, name, before } = random.pick(people)(persona);
  const form = random.pick(Object.keys(nameForms));
  const woven = nameForms[form]?.(name);
  if (woven === undefined) throw new Error(form);
  const titled = before !== '' && /^\p{L}/u.test(woven.text) && !/^(?:Mr\.|Frau)/.test(woven.text);
  return { form: `${who}: ${form}`, text: titled ? before + woven.text : woven.text, removed: woven.removed };
}

/** Words and numbers of a text: what a reader would miss. */
export function tokensOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

const fold = (text: string): string => plain(text).toLowerCase();

/** Every word that one of the object's people has: it goes wherever it stands, whatever else it means. */
function namesOf({ patient, physician, operator }: Persona): ReadonlySet<string> {
  const names = [patient, physician, operator].flatMap(({ family, given, middle }) => [
    family,
    given,
    middle,
  ]);
  return new Set(names.flatMap((name) => name.split(/[ '-]/)).map(fold));
}

/** `harmless` with a label at its start, its end, or between two of its words. */
export function wovenText(harmless: string, persona: Persona, random: Random): WovenText {
  const { form, text, removed } = wovenOf(persona, random);
  const names = namesOf(persona);
  const words = harmless.split(' ');
  const at = random.pick([0, words.length, random.below(words.length + 1)]);
  const glue = random.pick([' ', ' ', ', ', ' - ', ' / ']);
  const before = words.slice(0, at).join(' ');
  const behind = words.slice(at).join(' ');
  const whole = [before, text, behind].filter((part) => part !== '').join(glue);
  const retained = tokensOf(harmless).filter(
    (token) =>
      ![...names].some((own) => fold(token) === own || (own.length > 2 && fold(token).startsWith(own))) &&
      !removed.some((label) => fold(label).includes(fold(token))),
  );
  return { text: whole, removed, retained, form };
}
