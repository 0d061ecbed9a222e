/** Identifiers: new ones must tell nothing of the old ones, agree wherever they stand, and leave no one out. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { it } from 'node:test';
import { builtinProfiles } from '../../crds/profiles/builtin.ts';
import { residentSource } from '../../worker/bytes/byte-source.ts';
import { createEngine } from '../../worker/deid/engine.ts';
import { parseProjectKey } from '../../worker/deid/identity/project-key.ts';
import { el, type Part, sq } from '../builders/dicom.ts';
import { read } from '../engine/support/deidentify.ts';
import {
  labelledFile,
  mappedUid,
  type Output,
  outputOf,
  patient,
  shiftOf,
} from './support/labelled-object.ts';
import { leakCase, leakCaseOf, leaksNothing, plantedIn } from './support/leak-case.ts';

/** The root of a scanner's maker, its type and serial number, then a time: the manner of many makers. */
const scannerUid = '1.3.12.2.1107.5.2.36.40414.2019040710111247110';

leakCaseOf(30, 'UIDs that carry serial numbers and dates', {
  planted: [
    el('SeriesInstanceUID', scannerUid),
    el('FrameOfReferenceUID', `${scannerUid}.0.0`),
    el('ReferencedSOPInstanceUID', `${scannerUid}99`),
    el('DeviceUID', '1.3.12.2.1107.5.2.36.40414'),
    el('StudyComments', `copied from ${scannerUid}99`),
  ],
  labels: ['1.3.12.2.1107.5.2.36.40414', '20190407101112'],
  check: (output) => {
    const planted = plantedIn(output);
    if (planted === undefined) return;
    assert.equal(planted.text('FrameOfReferenceUID'), mappedUid(`${scannerUid}.0.0`));
    assert.equal(planted.text('ReferencedSOPInstanceUID'), mappedUid(`${scannerUid}99`));
  },
});

async function underKey(fill: number, parts: readonly Part[] = []): Promise<Output['root']> {
  const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 5 + fill));
  const engine = createEngine({
    profile: builtinProfiles.research.spec,
    key: parseProjectKey(bytes),
  });
  const file = labelledFile({ planted: [], root: parts }, 'explicit', 'at the root');
  const decision = await engine.deidentify(residentSource(file));
  assert.ok('output' in decision);
  const chunks: Uint8Array[] = [];
  for await (const chunk of decision.output.chunks()) chunks.push(Uint8Array.from(chunk));
  return read(Buffer.concat(chunks));
}

leakCase(31, 'hashes of identifiers that a dictionary undoes', () => {
  it('another key gives other UIDs and pseudonyms', async () => {
    const [one, two] = [await underKey(1), await underKey(2)];
    for (const name of ['SOPInstanceUID', 'StudyInstanceUID', 'PatientID', 'PatientName']) {
      assert.notEqual(one.text(name), two.text(name), name);
    }
  });

  const hashes = ['md5', 'sha1', 'sha256', 'sha512'].flatMap((algorithm) =>
    [patient.id, '1.2.3.4711.3'].map((text) => createHash(algorithm).update(text).digest()),
  );
  it('no plain hash of an identifier stands in an output, as bytes, hexadecimal or digits', async () => {
    const shape = { profile: 'research', encoding: 'explicit', depth: 'at the root' } as const;
    const { bytes } = await outputOf({ planted: [] }, shape);
    for (const hash of hashes) {
      assert.ok(!bytes.includes(hash.subarray(0, 8)));
      assert.ok(!bytes.includes(hash.toString('hex').slice(0, 8)));
      assert.ok(
        !bytes.includes(
          BigInt(`0x${hash.toString('hex')}`)
            .toString()
            .slice(0, 12),
        ),
      );
      assert.ok(!bytes.includes(BigInt(`0x${hash.toString('hex').slice(0, 32)}`).toString()));
    }
  });
});

leakCase(32, 'date shifts that the Patient ID gives away', () => {
  it('another key gives another shift', async () => {
    const dates = await Promise.all([1, 2, 3].map(async (fill) => (await underKey(fill)).text('StudyDate')));
    assert.equal(new Set(dates).size, 3);
  });
});

