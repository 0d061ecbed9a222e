import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { createMemoryStorage } from '../storage/memory-storage.ts';
import type { OpenObject } from '../storage/storage.ts';
import { type ManifestEntry, type ManifestFormat, manifestEntries } from './manifest.ts';
import { RunError } from './run-error.ts';

const secret = 'gruenspecht';

async function opened(bytes: Uint8Array): Promise<OpenObject> {
  const storage = createMemoryStorage();
  await storage.create('list', { size: bytes.length, chunks: [bytes] });
  return storage.open('list');
}

async function entriesOf(bytes: string | Uint8Array, format: ManifestFormat): Promise<ManifestEntry[]> {
  const entries: ManifestEntry[] = [];
  const object = await opened(Buffer.from(bytes));
  for await (const entry of manifestEntries(object, format, 'raw')) entries.push(entry);
  return entries;
}

const keys = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' });
const versions = fc.option(fc.stringMatching(/^[A-Za-z0-9._-]{1,40}$/), { nil: undefined });
const written = fc.array(fc.record({ key: keys, versionId: versions }), { maxLength: 20 });
const ends = fc.constantFrom('\n', '\r\n');

/** What a list of these gives back. */
const expected = (named: readonly { readonly key: string; readonly versionId: string | undefined }[]) =>
  named.map(({ key, versionId }, index) => ({
    line: index + 1,
    key,
    ...(versionId === undefined ? {} : { versionId }),
  }));

describe('a list of objects', () => {
  it('gives in order what was written as JSON lines, gzipped or not', async () => {
    await fc.assert(
      fc.asyncProperty(written, ends, fc.boolean(), async (named, end, isZipped) => {
        const text = Buffer.from(named.map((entry) => JSON.stringify(entry) + end).join(''));
        assert.deepEqual(await entriesOf(isZipped ? gzipSync(text) : text, 'jsonLines'), expected(named));
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('gives in order what was written as CSV, quoted or not', async () => {
    await fc.assert(
      fc.asyncProperty(written, ends, fc.boolean(), async (named, end, isQuoted) => {
        const field = (text: string) => (isQuoted ? `"${text.replaceAll('"', '""')}"` : text);
        const text = named
          .map(({ key, versionId }) =>
            [
              'raw',
              encodeURIComponent(key).replaceAll('%20', '+'),
              ...(versionId === undefined ? [] : [versionId]),
            ]
              .map(field)
              .join(','),
          )
          .map((line) => line + end)
          .join('');
        assert.deepEqual(await entriesOf(text, 'csv'), expected(named));
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('may have a byte order mark, empty lines and no end of its last line', async () => {
    assert.deepEqual(await entriesOf('\ufeff{"key":"a"}\n\n{"key":"b"}', 'jsonLines'), [
      { line: 1, key: 'a' },
      { line: 3, key: 'b' },
    ]);
    assert.deepEqual(await entriesOf('raw,a,\n', 'csv'), [{ line: 1, key: 'a' }]);
  });

  const refused: readonly (readonly [string, string | Uint8Array, ManifestFormat, string])[] = [
    ['no JSON', `{"key":"a"}\n${secret}\n`, 'jsonLines', 'line 2: is not a JSON object'],
    ['no object', `"${secret}"`, 'jsonLines', 'line 1: is not a JSON object'],
    ['no key', `{"versionId":"${secret}"}`, 'jsonLines', 'line 1: names no key'],
    ['an empty key', '{"key":""}', 'jsonLines', 'line 1: names no key'],
    ['a key that is no text', '{"key":7}', 'jsonLines', 'line 1: names no key'],
    [
      'a version that is no text',
      `{"key":"${secret}","versionId":7}`,
      'jsonLines',
      'line 1: has a version id that is none',
    ],
    [
      'a misspelt field',
      `{"key":"a","version_id":"${secret}"}`,
      'jsonLines',
      'line 1: has fields beside key and versionId',
    ],
    ['bytes that are no text', Buffer.from([0x22, 0xff, 0x22]), 'jsonLines', 'line 1: is not UTF-8'],
    ['another bucket', `${secret},a\n`, 'csv', 'line 1: names another bucket'],
    [
      'an inventory with more columns',
      'raw,a,v,true\n',
      'csv',
      'line 1: has other columns than bucket, key and version id',
    ],
    ['one column', 'raw\n', 'csv', 'line 1: has other columns'],
    ['an open quote', `raw,"${secret}\n`, 'csv', 'line 1: is not CSV'],
    ['a broken escape', `raw,${secret}%f\n`, 'csv', 'line 1: has a key that is not in URL encoding'],
    ['an escape that is no text', `raw,${secret}%ff\n`, 'csv', 'line 1: has a key that is not in URL'],
    ['a line without end', Buffer.alloc(40 * 1024 * 1024, 'x'), 'jsonLines', 'line 1: is too long'],
    [
      'gzip that unfolds to a line without end',
      gzipSync(Buffer.alloc(64 * 1024 * 1024)),
      'csv',
      'line 1: is too long',
    ],
    [
      'gzip that is cut short',
      gzipSync(Buffer.from('{"key":"a"}\n'.repeat(100))).subarray(0, 40),
      'jsonLines',
      'is damaged',
    ],
  ];
  for (const [what, bytes, format, words] of refused) {
    it(`is refused with ${what}, by the number of the line and without its words`, async () => {
      await assert.rejects(
        () => entriesOf(bytes, format),
        (error) =>
          error instanceof RunError &&
          error.exit === 'BadConfiguration' &&
          error.message.startsWith(`spec.source.manifest: ${words}`) &&
          !error.message.includes(secret),
      );
    });
  }

  it('is read or refused, whatever its bytes are', async () => {
    const pieces = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .constantFrom('{"key":"a"}\n', 'raw,a\n', '"', ',', '\r\n', '{', '\ufeff', '%2')
        .map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(pieces, { maxLength: 12 }),
        fc.constantFrom('jsonLines', 'csv'),
        fc.constantFrom([], [0x1f, 0x8b], [0x1f, 0x8b, 8, 0]),
        async (parts, format, magic) => {
          try {
            for (const { key } of await entriesOf(Buffer.concat([Buffer.from(magic), ...parts]), format)) {
              assert.notEqual(key, '');
            }
          } catch (error) {
            assert.ok(error instanceof RunError, String(error));
          }
        },
      ),
      { seed: 1, numRuns: 3000 },
    );
  });
});
