import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { exitCodes } from '../../crds/records/exit-codes.ts';
import type { RunSummary } from '../../worker/run/finish.ts';
import { studySet } from '../builders/study.ts';
import { type Desk, deid, jobDocument, makeDesk } from '../cli/support/deid.ts';
import { browser, inBrowser } from './support/chromium.ts';
import { createEngine, secret } from './support/fake-engine.ts';
import { fillSource, memoryAreas, objectsOf, runIn } from './support/steps-in-process.ts';
import { watchedStorage } from './support/watched-storage.ts';

const noBrowser = browser === undefined && !process.env.CI ? 'Chromium is not installed' : false;

const profileText = `apiVersion: deid.imaging/v1alpha1
kind: DeidProfile
metadata: { name: own }
spec:
  dicom:
    basis: { edition: 2026c, options: [CleanDescriptors, RetainLongitudinalModifiedDates] }
    rules:
      - { match: { keyword: StudyDescription, value: "/Gruenspecht/i" }, action: { cleanMatch: true } }
      - { match: { keyword: StationName }, action: { replace: Kranichstein } }
      - { match: { creator: SEETAL KLINIK, tag: "(0019,xx01)" }, action: keep }
      - { match: { keyword: SeriesNumber }, when: { modality: [SEETAL, CT] }, action: keep }
    patientIdentity: { defaultIssuer: Oberfoerstchen, pseudonym: { prefix: WYDMA- } }
    uidRoot: 1.2.276.0.471130
`;

/** What the profile says that could name somebody. */
const profileSecrets = [
  'gruenspecht',
  'kranichstein',
  'seetal',
  'oberfoerstchen',
  'wydma',
  '1.2.276.0.471130',
];
/** What identifies people in the study set. */
const labels = [
  'Grünspecht',
  'Mälina',
  'KH-0047113',
  '19570814',
  'SE-2026-004711',
  'Hoshino',
  '星野',
  'Żurawińska',
];

/** The cells of the rows of the table of that caption, as text. */
function rowsOf(html: string, caption: string): readonly (readonly string[])[] {
  const from = html.indexOf(`<caption>${caption}</caption>`);
  assert.ok(from >= 0, `the report has the table: ${caption}`);
  const table = html.slice(from, html.indexOf('</table>', from));
  return table
    .split('<tr>')
    .slice(2)
    .map((row) =>
      [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => cell.replace(/<[^>]*>/g, '')),
    );
}

const number = (text: string | undefined): number => Number((text ?? '').replaceAll(',', ''));

