/** Names that many people bear, from lists of the form `NAME share cumulative rank`, the most frequent first. */

/** Rarer family names than these are seldom words, and words seldom such names. */
const mostFrequentFamilyNames = 6000;
const mostFrequentGivenNames = 2500;

export interface NameList {
  readonly file: string;
  readonly text: string;
}

/** Folded to lower case. */
export function commonNames(lists: readonly NameList[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { file, text } of lists) {
    const most = file.endsWith('.last') ? mostFrequentFamilyNames : mostFrequentGivenNames;
    for (const line of text.split('\n').slice(0, most)) {
      const [name = ''] = line.trim().split(/\s+/);
      if (name !== '') names.add(name.toLowerCase());
    }
  }
  return names;
}
