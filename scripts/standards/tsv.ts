/** Reads tab-separated tables whose first line names the columns. */

/** One record per line, by column name. */
export function parseTsv(text: string): readonly Readonly<Record<string, string>>[] {
  const [head = '', ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  const columns = head.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(columns.map((column, index) => [column.trim(), (cells[index] ?? '').trim()]));
  });
}
