import { utc } from './cells.ts';
import { escapeHtml } from './escape-html.ts';
import { REPORT_STYLE } from './html-style.ts';
import type { Block, Cell, Report, Section } from './report.ts';

/** Nothing is loaded and nothing runs, even if escaping had failed. */
export const CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** The report as one HTML file without scripts, for screens of any width and for paper. */
export function renderHtml(report: Report): string {
  const { text, tone } = report.classification;
  const first = report.sections.slice(0, 1);
  const rest = report.sections.slice(1);
  const body = [
    '<header>',
    `<h1>${escapeHtml(report.title)}</h1>`,
    `<p><span class="class ${tone}">${escapeHtml(text)}</span></p>`,
    `<p class="meta">Case <span class="fixed">${escapeHtml(report.caseId)}</span>, written ${escapeHtml(utc(report.generatedAt))}</p>`,
    '</header>',
    ...first.map(sectionHtml),
    `<nav aria-label="Sections">${rest.map(({ id, title }) => `<a href="#${escapeHtml(id)}">${escapeHtml(title)}</a>`).join(' ')}</nav>`,
    ...rest.map(sectionHtml),
  ];
  return htmlPage(report.title, `<main>\n${body.join('\n')}\n</main>`);
}

function sectionHtml({ id, title, blocks }: Section): string {
  return `<section id="${escapeHtml(id)}">\n<h2>${escapeHtml(title)}</h2>\n${blocksHtml(blocks)}\n</section>`;
}

/** A whole page around a body that is HTML already. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(CONTENT_POLICY)}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

/** Some blocks as HTML, for a page or a mail. */
export function blocksHtml(blocks: readonly Block[]): string {
  return blocks.map(blockHtml).join('\n');
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'note':
      return `<div class="note ${block.tone}"><strong>${escapeHtml(block.title)}</strong><p>${escapeHtml(block.text)}</p></div>`;
    case 'facts':
      return `<dl>${block.rows.map(([label, value]) => `<dt>${escapeHtml(label)}</dt><dd>${cellHtml(value)}</dd>`).join('\n')}</dl>`;
    case 'table':
      return block.rows.length === 0 ? '<p>None.</p>' : tableHtml(block.columns, block.rows);
    case 'list': {
      const tag = block.ordered ? 'ol' : 'ul';
      return `<${tag}>${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('\n')}</${tag}>`;
    }
  }
}

function tableHtml(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const head = columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join('');
  const body = rows.map(
    (row) =>
      `<tr>${row.map((value, index) => `<td data-label="${escapeHtml(columns[index] ?? '')}">${cellHtml(value)}</td>`).join('')}</tr>`,
  );
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table>`;
}

function cellHtml({ text, tone, fixed }: Cell): string {
  const classes = [...(tone ? ['tone', tone] : []), ...(fixed ? ['fixed'] : [])];
  return classes.length === 0 ? escapeHtml(text) : `<span class="${classes.join(' ')}">${escapeHtml(text)}</span>`;
}
