/** `deid finish`: adds a processed run up. */
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { signatureSummary } from '../../evidence/signature.ts';
import { resultExits } from '../../run/finish.ts';
import { finishSummary } from '../../run/finish-summary.ts';
import { finishStep } from '../../run/steps.ts';
import { type Command, flagOption } from '../command.ts';
import { jsonOption, stepContext } from '../job-arguments.ts';
import { signerOf, signingKeyOption, signRun } from '../signing-arguments.ts';
import { attemptOption, numberOption, openedStep, stepOptions, stepUsage } from '../step-arguments.ts';
import { summaryText } from '../summary-text.ts';
import { leaveRecord } from '../termination-message.ts';

export const command: Command = {
  name: 'finish',
  summary: 'Add a processed run up and write its summary',
  usage: `${stepUsage} [--attempt N] [--accept-undone]\n                    [--signing-key KEY] [--json]`,
  details:
    'Refuses while shards are undone. A run that is finished shows its summary again; with --signing-key its root is\n' +
    'signed then.',
  options: {
    ...stepOptions,
    ...attemptOption,
    'accept-undone': {
      type: 'boolean',
      description:
        'Seal what was done where shards were given up, and end well whatever the attempt came to.',
    },
    ...signingKeyOption,
    ...jsonOption,
  },
  async run(args, io) {
    const signer = await signerOf(args, io);
    const run = await openedStep(args, io);
    const acceptsUndone = flagOption(args, 'accept-undone');
    const choice = { attempt: numberOption(args, 'attempt') ?? 0, acceptsUndone };
    const summary = await finishStep(run, choice, stepContext(args, io));
    const signature = await signRun(run, summary.attempt, signer);
    await leaveRecord(args, io, finishSummary(summary));
    io.stdout.write(
      flagOption(args, 'json')
        ? `${JSON.stringify({ ...summary, ...signatureSummary(signature) })}\n`
        : summaryText(summary, { signature }),
    );
    return exitCodes[acceptsUndone ? 'Success' : resultExits[summary.result]].code;
  },
};
