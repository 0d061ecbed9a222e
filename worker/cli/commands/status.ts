/** `deid status`: the runs of a work area, or how far one has come. */
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { type LedgerSignature, readSignature, signatureSummary } from '../../evidence/signature.ts';
import { listRuns } from '../../run/list-runs.ts';
import { type RunProgress, readProgress } from '../../run/run-progress.ts';
import { type Command, flagOption, UsageError } from '../command.ts';
import { jsonOption } from '../job-arguments.ts';
import { summaryText, tallyText } from '../summary-text.ts';
import { knownRun, workAreaOf, workAreaOptions } from '../work-area-arguments.ts';

/** Which attempt it is, where that is not the first. */
function attemptWord(attempt: number): string {
  return attempt === 0 ? '' : ` (attempt ${attempt})`;
}

function progressText(
  run: string,
  job: string,
  progress: RunProgress,
  signature: LedgerSignature | undefined,
): string {
  switch (progress.phase) {
    case 'Planning':
      return `Run ${run} of job ${job}: Planning\n`;
    case 'Processing':
      return (
        `Run ${run} of job ${job}: Processing${attemptWord(progress.attempt)}, ${progress.shardsDone} of ${progress.plan.shards} shards done, ` +
        `${progress.tally.objects} of ${progress.plan.objects} objects\n${tallyText(progress.tally)}`
      );
    case 'Finished':
      return summaryText(progress.summary, { signature });
    default:
      return progress satisfies never;
  }
}

export const command: Command = {
  name: 'status',
  summary: 'Show the runs of a work area, or how far one has come',
  usage: '[RUN] (--work-area PLACE | -f FILE… [--volume NAME=DIR…]) [--json]',
  details:
    'RUN is the id of a run or the name of its job. Needs no key and shows nothing of the data but counts.',
  options: { ...workAreaOptions, ...jsonOption },
  async run(args, io) {
    const [word, ...rest] = args.positionals;
    if (rest.length > 0) throw new UsageError('name one run at most');
    const work = await workAreaOf(args, io);
    const runs = word === undefined ? await listRuns(work) : [await knownRun(work, word)];
    for (const { run, job } of runs) {
      const progress = await readProgress(work, run);
      const attempt = progress.phase === 'Finished' ? progress.summary.attempt : 0;
      const signature = await readSignature(work, { run, attempt });
      io.stdout.write(
        flagOption(args, 'json')
          ? `${JSON.stringify({ run, job, ...progress, ...signatureSummary(signature) })}\n`
          : progressText(run, job, progress, signature),
      );
    }
    return exitCodes.Success.code;
  },
};
