import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ascii, patched } from '../../test/builders/code-streams.ts';
import { endsInText, fill, isEncoderComment, zeroSlack } from './patch.ts';

it('filling overwrites a range and nothing else, and says nothing where nothing changes', () => {
  const stream = Buffer.alloc(300_000, 7);
  const out = patched(stream, fill(stream, 10, 299_990, 0));
  assert.ok(out.subarray(10, 299_990).every((byte) => byte === 0));
  assert.ok(
    out.subarray(0, 10).every((byte) => byte === 7) && out.subarray(299_990).every((byte) => byte === 7),
  );
  assert.deepEqual(fill(stream, 5, 50, 7), []);
  assert.deepEqual(fill(stream, 50, 50, 0), []);
});

it('long slack shares the bytes that overwrite it', () => {
  const stream = Buffer.alloc(10 << 20, 1);
  const patches = fill(stream, 0, stream.length, 0);
  assert.equal(new Set(patches.map(({ bytes }) => bytes.buffer)).size, 1);
  assert.ok((patches[0]?.bytes.buffer.byteLength ?? 0) <= 64 * 1024);
});

it('one byte behind a stream is padding', () => {
  assert.deepEqual(zeroSlack(Buffer.from('abX'), 2), []);
  assert.equal(patched(Buffer.from('abXY'), zeroSlack(Buffer.from('abXY'), 2)).toString('latin1'), 'ab\0\0');
});

it('coded data that end in twelve printable characters may have text behind them', () => {
  const coded = Buffer.of(0x12, 0xf1, 0x80);
  assert.ok(endsInText(Buffer.concat([coded, ascii('QUAST^ANNA 47')])));
  assert.ok(endsInText(Buffer.concat([coded, ascii('QUAST^ANNA 47'), Buffer.alloc(40)])), 'and zeros');
  assert.ok(!endsInText(Buffer.concat([ascii('QUAST^ANNA 47'), coded])));
  assert.ok(!endsInText(coded));
  assert.ok(!endsInText(new Uint8Array(0)));
});

it('signatures of encoders are known whole', () => {
  assert.ok(isEncoderComment(ascii('JasPer Version 1.900.1')));
  assert.ok(isEncoderComment(ascii('')));
  assert.ok(!isEncoderComment(ascii('JasPer Version 1.900.1 QUAST')));
  assert.ok(!isEncoderComment(ascii('QUAST JasPer Version 1.900.1')));
});
