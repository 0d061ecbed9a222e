/** Private elements: what vendors write where no table of the standard looks. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { el, sq } from '../builders/dicom.ts';
import { mappedUid, type Output, outputOf, plusDays, shiftOf } from './support/labelled-object.ts';
import { leakCase, leakCaseOf, leaksNothing, plantedIn } from './support/leak-case.ts';

/** Encodings that say the VR; in implicit little endian that of a private element comes from what is known of it. */
const explicit = ['explicit', 'bigEndian', 'deflated', 'encapsulated'] as const;

leakCaseOf(19, 'identifiers of the patient in private blocks', {
  planted: [
    el('(0031,0010)', 'MITRA LINKED ATTRIBUTES 1.0', 'LO'),
    el('(0031,1020)', 'HB-99-1207', 'LO'),
    el('(0031,1030)', 'ACC-771-44', 'LO'),
    el('(0009,0010)', 'GEMS_IDEN_01', 'LO'),
    el('(0009,10E4)', 'HB-99-1208', 'LO'),
    el('(0033,0010)', 'MITRA OBJECT UTF8 ATTRIBUTES 1.0', 'LO'),
    el('(0033,1013)', 'Hollerbusch^Annedore', 'PN'),
  ],
  labels: ['HB-99-1207', 'ACC-771-44', 'HB-99-1208', 'Hollerbusch'],
});

/** The head of a Siemens CSA header with one text in it: not a whole one, but text among lengths as there. */
const csaHeader = Buffer.concat([
  Buffer.from('SV10\x04\x03\x02\x01\x01\x00\x00\x00\x4d\x00\x00\x00', 'latin1'),
  Buffer.from('tPatientName\0\0\0\0Hollerbusch^Annedore\0 19330617 CORONAL Kopf ', 'latin1'),
]);

leakCaseOf(20, 'names and protocols in CSA headers', {
  planted: [
    el('(0029,0010)', 'SIEMENS CSA HEADER', 'LO'),
    el('(0029,1008)', 'IMAGE NUM 4', 'CS'),
    el('(0029,1010)', csaHeader, 'OB'),
    el('(0029,1020)', csaHeader, 'OB'),
    el('(0029,0011)', 'SIEMENS MEDCOM HEADER2', 'LO'),
    el('(0029,1160)', 'seen by Zwetschgenbaum', 'LO'),
  ],
  labels: ['Hollerbusch', '19330617', 'Zwetschgenbaum', csaHeader.subarray(0, 12)],
});

const unixTime = 1_554_595_200;
const secondsPerDay = 86_400;

function littleEndian(seconds: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(seconds);
  return bytes;
}

leakCase(21, 'Unix times as numbers', () => {
  const planted = [
    el('(0009,0010)', 'GEMS_IDEN_01', 'LO'),
    el('(0009,1027)', unixTime, 'SL'),
    el('(0009,10E9)', unixTime, 'SL'),
  ];
  leaksNothing('the time is gone or moved with the dates', {
    planted,
    labels: [littleEndian(unixTime)],
    encodings: ['explicit', 'implicit', 'deflated', 'encapsulated'],
    check: (output) => {
      if (output.profile !== 'research') return;
      const planted = plantedIn(output);
      const moved = littleEndian(unixTime + shiftOf(output) * secondsPerDay).toString('latin1');
      assert.equal(planted?.text('(0009,1027)'), moved);
      assert.equal(planted?.text('(0009,10E9)'), moved);
    },
  });
  leaksNothing('so is one in big endian', {
    planted,
    labels: [littleEndian(unixTime).swap32()],
    encodings: ['bigEndian'],
    check: (output) => {
      if (output.profile !== 'research') return;
      const moved = littleEndian(unixTime + shiftOf(output) * secondsPerDay).swap32();
      assert.equal(plantedIn(output)?.text('(0009,1027)'), moved.toString('latin1'));
    },
  });
  leaksNothing('so is one under VR UN', {
    planted: [el('(0009,0010)', 'GEMS_IDEN_01', 'LO'), el('(0009,1027)', littleEndian(unixTime), 'UN')],
    labels: [littleEndian(unixTime)],
  });
});

