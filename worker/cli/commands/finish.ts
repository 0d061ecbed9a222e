/** `deid finish`: adds a processed run up. */
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { finishStep } from '../../run/steps.ts';
import { type Command, flagOption } from '../command.ts';
import {
  documentOptions,
  jsonOption,
  keyOption,
  logOption,
  openedRun,
  stepContext,
} from '../job-arguments.ts';
import { summaryText } from '../summary-text.ts';

export const command: Command = {
  name: 'finish',
  summary: 'Add a processed run up and write its summary',
  usage: '-f FILE… [--volume NAME=DIR…] --key-file FILE [--json]',
  details: 'Refuses while shards are undone. A run that is finished shows its summary again.',
  options: { ...documentOptions, ...keyOption, ...jsonOption, ...logOption },
  async run(args, io) {
    const summary = await finishStep(await openedRun(args, io), stepContext(args, io));
    io.stdout.write(flagOption(args, 'json') ? `${JSON.stringify(summary)}\n` : summaryText(summary));
    return exitCodes[summary.result].code;
  },
};
