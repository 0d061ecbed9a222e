import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReportDocument } from './document.ts';
import { reportHtml } from './html.ts';
import { statementMarkdown } from './markdown.ts';
import { markup } from './markup.ts';

const hostile = `"><script>alert('x')</script>&\u202e\u0007<img src=http://example.org>`;

const document: ReportDocument = {
  title: hostile,
  result: { tone: 'good', text: hostile },
  facts: [[hostile, hostile]],
  sections: [
    {
      id: 'all',
      heading: hostile,
      blocks: [
        { kind: 'paragraph', text: hostile },
        { kind: 'list', items: [hostile] },
        { kind: 'note', tone: 'bad', text: hostile },
        { kind: 'command', text: hostile },
        { kind: 'figures', figures: [{ label: hostile, value: hostile }] },
        {
          kind: 'table',
          caption: hostile,
          columns: [
            { heading: hostile, kind: 'code' },
            { heading: hostile, kind: 'count' },
          ],
          rows: [[hostile, 1_234_567]],
          total: [hostile, hostile],
          folded: true,
        },
        {
          kind: 'plot',
          plot: { kind: 'shares', title: hostile, parts: [{ label: hostile, value: 1, tone: 'review' }] },
        },
        { kind: 'plot', plot: { kind: 'bytes', title: hostile, before: 2048, after: 0 } },
        { kind: 'plot', plot: { kind: 'sizes', title: hostile, before: [0, 0, 5], after: [1, 0, 4] } },
      ],
    },
  ],
  appendix: {
    title: hostile,
    sections: [{ id: 's', heading: hostile, blocks: [{ kind: 'paragraph', text: hostile }] }],
  },
};

describe('markup', () => {
  it('escapes texts and numbers, and takes markup as it is', () => {
    assert.equal(
      markup`<b>${'<&>"\''}${1}${markup`<i>`}${[markup`a`, markup`b`]}${undefined}</b>`.toString(),
      '<b>&lt;&amp;&gt;&quot;&#39;1<i>ab</b>',
    );
  });

  it('shows characters that control or turn the text as unreadable', () => {
    assert.equal(markup`${'a\u202eb\u0000c\nd'}`.toString(), 'a\ufffdb\ufffdc\nd');
  });
});

describe('a report', () => {
  const html = reportHtml(document);

  it('escapes whatever is put into it, wherever it stands', () => {
    assert.ok(!html.includes('<script') && !html.includes('<img') && !html.includes('"><'.concat('script')));
    assert.ok(!html.includes('\u202e') && !html.includes('\u0007'));
    assert.equal(html.split('&lt;script&gt;').length - 1, html.split('alert(').length - 1);
  });

  it('has tables that say what their rows and columns are', () => {
    assert.match(html, /<table><caption>/);
    assert.match(html, /<th scope="col" class="count">/);
    assert.match(html, /<th scope="row" class="code">/);
    assert.ok(html.includes('<td class="count">1,234,567</td>'));
  });

  it('has plots that say in words what they show', () => {
    assert.ok(html.includes('2.0 KiB before, 0 B after'));
    assert.ok(html.includes('from 4 B 5 before and 4 after'));
    assert.doesNotMatch(html, /NaN|Infinity|undefined/);
  });
});

describe('a statement as Markdown', () => {
  it('takes no text for markup', () => {
    const text = statementMarkdown(document.appendix);
    assert.ok(!/(?<!\\)[<>|]/.test(text));
    assert.ok(!text.includes('\u0007'));
  });
});
