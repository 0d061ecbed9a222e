/** Why a step of a run stopped as a whole: an exit code and one line for a person, without a value, path or key of the data. */
import type { ExitCodeName } from '../../crds/records/exit-codes.ts';
import { EvidenceError, findingText } from '../evidence/finding.ts';
import { JournalError, type JournalErrorCode } from '../journal/journal-error.ts';
import { StorageError, type StorageErrorCode } from '../storage/storage-error.ts';

export class RunError extends Error {
  override readonly name = 'RunError';
  readonly exit: ExitCodeName;

  constructor(exit: ExitCodeName, message: string) {
    super(message);
    this.exit = exit;
  }
}

/** Areas of a run as people know them. */
export type AreaName = 'source' | 'destination' | 'quarantine' | 'workArea';

const storageExits: Readonly<Record<StorageErrorCode, ExitCodeName>> = {
  NotFound: 'BadConfiguration',
  SourceChanged: 'TransientFault',
  NoSpace: 'StorageFull',
  Denied: 'StorageDenied',
  InvalidKey: 'BadConfiguration',
  Unsupported: 'BadConfiguration',
  Misconfigured: 'BadConfiguration',
  Unencrypted: 'BadConfiguration',
  Fault: 'TransientFault',
};

const journalExits: Readonly<Record<JournalErrorCode, ExitCodeName>> = {
  Fenced: 'ShardTaken',
  Closed: 'RunMismatch',
  Corrupt: 'RunMismatch',
};

/** The end of a step on a fault of one of its areas. */
export function areaError(area: AreaName, error: StorageError): RunError {
  return new RunError(storageExits[error.code], `spec.${area}: ${error.message}`);
}

/** Does something with an area; faults of the store come out as the end of a step on that area. */
export async function blaming<T>(area: AreaName, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof StorageError ? areaError(area, error) : error;
  }
}

/** What any error of a step amounts to; undefined for one that is a defect of the program. */
export function toRunError(error: unknown): RunError | undefined {
  if (error instanceof RunError) return error;
  if (error instanceof StorageError) return new RunError(storageExits[error.code], error.message);
  if (error instanceof EvidenceError) return new RunError('EvidenceBroken', findingText(error.finding));
  if (error instanceof JournalError) {
    return new RunError(journalExits[error.code], error.message);
  }
  return undefined;
}
