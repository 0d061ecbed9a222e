/** Why a project key cannot be used. It never tells anything of the key. */

/**
 * - `TooShort`: less than 32 bytes of key material.
 * - `Weak`: key material that nobody drew at random, such as one byte again and again.
 * - `Malformed`: the file says that it is a `deid-key-v1` and is none.
 */
export type KeyErrorCode = 'TooShort' | 'Weak' | 'Malformed';

const messages: Readonly<Record<KeyErrorCode, string>> = {
  TooShort: 'the key has less than 32 bytes; make one with `deid key new`',
  Weak: 'the key is not random; make one with `deid key new`',
  Malformed: 'the key file starts with deid-key-v1: and what follows is not base64url',
};

export class KeyError extends Error {
  override readonly name = 'KeyError';
  readonly code: KeyErrorCode;

  constructor(code: KeyErrorCode) {
    super(messages[code]);
    this.code = code;
  }
}
