/** Table E.1-1 of PS3.15 row by row: what the basic profile says of an attribute comes true wherever it stands. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatTag, type Tag } from '../../worker/dicom/tag.ts';
import { type Vr, vrFacts } from '../../worker/dicom/vr.ts';
import { primaryVr } from '../../worker/standards/dictionary.ts';
import { dicomFile, el, type Part, sq, syntaxes, unSequence } from '../builders/dicom.ts';
import { deidentify, tableTags } from './support/deidentify.ts';

const label = 'Quastenburger';
const date = '19471103';
const uid = '1.3.6.1.4.1.99999.47.11.3';

const base = [
  el('SOPClassUID', '1.2.840.10008.5.1.4.1.1.2'),
  el('SOPInstanceUID', '1.2.3.4.5'),
  el('PatientID', 'P-1'),
] as const;
const taken = new Set([0x00080016, 0x00080018, 0x00100020]);

/** A value that must not be in the output, as the VR can hold it; undefined where it can hold none. */
function marked(vr: Vr): { readonly value: string; readonly searched: string } | undefined {
  switch (vr) {
    case 'DA':
      return { value: date, searched: date };
    case 'DT':
      return { value: `${date}101112`, searched: date };
    case 'TM':
      return { value: '031122.447711', searched: '031122.447711' };
    case 'UI':
      return { value: uid, searched: uid };
    case 'AS':
      return { value: '047Y', searched: '047Y' };
    case 'DS':
    case 'IS':
      return { value: '47110815', searched: '47110815' };
    case 'CS':
      return { value: label.toUpperCase(), searched: label.toUpperCase() };
    default:
      return vrFacts[vr].kind === 'text' ? { value: label, searched: label } : undefined;
  }
}

interface Case {
  readonly tag: Tag;
  readonly name: string;
  readonly part: Part;
  readonly searched: string;
}

const cases = tableTags.flatMap((tag): readonly Case[] => {
  const vr = primaryVr(tag);
  if (vr === undefined || taken.has(tag) || tag >>> 16 === 2) return [];
  const name = formatTag(tag);
  if (vr === 'SQ') {
    const inside = [el('(0040,A160)', label, 'UT'), el('(0010,0010)', `${label}^Anna`)];
    return [{ tag, name, part: sq(name, [inside]), searched: label }];
  }
  const mark = marked(vr);
  return mark === undefined ? [] : [{ tag, name, part: el(name, mark.value), searched: mark.searched }];
});

/** Parts in the order of tags, which is that of the standard. */
function ordered(part: Part, tag: Tag): readonly Part[] {
  const before = base.filter((_, index) => ([...taken][index] ?? 0) < tag);
  return [...before, part, ...base.slice(before.length)];
}

const surroundings: Readonly<Record<string, (one: Case) => Buffer>> = {
  'at the root, explicit': ({ part, tag }) => dicomFile(ordered(part, tag)),
  'at the root, implicit': ({ part, tag }) =>
    dicomFile(ordered(part, tag), { transferSyntax: syntaxes.implicit }),
  'at the root, big endian': ({ part, tag }) =>
    dicomFile(ordered(part, tag), { transferSyntax: syntaxes.bigEndian }),
  'three sequences deep, deflated': ({ part }) =>
    dicomFile([...base, sq('(0054,0016)', [[sq('(0054,0016)', [[sq('(0040,0555)', [[part]])]])]])], {
      transferSyntax: syntaxes.deflated,
    }),
  'in a sequence in UN': ({ part }) => dicomFile([...base, unSequence('(0054,0016)', [[part]])]),
};

for (const [where, build] of Object.entries(surroundings)) {
  describe(`a labelled value ${where}`, () => {
    it(`is gone for each of ${cases.length} rows`, async () => {
      const left: string[] = [];
      for (const one of cases) {
        const { decision, bytes } = await deidentify(build(one));
        if ('output' in decision && bytes.includes(one.searched)) left.push(one.name);
      }
      assert.deepEqual(left, []);
    });
  });
}

it('the cases are most of the table', () => {
  assert.ok(cases.length > 600, String(cases.length));
});
