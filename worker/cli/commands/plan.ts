/** `deid plan`: lists the source and cuts it into shards. */
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { bytesText } from '../../report/figures.ts';
import { planStep } from '../../run/steps.ts';
import { type Command, flagOption } from '../command.ts';
import { countOption, jsonOption, stepContext } from '../job-arguments.ts';
import { openedStep, stepOptions, stepUsage } from '../step-arguments.ts';
import { leaveRecord } from '../termination-message.ts';

export const command: Command = {
  name: 'plan',
  summary: 'List the source and cut it into shards',
  usage: `${stepUsage} [--shards N] [--json]`,
  details: 'Writes the plan into the work area. A run that is planned already shows its plan again.',
  options: {
    ...stepOptions,
    shards: { type: 'string', placeholder: 'N', description: 'At least so many shards. Default: by size.' },
    ...jsonOption,
  },
  async run(args, io) {
    const run = await openedStep(args, io);
    const { summary } = await planStep(run, stepContext(args, io), countOption(args, 'shards'));
    await leaveRecord(args, io, summary);
    if (flagOption(args, 'json')) io.stdout.write(`${JSON.stringify({ ...summary, run: run.run })}\n`);
    else {
      io.stdout.write(
        `Run ${run.run}: ${summary.objects} objects, ${bytesText(summary.bytes)}, in ${summary.shards} shards\n`,
      );
    }
    return exitCodes.Success.code;
  },
};
