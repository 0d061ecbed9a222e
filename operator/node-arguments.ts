/**
 * Arguments of the operator's Node; the chart gives them. What comes from watches dies young: without a bound, a large machine's
 * Node keeps more than a hundred megabytes for it.
 */
export const nodeArguments: readonly string[] = ['--max-semi-space-size=8'];
