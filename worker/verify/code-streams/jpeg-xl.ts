/** Walks JPEG XL streams (ISO/IEC 18181-2): bare, or in boxes of which those without the image are free, name and all. */
import { boxesOf } from './boxes.ts';
import type { FreeRange, FreeRanges } from './free-range.ts';

const imageBoxes = new Set(['JXL ', 'ftyp', 'jxll', 'jxlc', 'jxlp', 'jxli']);

export function walkJpegXl(stream: Buffer): FreeRanges {
  if (stream.readUInt16BE(0) === 0xff0a) return [];
  const boxes = boxesOf(stream, 0, stream.length);
  if (boxes === undefined || boxes[0]?.type !== 'JXL ') return undefined;
  if (!boxes.some(({ type }) => type === 'jxlc' || type === 'jxlp')) return undefined;
  return boxes
    .filter(({ type }) => !imageBoxes.has(type))
    .flatMap(({ start, payload, end }): FreeRange[] => [
      { start: start + 4, end: start + 8, mayHold: 'anything' },
      { start: payload, end, mayHold: 'blank' },
    ]);
}
