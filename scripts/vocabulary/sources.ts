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

/** The words of English word lists that are written in lower case only, without those that are proper names as well. */
export function plainWords(lists: readonly string[]): readonly string[] {
  const all = new Set(lists.flatMap((text) => text.split('\n')));
  return [...all].filter((word) => {
    const capital = word.charAt(0).toUpperCase() + word.slice(1);
    return word.length > 1 && /^\p{Ll}+$/u.test(word) && !all.has(capital);
  });
}

/** Languages whose articles, pronouns and prepositions stand in texts of examinations. */
const functionWordLanguages =
  'de fr es it nl pt sv da no fi pl cs sk hu ro tr ru uk el ar he ja zh ko hr sl bg ca'.split(' ');

/** The function words of several languages, without digits and signs. */
export function functionWords(json: string): readonly string[] {
  const byLanguage = JSON.parse(json) as Readonly<Record<string, readonly string[]>>;
  return functionWordLanguages
    .flatMap((language) => byLanguage[language] ?? [])
    .filter((word) => word.length > 1 && /^[\p{Ll}\p{Lo}\p{M}]+$/u.test(word));
}
