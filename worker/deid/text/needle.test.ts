import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { cleanText } from './clean-text.ts';
import { foldToString } from './fold.ts';
import { buildNeedles } from './identifying-values.ts';
import { findInText } from './text-findings.ts';
import { vocabulary } from './vocabulary.ts';

const letters = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzäöüßéñøłčš');
const word = fc.string({ unit: letters, minLength: 4, maxLength: 12 });
const separator = fc.constantFrom(' ', '^', ', ', '_', '-', '');

it('no word of a name survives, in any case, order and separation', () => {
  fc.assert(
    fc.property(word, word, separator, fc.boolean(), fc.boolean(), (family, given, between, swap, upper) => {
      const needles = buildNeedles([{ kind: 'personName', text: `${family}^${given}` }], vocabulary);
      const name = swap ? given + between + family : family + between + given;
      const text = `CT chest ${upper ? name.toUpperCase() : name} 2 views`;
      const clean = cleanText(text, {
        needles,
        vocabulary,
        dates: { kind: 'remove' },
        ownDates: new Set<number>(),
        ages: { capAbove: 89, keep: true },
        mapUid: (uid) => uid,
        find: (text) => findInText(text, vocabulary),
      });
      const left = foldToString(clean);
      assert.ok(
        !left.includes(foldToString(family)) ||
          foldToString('CT chest 2 views').includes(foldToString(family)),
      );
      assert.ok(
        !left.includes(foldToString(given)) || foldToString('CT chest 2 views').includes(foldToString(given)),
      );
      assert.ok(clean.startsWith('CT chest'), clean);
    }),
    { numRuns: 300 },
  );
});

it('cleaning what is clean changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60, unit: 'binary' }), (text) => {
      const context = {
        needles: buildNeedles([], vocabulary),
        vocabulary,
        dates: { kind: 'remove' },
        ownDates: new Set<number>(),
        ages: { capAbove: 89, keep: false },
        mapUid: (uid: string) => uid,
        find: (text: string) => findInText(text, vocabulary),
      } as const;
      const once = cleanText(text, context);
      assert.equal(cleanText(once, context).trim(), cleanText(cleanText(once, context), context).trim());
    }),
    { numRuns: 500 },
  );
});
