/** Objects full of labels: attributes of Table E.1-1 and PS3.6 at every depth, and whole IODs. */
import type { Vr } from '../../worker/dicom/vr.ts';
import { dicomFile, el, type Part, sq } from '../builders/dicom.ts';
import { labelledValue } from './labelled-value.ts';
import type { Surroundings } from './labelling.ts';
import type { Values } from './outside-reader.ts';
import { personName } from './persona.ts';
import type { PrivatePart } from './private-blocks.ts';
import type { Check } from './score.ts';
import { type AttributeFacts, attributeOf, codeOf, type IodAttribute, nodeOf } from './standard-facts.ts';

type Expectation = (output: Values) => readonly Check[];

/** An object with what must become of it. */
export interface LabelledObject {
  readonly file: Buffer;
  readonly expectations: readonly Expectation[];
}

/** An attribute at a place, with the attributes inside where it is a sequence. */
export interface Planted {
  readonly facts: AttributeFacts;
  readonly type: string | undefined;
  readonly inside: readonly Planted[];
}

type Context = Omit<Surroundings, 'place' | 'type' | 'isGone' | 'isDummy'>;

const name = (tag: string): string => `(${tag.slice(0, 4)},${tag.slice(4)})`;
const contentSequences = new Set(['0040A730', '00400555', '00400610', '0040B020', '00700001']);

function build(
  planted: readonly Planted[],
  context: Context,
  prefix: string,
  state: { readonly isGone: boolean; readonly isDummy: boolean },
  expectations: Expectation[],
): readonly Part[] {
  return planted.flatMap(({ facts, type, inside }) => {
    const { tag, vr, keyword } = facts;
    const path = prefix + tag;
    if (vr === 'SQ') {
      const code = codeOf(tag, context.profile);
      const isKept = code === undefined || code === 'K' || code === 'C' || code === 'X/Z/U*';
      const within = {
        isGone: state.isGone || !(isKept || contentSequences.has(tag)),
        isDummy: state.isDummy || (!isKept && contentSequences.has(tag)),
      };
      const parts = build(inside, context, `${path}[0]/`, within, expectations);
      return parts.length === 0 ? [] : [sq(name(tag), [parts])];
    }
    const labelled = labelledValue(facts, {
      ...context,
      type,
      place: `${prefix.replaceAll('[0]', '')}${keyword}`,
      ...state,
    });
    if (labelled === undefined) return [];
    expectations.push((output) => labelled.judge(output.get(path)));
    const { value } = labelled;
    return [el(name(tag), typeof value === 'string' ? value : (value as Uint8Array), vr as Vr)];
  });
}

const required = new Set([
  '00080005',
  '00080016',
  '00080018',
  '00100010',
  '00100020',
  '00100021',
  '00100030',
  '00080050',
  '00080080',
  '00080081',
  '00080090',
  '00081010',
  '00081070',
  '00080020',
  '00181000',
  '00102154',
]);
const left =
  /^(?:0002|0004|7FE0|7F|5400|FFF|0012006[234]|00280303|0008030|0008000|00420011|00287FE0|00280301|00080001|0028000[28]|0028001|00280034|00280100|00280101|00280102|00280103|0040A0[45]|0040A3|0040A16|0040A12|00400[A]|00041)/;

/** Attributes that a labelled object may hold besides those that it always has. */
export function mayPlant(tag: string): boolean {
  return !left.test(tag) && !required.has(tag);
}

/** Builds the object: what identifies its people in the usual places, and `planted`. */
export function labelledObject(
  sopClass: string,
  planted: readonly Planted[],
  context: Context,
  transferSyntax?: string,
  privateParts: readonly PrivatePart[] = [],
): LabelledObject {
  const { persona, random } = context;
  const expectations: Expectation[] = [];
  const uid = `1.2.826.0.1.${random.digits(8)}.${random.digits(6)}`;
  const own = (tag: string, value: string): Planted & { readonly value: string } => ({
    facts: attributeOf.get(tag) ?? { tag, keyword: tag, vr: 'LO', vm: '1' },
    type: undefined,
    inside: [],
    value,
  });
  const header = [
    own('00080005', 'ISO_IR 192'),
    own('00080016', sopClass),
    own('00080018', uid),
    own('00080020', persona.studyDate),
    own('00080050', persona.accession),
    own('00080080', persona.institution),
    own('00080081', `${persona.street}, ${persona.city}`),
    own('00080090', personName(persona.physician)),
    own('00081010', persona.station),
    own('00081070', personName(persona.operator)),
    own('00100010', personName(persona.patient)),
    own('00100020', persona.mrn),
    own('00100021', persona.issuer),
    own('00100030', persona.birthDate),
    own('00102154', persona.telephone),
    own('00181000', persona.serial),
  ];
  const state = { isGone: false, isDummy: false };
  const parts = [
    ...header.map((one) => ({ tag: one.facts.tag, parts: [el(name(one.facts.tag), one.value)] })),
    ...planted.map((one) => ({ tag: one.facts.tag, parts: build([one], context, '', state, expectations) })),
    ...privateParts.map(({ tag, part }) => ({ tag, parts: [part] })),
  ]
    .sort((a, b) => (a.tag < b.tag ? -1 : 1))
    .flatMap((one) => one.parts);
  expectations.push(
    ...privateParts.map(
      (one): Expectation =>
        (output) =>
          one.judge(output),
    ),
  );
  const judge =
    (path: string, check: Check['name'], expected: string): Expectation =>
    (output) => {
      const text =
        output
          .get(path)
          ?.toString('utf8')
          .replace(/[ \0]+$/, '') ?? '';
      return [
        {
          name: check,
          category: context.category,
          place: path,
          passed: text === expected,
          detail: `${text}, not ${expected}`,
        },
      ];
    };
  expectations.push(
    judge('00080018', 'uid_consistent', context.formulas.uid(uid)),
    judge('00100020', 'patid_consistent', context.formulas.pseudonym(persona.issuer, persona.mrn)),
    judge('00080016', 'text_retained', sopClass),
  );
  return { file: dicomFile(parts, transferSyntax === undefined ? {} : { transferSyntax }), expectations };
}

const deepest = 4;
const mostInside = 24;

/** Attributes of a node of an IOD, to a few levels; of large items a choice. */
export function plantedOf(
  attributes: readonly IodAttribute[],
  context: Context,
  depth = 0,
): readonly Planted[] {
  return attributes.flatMap(({ tag, type, child }): readonly Planted[] => {
    const facts = attributeOf.get(tag);
    if (facts === undefined || !(depth === 0 ? mayPlant(tag) : !left.test(tag))) return [];
    if (facts.vr !== 'SQ') return [{ facts, type, inside: [] }];
    if (child === undefined || depth === deepest) return [];
    const inner = nodeOf(child);
    const step = Math.max(1, Math.floor(inner.length / mostInside));
    const chosen = inner.filter(
      (attribute, index) => attribute.type === '1' || (index + context.random.below(step)) % step === 0,
    );
    const inside = plantedOf(chosen, context, depth + 1);
    return inside.length === 0
      ? []
      : [{ facts, type, inside: [...inside].sort((a, b) => (a.facts.tag < b.facts.tag ? -1 : 1)) }];
  });
}
