/** The status of a DeidJob: what the operator reports, bounded whatever the size of the job, and free of any value or key. */
import { integer, list, object, optional, required, text, type Value } from '../schema/schema.ts';
import { validator } from '../schema/validator.ts';
import { conditions } from './document.ts';

const count = (description: string) => optional(integer(description, 0));
const time = (description: string) => optional(text(description, { format: 'date-time', maxLength: 64 }));
const digest = (description: string) =>
  optional(
    text(description, {
      maxLength: 71,
      pattern: '^sha256:[0-9a-f]{64}$',
      expected: 'sha256: and 64 hexadecimal digits',
    }),
  );

export const jobStatus = object('What became of the job so far.', {
  observedGeneration: count('The metadata.generation that the status was written for.'),
  conditions: optional(conditions),
  startTime: time('When the job was accepted.'),
  completionTime: time('When the job became Complete or Failed.'),
  duration: optional(text('Time from start to completion, as text for people: 1h12m.', { maxLength: 16 })),
  runSpec: optional(
    object('The job and its profile as they were when the job was accepted; later edits change nothing.', {
      configMap: required(text('Name of the ConfigMap that holds them.', { maxLength: 253 })),
      digest: digest('SHA-256 of the run spec.'),
      image: optional(
        text('Image of every pod of the job, also of later attempts: one version does all of a run.', {
          maxLength: 1024,
        }),
      ),
    }),
  ),
  plan: optional(
    object('What the plan found.', {
      shards: count('Number of shards.'),
      objects: count('Number of objects in the source that were planned.'),
      bytes: count('Bytes of these objects.'),
      digest: digest('SHA-256 of the plan.'),
    }),
  ),
  attempt: count('The attempt that runs or ran last, from 0.'),
  retryable: optional(
    object('What a next attempt would do: the list itself lies in the work area.', {
      attempt: required(integer('The attempt that left these shards behind.', 0)),
      shards: required(integer('Number of shards left undone or with failed objects.', 0)),
    }),
  ),
  shards: optional(
    object('Shards of the attempt.', {
      total: count('Number of shards.'),
      active: count('Shards with a running pod.'),
      succeeded: count('Shards that are done.'),
      failed: count('Shards that were given up.'),
      failedIndexes: optional(
        text('Indexes of the shards that were given up as intervals: 1,3-5. Cut off at the limit.', {
          maxLength: 4096,
        }),
      ),
    }),
  ),
  objects: optional(
    object('Objects by outcome.', {
      total: count('Objects of the plan.'),
      deidentified: count('Written to the destination.'),
      review: count('Held back for a person to look.'),
      rejected: count('Not understood or refused by policy.'),
      skipped: count('Not wanted by the filter.'),
      failed: count('Fallen to a fault; to be tried again.'),
    }),
  ),
  reasons: optional(
    list(
      'Objects that were held back, skipped or failed by reason code, the most frequent first.',
      object('A reason.', {
        code: required(text('The reason code.', { maxLength: 64 })),
        objects: required(integer('Number of objects.', 0)),
      }),
      { maxItems: 64, listType: 'map', key: 'code' },
    ),
  ),
  bytes: count('Bytes read so far.'),
  progress: optional(
    text('Share of the work that is done, as text for people: 73%. 100% once the job is Complete.', {
      maxLength: 8,
    }),
  ),
  ledger: optional(
    object('The sealed audit ledger of the attempt.', {
      root: digest('Root of its Merkle tree.'),
      entries: count('Number of its entries.'),
    }),
  ),
  report: optional(text('Key of the report within the work area.', { maxLength: 1024 })),
});

export type DeidJobStatus = Value<typeof jobStatus>;

/** Validates a status that was read back. */
export const validateJobStatus = validator(jobStatus);
