/** Days are seen in the forms in which people and devices write them. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { daysIn } from './dates-in-text.ts';

const written: Readonly<Record<string, number>> = {
  'seen 20190630 again': 20190630,
  'seen 20190630101500': 20190630,
  '2019-06-30': 20190630,
  '2019.06.30': 20190630,
  '30.06.2019': 20190630,
  '30.6.2019': 20190630,
  '6/30/2019': 20190630,
  '30-Jun-2019': 20190630,
  '30. Juni 2019': 20190630,
  '30 de junio de 2019': 20190630,
  'June 30th, 2019': 20190630,
  'Sept 3 2019': 20190903,
  '29.02.2020': 20200229,
};

for (const [text, day] of Object.entries(written))
  it(`${text} names a day`, () => assert.ok(daysIn(text).includes(day)));

for (const text of [
  '',
  'CHEST PA',
  '31.02.2019',
  '1.2.840.10008.1.2',
  '120190630',
  'kVp 120, 2019',
  '13/13/2019',
])
  it(`'${text}' names none`, () => assert.deepEqual(daysIn(text), []));

it('a day that may be a month is both', () =>
  assert.deepEqual([...daysIn('03/05/2018')].sort(), [20180305, 20180503]));