describe('the report of a run over images', () => {
  let desk: Desk;
  let summary: RunSummary;
  let path: string;
  let html: string;
  let statement: string;

  before(async () => {
    desk = await makeDesk(`${jobDocument('profileRef: { name: own }')}---\n${profileText}`);
    for (const [index, { path, bytes }] of studySet().entries()) {
      desk.put(`in/Grünspecht/${path}`, bytes);
      if (index % 5 === 0) desk.put(`in/KH-0047113/${path}`, bytes);
      if (index % 4 === 0) desk.put(`in/cut/${path}`, bytes.subarray(0, bytes.length >> 1));
    }
    desk.put('in/Mälina.txt', labels.join(' '));
    const run = await deid(['run', ...desk.job, ...desk.key, '--workers', '2', '--json'], {
      cwd: desk.folder,
    });
    assert.equal(run.code, 0, run.stderr);
    summary = JSON.parse(run.stdout);
    path = join(desk.folder, 'report.html');
    const written = await deid(['report', 'study', '--work-area', 'work', '--output', 'report.html'], {
      cwd: desk.folder,
    });
    assert.deepEqual(written, { code: 0, stdout: '', stderr: '' });
    html = readFileSync(path, 'utf8');
    statement = (await deid(['report', 'study', '--work-area', 'work', '--statement'], { cwd: desk.folder }))
      .stdout;
  });

  after(() => desk.remove());

  it('is the file that the summary names', async () => {
    const [before = '', behind = ''] = html.split(/<section id="afterwards">.*?<\/section>/s);
    const kept = readFileSync(join(desk.folder, 'work', summary.report.html), 'utf8');
    assert.equal(kept, `${before}<!-- afterwards -->${behind}`);
    assert.equal(
      readFileSync(join(desk.folder, 'work', summary.report.conformanceStatement), 'utf8'),
      statement,
    );
    const again = await deid(['report', 'study', '--work-area', 'work'], { cwd: desk.folder });
    assert.equal(again.stdout, html);
  });

  it('says what is known only afterwards: the signature and how long the steps took', async () => {
    const steps = rowsOf(html, 'How long the steps took').map(([step]) => step?.split(':')[0]);
    assert.deepEqual(steps, ['Plan', 'Process', 'Finish']);
    assert.match(
      html,
      /<p>\d+ objects in [\d.]+ m?s of processing, pauses included: [\d.,]+ a second\.<\/p>/,
    );
    assert.match(html, /The root bears no signature/);
    await deid(['key', 'new', '--signing', 'sign'], { cwd: desk.folder });
    await deid(['finish', ...desk.job, ...desk.key, '--signing-key', 'sign'], { cwd: desk.folder });
    const signed = await deid(['report', 'study', '--work-area', 'work'], { cwd: desk.folder });
    assert.match(
      signed.stdout,
      /The root is signed \(Ed25519\)[^<]*<\/p>\n<p class="command"><code>sha256:[0-9a-f]{64}</,
    );
    assert.deepEqual(rowsOf(signed.stdout, 'How long the steps took').length, 3);
  });

  it('counts what the second reader read and found', () => {
    const made = summary.outcomes.deidentified + summary.outcomes.review;
    assert.match(html, new RegExp(`${made} outputs were read once more`));
  });

  it('never overwrites a file', async () => {
    const refused = await deid(['report', 'study', '--work-area', 'work', '--output', 'key'], {
      cwd: desk.folder,
    });
    assert.equal(refused.code, exitCodes.Usage.code);
    assert.match(refused.stderr, /the file of --output exists/);
  });

  it('has the counts of summary and ledger, and they add up', () => {
    const outcomes = rowsOf(html, 'Every object of the inventory has one outcome');
    for (const [name, count] of outcomes.slice(0, -1))
      assert.equal(number(count), summary.outcomes[name as keyof RunSummary['outcomes']], name);
    assert.equal(number(outcomes.at(-1)?.[1]), summary.plan.objects);
    const reasons = rowsOf(html, 'Objects that were not de-identified, by reason');
    assert.deepEqual(
      Object.fromEntries(reasons.slice(0, -1).map(([reason, , count]) => [reason, number(count)])),
      summary.reasons,
    );
    assert.equal(number(reasons.at(-1)?.[2]), summary.objects - summary.outcomes.deidentified);
    const records = Array.from({ length: summary.plan.shards }, (_, shard) =>
      join(
        desk.folder,
        'work',
        summary.run,
        'ledger',
        `shard-${String(shard).padStart(6, '0')}`,
        '000000.jsonl',
      ),
    )
      .filter((file) => existsSync(file))
      .flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'))
      .map((line) => JSON.parse(line).record);
    assert.equal(records.length, summary.objects);
    const decisions = rowsOf(html, 'Elements by what decided about them');
    const counted: Record<string, number> = {};
    for (const { done } of records)
      for (const [label, count] of Object.entries<number>(done?.decisions ?? {}))
        counted[label] = (counted[label] ?? 0) + count;
    assert.deepEqual(
      Object.fromEntries(decisions.slice(0, -1).map(([label, elements]) => [label, number(elements)])),
      counted,
    );
    for (const [label, , , meaning] of decisions.slice(0, -1)) assert.notEqual(meaning, '', label);
    const modalities = rowsOf(html, 'Objects by modality');
    const made = records.filter(({ done }) => done !== undefined).length;
    assert.equal(number(modalities.at(-1)?.[2]), made);
    assert.ok(html.includes(summary.ledger.root));
  });

  it('shows no value of the images and no word of the profile that could name somebody; neither does the statement', () => {
    for (const text of [html, statement]) {
      for (const label of [...labels, ...profileSecrets])
        assert.ok(!text.toLowerCase().includes(label.toLowerCase()), 'a label stands in it');
    }
    assert.ok(statement.includes('| rule 2 | tag (0019,xx01), a private creator (not shown) | all | kept'));
    assert.ok(statement.includes('(not shown), CT'));
  });

  it('asks for nothing: no address to load, no script, and a policy that forbids both', () => {
    assert.doesNotMatch(html, /(?:https?|ftp|file|wss?):\/\/|\b(?:data|blob):[a-z]+\/|javascript:/i);
    assert.doesNotMatch(
      html,
      /<(?:script|link|iframe|img|object|embed|base|form)\b|\bon[a-z]+=|\bsrc=|url\(|@import/i,
    );
    assert.match(html, /http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;;/);
  });

  it('is shown by a browser as the ledger says', { skip: noBrowser }, async () => {
    const dom = await inBrowser(path, '--dump-dom');
    assert.match(dom, /<title>De-identification report<\/title>/);
    const outcomes = rowsOf(dom, 'Every object of the inventory has one outcome');
    assert.deepEqual(
      outcomes.map(([name, count]) => [name, number(count)]),
      [...Object.entries(summary.outcomes), ['Sum', summary.plan.objects]],
    );
    assert.equal(
      rowsOf(dom, 'Elements by what decided about them').length,
      rowsOf(html, 'Elements by what decided about them').length,
    );
    assert.ok(dom.includes(summary.ledger.root));
    const picture = join(desk.folder, 'report.png');
    await inBrowser(path, `--screenshot=${picture}`, '--window-size=1000,2000');
    assert.ok(statSync(picture).size > 20_000, 'the picture shows something');
  });

  it('is missed in so many words where an older program finished the run', async () => {
    rmSync(join(desk.folder, 'work', summary.report.html));
    const said = await deid(['report', 'study', '--work-area', 'work'], { cwd: desk.folder });
    assert.equal(said.code, exitCodes.NoSuchRun.code);
    assert.match(said.stderr, /finished by a version of the program that made no report/);
  });
});

describe('writing the report', () => {
  const verbs = ['ok', 'review', 'reject', 'unwanted', 'throw', 'ok'];

  it('gives the same bytes to a run that was stopped before its summary', async () => {
    const [calm, stopped] = [memoryAreas(), memoryAreas()];
    await fillSource(calm.source, verbs);
    await fillSource(stopped.source, verbs);
    await runIn(calm, 'a', createEngine());
    const workArea = watchedStorage(stopped.workArea, ({ verb, key, when }) => {
      if (verb === 'create' && when === 'before' && key.endsWith('/summary.json')) throw new Error('stopped');
    });
    await assert.rejects(() => runIn({ ...stopped, workArea }, 'a', createEngine()), /stopped/);
    await runIn(stopped, 'b', createEngine());
    const finished = async (areas: typeof calm) =>
      (await objectsOf(areas.workArea)).filter((line) => line.includes('/finish/'));
    assert.deepEqual(await finished(stopped), await finished(calm));
    assert.equal((await finished(calm)).filter((line) => /report|statement/.test(line)).length, 2);
  });

  it('stops where another report lies there', async () => {
    const areas = memoryAreas();
    await fillSource(areas.source, verbs);
    await areas.workArea.create('0123456789abcdef/finish/report.html', {
      size: 1,
      chunks: [Uint8Array.of(32)],
    });
    await assert.rejects(() => runIn(areas, 'a', createEngine()), { exit: 'RunMismatch' });
  });

  it('keeps what the engine saw out of it', async () => {
    const areas = memoryAreas();
    await fillSource(areas.source, verbs);
    await runIn(areas, 'a', createEngine());
    const object = await areas.workArea.open('0123456789abcdef/finish/report.html');
    const text = Buffer.from(await object.read(0, object.size)).toString('utf8');
    await object.close();
    assert.ok(text.includes('deid why 0123456789abcdef ORDINAL'));
    assert.ok(!text.includes(secret));
  });
});
