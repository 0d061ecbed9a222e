/** `deid why`: why an object was held back, and what to change. */
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { reasonCodes } from '../../reason-codes.ts';
import { readRecord } from '../../run/run-progress.ts';
import { type Command, flagOption } from '../command.ts';
import { jsonOption } from '../job-arguments.ts';
import { knownRun, runAndOrdinal, workAreaOf, workAreaOptions } from '../work-area-arguments.ts';

export const command: Command = {
  name: 'why',
  summary: 'Say why an object of a run was held back, and what to change',
  usage: 'RUN ORDINAL (--work-area PLACE | -f FILE… [--volume NAME=DIR…]) [--json]',
  details:
    'Shows outcome, reason code, the place in the object as a tag path, and what can be done. Needs no key and shows\n' +
    'no value. Ordinals stand in log lines and name the records in quarantine.',
  options: { ...workAreaOptions, ...jsonOption },
  async run(args, io) {
    const [word, ordinal] = runAndOrdinal(args);
    const work = await workAreaOf(args, io);
    const { run } = await knownRun(work, word);
    const record = await readRecord(work, run, ordinal);
    const { outcome = 'pending', reason, at } = record ?? {};
    const { meaning, remedy } = reason === undefined ? {} : reasonCodes[reason];
    if (flagOption(args, 'json')) {
      io.stdout.write(`${JSON.stringify({ run, ordinal, outcome, reason, at, meaning, remedy })}\n`);
    } else {
      const lines = [
        `Object ${ordinal} of run ${run}: ${outcome}`,
        ...(reason === undefined ? [] : [`Reason  ${reason}: ${meaning}`]),
        ...(at === undefined ? [] : [`Place   ${at}`]),
        ...(remedy === undefined ? [] : [`To do   ${remedy}`]),
        ...(record?.record === undefined
          ? []
          : Object.entries(record.record.decisions).map(
              ([decision, count]) => `  ${String(count).padStart(6)}  ${decision}`,
            )),
      ];
      io.stdout.write(`${lines.join('\n')}\n`);
    }
    return exitCodes.Success.code;
  },
};
