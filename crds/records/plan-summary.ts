/** The plan summary: all that leaves the plan step. It fits a pod's termination message of 4,096 bytes. */
import { object, type Value } from '../schema/schema.ts';
import { validator } from '../schema/validator.ts';
import { count, digest, engineVersion, tag } from './fields.ts';

/** Bytes of a termination message (Kubernetes' limit per container). */
export const terminationMessageBytes = 4096;

const schema = object('What the plan found, in counts.', {
  ...tag('PlanSummary'),
  engineVersion: engineVersion(),
  runSpecDigest: digest('SHA-256 of the run spec that was planned.'),
  digest: digest('SHA-256 of the plan: the same source under the same run spec gives the same.'),
  shards: count('Number of shards.'),
  objects: count('Number of objects in all shards.'),
  bytes: count('Bytes of these objects.'),
});

export type PlanSummary = Value<typeof schema>;

/** Validates a plan summary that was read back. */
export const validatePlanSummary = validator(schema);
