/** Multipart uploads in a folder: the parts are hidden files, and completing joins them into one new object. */
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { rangeChunks } from './chunks.ts';
import { fileVersion, pathOfLatin1 } from './file-listing.ts';
import { openFile } from './file-object.ts';
import { attempt, type RootedFiles, toStorageError, writeWhole } from './rooted-files.ts';
import type { Body, MultipartVerb, Storage, UploadedPart } from './storage.ts';
import { StorageError } from './storage-error.ts';

/** The multipart verbs over the files of one root. An upload is known by its folder, so any process can go on with it. */
export function fileMultipart(files: RootedFiles): Pick<Storage, MultipartVerb> {
  const uploadPart = async (key: string, uploadId: string, partNumber: number, body: Body) => {
    try {
      const folder = uploadFolder(files, key, uploadId);
      const hidden = pathOfLatin1(`${folder}/${files.partialName()}`);
      try {
        await writeWhole(hidden, body);
        renameSync(hidden, pathOfLatin1(`${folder}/${partName(partNumber)}`));
      } finally {
        rmSync(hidden, { force: true });
      }
      return partOf(folder, partNumber);
    } catch (error) {
      throw toStorageError(error);
    }
  };
  return {
    createMultipartUpload: async (key) =>
      attempt(() => {
        files.pathOf(key);
        const uploadId = `${files.partialName()}.${keyMark(key)}`;
        files.inPartial((folder) => mkdirSync(pathOfLatin1(`${folder}/${uploadId}`)));
        return uploadId;
      }),
    uploadPart,
    uploadPartCopy: async (key, uploadId, partNumber, source) => {
      const object = await source.storage.open(source.key, source.version);
      try {
        const size = source.end - source.start;
        const chunks = rangeChunks(object, source.start, source.end);
        return await uploadPart(key, uploadId, partNumber, { size, chunks });
      } finally {
        await object.close();
      }
    },
    listParts: async (key, uploadId) => attempt(() => partsOf(uploadFolder(files, key, uploadId))),
    completeMultipartUpload: async (key, uploadId, parts) => {
      const folder = attempt(() => uploadFolder(files, key, uploadId));
      const present = new Map(attempt(() => partsOf(folder)).map((part) => [part.partNumber, part]));
      for (const part of parts) {
        if (present.get(part.partNumber)?.tag !== part.tag) throw new StorageError('NotFound');
      }
      const size = parts.reduce((sum, part) => sum + part.size, 0);
      const result = await files.create(key, { size, chunks: joined(folder, parts) });
      if (result === 'created') attempt(() => rmSync(pathOfLatin1(folder), { recursive: true, force: true }));
      return result;
    },
    abortMultipartUpload: async (key, uploadId) =>
      attempt(() => {
        const folder = `${files.partial()}/${checkedUploadId(key, uploadId)}`;
        rmSync(pathOfLatin1(folder), { recursive: true, force: true });
      }),
  };
}

/** Ties an upload to its key without writing the key anywhere. */
function keyMark(key: string): string {
  return createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 16);
}

function checkedUploadId(key: string, uploadId: string): string {
  if (!/^[\w.-]*~[\w-]+\.[0-9a-f]{16}$/.test(uploadId) || !uploadId.endsWith(`.${keyMark(key)}`)) {
    throw new StorageError('NotFound');
  }
  return uploadId;
}

function uploadFolder(files: RootedFiles, key: string, uploadId: string): string {
  const folder = `${files.partial()}/${checkedUploadId(key, uploadId)}`;
  const stat = lstatSync(pathOfLatin1(folder), { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) throw new StorageError('NotFound');
  return folder;
}

function partName(partNumber: number): string {
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > 10_000)
    throw new StorageError('InvalidKey');
  return String(partNumber).padStart(5, '0');
}

function partOf(folder: string, partNumber: number): UploadedPart {
  const stat = lstatSync(pathOfLatin1(`${folder}/${partName(partNumber)}`), { bigint: true });
  return { partNumber, size: Number(stat.size), tag: fileVersion(stat) };
}

function partsOf(folder: string): readonly UploadedPart[] {
  return readdirSync(pathOfLatin1(folder), 'latin1')
    .filter((name) => /^\d{5}$/.test(name))
    .sort()
    .map((name) => partOf(folder, Number(name)));
}

/** The bytes of the parts in order of number. */
async function* joined(folder: string, parts: readonly UploadedPart[]): AsyncGenerator<Uint8Array> {
  for (const part of [...parts].sort((a, b) => a.partNumber - b.partNumber)) {
    const object = attempt(() => openFile(pathOfLatin1(`${folder}/${partName(part.partNumber)}`), part.tag));
    try {
      yield* rangeChunks(object, 0, object.size);
    } finally {
      await object.close();
    }
  }
}
