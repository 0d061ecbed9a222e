/**
 * What a step leaves for whoever started it: a summary, or why it stopped, as one record in a file. In a pod that file is
 * the termination message of its container, all that the control plane reads of it.
 */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ExitCodeName } from '../../crds/records/exit-codes.ts';
import type { FinishSummary } from '../../crds/records/finish-summary.ts';
import { type PlanSummary, terminationMessageBytes } from '../../crds/records/plan-summary.ts';
import type { StepFailure } from '../../crds/records/step-failure.ts';
import { type CommandArguments, type CommandIo, type CommandOption, textOption } from './command.ts';

export const terminationOption = {
  'termination-message': {
    type: 'string',
    placeholder: 'FILE',
    description:
      'Leave the summary, or why the step stopped, in this file as one record of at most 4,096 bytes.',
  },
} as const satisfies Record<string, CommandOption>;

/** Characters of a failure's message (`crds/records/step-failure.ts`). */
const messageLength = 1024;

/** The record of a step that stopped; of a longer message its beginning. */
export function stepFailureText(exit: ExitCodeName, message: string): string {
  for (let length = messageLength; ; length = Math.floor(length / 2)) {
    const failure: StepFailure = {
      kind: 'StepFailure',
      version: 1,
      exit,
      message: [...message.replaceAll('\n', ' ')].slice(0, length).join(''),
    };
    const text = JSON.stringify(failure);
    if (Buffer.byteLength(text) <= terminationMessageBytes) return text;
  }
}

/** Leaves the record where the arguments say; does nothing where they do not. */
export async function leaveRecord(
  args: CommandArguments,
  io: CommandIo,
  record: PlanSummary | FinishSummary,
): Promise<void> {
  const path = textOption(args, 'termination-message');
  if (path !== undefined) await leave(path, io, JSON.stringify(record));
}

/** Leaves why a step stopped. Takes the path by itself, since the arguments may be what is wrong. */
export async function leaveFailure(
  path: string,
  io: CommandIo,
  exit: ExitCodeName,
  message: string,
): Promise<void> {
  await leave(path, io, stepFailureText(exit, message));
}

/** A message that cannot be left costs the reader a reason, never the step its result. */
async function leave(path: string, io: CommandIo, text: string): Promise<void> {
  try {
    await writeFile(resolve(io.cwd, path), text);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    io.stderr.write(`deid: the file of --termination-message cannot be written${code}\n`);
  }
}
