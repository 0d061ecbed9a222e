import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ascii, box } from '../../test/builders/code-streams.ts';
import { readBoxes } from './boxes.ts';

const found = (stream: Buffer) =>
  readBoxes(stream, 0, stream.length)?.map(({ type, start, payloadStart, end }) => [
    type,
    start,
    payloadStart,
    end,
  ]);

it('boxes are found by short and by 64-bit lengths, and the last may reach to the end', () => {
  const stream = Buffer.concat([
    box('aaaa', ascii('xy')),
    box('bbbb', ascii('z'), 'long'),
    box('cccc', ascii('tail'), 'open'),
  ]);
  assert.deepEqual(found(stream), [
    ['aaaa', 0, 8, 10],
    ['bbbb', 10, 26, 27],
    ['cccc', 27, 35, 39],
  ]);
});

it('fewer zeros than a box needs are padding', () => {
  for (let zeros = 0; zeros < 8; zeros += 1) {
    assert.equal(found(Buffer.concat([box('aaaa', ascii('xy')), Buffer.alloc(zeros)]))?.length, 1);
  }
});

it('lengths that do not add up are refused', () => {
  const broken: Readonly<Record<string, Buffer>> = {
    'shorter than its header': Buffer.from([0, 0, 0, 7, ...ascii('aaaa')]),
    'past the end': box('aaaa', ascii('xy')).subarray(0, -1),
    'a 64-bit length cut off': Buffer.from([0, 0, 0, 1, ...ascii('aaaa'), 0, 0]),
    'a 64-bit length past all files': Buffer.from([0, 0, 0, 1, ...ascii('aaaa'), ...Buffer.alloc(8, 0xff)]),
    'a 64-bit length shorter than its header': Buffer.from([
      ...[0, 0, 0, 1, ...ascii('aaaa')],
      ...[0, 0, 0, 0, 0, 0, 0, 15],
    ]),
    'other bytes behind': Buffer.concat([box('aaaa', ascii('xy')), ascii('Quast')]),
  };
  for (const [name, stream] of Object.entries(broken)) assert.equal(found(stream), undefined, name);
});
