import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addDays, dateOfDayNumber, dayNumber } from './calendar.ts';
import { findDates, shiftDatesInText } from './dates-in-text.ts';

/** Texts, and the same texts a hundred days earlier. */
const moved: readonly (readonly [string, string])[] = [
  ['Gated, 0.0% 20140321', 'Gated, 0.0% 20131211'],
  ['IM_20140321_0001', 'IM_20131211_0001'],
  ['CT20140321', 'CT20131211'],
  ['20140321120000.123', '20131211120000.123'],
  ['20140321_120000', '20131211_120000'],
  ['05032014', '25112013'],
  ['2014-03-21T12:00:00Z', '2013-12-11T12:00:00Z'],
  ['2014/03/21 12:00', '2013/12/11 12:00'],
  ['2014.3.21', '2013.12.11'],
  ['2014.03.21.12.00.00', '2013.12.11.12.00.00'],
  ['2014 03 21', '2013 12 11'],
  ['21.03.2014', '11.12.2013'],
  ['5. 3. 2014', '25. 11. 2013'],
  ['1.2.2014-5.2.2014', '24.10.2013-28.10.2013'],
  ['01.02.14-05.02.14', '24.10.13-28.10.13'],
  ['03/21/2014', '12/11/2013'],
  ['21/03/2014', '11/12/2013'],
  ['03/05/14', '11/25/13'],
  ['seen 5.3.2014, born 12.10.1950', 'seen 25.11.2013, born 04.07.1950'],
  ['am 5.3.14', 'am 25.11.13'],
  ['98-03-05', '97-11-25'],
  ['5 Mar 2014', '25 Nov 2013'],
  ['5th of March, 2014', '25th of November, 2013'],
  ['3rd March 2014', '23rd November 2013'],
  ['March 5, 2014', 'November 25, 2013'],
  ['MAR 05, 2014', 'NOV 25, 2013'],
  ['05-MAR-2014', '25-NOV-2013'],
  ['05MAR2014', '25NOV2013'],
  ['MAR052014', 'NOV252013'],
  ['05-Mar-14', '25-Nov-13'],
  ["Mar 5 '14", "Nov 25 '13"],
  ['2014-Mar-05', '2013-Nov-25'],
  ['12-AUG-1963', '04-MAY-1963'],
  ['5. März 2014', '25. November 2013'],
  ['13. Juni 2014', '5. Maerz 2014'],
  ['13. JUNI 2014', '5. MAERZ 2014'],
  ['1er août 2014', '23 avril 2014'],
  ['15 décembre 2014', '6 septembre 2014'],
  ['5 de marzo de 2014', '25 de noviembre de 2013'],
  ['5 maggio 2014', '25 gennaio 2014'],
  ['5 maart 2014', '25 november 2013'],
  ['5 de março de 2014', '25 de novembro de 2013'],
  ['Wed Mar 5 12:00:00 2014', 'Mon Nov 25 12:00:00 2013'],
  ['Mittwoch, den 5. März 2014', 'Montag, den 25. November 2013'],
  ['Mi, 05.03.2014', 'Mo, 25.11.2013'],
  ['2014年3月5日', '2013年11月25日'],
  ['2014年03月05日(水)', '2013年11月25日(月)'],
  ['２０１４年３月５日', '２０１３年１１月２５日'],
  ['2014년 3월 5일', '2013년 11월 25일'],
  ['平成26年3月5日', '平成25年11月25日'],
  ['令和元年5月2日', '平成31年1月22日'],
  ['H26.03.05', 'H25.11.25'],
  ['21/03/2557', '11/12/2556'],
  ['٢٠١٤/٠٣/٢١', '٢٠١٣/١٢/١١'],
  ['March 2014', 'November 2013'],
  ['03/2014', '11/2013'],
  ['since 2014-03', 'since 2013-11'],
  ['5 March', '26 November'],
  ['24-Mar', '15-Dec'],
];

test('every usual form is found and keeps its form', () => {
  for (const [before, after] of moved) assert.equal(shiftDatesInText(before, -100), after);
});

