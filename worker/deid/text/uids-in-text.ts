/** UIDs as they stand in text. */
import { uidFacts } from '../../standards/uids.ts';
import type { Span } from './span.ts';

const uidInText = /(?<![\d.])[0-2](?:\.(?:0|[1-9]\d*)){5,}(?![\d.]*\d)/g;
const shortestUid = 18;

/** Where UIDs stand that PS3.6 does not register. */
export function uidsInText(text: string): readonly Span[] {
  return [...text.matchAll(uidInText)].flatMap((match) => {
    const [uid] = match;
    if (uid.length < shortestUid || uidFacts(uid) !== undefined) return [];
    return [{ start: match.index, end: match.index + uid.length }];
  });
}
