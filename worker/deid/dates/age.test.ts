import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageAt, capAge } from './age.ts';

test('ages above the cap become the cap’s next year, whatever their unit', () => {
  const capped: readonly (readonly [string, number, string | undefined])[] = [
    ['089Y', 89, '089Y'],
    ['090Y', 89, '090Y'],
    ['104Y', 89, '090Y'],
    ['999M', 89, '999M'],
    ['999M', 80, '081Y'],
    ['719M', 59, '719M'],
    ['720M', 59, '060Y'],
    ['999W', 18, '019Y'],
    ['365D', 0, '365D'],
    ['366D', 0, '001Y'],
    ['34Y', 89, '034Y'],
    ['034y ', 89, '034Y'],
    ['010Y\\095Y', 89, '010Y\\090Y'],
    ['', 89, ''],
    ['95', 89, undefined],
    ['ninety', 89, undefined],
    ['095Y\\old', 89, undefined],
    ['1950Y', 89, undefined],
    ['19330101', 89, undefined],
  ];
  for (const [value, above, expected] of capped) assert.equal(capAge(value, above), expected);
});

test('an age is counted in completed years', () => {
  assert.equal(ageAt('19300305', '20200304'), 89);
  assert.equal(ageAt('19300305', '20200305'), 90);
  assert.equal(ageAt('1930.03.05', '20200305120000.0+0100'), 90);
  assert.equal(ageAt('20000229', '20010228'), 0);
  assert.equal(ageAt('20000229', '20010301'), 1);
  assert.equal(ageAt('1930', '20200305'), undefined);
  assert.equal(ageAt('19300305', ''), undefined);
});
