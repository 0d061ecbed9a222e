/** A bearer token in a file that somebody else renews, as projected tokens of service accounts are. */
import { readFile, stat } from 'node:fs/promises';
import { type Clock, systemClock } from './clock.ts';

/** How long a look at the file holds: calls are many, and tokens are renewed long before they end. */
const lookHoldsMs = 1000;

export class TokenFile {
  readonly #path: string;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #token: string | undefined;
  #version = '';
  #lookedMs = Number.NEGATIVE_INFINITY;

  constructor(path: string, clock: Pick<Clock, 'monotonicMs'> = systemClock) {
    this.#path = path;
    this.#clock = clock;
  }

  /** The token of the file as it was a second ago at most; the last one known where the file cannot be read for a moment. */
  async token(): Promise<string> {
    const nowMs = this.#clock.monotonicMs();
    if (this.#token !== undefined && nowMs - this.#lookedMs < lookHoldsMs) return this.#token;
    this.#lookedMs = nowMs;
    try {
      const { ino, mtimeMs, size } = await stat(this.#path);
      const version = `${ino} ${mtimeMs} ${size}`;
      if (this.#token !== undefined && version === this.#version) return this.#token;
      this.#token = (await readFile(this.#path, 'utf8')).trim();
      this.#version = version;
    } catch (error) {
      if (this.#token === undefined) throw error;
    }
    return this.#token;
  }

  /** The token was refused: it is read again, whatever the file's times say. */
  refused(): void {
    this.#version = '';
    this.#lookedMs = Number.NEGATIVE_INFINITY;
  }
}
