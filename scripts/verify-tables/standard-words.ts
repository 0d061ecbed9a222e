/**
 * Words that the standard's own names are made of. A value that is one of them is a defined term before it is
 * anybody's: it is not searched for.
 */

const shortest = 4;

/** Lower-case words of four letters or more in the name columns of the given tables, sorted. */
export function standardWords(sources: readonly string[]): readonly string[] {
  const words = new Set<string>();
  for (const source of sources) {
    for (const name of namesIn(source)) {
      for (const word of name.toLowerCase().match(/[a-z]+/g) ?? []) {
        if (word.length >= shortest) words.add(word);
      }
    }
  }
  return [...words].sort();
}

function namesIn(source: string): readonly string[] {
  if (source.startsWith('{')) {
    const { rows } = JSON.parse(source) as { rows: readonly Readonly<Record<string, string>>[] };
    return rows.map((row) => row['Code Meaning'] ?? '');
  }
  const [head = '', ...lines] = source.split('\n');
  const column = head.split('\t').indexOf('name');
  return lines.map((line) => line.split('\t')[column] ?? '');
}
