/** Surroundings: names, logs and records of a run over labelled objects. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { el, sq } from '../builders/dicom.ts';
import { type Desk, deid, jobDocument, makeDesk, type Said } from '../cli/support/deid.ts';
import { labelledFile, patient } from './support/labelled-object.ts';
import { labelsIn } from './support/labels.ts';
import { leakCase } from './support/leak-case.ts';

const sound = labelledFile(
  { planted: [el('StudyDescription', 'CT chest of Hollerbusch'), el('OperatorsName', 'Akelei^Roswitha')] },
  'explicit',
  'at the root',
);
const held = labelledFile(
  { planted: [], root: [el('SOPInstanceUID', '1.2.3.4711.4'), el('BurnedInAnnotation', 'YES')] },
  'implicit',
  'at the root',
);
const cut = sound.subarray(0, sound.length - 40);
const directory = labelledFile(
  {
    planted: [
      sq('DirectoryRecordSequence', [
        [el('DirectoryRecordType', 'PATIENT'), el('PatientName', patient.name)],
      ]),
    ],
  },
  'explicit',
  'at the root',
);

const sources: Readonly<Record<string, Buffer>> = {
  'Quastenburger^Mirelda/QX-4711-0815/20190407.dcm': sound,
  'Quastenburger^Mirelda/held Blauregen.dcm': held,
  'Rittersporn/cut': cut,
  DICOMDIR: directory,
  'Rittersporn/Zwetschgenbaum.txt': Buffer.from('Quastenburger Mirelda, HB-99-1207'),
};

const labels = [
  ...['Quastenburger', 'Mirelda', patient.id, patient.birthDate, patient.studyDate, '1.2.3.4711.'],
  ...['Hollerbusch', 'Akelei', 'Blauregen', 'Rittersporn', 'Zwetschgenbaum', 'HB-99-1207'],
] as const;

/** Path and bytes of every file below an area. */
function filesOf(folder: string): readonly { readonly path: string; readonly bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => ({ path, bytes: readFileSync(join(folder, path)) }));
}

const areas = ['out', 'held', 'work'] as const;
let desk: Desk;
let said: Said;

before(async () => {
  desk = await makeDesk(jobDocument('profileRef: { builtin: basic }'));
  for (const [path, bytes] of Object.entries(sources)) desk.put(`in/${path}`, bytes);
  said = await deid(['run', ...desk.job, ...desk.key, '--log-level', 'debug', '--json'], {
    cwd: desk.folder,
  });
  assert.equal(said.code, 0, said.stderr);
});
after(() => desk.remove());

function outcomes(): unknown {
  const { deidentified, review, rejected, failed } = JSON.parse(said.stdout).outcomes;
  return { deidentified, review, rejected, failed };
}

leakCase(61, 'a DICOMDIR in the source', () => {
  it('is held back, and no output has its name', () => {
    assert.deepEqual(outcomes(), { deidentified: 1, review: 1, rejected: 3, failed: 0 });
    const names = areas.flatMap((area) => filesOf(join(desk.folder, area)).map(({ path }) => path));
    assert.ok(!names.some((name) => /DICOMDIR/i.test(name)));
  });
});

leakCase(62, 'names of files and folders', () => {
  it('are made of new identifiers and the digest of the output alone', () => {
    const [output, ...others] = filesOf(join(desk.folder, 'out')).map(({ path }) => path);
    assert.deepEqual(others, []);
    assert.match(output ?? '', /^[34678BCDFGHJKMNPQRTVWXY9]{12}(?:\/2\.25\.\d+){3}-[0-9a-f]{12}\.dcm$/);
    for (const area of areas) {
      const names = filesOf(join(desk.folder, area)).map(({ path }) => path);
      assert.deepEqual(labelsIn(Buffer.from(names.join('\n')), labels), [], area);
    }
  });
});

leakCase(63, 'digests of the source in outputs and in what is held back', () => {
  it('stand nowhere, so that nobody can look an output up by its original', () => {
    const digests = Object.values(sources).flatMap((bytes) =>
      ['md5', 'sha1', 'sha256'].flatMap((name) => {
        const digest = createHash(name).update(bytes).digest();
        return [digest, Buffer.from(digest.toString('hex')), Buffer.from(digest.toString('base64url'))];
      }),
    );
    for (const area of ['out', 'held']) {
      for (const { path, bytes } of filesOf(join(desk.folder, area))) {
        const all = Buffer.concat([Buffer.from(path), bytes]);
        assert.ok(!digests.some((digest) => all.includes(digest)), area);
      }
    }
  });
});

leakCase(64, 'logs and errors', () => {
  it('hold no label and no path of the source', () => {
    assert.ok(said.stderr.includes('"message":"object done"'), 'there is a log');
    assert.deepEqual(labelsIn(Buffer.from(said.stdout + said.stderr), [...labels, 'DICOMDIR']), []);
  });
  it('neither does what a person asks of an object', async () => {
    for (const ordinal of ['0', '1', '2', '3', '4']) {
      const { stdout, stderr } = await deid(['why', 'study', ordinal, '--work-area', 'work'], {
        cwd: desk.folder,
      });
      assert.deepEqual(labelsIn(Buffer.from(stdout + stderr), labels), []);
    }
  });
});

leakCase(65, 'results and records', () => {
  it('hold no old value', () => {
    for (const area of areas) {
      for (const { bytes } of filesOf(join(desk.folder, area))) {
        assert.deepEqual(labelsIn(bytes, labels), [], area);
      }
    }
  });
});
