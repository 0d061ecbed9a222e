/** Structure: what stands behind, beside or inside the pixel data. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { jpeg } from '../builders/code-streams.ts';
import { dataSetBytes, el, encapsulated, type Part, raw, rawHeader, sq } from '../builders/dicom.ts';
import { outputOf, patient } from './support/labelled-object.ts';
import { leakCase, leakCaseOf, leaksNothing, plantedIn } from './support/leak-case.ts';

const atRoot = { depths: ['at the root'] } as const;
const native = ['explicit', 'implicit', 'bigEndian', 'deflated'] as const;

leakCase(12, 'elements behind Pixel Data', () => {
  leaksNothing('no label is left', {
    ...atRoot,
    planted: [
      el('(7FE1,0010)', 'ACME 1.1', 'LO'),
      el('(7FE1,0011)', 'ACME 2.0', 'LO'),
      el('(7FE1,1001)', 'Hollerbusch Annedore', 'LO'),
      sq('(7FE1,1102)', [[el('PatientName', 'Zwetschgenbaum^Ottokar')]]),
      el('(7FF1,0010)', 'GEMS_PARM_01', 'LO'),
      el('(7FF1,1010)', 'Rittersporn Wigand', 'UT'),
      el('(FFFC,FFFC)', Buffer.from('Akelei Roswitha '), 'OB'),
    ],
    labels: ['Hollerbusch', 'Zwetschgenbaum', 'Rittersporn', 'Akelei'],
  });
});

leakCase(13, 'trailing padding, digital signatures, MACs, bytes behind the last element', () => {
  leaksNothing('no label is left', {
    planted: [
      sq('MACParametersSequence', [
        [
          el('MACIDNumber', 1),
          el('MACCalculationTransferSyntaxUID', '1.2.840.10008.1.2.1'),
          el('MACAlgorithm', 'SHA256'),
          el('DataElementsSigned', 0x0010, 'AT'),
        ],
      ]),
      sq('DigitalSignaturesSequence', [
        [
          el('MACIDNumber', 1),
          el('DigitalSignatureUID', '1.3.6.1.4.1.99999.13.1'),
          el('DigitalSignatureDateTime', '20190409101112'),
          el('CertificateType', 'X509_1993_SIG'),
          el('CertificateOfSigner', Buffer.from('CN=Ottokar Zwetschgenbaum '), 'OB'),
          el('Signature', Buffer.from('signed by Hollerbusch '), 'OB'),
        ],
      ]),
      el('DataSetTrailingPadding', Buffer.from('Akelei was here '), 'OB'),
    ],
    labels: ['1.3.6.1.4.1.99999.13.1', '20190409', 'Zwetschgenbaum', 'Hollerbusch', 'Akelei'],
    check: ({ root }) => {
      assert.equal(root.element('DigitalSignaturesSequence'), undefined);
      assert.equal(root.element('DataSetTrailingPadding'), undefined);
    },
  });
});

leakCaseOf(14, 'groups 50xx and 60xx beyond the first', {
  ...atRoot,
  planted: ['5000', '5002', '501E', '6000', '6002', '601E'].flatMap((group): readonly Part[] => {
    if (group.startsWith('50')) {
      return [
        el(`(${group},0020)`, 'ROI', 'CS'),
        el(`(${group},0022)`, 'curve of Hollerbusch', 'LO'),
        el(`(${group},2500)`, 'Hollerbusch lead', 'LO'),
        el(`(${group},3000)`, Buffer.from('Zwetschgenbaum  '), 'OB'),
      ];
    }
    return [
      el(`(${group},0010)`, 8, 'US'),
      el(`(${group},0011)`, 8, 'US'),
      el(`(${group},0022)`, 'drawn by Rittersporn', 'LO'),
      el(`(${group},1500)`, 'Rittersporn', 'LO'),
      el(`(${group},3000)`, Buffer.from('Akelei..'), 'OB'),
      el(`(${group},4000)`, 'seen by Rittersporn', 'LT'),
    ];
  }),
  labels: ['Hollerbusch', 'Zwetschgenbaum', 'Rittersporn', 'Akelei'],
  check: ({ root }) => {
    const groups = root.parsed.dataSet.elements.map(({ tag }) => tag >>> 24);
    assert.ok(!groups.includes(0x50) && !groups.includes(0x60), 'the groups are gone');
  },
});

/** Samples of 16 bits whose low twelve are the image; bit 13 holds an overlay plane. */
const samples = [0x2001, 0x0fff, 0x2fff, 0x0000] as const;

