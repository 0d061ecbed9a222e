/** Searches an output for the identifying values of its source, in whatever character set they may have been written. */
import type { Finding } from '../verifier.ts';
import type { Expectation } from './expectation.ts';
import { folded, type SoughtValue } from './identifying-values.ts';
import type { ReadElement } from './object-reader.ts';
import { readingsOf } from './values.ts';

/**
 * Value Representations whose values are checked one by one, or that hold numbers and terms: the digits of an identifier
 * and the letters of a name stand there by chance.
 */
const notSearched = new Set('UI DA DT TM AS CS DS IS'.split(' '));
const binary = new Set('AT FD FL OB OD OF OL OV OW SL SQ SS SV UL US UV'.split(' '));

/** Every text of the output, folded, values apart. `expect` tells what the profile wants of an element. */
function searchedText(output: readonly ReadElement[], expect: (element: ReadElement) => Expectation): string {
  const texts: string[] = [];
  for (const element of output) {
    const { vr, value } = element;
    if (value.length === 0 || notSearched.has(vr) || binary.has(vr)) continue;
    const expectation = expect(element);
    if (expectation === 'kept' || expectation === 'pseudonym') continue;
    for (const reading of readingsOf(element)) texts.push(folded(reading));
  }
  // A mark that no folded text holds keeps the end of one from being read on into the next.
  return texts.join('|');
}

/** The first of `sought` that stands in a text of the output; the place is the source's. */
export function checkText(
  output: readonly ReadElement[],
  sought: readonly SoughtValue[],
  expect: (element: ReadElement) => Expectation,
): Finding | undefined {
  if (sought.length === 0) return undefined;
  const haystack = searchedText(output, expect);
  const found = sought.find((one) => haystack.includes(one.folded));
  return found === undefined ? undefined : { reason: 'VerificationIdentifyingValue', at: found.at };
}

/** Whatever could be a UID, as long as it goes. */
const dottedNumber = /\d+(?:\.\d+)+/g;

/** The first of the replaced UIDs that stands in any value of the output that is no bulk. */
export function checkUidsInText(
  output: readonly ReadElement[],
  replaced: readonly SoughtValue[],
  expect: (element: ReadElement) => Expectation,
): Finding | undefined {
  if (replaced.length === 0) return undefined;
  const texts: string[] = [];
  for (const element of output) {
    const { value } = element;
    if (value.length < 18 || expect(element) === 'kept') continue;
    texts.push(value.toString('latin1'));
  }
  const places = new Map(replaced.map(({ folded: uid, at }) => [uid, at]));
  for (const [token] of texts.join('\n').matchAll(dottedNumber)) {
    const at = places.get(token);
    if (at !== undefined) return { reason: 'VerificationUid', at };
  }
  return undefined;
}
