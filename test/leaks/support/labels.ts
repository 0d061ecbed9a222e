/** Looks for labels in bytes, in every encoding in which a label could stand there. */

const highestLatin1 = '\u00ff';

function isLatin1(text: string): boolean {
  return [...text].every((character) => character <= highestLatin1);
}

/** Bytes of each pair exchanged, as words of another byte order have them. */
function swapped(bytes: Buffer): Buffer {
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  return Buffer.from(even).swap16();
}

/** Base64 at the three alignments at which a text can stand in a longer one, without the characters at its ends. */
function base64(bytes: Buffer): readonly Buffer[] {
  return [0, 1, 2].map((lead) => {
    const encoded = Buffer.concat([Buffer.alloc(lead), bytes])
      .toString('base64')
      .replaceAll('=', '');
    return Buffer.from(encoded.slice(lead === 0 ? 0 : lead + 1, -1), 'latin1');
  });
}

/** Of shorter labels too little is left between two ends that depend on what stands beside them. */
const leastForAlignment = 8;

/** The label as bytes: UTF-8, Latin-1, UTF-16 of both byte orders, base64, words swapped; in three cases of letters. */
function spellings(label: string): readonly Buffer[] {
  const cases = [...new Set([label, label.toLowerCase(), label.toUpperCase()])];
  return cases.flatMap((text) => {
    const utf8 = Buffer.from(text, 'utf8');
    const utf16 = Buffer.from(text, 'utf16le');
    const single = isLatin1(text) ? [Buffer.from(text, 'latin1')] : [];
    const words = [swapped(utf8), swapped(Buffer.concat([Buffer.of(0), utf8]))].map((bytes) =>
      bytes.subarray(1, bytes.length - 1),
    );
    const aligned = utf8.length < leastForAlignment ? [] : [...words, ...base64(utf8)];
    return [utf8, ...single, utf16, swapped(utf16), ...aligned];
  });
}

/** A label: text that is searched for in all encodings, or bytes that are searched for as they are. */
export type Label = string | Buffer;

/** Those labels that stand in the bytes. Digits alone should be seven and more: new UIDs have shorter ones by chance. */
export function labelsIn(bytes: Buffer, labels: readonly Label[]): readonly Label[] {
  return labels.filter((label) =>
    typeof label === 'string'
      ? spellings(label).some((spelling) => bytes.includes(spelling))
      : bytes.includes(label),
  );
}
