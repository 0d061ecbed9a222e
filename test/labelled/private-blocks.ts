/** Private blocks full of labels: elements of Table E.3.10-1 with harmless and with identifying values, and unknown ones. */
import { readFileSync } from 'node:fs';
import type { Vr } from '../../worker/dicom/vr.ts';
import { el, type Part } from '../builders/dicom.ts';
import { type Persona, personName } from './persona.ts';
import type { Random } from './random.ts';
import type { Check } from './score.ts';
import type { ProfileName } from './standard-facts.ts';

/** A part of the root data set with what must become of it. */
export interface PrivatePart {
  readonly tag: string;
  readonly part: Part;
  judge(output: ReadonlyMap<string, Buffer>): readonly Check[];
}

interface SafeElement {
  readonly group: string;
  readonly creator: string;
  readonly element: string;
  readonly vr: string;
}

const { safe } = JSON.parse(
  readFileSync(new URL('../../worker/standards/data/private-elements.json', import.meta.url), 'utf8'),
) as { safe: readonly string[] };

const numbers = new Set(['US', 'SS', 'UL', 'SL', 'FL', 'FD', 'DS', 'IS']);
const texts = new Set(['LO', 'SH', 'ST']);
const safeElements: readonly SafeElement[] = safe
  .map((row) => {
    const [group = '', creator = '', element = '', vr = ''] = row.split('\t');
    return { group, creator, element, vr };
  })
  .filter(({ vr }) => numbers.has(vr) || texts.has(vr));

const category = 'private elements';
const bracketed = (tag: string): string => `(${tag.slice(0, 4)},${tag.slice(4)})`;

function check(name: Check['name'], place: string, passed: boolean): Check {
  return { name, category, place, passed };
}

/** The elements of one creator in one group, under a block number of their own. */
function safeBlock(
  elements: readonly SafeElement[],
  block: string,
  persona: Persona,
  random: Random,
  profile: ProfileName,
): readonly PrivatePart[] {
  const [{ group, creator } = { group: '0009', creator: '' }] = elements;
  const holder = `${group}00${block}`;
  const parts = elements.map(({ element, vr }): PrivatePart => {
    const tag = `${group}${block}${element}`;
    const place = `${creator} ${element} ${vr}`;
    if (texts.has(vr)) {
      const label = random
        .pick([persona.mrn, persona.patient.family, persona.accession, persona.city])
        .slice(0, 16);
      return {
        tag,
        part: el(bracketed(tag), label, vr as Vr),
        judge: (output) => [
          check('text_removed', place, !(output.get(tag)?.toString('utf8') ?? '').includes(label)),
        ],
      };
    }
    const value = vr === 'DS' || vr === 'IS' ? random.digits(3) : [random.below(100)];
    let written: Buffer | undefined;
    return {
      tag,
      part: (encoding) => {
        const bytes = el(bracketed(tag), value, vr as Vr)(encoding);
        written = Buffer.from(bytes.subarray(8));
        return bytes;
      },
      judge: (output) => {
        const left = output.get(tag);
        return profile === 'basic'
          ? [check('text_removed', place, left === undefined)]
          : [
              check(
                'text_retained',
                place,
                left !== undefined && written !== undefined && left.equals(written),
              ),
            ];
      },
    };
  });
  const isKept = profile === 'research' && elements.some(({ vr }) => numbers.has(vr));
  return [
    {
      tag: holder,
      part: el(bracketed(holder), creator, 'LO'),
      judge: (output) =>
        isKept
          ? [check('text_retained', `creator ${creator}`, output.get(holder)?.toString().trim() === creator)]
          : [],
    },
    ...parts,
  ];
}

const unknownVrs = ['LO', 'PN', 'DA', 'UT', 'UN', 'OB', 'SH', 'UI'] as const;

/** A block that no list knows, one that nobody reserved, and one with the name of a known creator misspelt. */
function unknownBlocks(persona: Persona, random: Random): readonly PrivatePart[] {
  const creators = [`${persona.city.toUpperCase()} RIS`, '', 'SIEMENS MR HEADERS'];
  return creators.flatMap((creator, at): readonly PrivatePart[] => {
    const group = `00${81 + 2 * at}`;
    const parts = unknownVrs.map((vr, element): PrivatePart => {
      const tag = `${group}100${element}`;
      const label =
        vr === 'DA'
          ? persona.birthDate
          : vr === 'UI'
            ? `1.3.6.1.4.1.${random.digits(9)}`
            : personName(persona.patient);
      return {
        tag,
        part: el(bracketed(tag), vr === 'UN' || vr === 'OB' ? Buffer.from(label) : label, vr),
        judge: (output) => [
          check(
            'text_removed',
            `unknown ${creator === '' ? 'without creator' : 'creator'} ${vr}`,
            !output.has(tag),
          ),
        ],
      };
    });
    const holder: PrivatePart = {
      tag: `${group}0010`,
      part: el(bracketed(`${group}0010`), creator, 'LO'),
      judge: (output) => [check('text_removed', 'unknown creator', !output.has(`${group}0010`))],
    };
    return creator === '' ? parts : [holder, ...parts];
  });
}

/** All blocks of Table E.3.10-1 in groups that do not meet, in tag order. */
export function privateParts(persona: Persona, random: Random, profile: ProfileName): readonly PrivatePart[] {
  const blocks = new Map<string, number>();
  const known = [...Map.groupBy(safeElements, ({ group, creator }) => `${group}\t${creator}`).values()];
  const parts = known.flatMap((elements) => {
    const group = elements[0]?.group ?? '';
    const block = (blocks.get(group) ?? 0x0f + random.below(3)) + 1;
    blocks.set(group, block);
    return safeBlock(elements, block.toString(16).toUpperCase(), persona, random, profile);
  });
  return [...parts, ...unknownBlocks(persona, random)].sort((a, b) => (a.tag < b.tag ? -1 : 1));
}
