/** HTML and SVG as text. Whatever is put into a page goes through {@link markup}, the one place that escapes. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters, and those that turn the direction of what follows them: a page shows them as unreadable. */
const unshowable = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

function escaped(text: string): string {
  return text
    .replace(unshowable, (character) => (character === '\n' ? character : '\ufffd'))
    .replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** Text that is markup already. Only {@link markup} makes one. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type MarkupPart = string | number | Markup | readonly Markup[] | undefined;

function partText(part: MarkupPart): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.toString();
  return typeof part === 'object' ? part.join('') : escaped(String(part));
}

/** Markup by a template: texts and numbers in it are escaped, markup and lists of markup stand as they are. */
export function markup(strings: TemplateStringsArray, ...parts: readonly MarkupPart[]): Markup {
  return new Markup(
    strings.map((text, index) => `${text}${index < parts.length ? partText(parts[index]) : ''}`).join(''),
  );
}
