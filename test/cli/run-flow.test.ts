import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { studySet } from '../builders/study.ts';
import { contents } from '../run/support/run-fixture.ts';
import { type Desk, deid, jobDocument, makeDesk, type Said } from './support/deid.ts';

function putStudy(desk: Desk): void {
  for (const { path, bytes } of studySet()) desk.put(`in/${path}`, bytes);
}

/** Says it of the desk's own folder. */
function at(desk: Desk): (...args: string[]) => Promise<Said> {
  return (...args) => deid(args, { cwd: desk.folder });
}

describe('a job over a study set with two files that are no images', () => {
  let desk: Desk;
  let first: Said;
  before(async () => {
    desk = await makeDesk();
    putStudy(desk);
    desk.put('in/notes/readme.txt', 'Not an image.');
    desk.put('in/notes/empty.dcm', '');
    first = await deid(['run', ...desk.job, ...desk.key, '--workers', '2', '--json'], { cwd: desk.folder });
  });
  after(() => desk.remove());

  it('runs to its end with the counts of all outcomes', () => {
    assert.equal(first.code, 0, first.stderr);
    // A machine under load shows lines of progress; nothing else may be said.
    assert.match(first.stderr, /^(?:\d+\/27 objects, [^\n]*\n)*$/);
    const { outcomes, reasons, objects, dryRun } = JSON.parse(first.stdout);
    assert.equal(objects, 27);
    assert.deepEqual(outcomes, { deidentified: 25, review: 0, rejected: 2, skipped: 0, failed: 0 });
    assert.deepEqual(reasons, { NotDicom: 1, Empty: 1 });
    assert.equal(dryRun, false);
  });

  it('is shown again when it is run again, and nothing is done', async () => {
    const stored = contents(desk.folder);
    const again = await deid(['run', ...desk.job, ...desk.key], { cwd: desk.folder });
    assert.equal(again.code, 0);
    assert.match(
      again.stdout,
      /^The run was finished before; nothing was done now\.\nRun [0-9a-f]{16} of job study/,
    );
    assert.match(again.stdout, /deidentified +25\n/);
    assert.match(again.stdout, / 1 {2}NotDicom: The bytes are not a DICOM object\.\n/);
    assert.deepEqual(contents(desk.folder), stored);
  });

  it('has the same status by its folder, by its job and by the id of its run', async () => {
    const { run } = JSON.parse(first.stdout);
    const byFolder = await at(desk)('status', '--work-area', 'work');
    assert.match(byFolder.stdout, /^Run [0-9a-f]{16} of job study, profile research: Success\n/);
    for (const args of [
      ['study', ...desk.job],
      [run, '--work-area', 'work'],
    ]) {
      assert.deepEqual(await at(desk)('status', ...args), byFolder);
    }
    const json = JSON.parse((await at(desk)('status', '--json', '--work-area', 'work')).stdout);
    assert.equal(json.phase, 'Finished');
  });

  it('says why an object was held back, and what to do', async () => {
    const codes: string[] = [];
    for (let ordinal = 0; ordinal < 27; ordinal += 1) {
      const why = await at(desk)('why', 'study', String(ordinal), '--work-area', 'work', '--json');
      const { outcome, reason, remedy } = JSON.parse(why.stdout);
      if (outcome === 'deidentified') continue;
      codes.push(reason);
      assert.ok(remedy.length > 10);
      const text = (await at(desk)('why', 'study', String(ordinal), '--work-area', 'work')).stdout;
      assert.match(
        text,
        new RegExp(`^Object ${ordinal} of run [0-9a-f]{16}: rejected\nReason {2}${reason}: `),
      );
      assert.match(text, /\nTo do {3}\S/);
    }
    assert.deepEqual(codes.sort(), ['Empty', 'NotDicom']);
  });

  it('shows the source key of an object to who holds the key', async () => {
    const keys: string[] = [];
    for (let ordinal = 0; ordinal < 27; ordinal += 1) {
      const { code, stdout } = await at(desk)(
        'locate',
        'study',
        String(ordinal),
        ...desk.key,
        '--work-area',
        'work',
      );
      assert.equal(code, 0);
      keys.push(stdout.trimEnd());
    }
    const sources = readdirSync(join(desk.folder, 'in'), { recursive: true, encoding: 'utf8' });
    const files = sources.filter((name) => statSync(join(desk.folder, 'in', name)).isFile());
    assert.deepEqual(keys.sort(), files.sort());
    await at(desk)('key', 'new', 'other');
    const other = await at(desk)('locate', 'study', '0', '--key-file', 'other', '--work-area', 'work');
    assert.equal(other.code, 67);
    assert.equal(other.stdout, '');
  });

  it('has outputs under the identifiers that deid map computes', async () => {
    const mapped = await deid(['map', '--profile', 'research', ...desk.key], {
      cwd: desk.folder,
      stdin: 'KH-0047113^^^KLINIKUM SEETAL\n0090-3321\nPL/884-21\n',
    });
    const patients = mapped.stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(',').at(-1));
    assert.deepEqual(readdirSync(join(desk.folder, 'out')).sort(), patients.sort());
  });

  it('is the same in three steps', async () => {
    const steps = await makeDesk();
    putStudy(steps);
    steps.put('key2', readFileSync(join(desk.folder, 'key')));
    const args = [...steps.job, '--key-file', 'key2'];
    const plan = await at(steps)('plan', ...args, '--json', '--shards', '3');
    assert.equal(JSON.parse(plan.stdout).objects, 25);
    const early = await at(steps)('finish', ...args);
    assert.equal(early.code, 75);
    assert.match(early.stderr, /^deid: \d of \d shards are not done; run again to go on\n$/);
    assert.match(
      (await at(steps)('process', ...args, '--shard', '0')).stdout,
      /: 1 of \d shards processed\n$/,
    );
    assert.match(
      (await at(steps)('status', '--work-area', 'work')).stdout,
      /Processing, 1 of \d shards done/,
    );
    assert.equal((await at(steps)('process', ...args)).code, 0);
    assert.equal((await at(steps)('finish', ...args)).code, 0);
    assert.deepEqual(contents(join(steps.folder, 'out')), contents(join(desk.folder, 'out')));
    steps.remove();
  });
});

