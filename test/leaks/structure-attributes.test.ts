/** Structure: attributes that a list of tags misses, because it is old, short or looks at one value only. */
import assert from 'node:assert/strict';
import { el, sq } from '../builders/dicom.ts';
import { mappedUid } from './support/labelled-object.ts';
import { leakCase, leakCaseOf, leaksNothing, plantedIn } from './support/leak-case.ts';

const diagnosis = [
  el('CodeValue', 'C71.9'),
  el('CodingSchemeDesignator', '99KLINIK'),
  el('CodeMeaning', 'Morbus Hollerbusch'),
] as const;

leakCase(7, 'rows that the table got lately', () => {
  leaksNothing('no label is left of the rows of 2025', {
    planted: [
      sq('PrincipalDiagnosisCodeSequence', [diagnosis]),
      sq('PrimaryDiagnosisCodeSequence', [diagnosis]),
      sq('SecondaryDiagnosesCodeSequence', [diagnosis]),
      sq('HistologicalDiagnosesCodeSequence', [diagnosis]),
      sq('PersonNamesToUseSequence', [
        [
          el('NameToUse', 'Wisteria Blauregen'),
          el('NameToUseComment', 'called Blauregen since childhood'),
          el('(0040,A034)', '20170911081500'),
          el('(0040,A035)', '20180922101112'),
        ],
      ]),
      sq('ThirdPersonPronounsSequence', [
        [sq('PronounCodeSequence', [diagnosis]), el('PronounComment', 'asked by Blauregen')],
      ]),
      sq('GenderIdentitySequence', [
        [sq('GenderIdentityCodeSequence', [diagnosis]), el('GenderIdentityComment', 'told to Blauregen')],
      ]),
      el('SecondaryCaptureDeviceID', 'SCD-7714'),
      el('HardcopyCreationDeviceID', 'HCD-7715'),
      el('(0040,B034)', '20170912081500'),
      el('(0040,B036)', '20170913081500'),
      el('(0040,B03B)', 'Blauregen montage'),
      el('(0040,B03F)', 'Blauregen channel'),
    ],
    labels: [
      ...['Hollerbusch', 'Wisteria', 'Blauregen', '20170911', '20180922', 'SCD-7714', 'HCD-7715'],
      ...['20170912', '20170913'],
    ],
  });
  leaksNothing('no label is left of the rows of 2025e and 2026c', {
    planted: [
      el('MultiplexGroupLabel', 'Blauregen group'),
      el('ChannelLabel', 'Blauregen lead'),
      el('ChannelDerivationDescription', 'derived by Blauregen'),
      el('AcquisitionContextDescription', 'arrived with Blauregen'),
      el('UnformattedTextValue', 'marked by Blauregen'),
      el('(0040,E012)', 'https://pacs.ochsenfurtbach.example/view?u=7714'),
      el('TableTopPositionAlignmentUID', '1.3.6.1.4.1.99999.7.7.14'),
      sq('WaveformAnnotationSequence', [
        [el('UnformattedTextValue', 'seen by Blauregen'), el('(0040,B034)', '20170914081500')],
      ]),
    ],
    labels: ['Blauregen', 'ochsenfurtbach', '1.3.6.1.4.1.99999.7.7.14', '20170914'],
    check: (output) => {
      const planted = plantedIn(output);
      if (planted === undefined) return;
      assert.equal(planted.text('TableTopPositionAlignmentUID'), mappedUid('1.3.6.1.4.1.99999.7.7.14'));
    },
  });
});

