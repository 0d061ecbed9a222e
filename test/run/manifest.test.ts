/** A job that is told by a list what to take of its source. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { DeidJobInput } from '../../crds/v1alpha1/job.ts';
import { RunError } from '../../worker/run/run-error.ts';
import { secret } from './support/fake-engine.ts';
import { contents, makeFixture, type RunFixture } from './support/run-fixture.ts';

type Manifest = NonNullable<DeidJobInput['spec']['source']['manifest']>;

/** A fixture whose source is the folder `scans` of its claim, and whose list lies beside it. */
function withList(list: string, change: Partial<Manifest> = {}): RunFixture {
  const fixture = makeFixture({
    source: {
      volume: { claimName: 'in', path: 'scans' },
      manifest: { key: 'lists/today', ...change },
    },
  });
  mkdirSync(join(fixture.root, 'in', 'lists'));
  mkdirSync(join(fixture.root, 'in', 'scans'));
  writeFileSync(join(fixture.root, 'in', 'lists', 'today'), list);
  return fixture;
}

const jsonLines = (keys: readonly string[]) => keys.map((key) => `${JSON.stringify({ key })}\n`).join('');

describe('a list of what a job takes', () => {
  it('gives the job its objects, in its order and no others', async () => {
    const names = Array.from({ length: 90 }, (_, index) => `scans/${secret}-${index}`).reverse();
    for (const [format, list] of [
      ['jsonLines', jsonLines(names)],
      ['csv', names.map((name) => `in,${encodeURIComponent(name)}\n`).join('')],
    ] as const) {
      const fixture = withList(list, { format });
      for (const [index, key] of names.entries()) fixture.add('ok', { key, sop: `1.2.${index}` });
      for (const key of ['scans/unlisted', 'beside']) fixture.add('ok', { key });
      const { summary } = await fixture.run();
      assert.equal(summary.objects, names.length);
      assert.equal(summary.outcomes.deidentified, names.length);
      assert.equal(contents(join(fixture.root, 'out')).length, names.length);
      fixture.remove();
    }
  });

  it('that names what is not there, or by a key that leads elsewhere, fails or holds back that object alone', async () => {
    const fixture = withList(
      jsonLines(['scans/a', 'scans/none', 'scans/../beside', 'scans/b/../a', 'scans/b']),
    );
    for (const key of ['scans/a', 'scans/b', 'beside']) fixture.add('ok', { key });
    const { summary } = await fixture.run();
    assert.equal(summary.objects, 5);
    assert.deepEqual(summary.outcomes, { deidentified: 2, review: 0, rejected: 2, skipped: 0, failed: 1 });
    assert.deepEqual(summary.reasons, { SourceChanged: 1, UnusableKey: 2 });
    fixture.remove();
  });

  it("is passed through the job's selection", async () => {
    const fixture = makeFixture({
      source: {
        volume: { claimName: 'in' },
        manifest: { key: 'list' },
        select: { exclude: ['b*'] },
      },
    });
    for (const key of ['a', 'b1', 'b2']) fixture.add('ok', { key });
    writeFileSync(join(fixture.root, 'in', 'list'), jsonLines(['a', 'b1', 'b2']));
    const { summary } = await fixture.run({ dryRun: true });
    assert.deepEqual([summary.outcomes.deidentified, summary.outcomes.skipped], [1, 2]);
    fixture.remove();
  });

  const refused: readonly (readonly [string, string, Partial<Manifest>, string])[] = [
    [
      'names an object outside the source',
      jsonLines(['scans/a', `lists/${secret}`]),
      {},
      'line 2: names an object outside the source',
    ],
    ['names the source itself', jsonLines(['scans/']), {}, 'line 1: names an object outside the source'],
    [
      'names a version where there are none',
      '{"key":"scans/a","versionId":"1"}\n',
      {},
      'line 1: names a version',
    ],
    ['is not there', '', { key: `lists/${secret}` }, 'there is no such object'],
    ['is of another format', 'in,scans/a\n', {}, 'line 1: is not a JSON object'],
  ];
  for (const [what, list, change, words] of refused) {
    it(`that ${what} ends the run before any work`, async () => {
      const fixture = withList(list, change);
      fixture.add('ok', { key: 'scans/a' });
      await assert.rejects(
        () => fixture.run(),
        (error) =>
          error instanceof RunError &&
          error.exit === 'BadConfiguration' &&
          error.message.startsWith(`spec.source.manifest: ${words}`) &&
          !error.message.includes(secret),
      );
      assert.deepEqual(contents(join(fixture.root, 'out')), []);
      fixture.remove();
    });
  }
});