describe('a dry run', () => {
  it('shows counts, outcomes by reason and output volume, and writes nothing', async () => {
    const desk = await makeDesk();
    putStudy(desk);
    desk.put('in/empty', '');
    const stored = contents(desk.folder);
    const dry = await deid(['run', ...desk.job, ...desk.key, '--dry-run'], { cwd: desk.folder });
    assert.equal(dry.code, 0, dry.stderr);
    assert.match(dry.stdout, /^Dry run: nothing was written\.\n/);
    assert.match(dry.stdout, /deidentified +25\n/);
    assert.match(dry.stdout, / 1 {2}Empty: /);
    assert.match(dry.stdout, /Output volume +[\d.]+ [KM]iB\n/);
    assert.deepEqual(contents(desk.folder), stored);
    for (const folder of ['out', 'held', 'work']) assert.ok(!existsSync(join(desk.folder, folder)), folder);
    desk.remove();
  });
});

describe('a job over objects that policy or fault hold back', () => {
  it('ends with the code of its failure policy', async () => {
    const desk = await makeDesk(
      jobDocument('profileRef: { builtin: basic }\n  failurePolicy: { maxRejected: 0 }'),
    );
    desk.put('in/empty', '');
    const { code, stdout } = await deid(['run', ...desk.job, ...desk.key], { cwd: desk.folder });
    assert.equal(code, 81);
    assert.match(stdout, /profile basic: FailurePolicyExceeded\n/);
    desk.remove();
  });

  it('tells an object that cannot be read from one that is no image', {
    skip: process.getuid?.() === 0 && 'root reads everything',
  }, async () => {
    const desk = await makeDesk();
    putStudy(desk);
    desk.put('in/locked', 'x');
    chmodSync(join(desk.folder, 'in', 'locked'), 0);
    const { code, stdout } = await deid(['run', ...desk.job, ...desk.key], { cwd: desk.folder });
    assert.equal(code, 82);
    assert.match(stdout, / 1 {2}StorageFault: /);
    desk.remove();
  });
});

describe('a profile of a document', () => {
  it('is found in the file that is given beside the job', async () => {
    const desk = await makeDesk(jobDocument('profileRef: { name: mine }'));
    putStudy(desk);
    desk.put(
      'profile.yaml',
      'apiVersion: deid.imaging/v1alpha1\nkind: DeidProfile\nmetadata: { name: mine }\nspec:\n  dicom:\n    patientIdentity: { pseudonym: { prefix: "S1-" } }\n',
    );
    const lacking = await deid(['run', ...desk.job, ...desk.key], { cwd: desk.folder });
    assert.equal(lacking.code, 65);
    assert.match(lacking.stderr, /^deid: spec\.profileRef\.name: no document is a DeidProfile of that name/);
    const { code, stderr } = await deid(['run', '-f', 'profile.yaml', ...desk.job, ...desk.key], {
      cwd: desk.folder,
    });
    assert.equal(code, 0, stderr);
    const patients = readdirSync(join(desk.folder, 'out'));
    assert.ok(patients.length === 3 && patients.every((patient) => patient.startsWith('S1-')));
    desk.remove();
  });
});