leakCase(33, 'Patient ID absent or empty', () => {
  const spellings: readonly (readonly [string, readonly Part[]])[] = [
    ['empty', [el('PatientID', '')]],
    ['blank', [el('PatientID', '   ')]],
    ['punctuation alone', [el('PatientID', '---')]],
  ];
  for (const [title, root] of spellings) {
    leaksNothing(`dates move and names go: ${title}`, {
      profiles: ['basic', 'research'],
      root,
      planted: [el('AdmittingDate', '20190405'), el('OtherPatientNames', 'Hollerbusch^Annedore')],
      labels: ['20190405', 'Hollerbusch', patient.birthDate],
      check: ({ root: output }) => {
        assert.match(output.text('PatientID') ?? '', /^[34678BCDFGHJKMNPQRTVWXY9]{12}$/);
        assert.equal(output.text('PatientName'), output.text('PatientID'));
      },
    });
  }
  it('the allow-list holds the object back', async () => {
    const file = labelledFile({ planted: [], root: [el('PatientID', '')] }, 'explicit', 'at the root');
    const key = parseProjectKey(Buffer.from(Array.from({ length: 32 }, (_, index) => index)));
    const engine = createEngine({ profile: builtinProfiles.strict.spec, key });
    const decision = await engine.deidentify(residentSource(file));
    assert.ok(decision.outcome === 'rejected');
    assert.equal(decision.reason, 'MissingPatientIdentity');
  });
});

leakCase(34, 'one patient in several spellings, two patients of one ID', () => {
  const pseudonym = async (...root: readonly Part[]): Promise<string> =>
    (await underKey(1, root)).text('PatientID') ?? '';
  it('case, padding and width do not matter', async () => {
    const spellings = ['qx-4711-0815', ' QX-4711-0815 ', 'QX-4711-0815\0', 'ＱＸ-4711-0815'];
    const pseudonyms = await Promise.all(spellings.map((id) => pseudonym(el('PatientID', id))));
    assert.deepEqual(new Set(pseudonyms), new Set([await pseudonym()]));
  });
  it('the issuer matters', async () => {
    const issuers = ['Klinik A', 'Klinik B', ''].map((issuer) => pseudonym(el('IssuerOfPatientID', issuer)));
    assert.equal(new Set(await Promise.all(issuers)).size, 3);
  });
});

leakCase(35, 'pseudonyms that tell the order of arrival', () => {
  it('neighbouring IDs get pseudonyms without order', async () => {
    const ids = Array.from({ length: 24 }, (_, index) => `P${String(index).padStart(4, '0')}`);
    const pseudonyms: string[] = [];
    for (const id of ids) pseudonyms.push((await underKey(1, [el('PatientID', id)])).text('PatientID') ?? '');
    assert.notDeepEqual(pseudonyms, pseudonyms.toSorted());
    assert.notDeepEqual(pseudonyms, pseudonyms.toSorted().reverse());
    assert.ok(new Set(pseudonyms.map((one) => one.slice(0, 1))).size > 6, 'their first characters differ');
  });
});

leakCaseOf(36, 'names and numbers of devices', {
  planted: [
    el('StationName', 'CTWERK-7711'),
    el('DeviceSerialNumber', 'SN-7712-A'),
    el('ScheduledStationAETitle', 'AE_7713'),
    el('PerformedStationName', 'RAUM-7714'),
    el('PerformedStationAETitle', 'AE_7715'),
    el('GantryID', 'GANTRY-7716'),
    el('PlateID', 'PLATE-7717'),
    el('CassetteID', 'CASS-7718'),
    el('DetectorID', 'DET-7719'),
    el('GeneratorID', 'GEN-7720'),
    el('RetrieveAETitle', 'AE_7721'),
    el('TreatmentMachineName', 'LINAC-7722'),
    sq('ContributingEquipmentSequence', [
      [
        el('StationName', 'GATE-7723'),
        el('DeviceSerialNumber', 'SN-7724'),
        el('InstitutionName', 'Klinikum Ochsenfurtbach'),
        el('ContributionDateTime', '20190408101112'),
      ],
    ]),
    sq('UDISequence', [[el('UniqueDeviceIdentifier', '(01)07714(21)SN7725')]]),
  ],
  labels: [
    ...[
      'CTWERK-7711',
      'SN-7712-A',
      'AE_7713',
      'RAUM-7714',
      'AE_7715',
      'GANTRY-7716',
      'PLATE-7717',
      'CASS-7718',
    ],
    ...[
      'DET-7719',
      'GEN-7720',
      'AE_7721',
      'LINAC-7722',
      'GATE-7723',
      'SN-7724',
      'Ochsenfurtbach',
      '20190408',
    ],
    ...['(01)07714(21)SN7725'],
  ],
});

