/** A check looks at the facts and decides, or has nothing to say, and the next one is asked. */
import type { JobFacts } from '../facts/job-facts.ts';
import type { Decision } from './decision.ts';
import type { SoundFacts } from './known.ts';

export type Check<Facts extends JobFacts = SoundFacts> = (facts: Facts) => Decision | undefined;

/** The decision of the first check that has one. */
export function firstOf<Facts extends JobFacts>(
  chain: readonly Check<Facts>[],
  facts: Facts,
): Decision | undefined {
  for (const check of chain) {
    const decision = check(facts);
    if (decision !== undefined) return decision;
  }
  return undefined;
}
