/** `deid process`: processes shards of a planned run. */
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { RunError } from '../../run/run-error.ts';
import { processStep, sealedPlanOf } from '../../run/steps.ts';
import { type Command, textOptions, UsageError } from '../command.ts';
import {
  documentOptions,
  keyOption,
  logLevelOf,
  logOption,
  openedRun,
  stepContext,
  workerOptions,
  workersOf,
} from '../job-arguments.ts';

export const command: Command = {
  name: 'process',
  summary: 'Process shards of a planned run',
  usage: '-f FILE… [--volume NAME=DIR…] --key-file FILE [--shard I]… [--workers N]',
  details: 'Shards that are done are left as they are; one that was stopped goes on where it was.',
  options: {
    ...documentOptions,
    ...keyOption,
    shard: {
      type: 'string',
      multiple: true,
      placeholder: 'I',
      description: 'The shard, from 0. May stand more than once. Default: all of them.',
    },
    ...workerOptions,
    ...logOption,
  },
  async run(args, io) {
    const numbers = textOptions(args, 'shard').map((text) => {
      if (!/^\d{1,9}$/.test(text)) throw new UsageError('--shard takes a number from 0');
      return Number(text);
    });
    const run = await openedRun(args, io);
    const { summary } = await sealedPlanOf(run);
    const shards =
      numbers.length > 0
        ? [...new Set(numbers)]
        : Array.from({ length: summary.shards }, (_, shard) => shard);
    const beyond = shards.find((shard) => shard >= summary.shards);
    if (beyond !== undefined)
      throw new RunError('NoSuchRun', `the plan has no shard ${beyond}; it has ${summary.shards}`);
    await processStep(
      run,
      {
        shards,
        workers: workersOf(args),
        logLevel: logLevelOf(args),
        onLogLine: (line) => io.stderr.write(`${line}\n`),
      },
      stepContext(args, io),
    );
    io.stdout.write(`Run ${run.run}: ${shards.length} of ${summary.shards} shards processed\n`);
    return exitCodes.Success.code;
  },
};
