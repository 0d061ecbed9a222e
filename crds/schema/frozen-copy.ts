/** Copies that nobody can change. */

/** A frozen deep copy of a JSON value. */
export function frozenCopy<T extends object>(value: T): T {
  const freeze = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    Object.freeze(part);
    for (const child of Object.values(part)) freeze(child);
  };
  const copy = structuredClone(value);
  freeze(copy);
  return copy;
}
