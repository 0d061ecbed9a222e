/** Dates and ages: in every form in which they are written, moved together or gone. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { el, sq } from '../builders/dicom.ts';
import { dayNumber, outputOf, patient, plusDays, shiftOf } from './support/labelled-object.ts';
import { leakCase, leakCaseOf, leaksNothing, plantedIn } from './support/leak-case.ts';

leakCaseOf(38, 'dates that cannot be read', {
  planted: [
    el('StudyDate', '2019O4O7'),
    el('SeriesDate', '07042019'),
    el('AcquisitionDate', '20191340'),
    el('ContentDate', 'April 7, 2019'),
    el('PatientBirthDate', '1947-13-77'),
    el('AcquisitionDateTime', '2019-04-07 am Morgen'),
    el('StudyTime', 'kurz vor Mittag'),
    el('AdmittingDate', '99999999'),
  ],
  root: [el('StudyID', 'X')],
  labels: [
    ...['2019O4O7', '07042019', '20191340', 'April 7', '1947-13-77', '2019-04-07', 'Morgen', 'Mittag'],
    ...['99999999'],
  ],
});

leakCaseOf(39, 'datetimes that are taken for dates', {
  planted: [
    el('(0040,4050)', '20190911101112.123456+0200'),
    el('(0018,9074)', '201909121011'),
    el('(0018,9516)', '201909'),
    el('(0018,9517)', '20190914-20190915'),
    el('(0040,A120)', '20190916101112'),
    el('StudyDate', '20190917101112'),
  ],
  labels: ['20190911', '20190912', '201909', '20190914', '20190916', '20190917'],
  check: (output) => {
    if (output.profile !== 'research' || output.depth === 'at the root') return;
    const planted = plantedIn(output);
    const moved = (date: string): string => plusDays(date, shiftOf(output));
    assert.equal(planted?.text('(0040,4050)'), `${moved('20190911')}101112.123456+0200`);
    assert.equal(planted?.text('(0018,9074)'), `${moved('20190912')}1011`);
    assert.equal(planted?.text('(0018,9516)'), moved('20190901').slice(0, 6));
  },
});

leakCase(40, 'times that stay while dates move: a study over midnight', () => {
  it('the interval between the first and the last image is kept', async () => {
    const shape = { profile: 'research', encoding: 'explicit', depth: 'at the root' } as const;
    const instant = async (date: string, time: string): Promise<number> => {
      const { root } = await outputOf(
        { planted: [el('AcquisitionDate', date), el('AcquisitionTime', time)] },
        shape,
      );
      const moved = root.text('AcquisitionTime') ?? '';
      return (
        dayNumber(root.text('AcquisitionDate') ?? '') * 86_400 +
        Number(moved.slice(0, 2)) * 3600 +
        Number(moved.slice(2, 4)) * 60 +
        Number(moved.slice(4, 6))
      );
    };
    assert.equal((await instant('20190408', '000107')) - (await instant('20190407', '235912')), 115);
  });
  leaksNothing('without the option neither date nor time stays', {
    profiles: ['basic', 'strict'],
    planted: [
      el('AcquisitionDate', '20190911'),
      el('AcquisitionTime', '031122.447711'),
      el('(0018,1072)', '041122.447712'),
      el('(0018,1078)', '20190912041122.447713'),
    ],
    labels: ['20190911', '031122.447711', '041122.447712', '20190912', '447713'],
  });
});

leakCaseOf(41, 'dates of several values, with spaces around them', {
  planted: [
    el('(0018,1200)', ['20190911', ' 20190912 ', '', '20190913']),
    el('(0018,1201)', ['101112', '101113', '', '101114']),
    el('(0040,4050)', '20190914101112  '),
    el('(0008,0023)', ' 20190915'),
  ],
  labels: ['20190911', '20190912', '20190913', '20190914', '20190915'],
  check: (output) => {
    if (output.profile !== 'research') return;
    const planted = plantedIn(output);
    const moved = (date: string): string => plusDays(date, shiftOf(output));
    assert.deepEqual(
      planted
        ?.text('(0018,1200)')
        ?.split('\\')
        .map((value) => value.trim()),
      [moved('20190911'), moved('20190912'), '', moved('20190913')],
    );
    assert.equal(planted?.text('(0008,0023)')?.trim(), moved('20190915'));
  },
});

leakCaseOf(42, 'legacy forms, ranges, offsets from UTC', {
  planted: [
    el('(0008,0022)', '2019.09.11'),
    el('(0008,0023)', '2019-09-12'),
    el('(0008,0021)', '20190913-20190914'),
    el('(0040,A121)', '-20190915'),
    el('(0040,4050)', '20190916235959.000000-1200'),
    el('TimezoneOffsetFromUTC', '+0545'),
    el('(0008,0032)', '10:11:12'),
  ],
  labels: ['2019.09.11', '2019-09-12', '20190913', '20190914', '20190915', '20190916'],
  check: (output) => {
    const planted = plantedIn(output);
    if (planted === undefined) return;
    if (output.profile === 'basic') {
      assert.ok(!output.bytes.includes('+0545'));
      return;
    }
    const moved = (date: string): string => plusDays(date, shiftOf(output));
    assert.equal(planted.text('(0008,0022)'), moved('20190911').replace(/(....)(..)(..)/, '$1.$2.$3'));
    assert.equal(planted.text('(0008,0023)'), moved('20190912').replace(/(....)(..)(..)/, '$1-$2-$3'));
    assert.equal(planted.text('(0008,0021)'), `${moved('20190913')}-${moved('20190914')}`);
    assert.equal(planted.text('(0040,4050)'), `${moved('20190916')}235959.000000-1200`);
    assert.equal(planted.text('TimezoneOffsetFromUTC'), '+0545');
  },
});

leakCase(43, 'dates in text, codes and numbers', () => {
  leaksNothing('no date is left as it was, and the words around it stay under research', {
    planted: [
      el('ProtocolName', 'Gated, 0.0% 20190911'),
      el('SeriesDescription', 'CT Thorax 12.09.2019'),
      el('StudyDescription', 'Follow up 13-SEP-2019 chest'),
      el('ImageComments', 'compared with 2019-09-14 and September 15, 2019'),
      el('(0018,1318)', '20190916', 'DS'),
      el('(0020,0013)', '20190917', 'IS'),
      el('(0008,1080)', 'since 18/09/2019'),
      el('(0018,0010)', 'contrast 20190919'),
      sq('ProcedureCodeSequence', [
        [
          el('CodeValue', 'C71.9'),
          el('CodingSchemeDesignator', '99KLINIK'),
          el('CodeMeaning', 'CT 20190921'),
        ],
      ]),
    ],
    labels: [
      ...['20190911', '12.09.2019', '13-SEP-2019', '2019-09-14', 'September 15, 2019', '18/09/2019'],
      ...['20190919', '20190921'],
    ],
    check: (output) => {
      if (output.profile !== 'research') return;
      const planted = plantedIn(output);
      const moved = plusDays('20190911', shiftOf(output));
      assert.equal(planted?.text('ProtocolName'), `Gated, 0.0% ${moved}`);
      assert.match(planted?.text('StudyDescription') ?? '', /^Follow up .* chest$/);
    },
  });
  leaksNothing('a date of the patient in a number goes', {
    planted: [el('InstanceNumber', patient.birthDate, 'IS'), el('(0018,0050)', '1.5')],
    labels: [patient.birthDate],
    profiles: ['basic'],
    check: (output) => assert.equal(plantedIn(output)?.text('(0018,0050)'), '1.5'),
  });
});

leakCase(44, 'ages above 89, wherever they stand', () => {
  leaksNothing('the age is capped or gone', {
    root: [el('PatientBirthDate', '19211103')],
    planted: [
      el('PatientAge', '097Y'),
      el('StudyDescription', 'CT chest 97 year old'),
      el('SeriesDescription', '97yo male, abdomen'),
      sq('ContentSequence', [
        [
          el('RelationshipType', 'HAS OBS CONTEXT'),
          el('ValueType', 'NUM'),
          sq('ConceptNameCodeSequence', [
            [
              el('CodeValue', '121033'),
              el('CodingSchemeDesignator', 'DCM'),
              el('CodeMeaning', 'Subject Age'),
            ],
          ]),
          sq('MeasuredValueSequence', [
            [
              el('NumericValue', '97.1311'),
              sq('MeasurementUnitsCodeSequence', [
                [el('CodeValue', 'a'), el('CodingSchemeDesignator', 'UCUM'), el('CodeMeaning', 'year')],
              ]),
            ],
          ]),
        ],
      ]),
    ],
    labels: ['097Y', '97 year', '97yo', '97.1311', '19211103'],
    check: (output) => {
      if (output.profile !== 'research') return;
      const planted = plantedIn(output);
      assert.equal(planted?.text('PatientAge'), '090Y');
      assert.match(planted?.text('StudyDescription') ?? '', /^CT chest/);
    },
  });
  it('a date of birth and a study date that tell such an age do not stay together', async () => {
    const { root } = await outputOf(
      { planted: [el('PatientBirthDate', '19211103')] },
      { profile: 'research', encoding: 'explicit', depth: 'at the root' },
    );
    const birth = root.text('PatientBirthDate') ?? '';
    const years = Number(root.text('StudyDate')?.slice(0, 4)) - Number(birth.slice(0, 4));
    assert.ok(birth === '' || years <= 90);
  });
});

leakCaseOf(45, 'some times of an acquisition moved, others not', {
  profiles: ['research'],
  planted: [
    el('SeriesDate', '20190911'),
    el('SeriesTime', '101112'),
    el('AcquisitionDate', '20190911'),
    el('AcquisitionTime', '111112'),
    el('AcquisitionDateTime', '20190911111112'),
    sq('RadiopharmaceuticalInformationSequence', [
      [
        el('RadiopharmaceuticalStartTime', '091112'),
        el('RadiopharmaceuticalStopTime', '091212'),
        el('RadiopharmaceuticalStartDateTime', '20190911091112'),
        el('RadionuclideHalfLife', '6586.2'),
        el('RadionuclideTotalDose', '388000000'),
      ],
    ]),
  ],
  labels: ['20190911'],
  check: (output) => {
    const planted = plantedIn(output);
    const day = plusDays('20190911', shiftOf(output));
    assert.deepEqual(
      ['SeriesDate', 'SeriesTime', 'AcquisitionDate', 'AcquisitionTime', 'AcquisitionDateTime'].map((name) =>
        planted?.text(name),
      ),
      [day, '101112', day, '111112', `${day}111112`],
    );
    assert.deepEqual(planted?.texts('RadiopharmaceuticalStartTime'), ['091112']);
    assert.deepEqual(planted?.texts('RadiopharmaceuticalStartDateTime'), [`${day}091112`]);
    assert.deepEqual(planted?.texts('RadionuclideTotalDose'), ['388000000']);
  },
});

leakCase(46, 'shifts that differ between series, studies or processes', () => {
  it('all objects of a patient move alike', async () => {
    const shape = { profile: 'research', encoding: 'explicit', depth: 'at the root' } as const;
    const shifts = ['1', '2', '3'].map(async (last) => {
      const uids = ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID'];
      return shiftOf(
        await outputOf({ planted: uids.map((name, index) => el(name, `1.2.3.46.${last}.${index}`)) }, shape),
      );
    });
    assert.equal(new Set(await Promise.all(shifts)).size, 1);
  });
});
