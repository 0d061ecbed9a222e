/** docs/leaks.md accounts for every case: where it is tested, or why not yet. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

const cases = 70;
const root = join(import.meta.dirname, '../..');

interface Row {
  readonly number: number;
  /** A test file, or `later`. */
  readonly place: string;
  readonly happens: string;
}

const rows: readonly Row[] = readFileSync(join(root, 'docs/leaks.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, number = '', , place = '', happens = ''] = line.split('|').map((cell) => cell.trim());
    return /^\d+$/.test(number)
      ? [{ number: Number(number), place: place.replaceAll('`', ''), happens }]
      : [];
  });

/** The numbers of the cases that a test file says it tests. */
function numbersIn(file: string): ReadonlySet<number> {
  const text = readFileSync(join(import.meta.dirname, file), 'utf8');
  return new Set([...text.matchAll(/^leakCase(?:Of)?\((\d+),/gm)].map(([, number]) => Number(number)));
}

const tested = new Map(
  readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => [file, numbersIn(file)] as const),
);

it('every case stands in the table once, in order', () => {
  assert.deepEqual(
    rows.map(({ number }) => number),
    Array.from({ length: cases }, (_, index) => index + 1),
  );
});

it('every case is tested where the table says, or later for a reason', () => {
  for (const { number, place, happens } of rows) {
    assert.ok(happens !== '', `case ${number} says what happens`);
    if (place !== 'later') assert.ok(tested.get(place)?.has(number), `case ${number} is tested in ${place}`);
  }
});

it('every tested case stands in the table', () => {
  const known = new Set(rows.filter(({ place }) => place !== 'later').map(({ number }) => number));
  for (const [file, numbers] of tested) {
    for (const number of numbers) assert.ok(known.has(number), `case ${number} of ${file}`);
  }
});

it('files of other folders that the table names exist', () => {
  for (const { happens } of rows) {
    for (const [, file = ''] of happens.matchAll(/`(test\/[^`]+)`/g)) readFileSync(join(root, file));
  }
});
