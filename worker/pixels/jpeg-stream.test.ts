import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ascii,
  jpeg,
  jpegEntropy,
  jpegFrameHeader,
  jpegScan,
  jpegSegment,
  jpegTable,
  patched,
} from '../../test/builders/code-streams.ts';
import { cleanJpeg } from './jpeg-stream.ts';

const label = ascii('GRUENSPECHT^MAELINA 14.08.1957');
const zeros = (length: number): Buffer => Buffer.alloc(length);
const applicationMarkers = Array.from({ length: 16 }, (_, index) => 0xe0 + index);

function cleaned(stream: Uint8Array, isJpegLs = false): Buffer {
  return patched(stream, cleanJpeg(stream, isJpegLs));
}

describe('text in JPEG streams', () => {
  it('goes from comments and from every application segment, at the same length', () => {
    for (const marker of [0xfe, ...applicationMarkers]) {
      assert.deepEqual(
        cleaned(jpeg([jpegSegment(marker, label)])),
        jpeg([jpegSegment(marker, zeros(label.length))]),
        `marker ${marker.toString(16)}`,
      );
    }
  });

  it('goes from between the frame header and the scan, and from between scans', () => {
    const stream = (comment: Uint8Array): Buffer =>
      Buffer.concat([
        Buffer.of(0xff, 0xd8),
        jpegTable,
        jpegFrameHeader,
        jpegSegment(0xfe, comment),
        jpegScan(jpegEntropy),
        jpegSegment(0xe5, comment),
        jpegScan(jpegEntropy),
        Buffer.of(0xff, 0xd9),
      ]);
    assert.deepEqual(cleaned(stream(label)), stream(zeros(label.length)));
  });

  it('goes from behind the end of the image; one pad byte is left alone', () => {
    assert.deepEqual(cleaned(jpeg([], label)), jpeg([], zeros(label.length)));
    assert.deepEqual(cleanJpeg(jpeg([], Buffer.of(0x20)), false), []);
  });

  it('goes although fill bytes stand before markers', () => {
    const filled = (comment: Uint8Array): Buffer =>
      jpeg([Buffer.of(0xff, 0xff), jpegSegment(0xfe, comment), Buffer.of(0xff), jpegSegment(0xe1, comment)]);
    assert.deepEqual(cleaned(filled(label)), filled(zeros(label.length)));
  });

  it('goes from each of several images in a row, with or without padding between them', () => {
    for (const pad of [zeros(0), zeros(1)]) {
      const pair = (comment: Uint8Array): Buffer =>
        Buffer.concat([jpeg([jpegSegment(0xfe, comment)], pad), jpeg([jpegSegment(0xe2, comment)], comment)]);
      assert.deepEqual(cleaned(pair(label)), pair(zeros(label.length)));
    }
  });
});

describe('what decoders of JPEG read', () => {
  const kept: readonly (readonly [number, Buffer])[] = [
    [0xe0, ascii('JFIF\0\x01\x02\x01\0\x48\0\x48\0\0')],
    [0xee, ascii('Adobe\0\x64\0\0\0\0\x01')],
    [0xe8, ascii('mrfx\x01')],
    [0xe8, ascii('SPIFF\0\x02\0\0\x01\0\0\x02\0\0\0\x02\0\x08\x08\0\x01\0\0\0\x60\0\0\0\x60')],
    [0xe8, ascii('\0\0\0\x01\xff\xd8')],
  ];

  it('stays, and what stands behind it in the same segment goes', () => {
    for (const [marker, start] of kept) {
      const stream = (text: Uint8Array): Buffer => jpeg([jpegSegment(marker, Buffer.concat([start, text]))]);
      assert.deepEqual(cleaned(stream(label)), stream(zeros(label.length)), start.toString('latin1', 0, 5));
    }
  });

  it('stays in the image itself: tables, frame and scan are untouched', () => {
    assert.deepEqual(cleanJpeg(jpeg(), false), []);
  });

  it('lets an encoder sign its stream, and nobody else in its name', () => {
    for (const signature of [
      'LEAD Technologies Inc. V1.01',
      'CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90\n',
      'Lavc58.54.100',
    ]) {
      assert.deepEqual(cleanJpeg(jpeg([jpegSegment(0xfe, ascii(signature))]), false), [], signature);
    }
    for (const text of [
      'LEAD Technologies Inc. V1.01 GRUENSPECHT',
      'AWARE GRUENSPECHT',
      'Lavc58 GRUENSPECHT',
    ]) {
      const stream = jpeg([jpegSegment(0xfe, ascii(text))]);
      assert.deepEqual(cleaned(stream), jpeg([jpegSegment(0xfe, zeros(text.length))]), text);
    }
  });
});

describe('JPEG-LS', () => {
  it('has bytes below 80 behind FF in its scans, where JPEG would see a marker', () => {
    const stream = (comment: Uint8Array): Buffer =>
      Buffer.concat([
        Buffer.of(0xff, 0xd8),
        jpegSegment(0xf7, Buffer.of(8, 0, 1, 0, 1, 1, 1, 0x11, 0)),
        jpegSegment(0xf8, Buffer.alloc(11, 1)),
        jpegScan(Buffer.of(0x10, 0xff, 0x7e, 0x20, 0xff, 0x01)),
        jpegSegment(0xfe, comment),
        Buffer.of(0xff, 0xd9),
      ]);
    assert.deepEqual(cleaned(stream(label), true), stream(zeros(label.length)));
  });
});

describe('JPEG streams that cannot be followed', () => {
  it('are refused', () => {
    const sound = jpeg([jpegSegment(0xfe, label)]);
    const cases: Readonly<Record<string, Uint8Array>> = {
      'other bytes': ascii('GRUENSPECHT'),
      empty: zeros(0),
      'no scan': Buffer.concat([Buffer.of(0xff, 0xd8), jpegTable, Buffer.of(0xff, 0xd9)]).subarray(0, -2),
      'cut inside a segment': sound.subarray(0, 20),
      'a length below two': jpeg([Buffer.of(0xff, 0xfe, 0, 1)]),
      'a length past the end': jpeg([Buffer.of(0xff, 0xfe, 0xff, 0xff)]),
      'bytes between segments': jpeg([ascii('GRUENSPECHT')]),
    };
    for (const [name, stream] of Object.entries(cases)) {
      assert.equal(cleanJpeg(stream, false), undefined, name);
    }
  });

  it('a missing end marker is common and no reason to refuse', () => {
    const stream = jpeg([jpegSegment(0xfe, label)]).subarray(0, -2);
    assert.ok(!cleaned(stream).includes(label));
  });
});
