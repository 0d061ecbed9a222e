/** A store that takes everything and keeps nothing: where the output of a dry run goes. */
import type { Storage } from './storage.ts';
import { StorageError } from './storage-error.ts';

async function unsupported(): Promise<never> {
  throw new StorageError('Unsupported');
}

export function createDiscardStorage(): Storage {
  return {
    capabilities: { serverSideCopy: false, minimumPartSize: 1, maximumParts: 10_000 },
    list: async () => ({ objects: [] }),
    stat: async () => undefined,
    open: async () => {
      throw new StorageError('NotFound');
    },
    create: async () => 'created',
    remove: async () => {},
    discardUnfinished: async () => {},
    createMultipartUpload: unsupported,
    uploadPart: unsupported,
    uploadPartCopy: unsupported,
    listParts: unsupported,
    completeMultipartUpload: unsupported,
    abortMultipartUpload: unsupported,
  };
}