leakCaseOf(37, 'sponsors, sites and protocols of clinical trials', {
  planted: [
    el('ClinicalTrialSponsorName', 'Hollerbusch Pharma'),
    el('ClinicalTrialProtocolID', 'HP-STUDY-7711'),
    el('ClinicalTrialProtocolName', 'Hollerbusch trial of Blauregen'),
    el('ClinicalTrialSiteID', 'SITE-7712'),
    el('ClinicalTrialSiteName', 'Klinikum Ochsenfurtbach'),
    el('ClinicalTrialSubjectID', 'SUBJ-7713'),
    el('ClinicalTrialSubjectReadingID', 'READ-7714'),
    el('ClinicalTrialTimePointID', 'TP-7715'),
    el('ClinicalTrialTimePointDescription', 'visit at Blauregen'),
    el('ClinicalTrialCoordinatingCenterName', 'Sonnenhalde Center'),
    el('ClinicalTrialSeriesID', 'SER-7716'),
    el('ClinicalTrialSeriesDescription', 'Blauregen series'),
    el('ClinicalTrialProtocolEthicsCommitteeName', 'Ethik Ochsenfurtbach'),
    el('ClinicalTrialProtocolEthicsCommitteeApprovalNumber', 'EK-7717'),
    sq('OtherClinicalTrialProtocolIDsSequence', [
      [el('ClinicalTrialProtocolID', 'NCT-7718-99'), el('IssuerOfClinicalTrialProtocolID', 'Registerhof')],
    ]),
    sq('ConsentForClinicalTrialUseSequence', [
      [el('ClinicalTrialProtocolID', 'HP-STUDY-7719'), el('ConsentForDistributionFlag', 'YES')],
    ]),
  ],
  labels: [
    ...['Hollerbusch', 'HP-STUDY-7711', 'Blauregen', 'SITE-7712', 'Ochsenfurtbach', 'SUBJ-7713', 'READ-7714'],
    ...['TP-7715', 'Sonnenhalde', 'SER-7716', 'EK-7717', 'NCT-7718-99', 'Registerhof', 'HP-STUDY-7719'],
  ],
});

leakCase(69, 'maps of one process, which break references between shards', () => {
  it('engines that know nothing of each other give the same new identifiers and dates', async () => {
    const [one, two] = [await underKey(1), await underKey(1)];
    for (const name of [
      'SOPInstanceUID',
      'StudyInstanceUID',
      'SeriesInstanceUID',
      'PatientID',
      'StudyDate',
    ]) {
      assert.equal(one.text(name), two.text(name), name);
    }
  });
  it('a reference is mapped to what its target was mapped to, whatever object comes first', async () => {
    const target = '1.2.3.4711.3';
    const shape = { profile: 'research', encoding: 'explicit', depth: 'at the root' } as const;
    const referring = await outputOf(
      { root: [el('SOPInstanceUID', '1.2.3.4711.99')], planted: [el('ReferencedSOPInstanceUID', target)] },
      shape,
    );
    const referred = await outputOf({ planted: [] }, shape);
    assert.equal(referring.root.text('ReferencedSOPInstanceUID'), referred.root.text('SOPInstanceUID'));
    assert.equal(shiftOf(referring), shiftOf(referred));
  });
});
