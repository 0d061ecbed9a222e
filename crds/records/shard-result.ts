/** The shard result: what became of the objects of one shard, in counts. Finish adds them up. */
import { type Problem, problem, type Validated } from '../schema/problem.ts';
import { object, required, type Value } from '../schema/schema.ts';
import { validator } from '../schema/validator.ts';
import { count, digest, engineVersion, tag } from './fields.ts';
import { accounted, outcomeCounts, reasonCounts } from './outcome-counts.ts';

const schema = object('What became of a shard.', {
  ...tag('ShardResult'),
  engineVersion: engineVersion(),
  planDigest: digest('SHA-256 of the plan that the shard belongs to.'),
  shard: count('Number of the shard, from 0.'),
  objects: count('Number of objects in the shard.'),
  outcomes: required(outcomeCounts),
  reasons: reasonCounts,
  pixelsUnchecked: count(
    'De-identified objects of classes at risk of burned-in text whose pixels nobody looked at.',
  ),
  pixelsCleaned: count(
    'De-identified objects in whose Pixel Data a container clean-up changed bytes; their records name it.',
  ),
  duplicates: count('Objects whose output was in the destination already, byte for byte.'),
  bytesIn: count('Bytes of the source objects.'),
  bytesOut: count('Bytes written to the destination.'),
});

export type ShardResult = Value<typeof schema>;

const fits = validator(schema);

function sumProblems({ objects, outcomes, reasons }: ShardResult): Problem[] {
  const withReason = Object.values(reasons).reduce((sum, number) => sum + number, 0);
  const problems: Problem[] = [];
  if (accounted(outcomes) !== objects) {
    problems.push(problem('Invalid', ['outcomes'], 'must add up to the number of objects'));
  }
  if (withReason !== accounted(outcomes) - outcomes.deidentified) {
    problems.push(
      problem('Invalid', ['reasons'], 'must name a reason for each object that is not de-identified'),
    );
  }
  return problems;
}

/** Validates a shard result that was read back; its counts must add up. */
export function validateShardResult(value: unknown): Validated<ShardResult> {
  const fitted = fits(value);
  if (!fitted.ok) return fitted;
  const problems = sumProblems(fitted.document);
  return problems.length === 0 ? fitted : { ok: false, problems };
}
