/** Patient pseudonyms: a prefix and letters and digits that only the key's holder can make again. */
import { identityFields, type KnownIdentity } from './patient-identity.ts';
import { type ProjectKey, purposes } from './project-key.ts';

/**
 * Twenty-four digits and capitals, 4.58 bits each: no vowels, so that no word comes out by accident, and none of
 * `0 O`, `1 I L`, `2 Z`, `5 S`, which are misread for each other.
 */
export const pseudonymAlphabet = '346789BCDFGHJKMNPQRTVWXY';

export interface PseudonymForm {
  /** Stands before the characters, e.g. `STUDY1-`. */
  readonly prefix: string;
  /** Number of characters after the prefix, 1 to 32. */
  readonly length: number;
}

/**
 * Gives the pseudonym of an identity: the HMAC as a big-endian number, written in the alphabet's base, its `length`
 * least significant digits, most significant first. Twelve characters are 55 bits.
 */
export function patientPseudonym(key: ProjectKey, identity: KnownIdentity, form: PseudonymForm): string {
  const base = BigInt(pseudonymAlphabet.length);
  let rest = BigInt(`0x${key.hmac(purposes.pseudonym, ...identityFields(identity)).toString('hex')}`);
  let characters = '';
  for (let digit = 0; digit < form.length; digit++) {
    characters = pseudonymAlphabet.charAt(Number(rest % base)) + characters;
    rest /= base;
  }
  return form.prefix + characters;
}
