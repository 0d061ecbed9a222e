/** `deid finish`: adds a processed run up. */
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { signatureSummary } from '../../evidence/signature.ts';
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
import { signerOf, signingKeyOption, signRun } from '../signing-arguments.ts';
import { summaryText } from '../summary-text.ts';

export const command: Command = {
  name: 'finish',
  summary: 'Add a processed run up and write its summary',
  usage: '-f FILE… [--volume NAME=DIR…] --key-file FILE [--signing-key FILE] [--json]',
  details:
    'Refuses while shards are undone. A run that is finished shows its summary again; with --signing-key its root is\n' +
    'signed then.',
  options: { ...documentOptions, ...keyOption, ...signingKeyOption, ...jsonOption, ...logOption },
  async run(args, io) {
    const signer = await signerOf(args, io);
    const run = await openedRun(args, io);
    const summary = await finishStep(run, stepContext(args, io));
    const signature = await signRun(run, signer);
    io.stdout.write(
      flagOption(args, 'json')
        ? `${JSON.stringify({ ...summary, ...signatureSummary(signature) })}\n`
        : summaryText(summary, { signature }),
    );
    return exitCodes[summary.result].code;
  },
};