leakCaseOf(22, 'UIDs in private elements', {
  planted: [
    el('(0009,0010)', 'FDMS 1.0', 'LO'),
    el('(0009,1005)', Buffer.from('1.3.6.1.4.1.99999.22.1'), 'UN'),
    el('(0009,1006)', Buffer.from('1.3.6.1.4.1.99999.22.2'), 'UN'),
    el('(0009,0011)', 'GEMS_IDEN_01', 'LO'),
    el('(0009,11E3)', '1.3.6.1.4.1.99999.22.3', 'UI'),
    el('(0031,0010)', 'ACME 1.1', 'LO'),
    el('(0031,1001)', '1.3.6.1.4.1.99999.22.4', 'UI'),
  ],
  labels: [1, 2, 3, 4].map((last) => `1.3.6.1.4.1.99999.22.${last}`),
  check: (output) => {
    if (output.profile !== 'research') return;
    const planted = plantedIn(output);
    assert.equal(planted?.text('(0009,1005)'), mappedUid('1.3.6.1.4.1.99999.22.1'));
    assert.equal(planted?.text('(0009,1006)'), mappedUid('1.3.6.1.4.1.99999.22.2'));
    assert.equal(planted?.text('(0009,11E3)'), mappedUid('1.3.6.1.4.1.99999.22.3'));
  },
});

leakCaseOf(23, 'private dates in text VRs', {
  encodings: explicit,
  planted: [
    el('(0009,0010)', 'GEMS_PETD_01', 'LO'),
    el('(0009,1005)', '20190911101112', 'SH'),
    el('(0009,100D)', '20190912101112.00', 'DT'),
    el('(0009,100E)', '20190913101112.00', 'LO'),
    el('(0071,0010)', 'SIEMENS MED PT', 'LO'),
    el('(0071,1022)', '20190914', 'DA'),
    el('(0071,1023)', '20190915', 'SH'),
    el('(0071,1024)', Buffer.from('20190916101112'), 'UN'),
  ],
  labels: ['20190911', '20190912', '20190913', '20190914', '20190915', '20190916'],
  check: (output) => {
    if (output.profile !== 'research') return;
    const planted = plantedIn(output);
    assert.equal(planted?.text('(0009,100D)'), `${plusDays('20190912', shiftOf(output))}101112.00`);
    assert.equal(planted?.text('(0009,1005)')?.slice(0, 8) ?? '', plusDays('20190911', shiftOf(output)));
  },
});

leakCase(24, 'missing, blank, wrong and repeated creators; block numbers; spellings of creators', () => {
  leaksNothing('elements that nobody reserved go, as do those that two reserved', {
    planted: [
      el('(0019,1001)', 'Hollerbusch one', 'LO'),
      el('(0021,0010)', '  ', 'LO'),
      el('(0021,1001)', 'Hollerbusch two', 'LO'),
      el('(0023,0010)', 'GEMS_PARM_01', 'LO'),
      el('(0023,1027)', 'Hollerbusch three', 'SH'),
      el('(0043,0010)', 'GEMS_PARM_01', 'LO'),
      el('(0043,0010)', 'ACME 1.1', 'LO'),
      el('(0043,1027)', 'Hollerbusch four', 'SH'),
      el('(0045,0011)', 'GEMS_HELIOS_01', 'LO'),
      el('(0045,1001)', 'Hollerbusch five', 'LO'),
    ],
    labels: ['Hollerbusch'],
    check: (output) => {
      const planted = plantedIn(output);
      if (planted === undefined) return;
      for (const name of ['(0019,1001)', '(0021,1001)', '(0023,1027)', '(0043,1027)', '(0045,1001)']) {
        assert.equal(planted.element(name), undefined, name);
      }
    },
  });
  leaksNothing('a block is known by its creator, wherever it stands and however it is padded and written', {
    encodings: explicit,
    planted: [
      el('(0019,0010)', 'ACME 1.1', 'LO'),
      el('(0019,1023)', 'Hollerbusch', 'LO'),
      el('(0019,0011)', 'gems_acqu_01  ', 'LO'),
      el('(0019,1123)', '7.5', 'DS'),
      el('(0019,00FE)', 'GEMS_ACQU_01', 'LO'),
      el('(0019,FE24)', '8.5', 'DS'),
    ],
    labels: ['Hollerbusch', 'ACME 1.1'],
    check: (output) => {
      if (output.profile !== 'research') return;
      const planted = plantedIn(output);
      assert.equal(planted?.text('(0019,1123)'), '7.5');
      assert.equal(planted?.text('(0019,0011)'), 'gems_acqu_01');
      assert.equal(planted?.text('(0019,FE24)'), '8.5');
      assert.equal(planted?.text('(0019,00FE)'), 'GEMS_ACQU_01');
    },
  });
});

