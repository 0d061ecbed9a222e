import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { studySet } from '../builders/study.ts';
import { deid, jobDocument, makeDesk } from './support/deid.ts';

/** What identifies the people of the study set and stands in values or paths of the source. */
const labels = [
  ...[
    'Grünspecht',
    'Gruenspecht',
    'Mälina',
    'KH-0047113',
    'Seetal',
    '19570814',
    'Erlenweg',
    'Oberförstchen',
    '471130',
  ],
  ...['SE-2026-004711', 'Kranichstein', 'RP-4711', 'Hoshino', '0090-3321', '19880130', 'Tsukimoto', '星野'],
  ...['Żurawińska', 'Zurawinska', 'Łucja', 'PL/884-21', '19330302', 'Wróblewicz', 'Wydmą'],
] as const;

function isLatin1(text: string): boolean {
  return Array.from(text).every((character) => character <= '\u00ff');
}

/** The label in the encodings in which it could stand somewhere, as one character a byte. */
function spellings(label: string): readonly string[] {
  return [label, label.toLowerCase(), label.toUpperCase()].flatMap((text) => [
    Buffer.from(text, 'utf8').toString('latin1'),
    Buffer.from(text, 'utf16le').toString('latin1'),
    Buffer.from(text, 'utf8').toString('base64').replace(/=+$/, '').slice(0, -1),
    ...(isLatin1(text) ? [text] : []),
  ]);
}

function labelsIn(text: string): readonly string[] {
  return labels.filter((label) => spellings(label).some((spelling) => text.includes(spelling)));
}

/** Names and bytes of all that lies below a folder, as one character a byte. */
function everythingIn(folder: string): string {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .map((name) => {
      const path = join(folder, name);
      const bytes = statSync(path).isFile() ? readFileSync(path, 'latin1') : '';
      return `${Buffer.from(name, 'utf8').toString('latin1')}\n${bytes}`;
    })
    .join('\n');
}

for (const profile of ['basic', 'research', 'strict']) {
  test(`under ${profile}, sound and damaged images leave no label in output, log, work area, quarantine or any key`, async () => {
    const desk = await makeDesk(jobDocument(`profileRef: { builtin: ${profile} }`));
    for (const [index, { path, bytes }] of studySet().entries()) {
      desk.put(`in/Grünspecht/${path}`, bytes);
      // Cut within the header, within the text of the report, within the pixels.
      const share = [0.03, 0.1, 0.2, 0.4, 0.7, 0.95][index % 6] ?? 0.5;
      desk.put(`in/KH-0047113/cut/${path}`, bytes.subarray(0, Math.floor(bytes.length * share)));
      const broken = Uint8Array.from(bytes);
      for (let place = 200 + index; place < broken.length; place += 311)
        broken[place] = (broken[place] ?? 0) ^ 0xff;
      desk.put(`in/Hoshino^Ao/broken/${path}`, broken);
    }
    desk.put('in/Żurawińska Łucja.txt', labels.join(' '));
    const { code, stdout, stderr } = await deid(
      ['run', ...desk.job, ...desk.key, '--workers', '2', '--log-level', 'debug', '--json'],
      { cwd: desk.folder },
    );
    const { objects, outcomes } = JSON.parse(stdout);
    assert.equal(code, 0, JSON.stringify(outcomes));
    assert.equal(objects, 3 * studySet().length + 1);
    assert.ok(outcomes.rejected > 10);
    assert.ok(stderr.includes('"message":"object done"'));
    assert.deepEqual(labelsIn(Buffer.from(stdout + stderr, 'utf8').toString('latin1')), []);
    for (const area of ['out', 'held', 'work'])
      assert.deepEqual(labelsIn(everythingIn(join(desk.folder, area))), [], area);
    assert.equal(
      labelsIn(everythingIn(join(desk.folder, 'in'))).length,
      labels.length,
      'the labels are in the source',
    );
    desk.remove();
  });
}
