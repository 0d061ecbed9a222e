/**
 * A process that plans a source of as many objects as its argument says and prints the plan's summary. The source is
 * made up as it is listed, and the work area keeps only the small objects that planning reads again.
 */
import { createMemoryStorage } from '../../../worker/storage/memory-storage.ts';
import type { ObjectStat, Storage } from '../../../worker/storage/storage.ts';
import { planIn } from './steps-in-process.ts';

const [count = '0'] = process.argv.slice(2);
const objects = Number(count);

function objectAt(index: number): ObjectStat {
  return {
    key: `ct/2026/patient-${index % 5000}/IM${String(index).padStart(9, '0')}.dcm`,
    size: 528_000,
    version: `v${index}`,
  };
}

const memory = createMemoryStorage();
const source: Storage = {
  ...memory,
  list: async (_prefix, { continuation = '0', limit = 1000 } = {}) => {
    const from = Number(continuation);
    const until = Math.min(objects, from + limit);
    const page = Array.from({ length: until - from }, (_, index) => objectAt(from + index));
    return until < objects ? { objects: page, continuation: String(until) } : { objects: page };
  },
};
const workArea: Storage = {
  ...memory,
  create: async (key, body) => (key.includes('/cell-') ? 'created' : memory.create(key, body)),
};

const { summary } = await planIn({ source, workArea, destination: memory, quarantine: memory }, 'large');
process.stdout.write(JSON.stringify(summary));
