/** `deid run`: a whole DeidJob on this machine. */
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { signatureSummary } from '../../evidence/signature.ts';
import { resultExits } from '../../run/finish.ts';
import { runLocal } from '../../run/local.ts';
import { type Command, flagOption, textOption, UsageError } from '../command.ts';
import {
  documentOptions,
  jsonOption,
  keyBytesOf,
  keyOption,
  loadJob,
  logLevelOf,
  logOption,
  openedRun,
  stepContext,
  volumesOf,
  workerOptions,
  workersOf,
} from '../job-arguments.ts';
import { createProgressLine } from '../progress-line.ts';
import { signerOf, signingKeyOption, signRun } from '../signing-arguments.ts';
import { summaryText } from '../summary-text.ts';

export const command: Command = {
  name: 'run',
  summary: 'Run a DeidJob on this machine: plan, process, finish',
  usage:
    '-f FILE… [--volume NAME=DIR…] --key-file FILE [--signing-key KEY] [--workers N] [--retry | --dry-run] [--json]',
  details:
    'Finds the areas that the job names, then plans, processes all shards and finishes. A run that was\n' +
    'stopped goes on where it was; a finished one shows its summary again, or with --retry tries again what failed:\n' +
    'what is done stays as it is, and the ledger is chained to the one before. Originals are never written to. The exit\n' +
    'code is that of the job: see deid help exit-codes.',
  options: {
    ...documentOptions,
    ...keyOption,
    ...signingKeyOption,
    ...workerOptions,
    retry: {
      type: 'boolean',
      description: 'Where the run is finished and objects failed: try these once more, as a next attempt.',
    },
    'dry-run': {
      type: 'boolean',
      description: 'Do everything but write: shows counts, outcomes by reason and output volume.',
    },
    ...jsonOption,
    ...logOption,
  },
  async run(args, io) {
    const { job, profile } = await loadJob(args, io);
    const progress = createProgressLine(io);
    const dryRun = flagOption(args, 'dry-run');
    if (dryRun && textOption(args, 'signing-key') !== undefined)
      throw new UsageError('a dry run leaves nothing to sign; leave --signing-key out');
    if (dryRun && flagOption(args, 'retry'))
      throw new UsageError('a dry run tries nothing again; leave --retry out');
    const signer = await signerOf(args, io);
    try {
      const { summary, wasFinished } = await runLocal(
        {
          job,
          profile,
          volumes: volumesOf(args, io),
          keyBytes: await keyBytesOf(args, io),
          dryRun,
          retry: flagOption(args, 'retry'),
          workers: workersOf(args),
          logLevel: logLevelOf(args),
          onProgress: progress.show,
          onLogLine: progress.log,
        },
        stepContext(args, io, progress.log),
      );
      progress.end();
      const signature = dryRun
        ? undefined
        : await signRun(await openedRun(args, io), summary.attempt, signer);
      if (flagOption(args, 'json')) {
        io.stdout.write(`${JSON.stringify({ ...summary, dryRun, ...signatureSummary(signature) })}\n`);
      } else {
        if (dryRun) io.stdout.write('Dry run: nothing was written.\n');
        if (wasFinished) io.stdout.write('The run was finished before; nothing was done now.\n');
        io.stdout.write(summaryText(summary, { isKept: !dryRun, signature }));
      }
      return exitCodes[resultExits[summary.result]].code;
    } finally {
      progress.end();
    }
  },
};
