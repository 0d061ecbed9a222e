/** The verifier's own tables of the standard, read from the files that `scripts/verify-tables` writes. */
import privateData from './data/private.json' with { type: 'json' };
import requiredData from './data/required.json' with { type: 'json' };
import standardData from './data/standard.json' with { type: 'json' };

export interface Attribute {
  readonly keyword: string;
  readonly vrs: readonly string[];
}

/** Option letters of a row with the code of each: `K` keeps, `C` cleans. */
export interface ConfidentialityRow {
  readonly basic: string;
  readonly options: ReadonlyMap<string, 'K' | 'C'>;
}

/** A table by tag, some of whose tags have an x where any digit may stand. */
class TagTable<T> {
  readonly #exact = new Map<number, T>();
  readonly #masked: { mask: number; bits: number; row: T }[] = [];

  add(tag: string, row: T): void {
    if (!tag.includes('x')) this.#exact.set(Number.parseInt(tag, 16), row);
    else {
      const mask = Number.parseInt(tag.replace(/[0-9a-f]/g, 'f').replaceAll('x', '0'), 16);
      this.#masked.push({ mask, bits: Number.parseInt(tag.replaceAll('x', '0'), 16), row });
    }
  }

  get(tag: number): T | undefined {
    return (
      this.#exact.get(tag) ?? this.#masked.find(({ mask, bits }) => (tag & mask) >>> 0 === bits >>> 0)?.row
    );
  }
}

const attributes = new TagTable<Attribute>();
const tags = new Map<string, number>();
for (const line of standardData.attributes) {
  const [tag = '', keyword = '', vrs = ''] = line.split(' ');
  attributes.add(tag, { keyword, vrs: vrs.split(',') });
  if (!tag.includes('x')) tags.set(keyword, Number.parseInt(tag, 16));
}

/** `Kf`, `Cm`: the codes of the option columns by the columns' letters. */
function optionCodes(cells: readonly string[]): ReadonlyMap<string, 'K' | 'C'> {
  return new Map(cells.map((cell) => [cell.slice(1), cell.startsWith('C') ? 'C' : 'K']));
}

const confidentiality = new TagTable<ConfidentialityRow>();
for (const line of standardData.confidentiality) {
  const [tag = '', basic = '', ...options] = line.split(' ');
  confidentiality.add(tag, { basic, options: optionCodes(options) });
}

const concepts = new Map<string, ConfidentialityRow>();
for (const line of standardData.concepts) {
  const [code, scheme, valueType, codes = ''] = line.split('|');
  const [basic = '', ...options] = codes.split(' ');
  concepts.set(`${code}|${scheme}|${valueType}`, { basic, options: optionCodes(options) });
}

const uids = new Map(
  standardData.uids.map((line): [string, string] => {
    const [uid = '', kind = ''] = line.split(' ');
    return [uid, kind];
  }),
);

/** The attribute of PS3.6 with this tag. */
export function attributeOf(tag: number): Attribute | undefined {
  return attributes.get(tag);
}

/** The tag of a keyword of PS3.6; none for those of repeating groups. */
export function tagOfKeyword(keyword: string): number | undefined {
  return tags.get(keyword);
}

/** The row of PS3.15 Table E.1-1. */
export function confidentialityOf(tag: number): ConfidentialityRow | undefined {
  return confidentiality.get(tag);
}

/** The row of PS3.15 Table E.3.4-1. */
export function conceptOf(code: string, scheme: string, valueType: string): ConfidentialityRow | undefined {
  return concepts.get(`${code}|${scheme}|${valueType}`);
}

/** True for UIDs that PS3.6 registers. */
export function isRegisteredUid(uid: string): boolean {
  return uids.has(uid);
}

const modules = requiredData.modules.map(
  (tagDigits) => new Set(tagDigits.match(/.{8}/g)?.map((tag) => Number.parseInt(tag, 16))),
);
const modulesOfIod: Readonly<Record<string, readonly number[]>> = requiredData.iods;
const iodOfSopClass: Readonly<Record<string, string>> = requiredData.sopClasses;

/** Retired SOP classes of images, whose IOD is that of the class that came after them (PS3.4 annex B). */
const cameAfter: Readonly<Record<string, string>> = {
  '1.2.840.10008.5.1.4.1.1.3': '1.2.840.10008.5.1.4.1.1.3.1',
  '1.2.840.10008.5.1.4.1.1.5': '1.2.840.10008.5.1.4.1.1.20',
  '1.2.840.10008.5.1.4.1.1.6': '1.2.840.10008.5.1.4.1.1.6.1',
  '1.2.840.10008.5.1.4.1.1.12.3': '1.2.840.10008.5.1.4.1.1.12.1',
};

/** True for attributes that the IOD of a SOP class requires somewhere (Types 1, 1C, 2, 2C of PS3.3). */
export function isRequiredIn(sopClass: string, tag: number): boolean {
  const iod = iodOfSopClass[cameAfter[sopClass] ?? sopClass];
  return iod !== undefined && (modulesOfIod[iod] ?? []).some((module) => modules[module]?.has(tag));
}

/** Lower-case words of the standard's own names. */
export const standardWords: ReadonlySet<string> = new Set(standardData.words);

const safe: ReadonlySet<string> = new Set(privateData.safe);
const known: ReadonlySet<string> = new Set(
  privateData.known.map((line) => line.slice(0, line.lastIndexOf(' '))),
);
const around: ReadonlySet<string> = new Set(privateData.around);
const privateVrs = new Map(
  privateData.vrs.map((line): [string, string] => [line.slice(0, -3), line.slice(-2)]),
);

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0');
}

function privateKey(tag: number, creator: string): string {
  return `${hex(tag >>> 16, 4)} ${creator.trim().toUpperCase()} ${hex(tag & 0xff, 2)}`;
}

/** True for private elements that a list calls safe, wholly or once they are changed. */
export function isSafePrivate(tag: number, creator: string, vr: string): boolean {
  const key = privateKey(tag, creator);
  return safe.has(key) || known.has(`${key} ${vr}`) || (vr === 'SQ' && around.has(key));
}

/** The VR of a known private element. */
export function privateVrOf(tag: number, creator: string): string | undefined {
  return privateVrs.get(privateKey(tag, creator));
}
