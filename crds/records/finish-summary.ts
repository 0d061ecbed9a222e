/**
 * The finish summary: all that leaves the finish step of an attempt. It fits a pod's termination message of 4,096 bytes
 * whatever the size of the run: reasons are cut off at {@link mostReasons}, the most frequent first.
 */
import { choice, integer, list, object, optional, required, text, type Value } from '../schema/schema.ts';
import { validator } from '../schema/validator.ts';
import { count, digest, engineVersion, tag } from './fields.ts';
import { outcomeCounts } from './outcome-counts.ts';

/** Reasons that a summary names at most. */
export const mostReasons = 32;

/**
 * How an attempt ended.
 * - `Success`: every object has its outcome, none `failed`, and the failure policy holds.
 * - `ObjectsFailed`: every object has its outcome, some `failed`; another attempt may succeed.
 * - `ShardsUndone`: some shards were given up before every object had its outcome; another attempt goes on with them.
 * - `FailurePolicyExceeded`: more objects were rejected than the job allows; another attempt would change nothing.
 */
export const finishResults = ['Success', 'ObjectsFailed', 'ShardsUndone', 'FailurePolicyExceeded'] as const;
export type FinishResult = (typeof finishResults)[number];

const schema = object('What an attempt came to, in counts.', {
  ...tag('FinishSummary'),
  engineVersion: engineVersion(),
  planDigest: digest('SHA-256 of the plan that was processed.'),
  attempt: count('The attempt, from 0.'),
  result: required(choice('How the attempt ended.', finishResults)),
  shards: required(
    object('Shards of the plan.', {
      total: count('Number of shards.'),
      done: count('Shards in which every object has its outcome.'),
      retryable: count('Shards that a next attempt would process: undone, or with failed objects.'),
    }),
  ),
  objects: count('Objects of the plan.'),
  outcomes: required(outcomeCounts),
  reasons: required(
    list(
      'Objects that were not de-identified by reason code, the most frequent first.',
      object('A reason.', {
        code: required(text('The reason code.', { minLength: 1, maxLength: 40 })),
        objects: required(integer('Number of objects.', 0)),
      }),
      { maxItems: mostReasons, listType: 'map', key: 'code' },
    ),
  ),
  bytesIn: count('Bytes of source objects that have an outcome.'),
  bytesOut: count('Bytes written to the destination.'),
  ledger: optional(
    object('The sealed ledger.', {
      root: digest('Root of its Merkle tree.'),
      entries: count('Number of its entries.'),
    }),
  ),
  report: optional(text('Key of the report within the work area.', { maxLength: 256 })),
});

export type FinishSummary = Value<typeof schema>;

/** Validates a finish summary that was read back. */
export const validateFinishSummary = validator(schema);
