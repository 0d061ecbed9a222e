/** The style sheet of a report: one column, light and dark by the reader's setting, plain on paper. */

import { markup } from './markup.ts';

export const style = markup`
:root {
  color-scheme: light dark;
  --paper: #fdfdfc; --ink: #1d2329; --quiet: #59636e; --line: #dfe3e6; --panel: #f4f6f7;
  --good: #1f7a63; --attention: #b7791f; --bad: #b3382c; --idle: #98a2ab; --failed: #7d2a6b;
  --before: #a9b8c6; --after: #2b6c99;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15191d; --ink: #e4e8eb; --quiet: #9aa5b0; --line: #323a42; --panel: #1d2328;
    --good: #4fb497; --attention: #dba545; --bad: #e4796c; --idle: #6b7680; --failed: #c583b8;
    --before: #5c6c7a; --after: #6fb1dd;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 3rem 1.5rem 5rem; max-width: 52rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif;
}
h1 { margin: 0 0 .75rem; font-size: 1.9rem; line-height: 1.2; font-weight: 650; }
h2 { margin: 3rem 0 .75rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: 1.3rem; line-height: 1.3; font-weight: 650; }
h3 { margin: 2rem 0 .4rem; font-size: 1.05rem; font-weight: 650; }
p { margin: .6rem 0; max-width: 44rem; }
ul { max-width: 44rem; padding-left: 1.2rem; }
code { font: .88em/1.5 ui-monospace, "Liberation Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.command, .note { max-width: none; }
.command { margin: .8rem 0; padding: .6rem .8rem; background: var(--panel); border-radius: 6px; overflow-x: auto; }
.result { display: inline-block; margin: 0 0 1.25rem; padding: .2rem .75rem; border: 1.5px solid currentColor; border-radius: 2rem; font-weight: 600; }
.tone-good { color: var(--good); } .tone-attention { color: var(--attention); } .tone-bad { color: var(--bad); }
.note { margin: .8rem 0; padding: .6rem .9rem; background: var(--panel); border-left: 4px solid var(--idle); border-radius: 0 6px 6px 0; }
.note-good { border-color: var(--good); } .note-attention { border-color: var(--attention); } .note-bad { border-color: var(--bad); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.5rem; margin: 0; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(4, 1fr); margin: 1.5rem 0 2rem; padding: 0; list-style: none; max-width: none; }
.figures li { display: flex; flex-direction: column; padding: .7rem 1rem .7rem 0; border-top: 1px solid var(--line); }
.figures strong { font-size: 1.6rem; line-height: 1.25; font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
.figures span { color: var(--quiet); font-size: .86rem; }
.tables { overflow-x: auto; }
table { width: 100%; margin: 1rem 0 1.5rem; border-collapse: collapse; font-size: .92rem; line-height: 1.45; }
caption { padding: 0 0 .4rem; text-align: left; color: var(--quiet); font-size: .88rem; }
th, td { padding: .38rem .8rem .38rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { font-weight: 500; } thead th { color: var(--quiet); font-size: .82rem; border-bottom: 1.5px solid var(--quiet); }
th:last-child, td:last-child { padding-right: 0; }
.number, .count, .bytes { font-variant-numeric: tabular-nums; }
.count, .bytes { text-align: right; white-space: nowrap; }
.count + .text, .count + .code { padding-left: .6rem; }
tbody td.zero { color: var(--quiet); }
tfoot th, tfoot td { border-bottom: 0; border-top: 1.5px solid var(--quiet); font-weight: 650; }
.share { width: 7rem; vertical-align: middle; } .share svg { display: block; width: 7rem; height: .5rem; }
figure { margin: 1.5rem 0; break-inside: avoid; } figure svg { display: block; width: 100%; height: auto; }
figcaption { margin-bottom: .6rem; color: var(--quiet); font-size: .88rem; }
svg text { fill: var(--quiet); font: 13px system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
svg .number { font-variant-numeric: tabular-nums; } svg .end { text-anchor: end; } svg .middle { text-anchor: middle; }
svg .grid { stroke: var(--line); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: .6rem 0 0; padding: 0; list-style: none; font-size: .88rem; font-variant-numeric: tabular-nums; }
.swatch { display: inline-block; width: .75rem; height: .75rem; margin-right: .45rem; border-radius: 2px; }
.fill-deidentified { fill: var(--good); background: var(--good); } .fill-review { fill: var(--attention); background: var(--attention); }
.fill-rejected { fill: var(--bad); background: var(--bad); } .fill-skipped { fill: var(--idle); background: var(--idle); }
.fill-failed { fill: var(--failed); background: var(--failed); }
.fill-before { fill: var(--before); background: var(--before); } .fill-after { fill: var(--after); background: var(--after); }
.track { fill: var(--line); }
.paper { display: none; }
summary { cursor: pointer; color: var(--after); }
nav ol { columns: 2 16rem; margin: 0; padding-left: 1.4rem; } nav a { color: inherit; text-decoration-color: var(--line); }
@media (max-width: 40rem) { .figures { grid-template-columns: repeat(2, 1fr); } }
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --ink: #000; --quiet: #444; --line: #ccc; --panel: #f3f3f3;
    --good: #1f7a63; --attention: #b7791f; --bad: #b3382c; --idle: #98a2ab; --failed: #7d2a6b; --before: #a9b8c6; --after: #2b6c99;
  }
  @page { size: A4; margin: 18mm 16mm; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  h2, h3, caption { break-after: avoid; } tr, .note, .figures { break-inside: avoid; } thead { display: table-header-group; } tfoot { display: table-row-group; break-before: avoid; }
  .tables { overflow: visible; } table:not(:has(tr:nth-child(13))) { break-inside: avoid; }
  .paper { display: block; }
  .appendix { break-before: page; }
  details:not([open]), details[open] + .paper { display: none; }
}
`;
