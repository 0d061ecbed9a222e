import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { builtinProfiles } from '../../crds/profiles/builtin.ts';
import type { ExitCodeName } from '../../crds/records/exit-codes.ts';
import { RunError } from '../../worker/run/run-error.ts';
import { contents, keyBytes, makeFixture, makeJob, type RunFixture } from './support/run-fixture.ts';

const otherKey = Buffer.from(keyBytes).fill(9, 20);

function refusedWith(exit: ExitCodeName, words: RegExp): (error: unknown) => boolean {
  return (error) =>
    error instanceof RunError &&
    error.exit === exit &&
    words.test(error.message) &&
    !/\n/.test(error.message);
}

/** A fixture whose run was stopped in the middle. */
async function interrupted(): Promise<RunFixture> {
  const fixture = makeFixture();
  for (let count = 0; count < 20; count += 1) fixture.add('ok');
  const stopping = new AbortController();
  await assert.rejects(
    () => fixture.run({ onProgress: () => stopping.abort() }, stopping.signal),
    refusedWith('Interrupted', /run again/),
  );
  return fixture;
}

describe('a run that was begun', () => {
  it('is not gone on with under another key', async () => {
    const fixture = await interrupted();
    await assert.rejects(
      () => fixture.run({ keyBytes: otherKey }),
      refusedWith('KeyUnusable', /another project key/),
    );
    fixture.remove();
  });

  it('is not gone on with under another profile, or one that has changed', async () => {
    const fixture = await interrupted();
    const { basic, research } = builtinProfiles;
    const changed = { ...basic, spec: { ...basic.spec, dicom: { ...basic.spec.dicom, uidRoot: '1.2.3' } } };
    for (const profile of [research, changed]) {
      await assert.rejects(() => fixture.run({ profile }), refusedWith('RunMismatch', /another profile/));
    }
    fixture.remove();
  });

  it('is not gone on with under another selection', async () => {
    const fixture = await interrupted();
    const job = makeJob({ source: { volume: { claimName: 'in' }, select: { exclude: ['a'] } } });
    await assert.rejects(() => fixture.run({ job }), refusedWith('RunMismatch', /other settings/));
    fixture.remove();
  });

  it('is not gone on with over other folders', async () => {
    const fixture = await interrupted();
    const volumes = new Map([...fixture.volumes, ['out', join(fixture.root, 'elsewhere')]]);
    await assert.rejects(() => fixture.run({ volumes }), refusedWith('RunMismatch', /other folders/));
    fixture.remove();
  });

  it('is gone on with under what it was begun with, and another number of workers', async () => {
    const fixture = await interrupted();
    const job = { ...fixture.job, spec: { ...fixture.job.spec, parallelism: 7 } };
    assert.equal((await fixture.run({ job, workers: 1 })).summary.outcomes.deidentified, 20);
    fixture.remove();
  });

  it('is not gone on with by a plan that somebody has changed', async () => {
    const fixture = await interrupted();
    const work = join(fixture.root, 'work');
    const index =
      contents(work)
        .find((line) => line.includes('/index.json'))
        ?.split(' ')[0] ?? '';
    writeFileSync(join(work, index), '{');
    await assert.rejects(() => fixture.run(), refusedWith('RunMismatch', /damaged/));
    fixture.remove();
  });
});

describe('a key', () => {
  const refusals: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['that is empty', Buffer.alloc(0), /./],
    ['of 31 bytes', keyBytes.subarray(1), /32 bytes/],
  ];
  for (const [what, bytes, words] of refusals) {
    it(`${what} is refused before anything is written`, async () => {
      const fixture = makeFixture();
      await assert.rejects(() => fixture.run({ keyBytes: bytes }), refusedWith('KeyUnusable', words));
      assert.deepEqual(contents(fixture.root), []);
      fixture.remove();
    });
  }

  it('that is not the one whose fingerprint the job names is refused', async () => {
    const fixture = makeFixture({
      key: { secretRef: { name: 'k', key: 'k' }, fingerprint: '0123456789abcdef' },
    });
    await assert.rejects(() => fixture.run(), refusedWith('KeyUnusable', /spec\.key\.fingerprint/));
    fixture.remove();
  });
});

describe('areas', () => {
  it('that lie in one folder or one within the other are refused, and no folder is made', async () => {
    const fixture = makeFixture();
    for (const [claim, folder] of [
      ['out', 'in'],
      ['out', 'in/below'],
      ['held', 'in'],
      ['work', 'out/w'],
      ['work', '.'],
      ['held', 'out'],
    ] as const) {
      const volumes = new Map([...fixture.volumes, [claim, join(fixture.root, folder)]]);
      await assert.rejects(
        () => fixture.run({ volumes }),
        refusedWith('OverlappingAreas', /^spec\.\w+ and spec\.\w+ /),
      );
    }
    assert.deepEqual(contents(fixture.root), []);
    fixture.remove();
  });

  it('that meet by a link are refused', async () => {
    const fixture = makeFixture();
    symlinkSync(join(fixture.root, 'in'), join(fixture.root, 'out'));
    await assert.rejects(
      () => fixture.run(),
      refusedWith('OverlappingAreas', /source and spec\.destination/),
    );
    fixture.remove();
  });

  it('that lie in folders of similar names are not', async () => {
    const fixture = makeFixture();
    mkdirSync(join(fixture.root, 'in-2'));
    await fixture.run({ volumes: new Map([...fixture.volumes, ['out', join(fixture.root, 'in-2')]]) });
    fixture.remove();
  });

  it('without a folder are refused with the name of the claim', async () => {
    const fixture = makeFixture();
    const volumes = new Map([...fixture.volumes].filter(([name]) => name !== 'held'));
    await assert.rejects(
      () => fixture.run({ volumes }),
      refusedWith('BadConfiguration', /spec\.quarantine.*held=DIR/),
    );
    fixture.remove();
  });

  it('whose source is not there are refused', async () => {
    const fixture = makeFixture();
    const volumes = new Map([...fixture.volumes, ['in', join(fixture.root, 'nowhere')]]);
    await assert.rejects(() => fixture.run({ volumes }), refusedWith('BadConfiguration', /^spec\.source: /));
    fixture.remove();
  });

  it('one of which is a file are refused', async () => {
    const fixture = makeFixture();
    writeFileSync(join(fixture.root, 'held'), '');
    await assert.rejects(() => fixture.run(), refusedWith('BadConfiguration', /^spec\.quarantine: /));
    fixture.remove();
  });
});
