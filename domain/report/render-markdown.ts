import { codeSpan, escapeMarkdown } from './escape-markdown.ts';
import type { Block, Cell, Report } from './report.ts';
import { utc } from './cells.ts';

/** The report as GitHub-flavoured Markdown. */
export function renderMarkdown(report: Report): string {
  const head = [
    `# ${escapeMarkdown(report.title)}`,
    `**${escapeMarkdown(report.classification.text)}**`,
    `Case ${codeSpan(report.caseId)}, written ${escapeMarkdown(utc(report.generatedAt))}`,
  ];
  const sections = report.sections.flatMap((section) => [
    `## ${escapeMarkdown(section.title)}`,
    ...section.blocks.map(blockMarkdown),
  ]);
  return `${[...head, ...sections].join('\n\n')}\n`;
}

/** Some blocks as Markdown, for a ticket. */
export function blocksMarkdown(blocks: readonly Block[]): string {
  return `${blocks.map(blockMarkdown).join('\n\n')}\n`;
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return escapeMarkdown(block.text);
    case 'note':
      return `> **${escapeMarkdown(block.title)}:** ${escapeMarkdown(block.text)}`;
    case 'facts':
      return tableMarkdown(
        ['', ''],
        block.rows.map(([label, value]) => [`**${escapeMarkdown(label, true)}**`, cellMarkdown(value)]),
      );
    case 'table':
      return block.rows.length === 0
        ? 'None.'
        : tableMarkdown(
            block.columns.map((column) => escapeMarkdown(column, true)),
            block.rows.map((row) => row.map(cellMarkdown)),
          );
    case 'list':
      return block.items
        .map((item, index) => `${block.ordered ? `${index + 1}.` : '-'} ${escapeMarkdown(item)}`)
        .join('\n');
  }
}

function tableMarkdown(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

function cellMarkdown({ text, tone, fixed }: Cell): string {
  if (fixed) return codeSpan(text, true);
  return tone && text !== '' ? `**${escapeMarkdown(text, true)}**` : escapeMarkdown(text, true);
}
