import type { Report } from './report.ts';

/** The report as JSON for other programs; field order is that of the report, so that equal reports are equal bytes. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
