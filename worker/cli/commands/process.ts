/** `deid process`: processes shards of a planned run, in a pod the one that its index names. */
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { capacityOf, machine } from '../../run/machine.ts';
import type { OpenRun } from '../../run/open-run.ts';
import { processPodShard } from '../../run/pod-shard.ts';
import { RunError } from '../../run/run-error.ts';
import { type AttemptChoice, openAttempt, processStep, sealedPlanOf } from '../../run/steps.ts';
import {
  type Command,
  type CommandArguments,
  type CommandIo,
  textOption,
  textOptions,
  UsageError,
} from '../command.ts';
import { countOption, logLevelOf, stepContext, workerOptions, workersOf } from '../job-arguments.ts';
import { attemptOption, numberOption, openedStep, stepOptions, stepUsage } from '../step-arguments.ts';

const podOptions = {
  index: {
    type: 'string',
    placeholder: 'I',
    description:
      'The index of a pod, from 0: process its one shard with all processors, and say how it ended.',
  },
  ...attemptOption,
  'left-by': {
    type: 'string',
    placeholder: 'K',
    description:
      'The sealed attempt whose list of shards left behind is taken. Default: all shards of the plan.',
  },
  'progress-port': {
    type: 'string',
    placeholder: 'PORT',
    description: 'With --index: serve counters as JSON at http://…:PORT/progress meanwhile.',
  },
} as const;

/** The attempt that the arguments name, and the one whose list of shards it takes. */
function attemptChoice(args: CommandArguments): AttemptChoice {
  const leftBy = numberOption(args, 'left-by');
  const attempt = numberOption(args, 'attempt') ?? 0;
  return leftBy === undefined ? { attempt } : { attempt, leftBy };
}

async function processShards(run: OpenRun, args: CommandArguments, io: CommandIo): Promise<string> {
  const numbers = textOptions(args, 'shard').map((text) => {
    if (!/^\d{1,9}$/.test(text)) throw new UsageError('--shard takes a number from 0');
    return Number(text);
  });
  const plan = await sealedPlanOf(run);
  const history = await openAttempt(run, plan, attemptChoice(args));
  const shards = numbers.length > 0 ? [...new Set(numbers)] : history.shards;
  const beyond = shards.find((shard) => !history.shards.includes(shard));
  if (beyond !== undefined)
    throw new RunError(
      'NoSuchRun',
      `the attempt has no shard ${beyond}; the plan has ${plan.summary.shards}`,
    );
  await processStep(
    run,
    {
      history,
      shards,
      workers: workersOf(args),
      logLevel: logLevelOf(args),
      onLogLine: (line) => io.stderr.write(`${line}\n`),
    },
    stepContext(args, io),
  );
  return `Run ${run.run}: ${shards.length} of ${plan.summary.shards} shards processed\n`;
}

async function processIndex(
  run: OpenRun,
  index: number,
  args: CommandArguments,
  io: CommandIo,
): Promise<string> {
  const progressPort = numberOption(args, 'progress-port');
  const here = machine();
  const { shard, outcomes, objects } = await processPodShard(
    run,
    {
      index,
      ...attemptChoice(args),
      ...capacityOf({ ...here, processors: countOption(args, 'workers') ?? here.processors }),
      logLevel: logLevelOf(args),
      onLogLine: (line) => io.stderr.write(`${line}\n`),
      ...(progressPort === undefined ? {} : { progressPort }),
    },
    stepContext(args, io),
  );
  if (outcomes.failed > 0)
    throw new RunError('ObjectsFailed', `shard ${shard}: ${outcomes.failed} of ${objects} objects failed`);
  return `Run ${run.run}: shard ${shard} processed, ${objects} objects\n`;
}

export const command: Command = {
  name: 'process',
  summary: 'Process shards of a planned run',
  usage: `${stepUsage} [--shard I]… [--workers N]\n                     [--attempt N [--left-by K]] [--index I [--progress-port PORT]]`,
  details:
    'Shards that are done are left as they are; one that was stopped goes on where it was. With --index a shard in which\n' +
    'objects failed ends with the exit code ObjectsFailed.',
  options: {
    ...stepOptions,
    shard: {
      type: 'string',
      multiple: true,
      placeholder: 'I',
      description: 'The shard, from 0. May stand more than once. Default: all of them.',
    },
    ...podOptions,
    ...workerOptions,
  },
  async run(args, io) {
    const index = numberOption(args, 'index');
    if (index !== undefined && args.values.shard !== undefined)
      throw new UsageError('give --index or --shard, not both');
    if (index === undefined && textOption(args, 'progress-port') !== undefined)
      throw new UsageError('--progress-port goes with --index');
    const run = await openedStep(args, io);
    io.stdout.write(
      index === undefined ? await processShards(run, args, io) : await processIndex(run, index, args, io),
    );
    return exitCodes.Success.code;
  },
};
