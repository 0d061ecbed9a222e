/** Shows the progress of a run: a bar that is redrawn on a terminal, a plain line every few seconds elsewhere. */
import type { PlanSummary } from '../../crds/records/plan-summary.ts';
import { bytesText } from '../report/figures.ts';
import type { PoolProgress } from '../run/worker-pool.ts';
import type { CommandIo } from './command.ts';

const barWidth = 30;
const redrawMs = 100;
const lineMs = 5000;

function bar(share: number): string {
  const full = Math.round(share * barWidth);
  return `[${'#'.repeat(full)}${'.'.repeat(barWidth - full)}]`;
}

export interface ProgressLine {
  show(progress: PoolProgress, plan: PlanSummary): void;
  /** Writes a line of the log above the bar. */
  log(line: string): void;
  /** Clears the bar. */
  end(): void;
}

export function createProgressLine(io: Pick<CommandIo, 'stderr' | 'isTty' | 'now'>): ProgressLine {
  let last = io.now().getTime();
  let drawn = false;
  const clear = (): void => {
    if (drawn) io.stderr.write('\r\x1b[K');
    drawn = false;
  };
  return {
    show: ({ tally, shardsDone }, plan) => {
      const now = io.now().getTime();
      if (now - last < (io.isTty ? redrawMs : lineMs)) return;
      last = now;
      const { objects, outcomes, bytesIn } = tally;
      const held = outcomes.review + outcomes.rejected;
      const counts = `${objects}/${plan.objects} objects, ${bytesText(bytesIn)}, ${held} held back, ${outcomes.failed} failed`;
      if (io.isTty) {
        io.stderr.write(`\r\x1b[K${bar(plan.objects === 0 ? 1 : objects / plan.objects)} ${counts}`);
        drawn = true;
      } else io.stderr.write(`${counts}, ${shardsDone}/${plan.shards} shards\n`);
    },
    log: (line) => {
      clear();
      io.stderr.write(`${line}\n`);
    },
    end: clear,
  };
}
