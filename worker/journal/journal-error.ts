/** What can go wrong with a journal. */

/**
 * - `Fenced`: another process has opened the journal since.
 * - `Closed`: the journal has been closed for good.
 * - `Corrupt`: a segment is missing or cannot be read.
 */
export type JournalErrorCode = 'Fenced' | 'Closed' | 'Corrupt';

const meanings: Readonly<Record<JournalErrorCode, string>> = {
  Fenced: 'another process has taken the journal over',
  Closed: 'what was done has been sealed; what is left is for a next attempt',
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
