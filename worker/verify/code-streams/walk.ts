/** Chooses how a code stream is walked, by the transfer syntax (PS3.5 Annex A). */
import { inflateRawSync } from 'node:zlib';
import type { FreeRanges } from './free-range.ts';
import { walkJpeg } from './jpeg.ts';
import { walkJpeg2000 } from './jpeg-2000.ts';
import { walkJpegXl } from './jpeg-xl.ts';
import { type Planes, walkRle } from './rle.ts';
import { walkH264, walkHevc, walkMpeg2 } from './video.ts';

/** What a frame measures uncompressed. */
export interface FrameSize {
  readonly bytes: number;
  readonly planes: Planes;
}

export interface CodeStreamKind {
  /** All fragments are one stream, whatever the number of frames. */
  readonly isVideo: boolean;
  /** First bytes of a stream, where they tell it: for frames in several fragments. */
  readonly begins: readonly string[];
  walk(stream: Buffer, frame: FrameSize): FreeRanges;
}

interface Inflated {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

function walkDeflated(stream: Buffer, { bytes }: FrameSize): FreeRanges {
  try {
    const options = { maxOutputLength: bytes + 2, info: true } as const;
    const { buffer, engine } = inflateRawSync(stream, options) as unknown as Inflated;
    return buffer.length < bytes
      ? undefined
      : [{ start: engine.bytesWritten, end: stream.length, mayHold: 'blank' }];
  } catch {
    return undefined;
  }
}

const frames = { isVideo: false, begins: [] } as const;
const video = { isVideo: true, begins: [] } as const;
const kinds = {
  jpeg: { isVideo: false, begins: ['\xff\xd8'], walk: (stream) => walkJpeg(stream, false) },
  jpegLs: { isVideo: false, begins: ['\xff\xd8'], walk: (stream) => walkJpeg(stream, true) },
  jpeg2000: { isVideo: false, begins: ['\xff\x4f', '\0\0\0\x0cjP'], walk: walkJpeg2000 },
  jpegXl: { isVideo: false, begins: ['\xff\x0a', '\0\0\0\x0cJX'], walk: walkJpegXl },
  rle: { ...frames, walk: (stream, { planes }) => walkRle(stream, planes) },
  deflated: { ...frames, walk: walkDeflated },
  uncompressed: {
    ...frames,
    walk: (stream, { bytes }) =>
      stream.length < bytes ? undefined : [{ start: bytes, end: stream.length, mayHold: 'blank' }],
  },
  mpeg2: { ...video, walk: walkMpeg2 },
  h264: { ...video, walk: walkH264 },
  hevc: { ...video, walk: walkHevc },
} as const satisfies Readonly<Record<string, CodeStreamKind>>;

const root = '1.2.840.10008.1.2.';

/** Transfer syntaxes below the root by the kind of their code streams. */
const suffixes: readonly (readonly [pattern: RegExp, kind: CodeStreamKind])[] = [
  [/^1\.98$/, kinds.uncompressed],
  [/^4\.(?:5\d|6[0-6]|70)$/, kinds.jpeg],
  [/^4\.8[01]$/, kinds.jpegLs],
  [/^4\.(?:9[0-3]|20[123])$/, kinds.jpeg2000],
  [/^4\.11[012]$/, kinds.jpegXl],
  [/^5$/, kinds.rle],
  [/^8\.1$/, kinds.deflated],
  [/^4\.10[01](?:\.1)?$/, kinds.mpeg2],
  [/^4\.10[2-6](?:\.1)?$/, kinds.h264],
  [/^4\.10[78]$/, kinds.hevc],
];

/** What the fragments under a transfer syntax hold; undefined where none are known. */
export function codeStreamKind(transferSyntax: string): CodeStreamKind | undefined {
  if (!transferSyntax.startsWith(root)) return undefined;
  const suffix = transferSyntax.slice(root.length);
  return suffixes.find(([pattern]) => pattern.test(suffix))?.[1];
}
