/** What holds between objects: references, pseudonyms, intervals; and over runs, profiles and machines. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dicomFile, el, type Part, sq, syntaxes } from '../builders/dicom.ts';
import { deidentify, elementsOf, read, textOf } from './support/deidentify.ts';

function object(sop: string, parts: readonly Part[] = [], patientId = '4711'): Buffer {
  return dicomFile([
    el('SOPClassUID', '1.2.840.10008.5.1.4.1.1.2'),
    el('SOPInstanceUID', sop),
    el('PatientName', 'Quast^Anna'),
    el('PatientID', patientId),
    el('StudyInstanceUID', '1.2.3'),
    el('SeriesInstanceUID', '1.2.3.1'),
    ...parts,
  ]);
}

async function uidsOf(file: Buffer, profile: 'basic' | 'research' = 'basic'): Promise<readonly string[]> {
  const { bytes } = await deidentify(file, profile);
  const { parsed } = await read(bytes);
  return [...elementsOf(parsed.dataSet)]
    .filter(({ vr }) => vr === 'UI')
    .map((element) => textOf(element, parsed));
}

describe('UIDs', () => {
  it('a reference names the new UID of the object that it names', async () => {
    const { bytes } = await deidentify(object('1.2.3.1.7'));
    const target = (await read(bytes)).text('SOPInstanceUID') ?? '';
    const referring = object('1.2.3.1.8', [
      sq('ReferencedImageSequence', [
        [
          el('ReferencedSOPClassUID', '1.2.840.10008.5.1.4.1.1.2'),
          el('ReferencedSOPInstanceUID', '1.2.3.1.7'),
        ],
      ]),
    ]);
    const uids = await uidsOf(referring);
    assert.ok(uids.includes(target));
    assert.ok(uids.includes('1.2.840.10008.5.1.4.1.1.2'));
  });

  it('profiles map them alike', async () => {
    assert.deepEqual(
      await uidsOf(object('1.2.3.1.7'), 'basic'),
      await uidsOf(object('1.2.3.1.7'), 'research'),
    );
  });

  it('every value of an element is mapped, in its place', async () => {
    const file = object('1.2.3.1.7', [el('(0008,3010)', ['1.2.3.1.7', '1.2.3'])]);
    const { bytes } = await deidentify(file);
    const { text } = await read(bytes);
    assert.equal(text('(0008,3010)'), `${text('SOPInstanceUID')}\\${text('StudyInstanceUID')}`);
  });

  it('File Meta Information and data set agree', async () => {
    const { bytes } = await deidentify(object('1.2.3.1.7'));
    const { parsed, text } = await read(bytes);
    assert.equal(
      parsed.fileMeta.mediaStorageSopInstanceUid ?? text('SOPInstanceUID'),
      text('SOPInstanceUID'),
    );
  });
});

describe('patients', () => {
  const pseudonym = async (id: string): Promise<string | undefined> => {
    const { bytes } = await deidentify(object('1.2.3.1.7', [], id));
    return (await read(bytes)).text('PatientID');
  };

  it('spellings of one ID are one patient', async () => {
    assert.equal(await pseudonym('ab12 '), await pseudonym(' AB12'));
  });

  it('different IDs are different patients', async () => {
    assert.notEqual(await pseudonym('AB12'), await pseudonym('AB13'));
  });

  it('name and ID become the same pseudonym', async () => {
    const { bytes } = await deidentify(object('1.2.3.1.7'));
    const { text } = await read(bytes);
    assert.equal(text('PatientName'), text('PatientID'));
  });
});

describe('dates under research', () => {
  const days = (text = ''): number =>
    Date.UTC(Number(text.slice(0, 4)), Number(text.slice(4, 6)) - 1, Number(text.slice(6, 8))) / 86_400_000;

  it('move by the same whole days in every form', async () => {
    const file = object('1.2.3.1.7', [
      el('(0040,0244)', '20200229'),
      el('(0040,0245)', '235959'),
      el('(0040,4050)', '20200229235959.123456+0100'),
      el('(0040,A121)', '2020.02.29'),
    ]);
    const { bytes } = await deidentify(file, 'research');
    const { text } = await read(bytes);
    const shift = days(text('(0040,0244)')) - days('20200229');
    assert.ok(shift < 0);
    assert.equal(text('(0040,0245)'), '235959');
    assert.equal(days(text('(0040,4050)')) - days('20200229'), shift);
    assert.match(text('(0040,4050)') ?? '', /^\d{8}235959\.123456\+0100$/);
    assert.equal(days((text('(0040,A121)') ?? '').replaceAll('.', '')) - days('20200229'), shift);
  });

  it('keep intervals between objects of a patient', async () => {
    const at = async (date: string): Promise<number> => {
      const { bytes } = await deidentify(object(`1.2.${date}`, [el('(0040,0244)', date)]), 'research');
      return days((await read(bytes)).text('(0040,0244)'));
    };
    assert.equal((await at('20210301')) - (await at('20200301')), 365);
  });
});

describe('outputs', () => {
  it('are a function of the bytes, the profile and the key', async () => {
    const file = object('1.2.3.1.7', [el('StudyDescription', 'CT chest of Quast')]);
    const [one, two] = [await deidentify(file, 'research'), await deidentify(Buffer.from(file), 'research')];
    assert.deepEqual(one.bytes, two.bytes);
    assert.deepEqual(one.decision, {
      ...two.decision,
      ...('output' in one.decision ? { output: one.decision.output } : {}),
    });
  });

  for (const [name, transferSyntax] of Object.entries(syntaxes).slice(0, 4)) {
    it(`keep their transfer syntax: ${name}`, async () => {
      const file = dicomFile(
        [
          el('SOPClassUID', '1.2.840.10008.5.1.4.1.1.2'),
          el('SOPInstanceUID', '1.2.3.4'),
          el('PatientID', '4711'),
          el('StudyDescription', 'CT chest of Dr. Quast'),
        ],
        { transferSyntax },
      );
      const { bytes } = await deidentify(file, 'research');
      const { parsed, text } = await read(bytes);
      assert.equal(parsed.transferSyntax.uid, transferSyntax);
      assert.equal(text('StudyDescription'), 'CT chest of');
    });
  }
});
