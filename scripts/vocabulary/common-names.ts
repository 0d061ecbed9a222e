/** Names that many people bear, from lists of the form `NAME share cumulative rank`, the most frequent first. */

/** How many names of each list count as common. */
export interface NameLimits {
  readonly family: number;
  readonly given: number;
}

/** Rarer family names than these are seldom terms, and terms seldom such names. */
export const termLimits: NameLimits = { family: 6000, given: 2500 };
/** What plain English has and no examination needs goes for rarer names too. */
export const plainEnglishLimits: NameLimits = { family: 20_000, given: 5000 };

export interface NameList {
  readonly file: string;
  readonly text: string;
}

/** Folded to lower case. */
export function commonNames(lists: readonly NameList[], { family, given }: NameLimits): Set<string> {
  const names = new Set<string>();
  for (const { file, text } of lists) {
    const most = file.endsWith('.last') ? family : given;
    for (const line of text.split('\n').slice(0, most)) {
      const [name = ''] = line.trim().split(/\s+/);
      if (name !== '') names.add(name.toLowerCase());
    }
  }
  return names;
}
