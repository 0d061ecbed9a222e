/**
 * The forms in which a person's name stands in text: each word of it, its components run together in any order, and
 * with initials, in every representation of a PN value (PS3.5 section 6.2.1) and in spellings without diacritics.
 */
import { foldToString, isUnspacedScript } from './fold.ts';
import type { Needle } from './needle.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Parts of names that are no name by themselves. */
const particles: ReadonlySet<string> = new Set(
  (
    'de la le les du des del della degli di da do dos das van von vom der den ten ter te zu zum zur af av el al ' +
    'bin ibn ben bint abu y e i st saint san santa mac mc o d l und and of the dr prof professor mr mrs ms miss md phd ' +
    'mph do rn rt jr sr ii iii iv herr frau hr fr mme mlle dott dra sra dipl ing med frcr frcs pd priv doz hon rev sir'
  ).split(' '),
);

const hasLetter = /\p{L}/u;
const shortestJoined = 5;
const shortestWithInitial = 4;
const shortestVariant = 4;

/** Umlauts are written out or dropped as the writer's keyboard has it. */
function spellings(word: string): readonly string[] {
  const plain = foldToString(word);
  const writtenOut = foldToString(
    word
      .toLowerCase()
      .normalize('NFC')
      .replace(/[äæ]/g, 'ae')
      .replace(/[öøœ]/g, 'oe')
      .replace(/ü/g, 'ue')
      .replace(/å/g, 'aa'),
  );
  const dropped = plain.replace(/([aou])e/g, '$1').replace(/aa/g, 'a');
  return [...new Set([plain, writtenOut, dropped])].filter(
    (form) => form === plain || form.length >= shortestVariant,
  );
}

interface NamePart {
  /** Words of the component that are names, folded. */
  readonly words: readonly string[];
  /** The whole component, folded, particles included. */
  readonly whole: string;
  readonly unspaced: boolean;
}

function partOf(component: string): NamePart {
  const raw = component.split(/[\s,;.&+/()[\]_]+/).filter((word) => word !== '');
  const pieces = raw.flatMap((word) => [word, ...word.split(/['’`\-‐–]/)]);
  return {
    words: [...new Set(pieces.map(foldToString))].filter((word) => word.length > 0 && !particles.has(word)),
    whole: foldToString(component),
    unspaced: isUnspacedScript(component),
  };
}

function wordNeedles(component: string, vocabulary: Vocabulary): readonly Needle[] {
  const raw = component.split(/[\s,;.&+/()[\]_]+/);
  return raw
    .flatMap((word) => [word, ...word.split(/['’`\-‐–]/)])
    .flatMap((word) => spellings(word))
    .filter((folded) => folded.length >= 2 && !particles.has(folded) && hasLetter.test(folded))
    .map((folded) => ({
      folded,
      match: folded.length === 2 && vocabulary.has(folded) ? 'capitalisedWord' : 'name',
    }));
}

/** Every two components together in both orders, and each with the other's initial. */
function joinedNeedles(parts: readonly NamePart[]): readonly Needle[] {
  const needles: Needle[] = [];
  for (const [index, first] of parts.entries()) {
    for (const [other, second] of parts.entries()) {
      if (index === other) continue;
      const both = first.whole + second.whole;
      const shortest = first.unspaced ? 2 : shortestJoined;
      if (both.length >= shortest) needles.push({ folded: both, match: 'anywhere' });
      const initial = second.whole.charAt(0);
      for (const word of first.words) {
        if (first.unspaced || word.length + 1 < shortestWithInitial) continue;
        needles.push({ folded: initial + word, match: 'login' }, { folded: word + initial, match: 'login' });
      }
    }
  }
  const whole = parts.map((part) => part.whole).join('');
  if (parts.length > 2) needles.push({ folded: whole, match: 'anywhere' });
  return needles;
}

/** The needles of a PN value, or of a name in a text element. */
export function nameNeedles(text: string, vocabulary: Vocabulary): readonly Needle[] {
  return text.split('=').flatMap((representation) => {
    const components = representation.split('^').filter((component) => component.trim() !== '');
    const parts = (components.length > 1 ? components : (components[0]?.split(/[\s,]+/) ?? []))
      .map(partOf)
      .filter(({ whole }) => whole !== '' && !particles.has(whole));
    return [
      ...components.flatMap((component) => wordNeedles(component, vocabulary)),
      ...joinedNeedles(parts.slice(0, 4)),
    ];
  });
}
