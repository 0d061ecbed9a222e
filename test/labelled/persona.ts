/** Invented people and what identifies them: the labels that must not be in an output. */
import type { Random } from './random.ts';

export interface Name {
  readonly family: string;
  readonly given: string;
  readonly middle: string;
}

export interface Persona {
  readonly patient: Name;
  readonly physician: Name;
  readonly operator: Name;
  readonly mrn: string;
  readonly issuer: string;
  readonly accession: string;
  readonly birthDate: string;
  readonly studyDate: string;
  readonly telephone: string;
  readonly mail: string;
  readonly street: string;
  readonly city: string;
  readonly institution: string;
  readonly station: string;
  readonly serial: string;
}

/** Some are words of anatomy or colours as well: they must go where they are somebody's. */
const families = [
  'Quastenburg',
  'Grünspecht',
  'Hand',
  'Foot',
  'Young',
  'Black',
  'Mann',
  'Brain',
  'Ødegårdstuen',
  "O'Quirkley",
  'Wispelberg-Ranzau',
  'Nuñovares',
  'Çelikkaplan',
  'Kowaltzyk',
  'Le Roquefeuille',
  'von der Tannhöhe',
  'MacQuillop',
  'Fernandes Vasquoz',
  'Xhelilaj',
  'Szczebrzeski',
  'Head',
  'Long',
  'Bone',
  'Chestwick',
  'Ling',
  'Wu',
] as const;
const givens = [
  'Maelina',
  'Anna',
  'José',
  'Zdeněk',
  'Wilhelmina',
  'Björn',
  'Siobhán',
  'Tancredo',
  'Ulrike',
  'Oluwaseun',
  'Jean-Luc',
  'Rosa',
  'Ivo',
  'Li',
  'Ferdinanda',
] as const;
const middles = ['Quentine', 'Ottokar', 'Mireille', 'Balthasar', 'Q', 'Evangelista'] as const;
const cities = [
  'Quastenau',
  'Wispelstadt',
  'Brackwasserfurt',
  'Tannenzell',
  'Ostrovonia',
  'Villaquieta',
] as const;
const hospitals = [
  'Klinikum',
  'General Hospital',
  'Medical Center',
  'Hôpital',
  'Hospital Universitario',
] as const;
const streets = ['Wispelweg', 'Quarrington Road', 'Rue des Quenouilles', 'Calle Quebrada'] as const;

function nameOf(random: Random): Name {
  return { family: random.pick(families), given: random.pick(givens), middle: random.pick(middles) };
}

function dateOf(random: Random, from: number, years: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${from + random.below(years)}${two(1 + random.below(12))}${two(1 + random.below(28))}`;
}

export function personaOf(random: Random): Persona {
  const city = random.pick(cities);
  const patient = nameOf(random);
  return {
    patient,
    physician: nameOf(random),
    operator: nameOf(random),
    mrn: `${random.pick(['', '00', 'MRN', 'QX'])}${random.digits(8)}`,
    issuer: `ADT-${city.toUpperCase()}`,
    accession: `${random.pick(['A', 'ACC', ''])}${random.digits(9)}`,
    birthDate: dateOf(random, 1931, 70),
    studyDate: dateOf(random, 2004, 20),
    telephone: `+49 ${random.digits(3)} ${random.digits(7)}`,
    mail: `q${random.digits(3)}.ranzau@${city.toLowerCase()}.example`,
    street: `${random.pick(streets)} ${1 + random.below(200)}`,
    city,
    institution: `${random.pick(hospitals)} ${city}`,
    station: `CTQ${random.digits(4)}`,
    serial: `SN${random.digits(7)}`,
  };
}

export function personName({ family, given, middle }: Name): string {
  return `${family}^${given}^${middle}`;
}
