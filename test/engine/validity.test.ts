/** What an IOD requires is there and has a value after de-identification, as it had before. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { formatTag, isPrivate, type Tag } from '../../worker/dicom/tag.ts';
import { vrFacts } from '../../worker/dicom/vr.ts';
import { modulesInUse } from '../../worker/standards/attribute-types.ts';
import { primaryVr } from '../../worker/standards/dictionary.ts';
import { dicomFile, el, type Part, sq } from '../builders/dicom.ts';
import { deidentify, read, tableTags } from './support/deidentify.ts';

const classes = {
  CT: '1.2.840.10008.5.1.4.1.1.2',
  'Enhanced MR': '1.2.840.10008.5.1.4.1.1.4.1',
  US: '1.2.840.10008.5.1.4.1.1.6.1',
  'Secondary Capture': '1.2.840.10008.5.1.4.1.1.7',
  'Key Object': '1.2.840.10008.5.1.4.1.1.88.59',
  'Comprehensive SR': '1.2.840.10008.5.1.4.1.1.88.33',
  'RT Structure Set': '1.2.840.10008.5.1.4.1.1.481.3',
  'RT Plan': '1.2.840.10008.5.1.4.1.1.481.5',
  Segmentation: '1.2.840.10008.5.1.4.1.1.66.4',
  PET: '1.2.840.10008.5.1.4.1.1.128',
  'Slide Microscopy': '1.2.840.10008.5.1.4.1.1.77.1.6',
} as const;

const values: Readonly<Record<string, string>> = {
  DA: '20200102',
  DT: '20200102030405',
  TM: '030405',
  UI: '1.2.3.4.5.6',
  AS: '045Y',
  CS: 'CT',
  IS: '1',
  DS: '1.0',
  PN: 'Quast^Anna',
};

function partOf(tag: Tag): Part | undefined {
  const vr = primaryVr(tag);
  if (vr === undefined) return undefined;
  if (vr === 'SQ') return sq(formatTag(tag), [[el('CodeValue', '1'), el('CodeMeaning', 'chest')]]);
  return vrFacts[vr].kind === 'text' ? el(formatTag(tag), values[vr] ?? 'Quastenburg') : undefined;
}

for (const [name, sopClass] of Object.entries(classes)) {
  for (const profile of ['basic', 'research'] as const) {
    it(`${name} under ${profile}`, async () => {
      const modules = modulesInUse(sopClass, () => false);
      const wanted = tableTags.flatMap((tag) => {
        if (isPrivate(tag) || tag >>> 16 === 2) return [];
        const type = modules.typeOf([tag]);
        const part = partOf(tag);
        return part !== undefined && (type === '1' || type === '2') ? [{ tag, type, part }] : [];
      });
      const fixed = [
        { tag: 0x00080016, part: el('SOPClassUID', sopClass) },
        { tag: 0x00080018, part: el('SOPInstanceUID', '1.2.3.4') },
      ];
      const all = [...fixed, ...wanted.filter(({ tag }) => fixed.every((one) => one.tag !== tag))];
      all.sort((a, b) => a.tag - b.tag);
      const { decision, bytes } = await deidentify(dicomFile(all.map(({ part }) => part)), profile);
      assert.ok('output' in decision, JSON.stringify(decision));
      const { parsed } = await read(bytes);
      for (const { tag, type } of wanted) {
        const element = parsed.dataSet.elements.find((one) => one.tag === tag);
        assert.ok(element !== undefined, `${formatTag(tag)} of Type ${type} is missing`);
        if (type === '1')
          assert.ok(element.valueEnd > element.valueStart, `${formatTag(tag)} of Type 1 is empty`);
      }
    });
  }
}
