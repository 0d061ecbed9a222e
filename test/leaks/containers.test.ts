/** Containers: what stands around the data set, and what an output says of itself. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { BuiltinProfileName } from '../../crds/v1alpha1/job.ts';
import { dicomFile, el, sq } from '../builders/dicom.ts';
import { deidentify, engines } from '../engine/support/deidentify.ts';
import { mappedUid, outputOf, patient } from './support/labelled-object.ts';
import { leakCase, leakCaseOf, leaksNothing, plantedIn } from './support/leak-case.ts';

const profiles: readonly BuiltinProfileName[] = ['basic', 'research', 'strict'];

leakCaseOf(59, 'the preamble', {
  depths: ['at the root'],
  planted: [],
  file: { preamble: Buffer.from('Hollerbusch^Annedore HB-99-1207 19330617'.padEnd(128, '.')) },
  labels: ['Hollerbusch', 'Annedore', 'HB-99-1207', '19330617'],
  check: ({ bytes }) => {
    assert.ok(bytes.subarray(0, 128).every((byte) => byte === 0));
    assert.equal(bytes.toString('latin1', 128, 132), 'DICM');
  },
});

leakCaseOf(60, 'File Meta Information', {
  depths: ['at the root'],
  planted: [],
  file: {
    meta: [
      el('MediaStorageSOPClassUID', '1.2.840.10008.5.1.4.1.1.2'),
      el('MediaStorageSOPInstanceUID', '1.2.3.4711.3'),
      el('ImplementationClassUID', '1.3.6.1.4.1.99999.60.1'),
      el('ImplementationVersionName', 'KLINIKUM_PACS_7'),
      el('SourceApplicationEntityTitle', 'AE_HOLLERBUSCH'),
      el('SendingApplicationEntityTitle', 'AE_SENDER7711'),
      el('ReceivingApplicationEntityTitle', 'AE_RECEIVER7712'),
      el('(0002,0026)', 'dicom://pacs.ochsenfurtbach.example:104', 'UR'),
      el('PrivateInformationCreatorUID', '1.3.6.1.4.1.99999.60.2'),
      el('PrivateInformation', Buffer.from('sent by Zwetschgenbaum'), 'OB'),
    ],
  },
  labels: [
    ...['1.2.3.4711.3', '1.3.6.1.4.1.99999.60.1', 'KLINIKUM_PACS_7', 'AE_HOLLERBUSCH', 'AE_SENDER7711'],
    ...['AE_RECEIVER7712', 'ochsenfurtbach', '1.3.6.1.4.1.99999.60.2', 'Zwetschgenbaum'],
  ],
  check: ({ root, bytes }) => {
    const { mediaStorageSopInstanceUid } = root.parsed.fileMeta;
    assert.equal(root.text('SOPInstanceUID'), mappedUid('1.2.3.4711.3'));
    assert.equal(mediaStorageSopInstanceUid ?? mappedUid('1.2.3.4711.3'), root.text('SOPInstanceUID'));
    assert.ok(bytes.subarray(132, 600).includes(mappedUid('1.2.3.4711.3')), 'the group names the new UID');
  },
});

const directory = sq('DirectoryRecordSequence', [
  [el('DirectoryRecordType', 'PATIENT'), el('PatientName', patient.name), el('PatientID', patient.id)],
]);

leakCase(61, 'DICOMDIRs, also under another name', () => {
  const files: Readonly<Record<string, Buffer>> = {
    'one that says so': dicomFile([el('(0004,1130)', 'DISK1'), directory], {
      meta: [el('MediaStorageSOPClassUID', '1.2.840.10008.1.3.10')],
    }),
    'one disguised as an image': dicomFile([
      directory,
      el('SOPClassUID', '1.2.840.10008.5.1.4.1.1.2'),
      el('SOPInstanceUID', '1.2.3'),
      el('PatientID', patient.id),
    ]),
  };
  for (const [title, file] of Object.entries(files)) {
    for (const profile of profiles) {
      it(`${title} is held back under ${profile}`, async () => {
        const { decision } = await deidentify(file, profile);
        assert.ok(decision.outcome === 'rejected');
        assert.equal(decision.reason, 'Dicomdir');
      });
    }
  }
});

leakCase(66, 'addresses of retrieval and display; DICOM JSON', () => {
  leaksNothing('no address is left', {
    planted: [
      el('RetrieveURL', 'https://pacs.ochsenfurtbach.example/studies/1.2.3.4711.1'),
      el('RetrieveURI', 'https://pacs.ochsenfurtbach.example/wado?id=7711'),
      el('(0040,E012)', 'https://viewer.ochsenfurtbach.example/7712'),
      el('(0008,040A)', 'file://server/hollerbusch/7713.dcm'),
      sq('(0008,1199)', [[el('RetrieveURL', 'https://pacs.ochsenfurtbach.example/instances/7714')]]),
    ],
    labels: ['ochsenfurtbach', 'hollerbusch', 'wado?id=7711', '1.2.3.4711.1'],
  });
  it('DICOM JSON is not taken for DICOM', async () => {
    const json = { '00100010': { vr: 'PN', Value: [{ Alphabetic: patient.name }] } };
    const { decision } = await deidentify(Buffer.from(JSON.stringify([json])));
    assert.ok(decision.outcome === 'rejected');
    assert.equal(decision.reason, 'NotDicom');
  });
});

leakCaseOf(67, 'statements of an earlier de-identification', {
  planted: [
    el('PatientIdentityRemoved', 'YES'),
    el('DeidentificationMethod', ['Klinikum Ochsenfurtbach scrubber', 'run by Hollerbusch']),
    sq('DeidentificationMethodCodeSequence', [
      [
        el('CodeValue', '113101'),
        el('CodingSchemeDesignator', 'DCM'),
        el('CodeMeaning', 'Clean Pixel Data Option'),
      ],
      [
        el('CodeValue', 'OCHSE77'),
        el('CodingSchemeDesignator', '99KLINIK'),
        el('CodeMeaning', 'as in Ochsenfurtbach'),
      ],
    ]),
    el('LongitudinalTemporalInformationModified', 'UNMODIFIED'),
  ],
  labels: ['Ochsenfurtbach', 'Hollerbusch', 'OCHSE77', '113101', 'UNMODIFIED'],
  check: ({ root }) => {
    const names = ['PatientIdentityRemoved', 'DeidentificationMethod'] as const;
    assert.deepEqual(
      names.map((name) => root.text(name)),
      ['YES', 'deid-operator PS3.15 2026c'],
    );
  },
});

leakCase(68, 'elements that cannot be handled pass', () => {
  const undecodable = (text: string): Buffer =>
    Buffer.concat([Buffer.of(0xff, 0xfe, 0x80), Buffer.from(text), Buffer.of(0xff, 0x80)]);
  leaksNothing('text that no character set explains goes, or what identifies somebody in it', {
    planted: [
      el('SeriesDescription', undecodable(patient.name)),
      el('ProtocolName', undecodable(`by ${patient.id}`)),
      el('(0018,1020)', undecodable('Quastenburger')),
      el('(0018,1160)', undecodable('Mirelda')),
      el('TextValue', undecodable('Quastenburger Mirelda')),
      el('AcquisitionDate', undecodable('20190911')),
      el('(0018,0050)', undecodable('Quastenburger')),
    ],
    labels: ['Quastenburger', 'Mirelda', patient.id, '20190911'],
  });
  it('an object whose bytes cannot be read has no output', async () => {
    const failing = {
      size: 4711,
      read: async () => {
        throw new Error('unreadable');
      },
    };
    await assert.rejects(() => engines.basic.deidentify(failing));
  });
});

const methods: Readonly<Record<BuiltinProfileName, readonly string[]>> = {
  basic: ['113100'],
  research: ['113100', '113104', '113105', '113107', '113108'],
  strict: ['113100'],
};
const longitudinal: Readonly<Record<BuiltinProfileName, string>> = {
  basic: 'REMOVED',
  research: 'MODIFIED',
  strict: 'REMOVED',
};

leakCase(70, 'options that are stated but were not carried out', () => {
  for (const profile of profiles) {
    it(`${profile} states what it did`, async () => {
      const output = await outputOf({ planted: [] }, { profile, encoding: 'explicit', depth: 'at the root' });
      assert.ok('record' in output.decision);
      assert.deepEqual(output.decision.record.methods, methods[profile]);
      const stated = output.bytes.toString('latin1').match(/1131\d\d/g) ?? [];
      assert.deepEqual(stated, methods[profile]);
      assert.equal(output.root.text('LongitudinalTemporalInformationModified'), longitudinal[profile]);
      assert.equal(output.root.text('BurnedInAnnotation'), undefined);
    });
  }
});

it('case 67: an earlier statement in an item is gone as well', async () => {
  const output = await outputOf(
    { planted: [el('DeidentificationMethod', 'Ochsenfurtbach')] },
    { profile: 'research', encoding: 'explicit', depth: 'one sequence deep' },
  );
  assert.equal(plantedIn(output)?.element('DeidentificationMethod'), undefined);
});
