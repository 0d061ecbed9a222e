import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonLineError, jsonLines } from './json-lines.ts';

async function* chunks(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let start = 0;
  for (const end of ends) {
    yield bytes.subarray(start, end);
    start = end;
  }
}

async function values(lines: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const value of lines) all.push(value);
  return all;
}

test('property: wherever the stream is cut, the lines are the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 5 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      async (sent, cuts) => {
        const text = sent.map((value) => `${JSON.stringify(value)}\n`).join('');
        const lines = await values(jsonLines(chunks(Buffer.from(text), cuts)));
        assert.deepEqual(lines, JSON.parse(JSON.stringify(sent)));
      },
    ),
  );
});

test('empty lines are passed over, and a line that is not whole at the end is dropped', async () => {
  const lines = await values(jsonLines(chunks(Buffer.from('1\n\n\r\n{"a":"ü"}\n{"b"'), [14])));
  assert.deepEqual(lines, [1, { a: 'ü' }]);
});

test('a line that is no JSON is an error that does not quote it', async () => {
  const read = values(jsonLines(chunks(Buffer.from('GRUENSPECHT\n'), [])));
  await assert.rejects(read, (error) => error instanceof JsonLineError && !/GRUEN/.test(error.message));
});
