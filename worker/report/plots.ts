/** Plots as SVG that stands within a page: no script, no font, no file. Colours come from the page's style sheet. */
import { bytesText, countText } from './figures.ts';
import { type Markup, markup } from './markup.ts';

/** Parts of a whole, as one bar. `tone` names a colour of the style sheet. */
export interface SharesPlot {
  readonly kind: 'shares';
  readonly title: string;
  readonly parts: readonly { readonly label: string; readonly value: number; readonly tone: string }[];
}

/** Sizes in bytes, before and after. */
export interface BytesPlot {
  readonly kind: 'bytes';
  readonly title: string;
  readonly before: number;
  readonly after: number;
}

/** Objects by size before and after: the number of index k is of objects of 2^k up to 2^(k+1) bytes. */
export interface SizesPlot {
  readonly kind: 'sizes';
  readonly title: string;
  readonly before: readonly number[];
  readonly after: readonly number[];
}

export type Plot = SharesPlot | BytesPlot | SizesPlot;

const width = 720;

/** Coordinates with one digit at most, so that equal figures are equal texts. */
function at(coordinate: number): number {
  return Math.round(coordinate * 10) / 10;
}

function frame(title: string, description: string, height: number, content: readonly Markup[]): Markup {
  return markup`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${`${title}: ${description}`}">${content}</svg>`;
}

function legend(entries: readonly { readonly label: string; readonly tone: string }[]): Markup {
  const items = entries.map(
    ({ label, tone }) => markup`<li><span class="swatch fill-${tone}"></span>${label}</li>`,
  );
  return markup`<ul class="legend">${items}</ul>`;
}

function sharesPlot({ title, parts }: SharesPlot): Markup {
  const shown = parts.filter(({ value }) => value > 0);
  const whole = shown.reduce((sum, { value }) => sum + value, 0);
  const least = 4;
  const room = width - least * shown.length;
  let left = 0;
  const bars = shown.map(({ value, tone }) => {
    const wide = least + (room * value) / whole;
    const bar = markup`<rect class="fill-${tone}" x="${at(left)}" y="0" width="${at(Math.max(2, wide - 2))}" height="26" rx="3"/>`;
    left += wide;
    return bar;
  });
  const entries = parts.map(({ label, value, tone }) => ({ label: `${label} ${countText(value)}`, tone }));
  const description = entries.map(({ label }) => label).join(', ');
  return markup`${frame(title, description, 26, bars)}${legend(entries)}`;
}

function bytesPlot({ title, before, after }: BytesPlot): Markup {
  const most = Math.max(before, after, 1);
  const rows = [
    { label: 'before', value: before, tone: 'before' },
    { label: 'after', value: after, tone: 'after' },
  ].map(({ label, value, tone }, index) => {
    const y = index * 32;
    const wide = (480 * value) / most;
    return markup`<text x="0" y="${y + 17}">${label}</text><rect class="fill-${tone}" x="70" y="${y}" width="${at(Math.max(1, wide))}" height="24" rx="3"/><text class="number" x="${at(80 + wide)}" y="${y + 17}">${bytesText(value)}</text>`;
  });
  return frame(title, `${bytesText(before)} before, ${bytesText(after)} after`, 58, rows);
}

function sizesPlot({ title, before, after }: SizesPlot): Markup {
  const used = before.flatMap((count, index) => (count > 0 || (after[index] ?? 0) > 0 ? [index] : []));
  const first = Math.max(0, (used[0] ?? 0) - 1);
  const last = (used.at(-1) ?? 0) + 1;
  const bins = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const most = Math.max(1, ...bins.map((bin) => Math.max(before[bin] ?? 0, after[bin] ?? 0)));
  const [left, top, bottom] = [64, 10, 190];
  const step = (width - left) / bins.length;
  const wide = Math.min(26, step * 0.36);
  const high = (count: number): number => ((bottom - top) * count) / most;
  const lines = (most > 1 ? [0, Math.floor(most / 2), most] : [0, most]).map((count) => {
    const y = at(bottom - high(count));
    return markup`<line class="grid" x1="${left}" y1="${y}" x2="${width}" y2="${y}"/><text class="number end" x="${left - 8}" y="${y + 4}">${countText(count)}</text>`;
  });
  const every = Math.ceil(bins.length / 9);
  const bars = bins.map((bin, index) => {
    const middle = left + step * (index + 0.5);
    const pair = [
      { count: before[bin] ?? 0, x: middle - wide - 1, tone: 'before' },
      { count: after[bin] ?? 0, x: middle + 1, tone: 'after' },
    ].map(({ count, x, tone }) =>
      count === 0
        ? undefined
        : markup`<rect class="fill-${tone}" x="${at(x)}" y="${at(bottom - Math.max(1.5, high(count)))}" width="${at(wide)}" height="${at(Math.max(1.5, high(count)))}"/>`,
    );
    const label =
      index % every === 0
        ? markup`<text class="middle" x="${at(middle - step / 2)}" y="${bottom + 20}">${bytesText(2 ** bin).replace('.0', '')}</text>`
        : undefined;
    return markup`${pair[0]}${pair[1]}${label}`;
  });
  const described = used.map(
    (bin) =>
      `from ${bytesText(2 ** bin)} ${countText(before[bin] ?? 0)} before and ${countText(after[bin] ?? 0)} after`,
  );
  return markup`${frame(title, described.join('; '), 216, [...lines, ...bars])}${legend([
    { label: 'before', tone: 'before' },
    { label: 'after', tone: 'after' },
  ])}`;
}

function drawn(plot: Plot): Markup {
  switch (plot.kind) {
    case 'shares':
      return sharesPlot(plot);
    case 'bytes':
      return bytesPlot(plot);
    case 'sizes':
      return sizesPlot(plot);
    default:
      return plot satisfies never;
  }
}

/** The plot with its title. */
export function plotMarkup(plot: Plot): Markup {
  return markup`<figure><figcaption>${plot.title}</figcaption>${drawn(plot)}</figure>`;
}
