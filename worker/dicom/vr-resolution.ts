/** The VR of an element whose encoding does not say it: from the dictionary, or for private elements from their creator. */
import { lookup } from '../standards/dictionary.ts';
import { privateVr } from '../standards/safe-private.ts';
import { elementOf, groupOf, isGroupLength, isPrivate, isPrivateCreator, type Tag } from './tag.ts';
import type { Vr } from './vr.ts';

/**
 * Where the dictionary leaves a choice: `US or SS` by Pixel Representation, `OB or OW` as OW (PS3.5 section A.1),
 * look-up tables as words (PS3.5 section A.1). UN where nobody knows.
 */
export function implicitVr(tag: Tag, creator: string | undefined, isSigned: boolean): Vr {
  if (isGroupLength(tag)) return 'UL';
  if (isPrivateCreator(tag)) return 'LO';
  if (isPrivate(tag)) {
    return creator === undefined ? 'UN' : (privateVr(groupOf(tag), creator, elementOf(tag) & 0xff) ?? 'UN');
  }
  const vrs = lookup(tag)?.vrs;
  const [first] = vrs ?? [];
  if (vrs === undefined || first === undefined) return 'UN';
  if (vrs.length === 1) return first;
  if (vrs.includes('OW')) return 'OW';
  if (vrs.includes('SS') && isSigned) return 'SS';
  return vrs.includes('US') ? 'US' : first;
}
