/**
 * A list of objects to take, as a stream of entries: JSON lines, or CSV as S3 Batch Operations reads it, either of them
 * gzipped or not. Lists come from outside: what does not fit is refused by the number of its line, never quoted.
 */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { rangeChunks } from '../storage/chunks.ts';
import type { OpenObject } from '../storage/storage.ts';
import { StorageError } from '../storage/storage-error.ts';
import { jsonObject } from './json-object.ts';
import { RunError } from './run-error.ts';

export type ManifestFormat = 'jsonLines' | 'csv';

export interface ManifestEntry {
  /** From 1. */
  readonly line: number;
  /** As the bucket or claim has it. */
  readonly key: string;
  /** Undefined: the latest. */
  readonly versionId?: string;
}

/** Bytes of the longest line: keys are shorter, however they are written. */
const longestLine = 16 * 1024;

export function manifestError(problem: string, line?: number): RunError {
  const place = line === undefined ? '' : `line ${line}: `;
  return new RunError('BadConfiguration', `spec.source.manifest: ${place}${problem}`);
}

/** `store` is the name of the bucket or claim that entries in CSV name. Throws `RunError`, `StorageError`. */
export async function* manifestEntries(
  object: OpenObject,
  format: ManifestFormat,
  store: string,
): AsyncGenerator<ManifestEntry> {
  for await (const { line, text } of linesOf(object)) {
    if (text !== '')
      yield { line, ...(format === 'csv' ? csvEntry(text, line, store) : jsonEntry(text, line)) };
  }
}

type Named = Pick<ManifestEntry, 'key' | 'versionId'>;

function named(key: unknown, versionId: unknown, line: number): Named {
  if (typeof key !== 'string' || key === '') throw manifestError('names no key', line);
  if (versionId === undefined) return { key };
  if (typeof versionId !== 'string' || !/^[\x21-\x7e]{1,1024}$/.test(versionId)) {
    throw manifestError('has a version id that is none', line);
  }
  return { key, versionId };
}

function jsonEntry(text: string, line: number): Named {
  const entry = jsonObject(text);
  if (entry === undefined) throw manifestError('is not a JSON object', line);
  const { key, versionId, ...others } = entry;
  // A field that is not known may be a version by another name.
  if (Object.keys(others).length > 0) throw manifestError('has fields beside key and versionId', line);
  return named(key, versionId, line);
}

function csvEntry(text: string, line: number, store: string): Named {
  const fields = csvFields(text);
  if (fields === undefined) throw manifestError('is not CSV', line);
  const [bucket, key, versionId, ...others] = fields;
  if (key === undefined || others.length > 0) {
    throw manifestError('has other columns than bucket, key and version id', line);
  }
  if (bucket !== store) throw manifestError('names another bucket or claim than that of the source', line);
  try {
    const decoded = decodeURIComponent(key.replaceAll('+', '%20'));
    return named(decoded, versionId === '' ? undefined : versionId, line);
  } catch (error) {
    throw error instanceof URIError ? manifestError('has a key that is not in URL encoding', line) : error;
  }
}

/** The fields of a record of RFC 4180; undefined where it is none. */
function csvFields(text: string): readonly string[] | undefined {
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  while (field.lastIndex <= text.length) {
    const match = field.exec(text);
    if (match === null) return undefined;
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '') return fields;
  }
  return undefined;
}

interface Line {
  readonly line: number;
  readonly text: string;
}

/** Lines without what ends them, a chunk and a line in memory at a time. */
async function* linesOf(object: OpenObject): AsyncGenerator<Line> {
  let line = 1;
  let pending: Buffer = Buffer.alloc(0);
  for await (const chunk of plainChunks(object)) {
    let at = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, at)) {
      yield { line, text: textOf(Buffer.concat([pending, chunk.subarray(at, end)]), line) };
      pending = Buffer.alloc(0);
      at = end + 1;
      line += 1;
    }
    pending = Buffer.concat([pending, chunk.subarray(at)]);
    if (pending.length > longestLine) throw manifestError('is too long', line);
  }
  if (pending.length > 0) yield { line, text: textOf(pending, line) };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array, line: number): string {
  if (bytes.length > longestLine) throw manifestError('is too long', line);
  try {
    const text = utf8.decode(bytes).replace(/\r$/, '');
    return line === 1 ? text.replace(/^\ufeff/, '') : text;
  } catch {
    throw manifestError('is not UTF-8', line);
  }
}

/** The bytes of the list, of which a gzipped one is told by its first two. */
async function* plainChunks(object: OpenObject): AsyncGenerator<Buffer> {
  const chunks = rangeChunks(object, 0, object.size);
  const magic = object.size < 2 ? undefined : Buffer.from(await object.read(0, 2));
  if (magic?.readUInt16BE() !== 0x1f8b) {
    for await (const chunk of chunks) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    return;
  }
  const source = Readable.from(chunks, { objectMode: false });
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  try {
    yield* source.pipe(gunzip) as AsyncIterable<Buffer>;
  } catch (error) {
    throw error instanceof StorageError ? error : manifestError('is damaged: it cannot be unzipped');
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}
