/**
 * Exit codes of the worker: what a person, a script and the control plane may conclude from them. Ours lie in 64..113;
 * 1 is Node's own crash, above 127 stand signals, and both are transient. Names and numbers are part of the interface.
 */

/** What a rule of a Job's podFailurePolicy does with a pod that ended so (batch/v1 names). */
export type PodFailureAction = 'FailJob' | 'FailIndex' | 'Ignore' | 'Count';

export interface ExitCode {
  readonly code: number;
  readonly meaning: string;
  /** True where running the same command again, with nothing changed, may succeed. */
  readonly retryable: boolean;
  /** Undefined for success. */
  readonly pod?: PodFailureAction;
}

function exitCode(code: number, pod: PodFailureAction, retryable: boolean, meaning: string): ExitCode {
  return Object.freeze({ code, meaning, retryable, pod });
}

const success: ExitCode = Object.freeze({
  code: 0,
  meaning: 'Done; every object has its outcome.',
  retryable: false,
});

export const exitCodes = Object.freeze({
  Success: success,
  Usage: exitCode(64, 'FailJob', false, 'The command line is wrong.'),
  BadConfiguration: exitCode(
    65,
    'FailJob',
    false,
    'A document or setting is wrong; the message names the path.',
  ),
  RefusedByPolicy: exitCode(66, 'FailJob', false, 'What was asked for is refused by policy.'),
  KeyUnusable: exitCode(
    67,
    'FailJob',
    false,
    'The project key is missing, shorter than 32 bytes, or not the one whose fingerprint is expected.',
  ),
  OverlappingAreas: exitCode(68, 'FailJob', false, 'Source, destination, quarantine or work area overlap.'),
  StorageDenied: exitCode(
    69,
    'FailJob',
    false,
    'An area refuses to be listed, read, written or deleted from.',
  ),
  StorageFull: exitCode(70, 'FailIndex', false, 'An area has no space left; free some and run again.'),
  RunMismatch: exitCode(
    71,
    'FailJob',
    false,
    'The work area holds another run under this name: another run spec, plan or engine version.',
  ),
  NoSuchRun: exitCode(
    72,
    'FailJob',
    false,
    'The work area holds no run, shard or object of that name or number.',
  ),
  Interrupted: exitCode(
    75,
    'Ignore',
    true,
    'Stopped by a signal; what was done is kept, run again to go on.',
  ),
  TransientFault: exitCode(76, 'Count', true, 'Storage or the machine failed for the moment.'),
  ShardTaken: exitCode(77, 'Count', true, 'Another worker writes this shard.'),
  LeakGuardTripped: exitCode(
    80,
    'FailJob',
    false,
    'An identifying value was found where none may stand; the output was withheld.',
  ),
  FailurePolicyExceeded: exitCode(
    81,
    'FailJob',
    false,
    'More objects were held back than spec.failurePolicy allows.',
  ),
  ObjectsFailed: exitCode(82, 'FailIndex', true, 'Some objects failed; the others are done.'),
  Unaccounted: exitCode(83, 'FailJob', false, 'Outcomes do not add up to the inventory.'),
  EvidenceBroken: exitCode(
    84,
    'FailJob',
    false,
    'The ledger, its signature, an output or a proof is not what was sealed.',
  ),
  InternalFault: exitCode(100, 'Count', false, 'A defect of the program; report it with the version.'),
}) satisfies Readonly<Record<string, ExitCode>>;

export type ExitCodeName = keyof typeof exitCodes;

/** The name of a code; undefined for one that is not ours. */
export function exitCodeName(code: number): ExitCodeName | undefined {
  const names = Object.keys(exitCodes) as ExitCodeName[];
  return names.find((name) => exitCodes[name].code === code);
}