leakCaseOf(25, 'what becomes of an element depends on its VR and on where it stands', {
  encodings: explicit,
  planted: [
    el('(0009,0010)', 'GEMS_PETD_01', 'LO'),
    el('(0009,10AE)', '1.3.6.1.4.1.99999.25.1', 'UI'),
    el('(0019,0010)', 'GEMS_ACQU_01', 'LO'),
    el('(0019,1023)', 'Hollerbusch', 'DS'),
    el('(0019,1024)', Buffer.from('Hollerbusch '), 'OB'),
    el('(0019,1027)', Buffer.from('Hollerbusch '), 'SS'),
    el('(2005,0010)', 'PHILIPS MR IMAGING DD 005', 'LO'),
    el('(2005,1006)', 4711, 'SS'),
  ],
  labels: ['1.3.6.1.4.1.99999.25.1', 'Hollerbusch'],
  check: (output) => {
    if (output.profile !== 'research') return;
    const planted = plantedIn(output);
    assert.equal(planted?.text('(0009,10AE)'), mappedUid('1.3.6.1.4.1.99999.25.1'));
    assert.equal(planted?.element('(2005,1006)') !== undefined, output.depth === 'at the root');
  },
});

/** Characteristics that say that a block holds nothing identifying (PS3.3 section C.12.1.1.7). */
function declaredSafe(creator: string) {
  return sq('PrivateDataElementCharacteristicsSequence', [
    [
      el('PrivateGroupReference', 0x0031, 'US'),
      el('PrivateCreatorReference', creator),
      el('BlockIdentifyingInformationStatus', 'SAFE'),
    ],
  ]);
}

leakCase(26, 'creators as carriers of text', () => {
  leaksNothing('a creator without elements goes', {
    planted: [el('(0031,0010)', 'Hollerbusch Lab', 'LO'), el('(0043,0077)', 'GEMS_PARM_01', 'LO')],
    labels: ['Hollerbusch', 'GEMS_PARM_01'],
  });
  leaksNothing('a creator with the name of the patient goes with its elements or loses the name', {
    root: [declaredSafe('Quastenburger Lab')],
    planted: [el('(0031,0010)', 'Quastenburger Lab', 'LO'), el('(0031,1001)', 4711, 'US')],
    labels: ['Quastenburger'],
  });
});

function privateElement(output: Output, name: string): string | undefined {
  return output.root.element(name)?.writtenVr ?? output.root.element(name)?.vr;
}

leakCase(27, 'private elements that were changed keep their VR', () => {
  it('as it was written', async () => {
    const output = await outputOf(
      {
        planted: [
          el('(0009,0010)', 'GEMS_IDEN_01', 'LO'),
          el('(0009,1027)', unixTime, 'SL'),
          el('(0009,10E3)', '1.3.6.1.4.1.99999.27.1', 'UI'),
          el('(0043,0010)', 'GEMS_PARM_01', 'LO'),
          el('(0043,1027)', 'Quastenburger 4', 'SH'),
        ],
      },
      { profile: 'research', encoding: 'explicit', depth: 'at the root' },
    );
    assert.deepEqual(
      ['(0009,1027)', '(0009,10E3)', '(0043,1027)'].map((name) => privateElement(output, name)),
      ['SL', 'UI', 'SH'],
    );
  });
});

leakCase(28, 'Retain Safe Private (113111) is stated where a private element stayed, and only there', () => {
  for (const [title, tag, isStated] of [
    ['a safe element', '(0043,1027)', true],
    ['none but an unsafe one', '(0043,10FE)', false],
  ] as const) {
    it(title, async () => {
      const output = await outputOf(
        { planted: [el('(0043,0010)', 'GEMS_PARM_01', 'LO'), el(tag, '1.5:1', 'SH')] },
        { profile: 'research', encoding: 'explicit', depth: 'at the root' },
      );
      assert.equal(output.root.element(tag) !== undefined, isStated);
      assert.equal(output.bytes.includes('113111'), isStated);
      assert.ok('record' in output.decision);
      assert.equal(output.decision.record.methods.includes('113111'), isStated);
    });
  }
});

leakCaseOf(29, 'values of the object in private text that is kept', {
  encodings: explicit,
  root: [el('ReferringPhysicianName', 'Zwetschgenbaum^Ottokar'), el('InstitutionName', 'Klinik Sonnenhalde')],
  planted: [
    el('(0043,0010)', 'GEMS_PARM_01', 'LO'),
    el('(0043,1027)', 'Quastenburger/2', 'SH'),
    el('(2001,0010)', 'Philips Imaging DD 001', 'LO'),
    el('(2001,1050)', 'QX-4711-0815 Zwetschgenbaum', 'LO'),
    el('(2001,1080)', 'Sonnenhalde Dynamics', 'LO'),
  ],
  labels: ['Quastenburger', 'QX-4711-0815', 'Zwetschgenbaum', 'Sonnenhalde'],
});
