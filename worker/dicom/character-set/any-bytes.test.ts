/** Character sets over bytes that nobody wrote on purpose: decoding never fails, and what is encoded reads back the same. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { characterSetOf } from './character-set.ts';

const terms = fc.array(
  fc.constantFrom(
    '',
    'ISO_IR 6',
    'ISO_IR 100',
    'ISO_IR 144',
    'ISO_IR 13',
    'ISO_IR 192',
    'GB18030',
    'GBK',
    'ISO 2022 IR 6',
    'ISO 2022 IR 13',
    'ISO 2022 IR 87',
    'ISO 2022 IR 149',
    'ISO 2022 IR 159',
    'ISO 2022 IR 58',
    'ISO 2022 IR 126',
    'no such term',
  ),
  { maxLength: 4 },
);

const escapes = ['\x1b$B', '\x1b(J', '\x1b(B', '\x1b$)C', '\x1b$(D', '\x1b-A', '\x1b', '\x1b$', '\x0e'];
const bytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 6 }).map((some) => Buffer.from(some)),
      fc.constantFrom(...escapes).map((text) => Buffer.from(text, 'latin1')),
      fc.constantFrom('^', '=', '\\', '\r\n', 'Quast').map((text) => Buffer.from(text, 'latin1')),
    ),
    { maxLength: 10 },
  )
  .map((parts) => Buffer.concat(parts));

it('any bytes decode to some text, faults counted, in any set', () => {
  fc.assert(
    fc.property(terms, bytes, fc.boolean(), (declared, value, isPersonName) => {
      const { text, faults } = characterSetOf(declared).decode(value, isPersonName);
      assert.ok(text.length <= value.length && faults >= 0 && faults <= value.length);
    }),
    { numRuns: 3000, interruptAfterTimeLimit: 5000 },
  );
});

it('what a set can encode reads back the same', () => {
  const letters = fc.array(
    fc.constantFrom(
      'Q',
      'a',
      ' ',
      '^',
      '=',
      'ä',
      'ß',
      'é',
      'Ж',
      'ｱ',
      '山',
      '田',
      'や',
      '김',
      '희',
      '王',
      '龍',
      '🙂',
    ),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(terms, letters, fc.boolean(), (declared, parts, isPersonName) => {
      const set = characterSetOf(declared);
      const text = parts.join('');
      const encoded = set.encode(text, isPersonName);
      if (encoded === undefined) return;
      assert.deepEqual(set.decode(encoded, isPersonName), { text, faults: 0 });
    }),
    { numRuns: 3000, interruptAfterTimeLimit: 5000 },
  );
});
