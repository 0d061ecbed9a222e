/** Keys that stand in one of two lines, which are served by turns: a long line lets nobody in the other wait for its end. */

/** `express` is for few keys that somebody waits for, `regular` for all others. */
export type Line = 'express' | 'regular';

export class ReadyKeys {
  readonly #lines: Readonly<Record<Line, Set<string>>> = { express: new Set(), regular: new Set() };
  #turn: Line = 'express';

  get size(): number {
    return this.#lines.express.size + this.#lines.regular.size;
  }

  /** At the end of its line; a key that stands in line already keeps its place, unless it changes to the express line. */
  add(key: string, line: Line): void {
    if (line === 'express') this.#lines.regular.delete(key);
    else if (this.#lines.express.has(key)) return;
    this.#lines[line].add(key);
  }

  /** Takes the next key out of its line; undefined where there is none. */
  shift(): string | undefined {
    const other: Line = this.#turn === 'express' ? 'regular' : 'express';
    const line = this.#lines[this.#turn].size > 0 ? this.#turn : other;
    const [key] = this.#lines[line];
    if (key === undefined) return undefined;
    this.#lines[line].delete(key);
    this.#turn = line === 'express' ? 'regular' : 'express';
    return key;
  }

  clear(): void {
    this.#lines.express.clear();
    this.#lines.regular.clear();
  }
}