test('a moved text moves back', () => {
  for (const [before] of moved.filter(([text]) => /\d{4}/.test(text) && !/er|août/.test(text))) {
    const [found] = findDates(before);
    assert.ok(found !== undefined);
    assert.equal(found.render(found.date), before.slice(found.start, found.end));
  }
});

test('what only looks like a date is left alone', () => {
  const others = [
    '1.2.840.113619.2.55.20140321.5',
    '2.25.20140321120000',
    '192.168.12.10',
    '10.12.14.5',
    'v5.03.14',
    'version 10.11.12',
    'software 2.11.2014',
    '12/10/14 mm',
    '12x10x14',
    'TR/TE 500/12/90 ms',
    'P4^P101^S108^I0, Gated, 0.0%',
    '5 set 20',
    'flip angle set 2000',
    'may 3 lesions',
    '5 may be',
    '12:30',
    '0.625',
    '30/02/2014',
    '20141341',
    '12345678',
    'SE 05/12',
    '1/2',
    '3-4-5',
    '120/80/2000',
    'T1 3D MPR 1.0 iso 192.0',
    'L1-L2',
    '',
  ];
  for (const text of others) assert.deepEqual(findDates(text), []);
});

test('the order of day and month is told by the text, then by the caller', () => {
  assert.equal(shiftDatesInText('3/5/2014, 25/12/2013', -1), '2/5/2014, 24/12/2013');
  assert.equal(shiftDatesInText('3/1/2014, 12/25/2013', -1), '2/28/2014, 12/24/2013');
  assert.equal(shiftDatesInText('3/1/2014', -1), '2/28/2014');
  assert.equal(shiftDatesInText('3/1/2014', -1, { slashOrder: 'dayFirst' }), '2/1/2014');
});

test('places are those of the text, in order, without overlap', () => {
  const text = 'Di 4.3.2014: alt 20130101; néw 5 Mar 2014.';
  const found = findDates(text);
  assert.deepEqual(
    found.map(({ start, end }) => text.slice(start, end)),
    ['Di 4.3.2014', '20130101', '5 Mar 2014'],
  );
});

test('every date of the calendar in every numeric form moves to the right day', () => {
  const anyDay = fc.integer({
    min: dayNumber({ year: 1960, month: 1, day: 1 }),
    max: dayNumber({ year: 2040, month: 1, day: 1 }),
  });
  const forms = [
    (y: string, m: string, d: string) => `${y}${m}${d}`,
    (y: string, m: string, d: string) => `${y}-${m}-${d}`,
    (y: string, m: string, d: string) => `${y}/${m}/${d}`,
    (y: string, m: string, d: string) => `${d}.${m}.${y}`,
    (y: string, m: string, d: string) => `${m}/${d}/${y}`,
    (y: string, m: string, d: string) => `${y}年${m}月${d}日`,
  ];
  const write = (days: number, form: (typeof forms)[number]): string => {
    const date = dateOfDayNumber(days) ?? { year: 0, month: 0, day: 0 };
    const pad = (value: number) => String(value).padStart(2, '0');
    return `x ${form(String(date.year), pad(date.month), pad(date.day))} y`;
  };
  fc.assert(
    fc.property(anyDay, fc.integer({ min: 1, max: 3650 }), fc.constantFrom(...forms), (days, shift, form) => {
      const slashOrder = 'monthFirst';
      assert.equal(shiftDatesInText(write(days, form), -shift, { slashOrder }), write(days - shift, form));
    }),
    { seed: 1 },
  );
});

test('any text is handled, and dates found are dates', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      for (const { start, end, date } of findDates(text)) {
        assert.ok(start < end && addDays(date, 0) !== undefined);
      }
    }),
    { seed: 1 },
  );
});

test('a long text takes time in proportion to its length', () => {
  const text = '1.2.3-4/5 6 12 may 07 '.repeat(20_000);
  const started = performance.now();
  findDates(text);
  assert.ok(performance.now() - started < 5000);
});
