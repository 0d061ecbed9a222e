/**
 * Text around JPEG XL code streams (ISO/IEC 18181-2): metadata boxes are renamed to free space and zeroed, the box that
 * rebuilds an original JPEG with all its comments among them. Where a code stream ends only a decoder can tell: one that
 * ends in text is not understood.
 */
import { readBoxes } from './boxes.ts';
import { endsInText, fill, type Patches } from './patch.ts';

const imageBoxes: ReadonlySet<string> = new Set(['JXL ', 'ftyp', 'jxll', 'jxlc', 'jxlp', 'jxli']);

export function cleanJpegXl(stream: Uint8Array): Patches | undefined {
  if (stream[0] === 0xff && stream[1] === 0x0a) return endsInText(stream) ? undefined : [];
  const boxes = readBoxes(stream, 0, stream.length);
  if (boxes === undefined || boxes[0]?.type !== 'JXL ') return undefined;
  const coded = boxes.filter(({ type }) => type === 'jxlc' || type === 'jxlp');
  if (coded.length === 0) return undefined;
  if (coded.some(({ payloadStart, end }) => endsInText(stream.subarray(payloadStart, end)))) return undefined;
  return boxes.flatMap(({ type, start, payloadStart, end }) => {
    if (imageBoxes.has(type) || type === 'free') return [];
    const renamed = { start: start + 4, end: start + 8, bytes: Buffer.from('free', 'latin1') };
    return [renamed, ...fill(stream, payloadStart, end, 0)];
  });
}