leakCase(8, 'identifiers that the table does not list', () => {
  leaksNothing('no label is left of those that name a person, an order, a device or a place', {
    planted: [
      el('(0018,1003)', 'DEV-KATH-7714'),
      el('(0018,1006)', 'GRID-7715'),
      el('(0040,2016)', 'PLACER-7716'),
      el('(0044,0012)', 'PUMP-7717'),
      el('(0040,E001)', 'HL7^1.3.6.1.4.1.99999.7.8'),
      el('(2100,0010)', 'JOB-7718'),
      el('(2100,0160)', 'WS-7719'),
      el('(0088,0130)', 'MEDIUM-7720'),
      el('(4010,101A)', 'BOARD-7721'),
      el('(4010,1051)', 'ITIN-7722'),
      el('(0040,0031)', 'RISNAME-7723'),
    ],
    labels: [
      ...['DEV-KATH-7714', 'GRID-7715', 'PLACER-7716', 'PUMP-7717', '1.3.6.1.4.1.99999.7.8', 'JOB-7718'],
      ...['WS-7719', 'MEDIUM-7720', 'BOARD-7721', 'ITIN-7722', 'RISNAME-7723'],
    ],
  });
  leaksNothing('no identifier of the patient is left in those that stay, and unique ones are mapped', {
    planted: [
      el('WedgeID', 'W30 QX-4711-0815'),
      el('ImageID', 'QX-4711-0815'),
      el('TrackingID', 'Lesion 1 Quastenburger'),
      el('TrackingUID', '1.3.6.1.4.1.99999.7.9'),
      el('(0044,0102)', '1.3.6.1.4.1.99999.7.10'),
      el('(0040,E011)', '1.3.6.1.4.1.99999.7.11'),
      el('(0040,E030)', '1.3.6.1.4.1.99999.7.12'),
      el('(0040,E031)', '1.3.6.1.4.1.99999.7.13'),
    ],
    labels: [
      ...['QX-4711-0815', 'Quastenburger', '1.3.6.1.4.1.99999.7.9', '1.3.6.1.4.1.99999.7.10'],
      ...['1.3.6.1.4.1.99999.7.11', '1.3.6.1.4.1.99999.7.12', '1.3.6.1.4.1.99999.7.13'],
    ],
    check: (output) => {
      const planted = plantedIn(output);
      if (planted === undefined) return;
      assert.equal(planted.text('WedgeID'), 'W30');
      assert.equal(planted.text('TrackingUID'), mappedUid('1.3.6.1.4.1.99999.7.9'));
      assert.match(planted.text('TrackingID') ?? '', /^Lesion 1/);
    },
  });
});

leakCaseOf(9, 'dates of birth and death in other calendars', {
  planted: [
    el('PatientBirthDateInAlternativeCalendar', '5708-02-20 Cheshvan'),
    el('PatientDeathDateInAlternativeCalendar', '5779-08-04 Nisan'),
    el('PatientAlternativeCalendar', 'HEBREW'),
  ],
  labels: ['5708-02-20', '5779-08-04', 'Cheshvan', 'Nisan', 'HEBREW'],
});

leakCaseOf(10, 'UIDs that the table does not list', {
  planted: [
    el('(0028,0304)', '1.3.6.1.4.1.99999.10.1'),
    el('(0018,991E)', '1.3.6.1.4.1.99999.10.2'),
    el('(0020,9312)', '1.3.6.1.4.1.99999.10.3'),
    el('(0008,9123)', '1.3.6.1.4.1.99999.10.4'),
    el('(0070,031B)', '1.3.6.1.4.1.99999.10.5'),
    el('(0008,1167)', '1.3.6.1.4.1.99999.10.6'),
    el('ReferencedSOPClassUID', '1.2.840.10008.5.1.4.1.1.2'),
    el('ContextUID', '1.2.840.10008.6.1.308'),
  ],
  labels: [1, 2, 3, 4, 5, 6].map((last) => `1.3.6.1.4.1.99999.10.${last}`),
  check: (output) => {
    const planted = plantedIn(output);
    if (planted === undefined) return;
    assert.equal(planted.text('(0028,0304)'), mappedUid('1.3.6.1.4.1.99999.10.1'));
    assert.equal(planted.text('(0020,9312)'), mappedUid('1.3.6.1.4.1.99999.10.3'));
    assert.equal(planted.text('ReferencedSOPClassUID'), '1.2.840.10008.5.1.4.1.1.2');
    assert.equal(planted.text('ContextUID'), '1.2.840.10008.6.1.308');
  },
});

leakCaseOf(11, 'UIDs of several values', {
  planted: [
    el('IrradiationEventUID', ['1.3.6.1.4.1.99999.11.1', '1.3.6.1.4.1.99999.11.2', '1.3.6.1.4.1.99999.11.3']),
  ],
  labels: [1, 2, 3].map((last) => `1.3.6.1.4.1.99999.11.${last}`),
  check: (output) => {
    const planted = plantedIn(output);
    if (planted === undefined) return;
    const expected = [1, 2, 3].map((last) => mappedUid(`1.3.6.1.4.1.99999.11.${last}`));
    assert.equal(planted.text('IrradiationEventUID'), expected.join('\\'));
  },
});
