/** The difference of two JSON values as a merge patch (RFC 7386). */

type JsonMembers = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonMembers {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The patch that makes `after` of `before`; lists go whole. Undefined where the two are equal. Values hold no null. */
export function mergePatch(before: unknown, after: unknown): unknown {
  if (!isObject(before) || !isObject(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? undefined : after;
  }
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changes = [...names].flatMap((name) => {
    if (after[name] === undefined) return before[name] === undefined ? [] : [[name, null] as const];
    const change = mergePatch(before[name], after[name]);
    return change === undefined ? [] : [[name, change] as const];
  });
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}
