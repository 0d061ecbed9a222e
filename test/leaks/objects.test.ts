/** Objects other than plain images: reports, presentation states, documents, captured screens, slides. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { builtinProfiles } from '../../crds/profiles/builtin.ts';
import type { BuiltinProfileName } from '../../crds/v1alpha1/job.ts';
import { residentSource } from '../../worker/bytes/byte-source.ts';
import { createEngine } from '../../worker/deid/engine.ts';
import type { EngineDecision } from '../../worker/engine.ts';
import { el, type Part, sq } from '../builders/dicom.ts';
import { deidentify, key } from '../engine/support/deidentify.ts';
import { labelledFile, mappedUid, patient, plusDays, shiftOf } from './support/labelled-object.ts';
import { labelsIn } from './support/labels.ts';
import { leakCase, leakCaseOf, leaksNothing, plantedIn } from './support/leak-case.ts';

const native = ['explicit', 'implicit', 'bigEndian', 'deflated'] as const;
const profiles: readonly BuiltinProfileName[] = ['basic', 'research', 'strict'];

function concept(value: string, meaning: string, scheme = 'DCM'): Part {
  return sq('ConceptNameCodeSequence', [
    [el('CodeValue', value), el('CodingSchemeDesignator', scheme), el('CodeMeaning', meaning)],
  ]);
}

function item(type: string, name: Part, ...value: readonly Part[]): readonly Part[] {
  return [el('RelationshipType', 'CONTAINS'), el('ValueType', type), name, ...value];
}

const finding = concept('121071', 'Finding');

const contentSequence = sq('ContentSequence', [
  item('PNAME', concept('121008', 'Person Observer Name'), el('(0040,A123)', 'Zwetschgenbaum^Ottokar')),
  item('TEXT', finding, el('TextValue', 'Frau Quastenburger, lesion 23 mm, seen by Dr. Rittersporn')),
  item('TEXT', concept('121106', 'Comment'), el('TextValue', 'MRN QX-4711-0815 of 11.09.2019')),
  item(
    'UIDREF',
    concept('112040', 'Tracking Unique Identifier'),
    el('(0040,A124)', '1.3.6.1.4.1.99999.53.1'),
  ),
  item('DATETIME', finding, el('(0040,A120)', '20190912101112')),
  item('DATE', finding, el('(0040,A121)', '20190913')),
  item(
    'CODE',
    finding,
    sq('ConceptCodeSequence', [
      [
        el('CodeValue', 'L1'),
        el('CodingSchemeDesignator', '99KLINIK'),
        el('CodeMeaning', 'as told to Akelei'),
      ],
    ]),
  ),
  item(
    'NUM',
    concept('410668003', 'Length', 'SCT'),
    sq('MeasuredValueSequence', [[el('NumericValue', '23.4')]]),
  ),
  item(
    'IMAGE',
    concept('121112', 'Source of Measurement'),
    sq('ReferencedSOPSequence', [
      [
        el('ReferencedSOPClassUID', '1.2.840.10008.5.1.4.1.1.2'),
        el('ReferencedSOPInstanceUID', '1.2.3.4711.3'),
      ],
    ]),
  ),
  item(
    'CONTAINER',
    finding,
    el('ContinuityOfContent', 'SEPARATE'),
    sq('ContentSequence', [
      item('TEXT', finding, el('TextValue', 'spoke to Hollerbusch on 14.09.2019')),
      item('PNAME', concept('121029', 'Subject Name'), el('(0040,A123)', patient.name)),
    ]),
  ),
]);

leakCaseOf(53, 'content items of reports', {
  encodings: native,
  root: [el('SOPClassUID', '1.2.840.10008.5.1.4.1.1.88.33'), el('Modality', 'SR')],
  pixelData: () => [],
  planted: [el('ValueType', 'CONTAINER'), contentSequence],
  labels: [
    ...['Zwetschgenbaum', 'Ottokar', 'Quastenburger', 'Rittersporn', 'QX-4711-0815', '11.09.2019'],
    ...['1.3.6.1.4.1.99999.53.1', '20190912', '20190913', 'Akelei', 'Hollerbusch', '14.09.2019'],
  ],
  check: (output) => {
    const planted = plantedIn(output);
    // A Content Sequence where no IOD has one goes as a whole, but for the option that cleans it.
    if (planted === undefined || (output.profile === 'basic' && output.depth !== 'at the root')) return;
    assert.deepEqual(planted.texts('NumericValue'), ['23.4']);
    assert.deepEqual(planted.texts('ReferencedSOPInstanceUID'), [mappedUid('1.2.3.4711.3')]);
    assert.deepEqual(planted.texts('(0040,A124)'), [mappedUid('1.3.6.1.4.1.99999.53.1')]);
    assert.ok(planted.texts('ValueType').length >= 10, 'the tree is there');
    if (output.profile !== 'research') return;
    assert.ok(planted.texts('TextValue').some((text) => /lesion 23 mm/.test(text)));
    assert.deepEqual(planted.texts('(0040,A121)'), [plusDays('20190913', shiftOf(output))]);
  },
});

leakCaseOf(54, 'text of presentation states', {
  encodings: native,
  root: [el('SOPClassUID', '1.2.840.10008.5.1.4.1.1.11.1'), el('Modality', 'PR')],
  pixelData: () => [],
  planted: [
    el('ContentLabel', 'QUASTENBURGER'),
    el('ContentDescription', 'marked by Rittersporn'),
    el('ContentCreatorName', 'Zwetschgenbaum^Ottokar'),
    sq('GraphicAnnotationSequence', [
      [
        el('GraphicLayer', 'LAYER1'),
        sq('TextObjectSequence', [[el('UnformattedTextValue', 'Quastenburger, see Dr. Rittersporn')]]),
        sq('CompoundGraphicSequence', [
          [sq('MajorTicksSequence', [[el('TickPosition', 1), el('TickLabel', 'Hollerbusch')]])],
        ]),
      ],
    ]),
    sq('GraphicLayerSequence', [[el('GraphicLayer', 'LAYER1'), el('GraphicLayerDescription', 'of Akelei')]]),
    sq('GraphicGroupSequence', [
      [el('GraphicGroupLabel', 'Hollerbusch'), el('GraphicGroupDescription', 'by Blauregen')],
    ]),
  ],
  labels: ['Quastenburger', 'Rittersporn', 'Zwetschgenbaum', 'Hollerbusch', 'Akelei', 'Blauregen'],
});

const documents: Readonly<Record<string, string>> = {
  PDF: '1.2.840.10008.5.1.4.1.1.104.1',
  CDA: '1.2.840.10008.5.1.4.1.1.104.2',
  STL: '1.2.840.10008.5.1.4.1.1.104.3',
};

const documentParts: readonly Part[] = [
  el('(0042,0010)', 'letter about Hollerbusch'),
  el('(0040,E001)', '1.3.6.1.4.1.99999.55.1^Hollerbusch'),
  sq('SourceInstanceSequence', [[el('ReferencedSOPInstanceUID', '1.3.6.1.4.1.99999.55.2')]]),
  el('EncapsulatedDocument', Buffer.from('%PDF-1.7 Hollerbusch Annedore '), 'OB'),
];

function documentFile(sopClass: string): Buffer {
  return labelledFile(
    {
      root: [el('SOPClassUID', sopClass), el('Modality', 'DOC')],
      planted: documentParts,
      pixelData: () => [],
    },
    'explicit',
    'at the root',
  );
}

leakCase(55, 'encapsulated documents', () => {
  for (const [name, sopClass] of Object.entries(documents)) {
    for (const profile of profiles) {
      it(`${name} is held back under ${profile}`, async () => {
        const { decision } = await deidentify(documentFile(sopClass), profile);
        assert.ok(decision.outcome === 'rejected');
        assert.equal(decision.reason, 'EncapsulatedDocument');
      });
    }
    it(`${name} is emptied where the profile says so, its title and identifiers with it`, async () => {
      const { spec } = builtinProfiles.basic;
      const engine = createEngine({ profile: { ...spec, documents: 'remove' }, key });
      const decision = await engine.deidentify(residentSource(documentFile(sopClass)));
      assert.ok('output' in decision, JSON.stringify(decision));
      const chunks: Uint8Array[] = [];
      for await (const chunk of decision.output.chunks()) chunks.push(Uint8Array.from(chunk));
      const labels = ['Hollerbusch', '1.3.6.1.4.1.99999.55.1', '1.3.6.1.4.1.99999.55.2', '%PDF-1.7'];
      assert.deepEqual(labelsIn(Buffer.concat(chunks), labels), []);
    });
  }
});

const secondaryCapture = el('SOPClassUID', '1.2.840.10008.5.1.4.1.1.7');

function reasonOf(decision: EngineDecision): string | undefined {
  return 'reason' in decision ? decision.reason : undefined;
}

leakCase(56, 'text in pixels, whatever Burned In Annotation says', () => {
  const objects: Readonly<Record<string, readonly Part[]>> = {
    NO: [secondaryCapture, el('Modality', 'OT'), el('BurnedInAnnotation', 'NO')],
    nothing: [secondaryCapture, el('Modality', 'OT')],
  };
  for (const [says, root] of Object.entries(objects)) {
    it(`a captured screen that says ${says} is counted, and reviewed under the allow-list`, async () => {
      const file = labelledFile({ root, planted: [] }, 'explicit', 'at the root');
      for (const profile of profiles) {
        const { decision, bytes } = await deidentify(file, profile);
        assert.ok('record' in decision);
        assert.equal(decision.record.pixelsUnchecked, true);
        assert.ok(!bytes.includes('113101'), 'Clean Pixel Data is not claimed');
        assert.equal(reasonOf(decision), profile === 'strict' ? 'PixelsUnchecked' : undefined);
      }
    });
  }
  it('an object that says YES is reviewed under every profile', async () => {
    const root = [el('BurnedInAnnotation', 'YES')];
    const file = labelledFile({ root, planted: [] }, 'explicit', 'at the root');
    for (const profile of profiles) {
      const { decision } = await deidentify(file, profile);
      assert.deepEqual([decision.outcome, reasonOf(decision)], ['review', 'BurnedInAnnotation']);
    }
  });
});

const slide = el('SOPClassUID', '1.2.840.10008.5.1.4.1.1.77.1.6');
/** A TIFF header whose first directory lies at byte 512, as files have that are DICOM and TIFF (PS3.10 section 7.1). */
const tiffPreamble = Buffer.from('II*\0\0\x02\0\0Hollerbusch', 'latin1');

