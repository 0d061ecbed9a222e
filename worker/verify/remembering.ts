/** What is made of one text is remembered for a while: the objects of a series repeat their texts. */

const mostRemembered = 10_000;
/** UTF-16 code units: what is longer hardly comes again. */
const longestRemembered = 256;

/** `make`, which must be a function of its text alone, and which remembers. */
export function remembering<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    if (text.length > longestRemembered) return make(text);
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= mostRemembered) known.clear();
    const made = make(text);
    known.set(text, made);
    return made;
  };
}
