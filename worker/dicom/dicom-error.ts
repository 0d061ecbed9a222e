/** The one error of the byte level: what is wrong by reason code, and where. Never a value. */
import type { ReasonCode } from '../reason-codes.ts';

/** Codes that reading an object can end with. */
export type DicomErrorCode = Extract<
  ReasonCode,
  | 'NotDicom'
  | 'Empty'
  | 'Malformed'
  | 'Truncated'
  | 'NestingTooDeep'
  | 'TooLarge'
  | 'UnsupportedTransferSyntax'
>;

export class DicomError extends Error {
  readonly code: DicomErrorCode;
  /** A tag path or `byte N`. */
  readonly at: string;

  constructor(code: DicomErrorCode, at: string) {
    super(`${code} at ${at}`);
    this.name = 'DicomError';
    this.code = code;
    this.at = at;
  }
}
