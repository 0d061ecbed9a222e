/** A statement as Markdown, which is a plain text to whoever has nothing to show it with. */
import type { Statement, Table, TextBlock } from './document.ts';

/** A text that no reader of Markdown takes for anything else, on one line. */
function plain(text: string | number): string {
  return String(text)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/[\\`*_[\]<>|#~]/g, (character) => `\\${character}`);
}

function line(cells: readonly (string | number)[]): string {
  return `| ${cells.map(plain).join(' | ')} |`;
}

function tableText({ caption, columns, rows }: Table): string {
  return [
    `${plain(caption)}:`,
    '',
    line(columns.map(({ heading }) => heading)),
    `|${' --- |'.repeat(columns.length)}`,
    ...rows.map(line),
  ].join('\n');
}

function blockText(block: TextBlock): string {
  switch (block.kind) {
    case 'paragraph':
      return plain(block.text);
    case 'list':
      return block.items.map((item) => `- ${plain(item)}`).join('\n');
    case 'table':
      return tableText(block);
    default:
      return block satisfies never;
  }
}

/** The whole file. */
export function statementMarkdown({ title, sections }: Statement): string {
  const parts = sections.flatMap(({ heading, blocks }) => [`## ${plain(heading)}`, ...blocks.map(blockText)]);
  return `${[`# ${plain(title)}`, ...parts].join('\n\n')}\n`;
}
