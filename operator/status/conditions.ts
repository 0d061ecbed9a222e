/** The list of conditions of a status (apimachinery meta/v1 Condition). */

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly observedGeneration?: number;
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

/** A condition as it should be; when it last changed follows from what it was. */
export type WantedCondition = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

/** The wanted conditions in their order, then those of other controllers as they were. */
export function mergeConditions(
  previous: readonly Condition[],
  wanted: readonly WantedCondition[],
  observedGeneration: number,
  now: string,
): readonly Condition[] {
  const before = new Map(previous.map((condition) => [condition.type, condition]));
  const ours = wanted.map((condition) => {
    const old = before.get(condition.type);
    const lastTransitionTime = old?.status === condition.status ? old.lastTransitionTime : now;
    return { ...condition, observedGeneration, lastTransitionTime };
  });
  const types = new Set(wanted.map(({ type }) => type));
  return [...ours, ...previous.filter(({ type }) => !types.has(type))];
}
