/** Prints what was measured as Markdown: a table of the contenders, then the goals and what came of them. */
import type { DataSet } from './data-sets.ts';
import { type Cost, median } from './measure.ts';
import type { Goal, Quantity, Scenario } from './scenarios.ts';

/** The costs of every contender, one for each round, in the order of the rounds. */
export type Measurements = ReadonlyMap<string, readonly Cost[]>;

const mebibyte = 2 ** 20;

/** The quantity per object, or in bytes for memory. */
function amounts(
  quantity: Quantity,
  contender: string,
  { contenders }: Scenario,
  data: ReadonlyMap<string, DataSet>,
  measured: Measurements,
): readonly number[] {
  const objects = data.get(contenders.find(({ name }) => name === contender)?.data ?? '')?.objects ?? 1;
  return (measured.get(contender) ?? []).map((cost) => {
    switch (quantity) {
      case 'time':
        return cost.wallSeconds / objects;
      case 'cpu':
        return cost.cpuSeconds / objects;
      case 'memory':
        return cost.peakRssBytes;
      default:
        return quantity satisfies never;
    }
  });
}

/** The median over the rounds of one round's ratio: what slows a whole round down cancels out. */
function ratio(of: readonly number[], over: readonly number[]): number {
  return median(of.map((amount, round) => amount / (over[round] ?? Number.NaN)));
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

export function contenderTable(
  scenario: Scenario,
  data: ReadonlyMap<string, DataSet>,
  measured: Measurements,
): string {
  const baseline = scenario.contenders.find(({ name }) => name === 'bare loop')?.name;
  const ratios = baseline === undefined ? [] : ['CPU of bare loop', 'time of bare loop'];
  const header = ['', 'files/s', 'MB/s', 'CPU s per 1,000', 'peak RSS MiB', ...ratios];
  const rows = scenario.contenders.map(({ name, data: of }) => {
    const { objects, bytes } = data.get(of) ?? { objects: 0, bytes: 0 };
    const cpu = amounts('cpu', name, scenario, data, measured);
    const time = amounts('time', name, scenario, data, measured);
    const memory = amounts('memory', name, scenario, data, measured);
    const perSecond = 1 / median(time);
    const compared = (['cpu', 'time'] as const).map((quantity) => {
      const over = amounts(quantity, baseline ?? '', scenario, data, measured);
      return `${ratio(quantity === 'cpu' ? cpu : time, over).toFixed(2)} ×`;
    });
    return [
      name,
      perSecond.toFixed(perSecond < 10 ? 2 : 0),
      ((perSecond * bytes) / objects / 1e6).toFixed(0),
      (median(cpu) * 1000).toFixed(median(cpu) < 1 ? 3 : 0),
      (median(memory) / mebibyte).toFixed(0),
      ...(baseline === undefined ? [] : compared),
    ];
  });
  return [
    row(header),
    row(header.map((_, column) => (column === 0 ? '---' : '---:'))),
    ...rows.map(row),
  ].join('\n');
}

const words: Readonly<Record<Quantity, string>> = { time: 'time', cpu: 'CPU', memory: 'memory' };

function goalLine(
  goal: Goal,
  scenario: Scenario,
  data: ReadonlyMap<string, DataSet>,
  measured: Measurements,
): string {
  const { quantity, of, over, atMost, atLeast } = goal;
  const own = amounts(quantity, of, scenario, data, measured);
  const value =
    over === undefined
      ? median(own) / mebibyte
      : ratio(own, amounts(quantity, over, scenario, data, measured));
  const isMet = value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? 0);
  const what =
    over === undefined ? `${words[quantity]} of ${of}, MiB` : `${words[quantity]} of ${of} ÷ ${over}`;
  const bound = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
  return `- ${what}: ${value.toFixed(over === undefined ? 0 : 2)}, goal ${bound}: ${isMet ? 'met' : 'missed'}`;
}

export function goalLines(
  scenario: Scenario,
  data: ReadonlyMap<string, DataSet>,
  measured: Measurements,
): string {
  return scenario.goals.map((goal) => goalLine(goal, scenario, data, measured)).join('\n');
}
