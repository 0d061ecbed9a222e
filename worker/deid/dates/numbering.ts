/** Finds what is written like dates but numbers something else: UIDs, IP addresses, versions. */

/** Four numbers and more, or the three of a UID that is derived from a UUID or as long as one. */
const dottedChain = /\d+(?:\.\d+){3,}|(?<![\d.])[0-2]\.\d+\.\d{9,}/g;
const dateWithDottedTime =
  /^(?:(?:19|20)\d\d\.\d\d\.\d\d(?:\.\d+)*|\d{1,2}\.\d{1,2}\.(?:19|20)\d\d\.(?:[01]\d|2[0-3])\.[0-5]\d(?:\.\d+)*)$/;
const version =
  /(?<![\p{L}\d])(?:v|ver|vers|version|release|rev|revision|firmware|software|sw)\.?\s?[:=]?\s?\d+(?:\.\d+)+/giu;

function blank(match: string): string {
  return '\u0000'.repeat(match.length);
}

/**
 * Blanks dotted chains of four numbers and more, and dotted versions, with as many NULs. A chain that begins with a
 * date whose year has four digits stays: no UID begins with such a number (PS3.5 section 9.1), no IP address holds one.
 */
export function blankNumbering(text: string): string {
  return text
    .replace(dottedChain, (chain) => (dateWithDottedTime.test(chain) ? chain : blank(chain)))
    .replace(version, blank);
}