leakCase(58, 'slides that are TIFF as well, and labels of slides', () => {
  leaksNothing('nothing of the TIFF is left', {
    depths: ['at the root'],
    root: [slide, el('Modality', 'SM'), el('ImageType', ['ORIGINAL', 'PRIMARY', 'VOLUME', 'NONE'])],
    file: { preamble: tiffPreamble },
    planted: [
      el('(0009,0010)', 'ACME TIFF', 'LO'),
      el('(0009,1001)', Buffer.from('ImageDescription of Zwetschgenbaum'), 'OB'),
      el('(0048,0107)', 'path of Rittersporn'),
      el('DataSetTrailingPadding', Buffer.from('II*\0 Artist=Akelei '), 'OB'),
    ],
    labels: ['Hollerbusch', 'Zwetschgenbaum', 'Rittersporn', 'Akelei'],
    check: ({ bytes }) => assert.ok(bytes.subarray(0, 128).every((byte) => byte === 0)),
  });
  for (const [title, parts] of [
    ['a label image', [el('ImageType', ['ORIGINAL', 'PRIMARY', 'LABEL', 'NONE'])]],
    [
      'an overview with the label in it',
      [el('ImageType', ['ORIGINAL', 'PRIMARY', 'OVERVIEW', 'NONE']), el('SpecimenLabelInImage', 'YES')],
    ],
  ] as const) {
    it(`${title} is reviewed`, async () => {
      const file = labelledFile(
        { root: [slide, el('Modality', 'SM'), ...parts], planted: [] },
        'explicit',
        'at the root',
      );
      for (const profile of profiles) {
        const { decision } = await deidentify(file, profile);
        assert.deepEqual([decision.outcome, reasonOf(decision)], ['review', 'SlideLabel']);
      }
    });
  }
});
