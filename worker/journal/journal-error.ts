/** What can go wrong with a journal. */

/**
 * - `Fenced`: another process has opened the journal since.
 * - `Corrupt`: a segment is missing or cannot be read.
 */
export type JournalErrorCode = 'Fenced' | 'Corrupt';

const meanings: Readonly<Record<JournalErrorCode, string>> = {
  Fenced: 'another process has taken the journal over',
  Corrupt: 'a segment of the journal is missing or unreadable',
};

export class JournalError extends Error {
  override readonly name = 'JournalError';
  readonly code: JournalErrorCode;

  constructor(code: JournalErrorCode) {
    super(meanings[code]);
    this.code = code;
  }
}
