/** Character sets whose characters have one to four bytes and that know no escapes: UTF-8, GB18030, GBK. */
import type { DecodedText } from './code-extensions.ts';

export type MultiByteName = 'utf-8' | 'gb18030' | 'gbk';

const replacement = '\uFFFD';

/** Decodes; what has no meaning becomes U+FFFD and counts as a fault. A byte order mark is a character. */
export function decodeMultiByte(bytes: Uint8Array, name: string): DecodedText {
  const text = new TextDecoder(name, { ignoreBOM: true }).decode(bytes);
  let faults = 0;
  for (const character of text) if (character === replacement) faults += 1;
  return { text, faults };
}

/** GBK's two-byte plane is also that of GB18030; made when first needed. */
let gbkCodes: ReadonlyMap<string, readonly number[]> | undefined;

function buildGbkCodes(): ReadonlyMap<string, readonly number[]> {
  const codes = new Map<string, readonly number[]>();
  const decoder = new TextDecoder('gb18030');
  for (let first = 0x81; first <= 0xfe; first++) {
    for (let second = 0x40; second <= 0xfe; second++) {
      if (second === 0x7f) continue;
      const character = decoder.decode(Uint8Array.of(first, second));
      if (!character.includes(replacement) && [...character].length === 1 && !codes.has(character)) {
        codes.set(character, [first, second]);
      }
    }
  }
  return codes;
}

/** Encodes; undefined where the set, or for GB18030 its two-byte plane, lacks a character. */
export function encodeMultiByte(text: string, name: MultiByteName): Uint8Array | undefined {
  if (name === 'utf-8') return text.includes(replacement) ? undefined : Buffer.from(text, 'utf8');
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) {
      bytes.push(code);
      continue;
    }
    gbkCodes ??= buildGbkCodes();
    const own = gbkCodes.get(character);
    if (own === undefined) return undefined;
    bytes.push(...own);
  }
  return Uint8Array.from(bytes);
}
