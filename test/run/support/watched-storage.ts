/** A store whose every operation is announced before it is done and after, so that a test can make it fail. */
import type { Storage } from '../../../worker/storage/storage.ts';

export interface Operation {
  readonly verb: keyof Storage;
  readonly key: string;
  /** Before it has had any effect, or after it had all of it and before the caller hears. */
  readonly when: 'before' | 'after';
}

/** The store with `watch` told of each operation; what it throws, the caller gets. */
export function watchedStorage(storage: Storage, watch: (operation: Operation) => void): Storage {
  const told = async <T>(verb: keyof Storage, key: string, act: () => Promise<T>): Promise<T> => {
    watch({ verb, key, when: 'before' });
    const result = await act();
    watch({ verb, key, when: 'after' });
    return result;
  };
  return {
    ...storage,
    list: (prefix, options) => told('list', prefix, () => storage.list(prefix, options)),
    stat: (key) => told('stat', key, () => storage.stat(key)),
    open: (key, version) => told('open', key, () => storage.open(key, version)),
    create: (key, body) => told('create', key, () => storage.create(key, body)),
    remove: (key) => told('remove', key, () => storage.remove(key)),
    discardUnfinished: (writer) => told('discardUnfinished', writer, () => storage.discardUnfinished(writer)),
  };
}
