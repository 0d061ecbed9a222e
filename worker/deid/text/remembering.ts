/** Remembers what a function gave for the last texts, for functions that depend on nothing but the text. */

const mostTexts = 8192;
const longestText = 256;

/**
 * Gives the function with a memory of the last `size` texts. Long texts are looked at anew each time, so that memory
 * stays bounded. What the function gives is shared: it must be read only.
 */
export function remembering<T extends object>(
  compute: (text: string) => T,
  size: number = mostTexts,
): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    if (text.length > longestText) return compute(text);
    const before = known.get(text);
    if (before !== undefined) return before;
    const computed = compute(text);
    if (known.size >= size) known.delete(known.keys().next().value ?? '');
    known.set(text, computed);
    return computed;
  };
}
