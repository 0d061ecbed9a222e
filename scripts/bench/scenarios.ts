/** What is measured and how fast it ought to be: each scenario with its data, its contenders and its goals. */
import { join } from 'node:path';
import {
  bareLoop,
  type Contender,
  copying,
  engineAlone,
  product,
  productSteps,
  s3Copying,
  s3Product,
} from './contenders.ts';
import {
  type DataSet,
  writeCtSlices,
  writeMultiFrame,
  writeSmallImages,
  writeTinyImages,
} from './data-sets.ts';
import { startStore } from './s3-store.ts';

/** What a goal compares. Time and CPU are per object. */
export type Quantity = 'time' | 'cpu' | 'memory';

/** `of` divided by `over`, both names of contenders, must keep a bound; without `over`, memory in MiB must. */
export interface Goal {
  readonly quantity: Quantity;
  readonly of: string;
  readonly over?: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly rounds: number;
  /** Writes a data set into a folder that does not exist yet. */
  readonly data: Readonly<Record<string, (folder: string) => DataSet>>;
  /** Readies what the contenders need beside the folder of the data sets; resolves to what ends it. */
  readonly prepare?: (folder: string) => Promise<() => Promise<void>>;
  /** In each round one after the other, so that all of them meet the same weather. */
  readonly contenders: readonly Contender[];
  readonly goals: readonly Goal[];
}

const oneWorker = 'deid run, 1 worker';
const twoWorkers = 'deid run, 2 workers';
const gigabyte = 1e9;

export const scenarios: readonly Scenario[] = [
  {
    name: 'ct',
    title: '1,000 CT slices of 0.5 MB',
    rounds: 7,
    data: { slices: (folder) => writeCtSlices(folder, 1000) },
    contenders: [
      copying('slices'),
      bareLoop('slices'),
      engineAlone('slices'),
      product('slices', 1),
      product('slices', 2),
    ],
    goals: [
      { quantity: 'cpu', of: oneWorker, over: 'bare loop', atMost: 1.5 },
      { quantity: 'time', of: oneWorker, over: twoWorkers, atLeast: 1.7 },
      { quantity: 'cpu', of: 'engine alone', over: 'cp -r', atMost: 3 },
    ],
  },
  {
    name: 'small',
    title: '5,000 small objects of 20 kB',
    rounds: 5,
    data: { objects: (folder) => writeSmallImages(folder, 5000) },
    contenders: [
      copying('objects'),
      bareLoop('objects'),
      engineAlone('objects'),
      product('objects', 1),
      product('objects', 2),
    ],
    goals: [{ quantity: 'cpu', of: oneWorker, over: 'bare loop', atMost: 2 }],
  },
  {
    name: 'large',
    title: 'one multi-frame object of 2 GB',
    rounds: 3,
    data: { object: (folder) => writeMultiFrame(folder, 2 * gigabyte) },
    contenders: [copying('object'), bareLoop('object'), product('object', 1)],
    goals: [
      { quantity: 'time', of: oneWorker, over: 'bare loop', atMost: 1.2 },
      { quantity: 'memory', of: oneWorker, atMost: 300 },
    ],
  },
  {
    name: 's3',
    title: '1,000 CT slices of 0.5 MB, from bucket to bucket, 8 at a time',
    rounds: 3,
    data: { slices: (folder) => writeCtSlices(folder, 1000) },
    prepare: (folder) => startStore(join(folder, 'slices')),
    contenders: [
      s3Copying('slices', 'bare'),
      s3Copying('slices', 'digests'),
      s3Product('slices', 1),
      s3Product('slices', 2),
    ],
    goals: [
      { quantity: 'time', of: 'bare loop', over: oneWorker, atLeast: 0.9 },
      { quantity: 'time', of: 'S3 copy', over: oneWorker, atLeast: 0.9 },
    ],
  },
  {
    name: 'tiny',
    title: '20,000 and 100,000 tiny objects of 1 kB',
    rounds: 1,
    data: {
      '20,000': (folder) => writeTinyImages(folder, 20_000),
      '100,000': (folder) => writeTinyImages(folder, 100_000),
    },
    contenders: [...productSteps('20,000'), ...productSteps('100,000')],
    goals: ['plan', 'process', 'finish'].flatMap((step): readonly Goal[] => {
      const compared = { of: `deid ${step}, 100,000`, over: `deid ${step}, 20,000` };
      return [
        { quantity: 'cpu', ...compared, atMost: 1.1 },
        { quantity: 'memory', ...compared, atMost: 1.2 },
      ];
    }),
  },
];
