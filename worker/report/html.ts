/** A report as one HTML file that needs nothing else: no network, no script, no font. Its policy forbids all of them. */
import type { Block, Column, ReportDocument, Row, Section, Table } from './document.ts';
import { bytesText, countText } from './figures.ts';
import { type Markup, markup } from './markup.ts';
import { plotMarkup } from './plots.ts';
import { style } from './style.ts';

const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

function shareBar(share: number): Markup {
  const wide = Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10;
  return markup`<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8"/><rect class="fill-after" width="${wide}" height="8"/></svg>`;
}

function cellMarkup(value: string | number | undefined, { kind }: Column): Markup {
  if (typeof value === 'number') {
    switch (kind) {
      case 'count':
        return markup`${countText(value)}`;
      case 'bytes':
        return markup`${bytesText(value)}`;
      case 'share':
        return shareBar(value);
      default:
        return markup`${value}`;
    }
  }
  return kind === 'code' ? markup`<code>${value}</code>` : markup`${value}`;
}

function rowMarkup(row: Row, columns: readonly Column[]): Markup {
  const cells = columns.map((column, index) => {
    const content = cellMarkup(row[index], column);
    if (index === 0) return markup`<th scope="row" class="${column.kind}">${content}</th>`;
    return markup`<td class="${column.kind}${row[index] === 0 ? ' zero' : ''}">${content}</td>`;
  });
  return markup`<tr>${cells}</tr>\n`;
}

function tableMarkup({ caption, columns, rows, total, folded }: Table): Markup {
  const headings = columns.map(
    ({ heading, kind }) => markup`<th scope="col" class="${kind}">${heading}</th>`,
  );
  const foot = total === undefined ? undefined : markup`<tfoot>${rowMarkup(total, columns)}</tfoot>`;
  const table = markup`<div class="tables"><table><caption>${caption}</caption><thead><tr>${headings}</tr></thead><tbody>
${rows.map((row) => rowMarkup(row, columns))}</tbody>${foot}</table></div>\n`;
  return folded === true
    ? markup`<details><summary>${caption}: show ${countText(rows.length)} rows</summary>${table}</details><p class="paper">${caption}: ${countText(rows.length)} rows, left out on paper unless they are shown before printing.</p>\n`
    : table;
}

function blockMarkup(block: Block): Markup {
  switch (block.kind) {
    case 'paragraph':
      return markup`<p>${block.text}</p>\n`;
    case 'list':
      return markup`<ul>${block.items.map((item) => markup`<li>${item}</li>`)}</ul>\n`;
    case 'note':
      return markup`<p class="note note-${block.tone}">${block.text}</p>\n`;
    case 'command':
      return markup`<p class="command"><code>${block.text}</code></p>\n`;
    case 'figures':
      return markup`<ul class="figures">${block.figures.map(
        ({ label, value }) => markup`<li><strong>${value}</strong><span>${label}</span></li>`,
      )}</ul>\n`;
    case 'plot':
      return plotMarkup(block.plot);
    case 'table':
      return tableMarkup(block);
    default:
      return block satisfies never;
  }
}

function sectionMarkup({ id, heading, blocks }: Section): Markup {
  return markup`<section id="${id}"><h2>${heading}</h2>\n${blocks.map(blockMarkup)}</section>\n`;
}

function subsectionMarkup({ id, heading, blocks }: Section): Markup {
  return markup`<section id="${id}"><h3>${heading}</h3>\n${blocks.map(blockMarkup)}</section>\n`;
}

/** Stands in a page where a section goes on what is known only after the page was made. */
const afterwardsPlace = markup`<!-- afterwards -->`;

/** A page of {@link reportHtml} with a section in that place; a page that has none stays as it is. */
export function withAfterwards(page: string, section: Section): string {
  return page.replace(afterwardsPlace.toString(), () => sectionMarkup(section).toString().trimEnd());
}

/** The whole file. */
export function reportHtml({ title, result, facts, sections, appendix }: ReportDocument): string {
  const contents = [...sections, { id: 'conformance-statement', heading: appendix.title }].map(
    ({ id, heading }) => markup`<li><a href="#${id}">${heading}</a></li>`,
  );
  const page = markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="result tone-${result.tone}">${result.text}</p>
<dl>${facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
</header>
<main>
<nav aria-label="Contents"><h2>Contents</h2><ol>${contents}</ol></nav>
${sections.map(sectionMarkup)}${afterwardsPlace}
<section id="conformance-statement" class="appendix"><h2>${appendix.title}</h2>
${appendix.sections.map(subsectionMarkup)}</section>
</main>
</body>
</html>
`;
  return page.toString();
}
