/** Reads phrases out of the published sources of the vocabulary. */

const quotedMeaning = /\(\s*"((?:[^"\\]|\\.)*)",\s*\[/g;
/** `AC by GA, Hadlock 1984`, `BSA = 0.1173 ...`, `Gestational Age by Hansmann`: equations bear their authors' names. */
const namesAnAuthor = /\b(?:18|19|20)\d\d\b|\bet al\b|\bby [A-Z][a-z]+$|['’]s\b|^Equation/;
/** Breeds and places are named after people and are no findings. */
const properNames = /\b(?:breed|dog|terrier|hound|cattle|horse|sheep|goat|pig|cat)\b/i;

/** The meanings of the context groups' concepts, but for those that name people. */
export function conceptMeanings(source: string): readonly string[] {
  return [...source.matchAll(quotedMeaning)]
    .map(([, meaning = '']) => meaning)
    .filter((meaning) => !namesAnAuthor.test(meaning) && !properNames.test(meaning));
}

/** The sentences that describe the modules, without markup. Only words in lower case count: the others may be names. */
export function moduleDescriptions(source: string): readonly string[] {
  const modules = JSON.parse(source) as readonly { readonly description?: string }[];
  return modules.map(({ description = '' }) =>
    (description.replace(/<[^>]*>/g, ' ').match(/(?<!\p{L})\p{Ll}+(?!\p{L})/gu) ?? []).join(' '),
  );
}
