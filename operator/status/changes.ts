/** Whether a status is worth a write, and when. */
import { isDeepStrictEqual } from 'node:util';
import type { Condition } from './conditions.ts';

interface Status {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
}

/** What a change is: nothing, figures that may wait, or something that people and tools wait for. */
export type Change = 'None' | 'Figures' | 'Conditions';

function essence(conditions: readonly Condition[] = []): unknown {
  return conditions.map(({ type, status, reason }) => ({ type, status, reason }));
}

/** How the status differs from the one before. */
export function changeOf<S extends Status>(before: S, after: S): Change {
  if (isDeepStrictEqual(before, after)) return 'None';
  return before.observedGeneration !== after.observedGeneration ||
    !isDeepStrictEqual(essence(before.conditions), essence(after.conditions))
    ? 'Conditions'
    : 'Figures';
}
