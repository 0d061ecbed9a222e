/** `deid cleanup`: removes what a run left unfinished. */
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { cleanUpRun } from '../../run/clean-up.ts';
import type { Command } from '../command.ts';
import { stepContext, volumesOf } from '../job-arguments.ts';
import { runSpecOf, stepOptions, stepUsage } from '../step-arguments.ts';

export const command: Command = {
  name: 'cleanup',
  summary: 'Abort uploads that a run left unfinished',
  usage: stepUsage,
  details:
    'Aborts multipart uploads of the run in its buckets, and removes half-written files and probes in its folders. Outputs,\n' +
    'records and the work area stay. For a run that is given up: one that is gone on with, or finished, does it itself.\n' +
    'Needs no key; --key-file may stand and is not looked at.',
  options: stepOptions,
  async run(args, io) {
    const { log } = stepContext(args, io);
    const run = await cleanUpRun(await runSpecOf(args, io), volumesOf(args, io), log);
    io.stdout.write(`Run ${run}: nothing unfinished is left\n`);
    return exitCodes.Success.code;
  },
};
