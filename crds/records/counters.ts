/** Counters: the progress of a run as a worker serves it. They carry no name and no key, and only grow. */
import { object, required, type Value } from '../schema/schema.ts';
import { validator } from '../schema/validator.ts';
import { count, tag } from './fields.ts';
import { outcomeCounts } from './outcome-counts.ts';

const schema = object('Progress of a run, or of one shard of it.', {
  ...tag('Counters'),
  shards: count('Shards in hand: one for a worker of one shard.'),
  shardsDone: count('Shards that are done.'),
  objects: count('Objects in these shards.'),
  outcomes: required(outcomeCounts),
  bytes: count('Bytes of the objects in these shards.'),
  bytesIn: count('Bytes of source objects that have an outcome.'),
  bytesOut: count('Bytes written to the destination.'),
});

export type Counters = Value<typeof schema>;

/** Validates counters that were read back. */
export const validateCounters = validator(schema);
