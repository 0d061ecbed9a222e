/** What was measured as a Markdown table, with the goals and what came of them. */
import type { Outcome } from './scenario.ts';

/** A figure, and what it may be at most. */
interface Figure {
  readonly name: string;
  readonly value: number;
  readonly digits: number;
  readonly atMost?: number;
}

/** The value that a share of all values does not exceed; NaN where there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

function answerFigures(when: string, answersMs: readonly number[]): readonly Figure[] {
  if (answersMs.length === 0) return [];
  const seconds = (share: number) => quantile(answersMs, share) / 1000;
  return [
    { name: `from a Job's end to our write, ${when}, median s`, value: seconds(0.5), digits: 3 },
    { name: 'the same, p99 s', value: seconds(0.99), digits: 3, atMost: 2 },
  ];
}

/** Figures of one scenario: of many jobs at once, or of one wide job. */
function figures(outcome: Outcome, isBurst: boolean): readonly Figure[] {
  const { plannedSeconds, completeSeconds, answersMs, laterAnswersMs, peakRssBytes } = outcome;
  const planned = { value: plannedSeconds, digits: 1 };
  return [
    isBurst
      ? { ...planned, name: 'all have their plan Jobs, s', atMost: 60 }
      : { ...planned, name: 'it has its plan Job, s' },
    { name: isBurst ? 'all are Complete, s' : 'it is Complete, s', value: completeSeconds, digits: 1 },
    { name: 'jobs that failed', value: outcome.failedJobs, digits: 0, atMost: 0 },
    { name: 'writes per job', value: outcome.writesPerJob, digits: 1, atMost: 10 },
    { name: 'refused writes per job', value: outcome.refusedPerJob, digits: 1 },
    { name: 'writes of progress per job', value: outcome.progressWritesPerJob, digits: 1 },
    { name: 'writes of Events per job', value: outcome.eventsPerJob, digits: 1 },
    { name: 'reads per job', value: outcome.readsPerJob, digits: 1 },
    ...answerFigures(isBurst ? 'in the burst' : 'of each step', answersMs),
    ...answerFigures('later, with all jobs present', laterAnswersMs),
    { name: 'peak RSS of the operator, MB', value: peakRssBytes / 1e6, digits: 0, atMost: 250 },
    { name: 'CPU of the operator per job, s', value: outcome.cpuSecondsPerJob, digits: 3 },
    { name: 'writes a minute once all is still', value: outcome.stillWritesPerMinute, digits: 0, atMost: 0 },
  ];
}

function row({ name, value, digits, atMost }: Figure): string {
  const goal = atMost === undefined ? '' : `at most ${atMost}`;
  const judgement = atMost === undefined ? '' : value <= atMost ? 'met' : 'missed';
  return `| ${[name, value.toFixed(digits), goal, judgement].join(' | ')} |`;
}

export function outcomeTable(outcome: Outcome, isBurst: boolean): string {
  return [
    '|     | measured | goal |     |',
    '| --- | ---: | ---: | --- |',
    ...figures(outcome, isBurst).map(row),
  ].join('\n');
}