leakCaseOf(15, 'overlay planes in unused bits of Pixel Data', {
  ...atRoot,
  encodings: native,
  planted: [
    el('(6000,0010)', 2, 'US'),
    el('(6000,0011)', 2, 'US'),
    el('(6000,0040)', 'G', 'CS'),
    el('(6000,0022)', 'drawn by Rittersporn', 'LO'),
    el('(6000,0100)', 16, 'US'),
    el('(6000,0102)', 13, 'US'),
  ],
  pixelData: () => [
    el('SamplesPerPixel', 1),
    el('PhotometricInterpretation', 'MONOCHROME2'),
    el('Rows', 2),
    el('Columns', 2),
    el('BitsAllocated', 16),
    el('BitsStored', 12),
    el('HighBit', 11),
    el('PixelRepresentation', 0),
    el('PixelData', samples, 'OW'),
  ],
  labels: ['Rittersporn'],
  check: ({ root, encoding, decision }) => {
    const pixelData = root.element('PixelData');
    assert.ok(pixelData !== undefined);
    const bytes = Buffer.from(root.parsed.body.view(pixelData.valueStart, pixelData.valueEnd));
    if (encoding === 'bigEndian') bytes.swap16();
    assert.deepEqual(
      samples.map((_, index) => bytes.readUInt16LE(index * 2)),
      samples.map((sample) => sample & 0x0fff),
    );
    assert.ok('record' in decision && decision.record.cleanups.length === 1, 'the record names it');
  },
});

leakCaseOf(16, 'icon images, standard and private', {
  planted: [
    sq('IconImageSequence', [
      [
        el('Rows', 4),
        el('Columns', 4),
        el('BitsAllocated', 8),
        el('PixelData', Buffer.from('Hollerbusch icon'), 'OB'),
      ],
    ]),
    el('(0009,0010)', 'GEIIS', 'LO'),
    sq('(0009,1010)', [
      [el('Rows', 4), el('Columns', 4), el('PixelData', Buffer.from('Zwetschgenbaum!!'), 'OB')],
    ]),
    el('(6003,0010)', 'GEMS_Ultrasound_ImageGroup_001', 'LO'),
    sq('(6003,1010)', [[el('PixelData', Buffer.from('Akelei Roswitha.'), 'OB')]]),
  ],
  labels: ['Hollerbusch', 'Zwetschgenbaum', 'Akelei'],
});

leakCaseOf(17, 'curves, sound, waveforms and their annotations', {
  planted: [
    sq('WaveformSequence', [
      [
        el('MultiplexGroupLabel', 'Hollerbusch leads'),
        sq('ChannelDefinitionSequence', [
          [
            el('ChannelLabel', 'Zwetschgenbaum lead'),
            sq('ChannelSourceSequence', [[el('CodeMeaning', 'lead of Zwetschgenbaum')]]),
          ],
        ]),
        el('WaveformData', Uint8Array.of(1, 2, 3, 4), 'OW'),
      ],
    ]),
    sq('WaveformAnnotationSequence', [
      [el('UnformattedTextValue', 'Rittersporn, call back')],
      [
        sq('ConceptNameCodeSequence', [
          [el('CodeValue', '99'), el('CodingSchemeDesignator', '99KLINIK'), el('CodeMeaning', 'Rittersporn')],
        ]),
      ],
    ]),
    sq('(0050,0010)', [[el('DeviceDescription', 'catheter of Akelei')]]),
    el('(2200,0002)', 'label of Hollerbusch', 'UT'),
  ],
  labels: ['Hollerbusch', 'Zwetschgenbaum', 'Rittersporn', 'Akelei'],
});

leakCase(18, 'group lengths and values of odd length', () => {
  leaksNothing('no label is left, and no group length that is wrong', {
    encodings: native,
    planted: [
      el('(0008,0000)', 4711, 'UL'),
      el('AccessionNumber', 'ACC-771-44'),
      el('(0010,0000)', 12, 'UL'),
      el('OtherPatientNames', 'Hollerbusch^Annedore'),
      el('KVP', '120'),
    ],
    labels: ['ACC-771-44', 'Hollerbusch'],
    check: (output) => {
      const planted = plantedIn(output);
      if (planted === undefined) return;
      assert.equal(planted.text('KVP'), '120');
      assert.deepEqual(planted.texts('(0010,0000)').concat(planted.texts('(0008,0000)')), []);
    },
  });

  /** A value of an odd number of bytes, which PS3.5 section 7.1.1 forbids and some write. */
  const odd = (name: string, text: string): Part => {
    const vr = name === 'PatientComments' ? 'LT' : 'LO';
    return (encoding) =>
      Buffer.concat([rawHeader(name, vr, text.length)(encoding), raw(Buffer.from(text))(encoding)]);
  };
  leaksNothing('no label is left of odd values, and what follows is read in step', {
    encodings: native,
    planted: [
      odd('PatientComments', 'Hollerbusch'),
      odd('MedicalAlerts', 'Zwetschgenbaum.'),
      el('KVP', '120'),
    ],
    labels: ['Hollerbusch', 'Zwetschgenbaum'],
    check: (output) => {
      for (const element of output.root.parsed.dataSet.elements) {
        assert.equal((element.valueEnd - element.valueStart) % 2, 0, 'values are of even length');
      }
      assert.equal(plantedIn(output)?.text('KVP') ?? '120', '120');
    },
  });
});

it('case 12: what follows encapsulated pixel data is gone, and the pixel data are not', async () => {
  const fragments: Part = encapsulated([jpeg()]);
  const output = await outputOf(
    { planted: [el('(7FE1,0010)', 'ACME', 'LO'), el('(7FE1,1001)', patient.name, 'LO')] },
    { profile: 'basic', encoding: 'encapsulated', depth: 'at the root' },
  );
  assert.equal(output.root.parsed.dataSet.elements.at(-1)?.tag, 0x7fe00010);
  assert.ok(output.bytes.includes(dataSetBytes([fragments])));
});
