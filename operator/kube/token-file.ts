/** A bearer token in a file that somebody else renews, as projected tokens of service accounts are. */
import { readFile, stat } from 'node:fs/promises';

export class TokenFile {
  readonly #path: string;
  #token: string | undefined;
  #version = '';

  constructor(path: string) {
    this.#path = path;
  }

  /** The token of the file as it is now; the last one known where the file cannot be read for a moment. */
  async token(): Promise<string> {
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
  }
}
