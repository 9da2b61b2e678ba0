import type { Collected, EvidenceRef } from '../evidence.ts';
import { cell, count, fixed, note, paragraph, table, toned, utc } from './cells.ts';
import { evidenceOf, type ReportContext } from './context.ts';
import type { Block, Cell, Section } from './report.ts';
import { MISSING_REASONS } from './words.ts';

/** What was read and what was not: for the analyst the limits of the judgement, for the user the limits of the look. */
export function coverageSection({ record, policy }: ReportContext): Section {
  const blocks: Block[] = [];
  if (record.collected.length === 0) {
    blocks.push(note('unknown', 'Nothing was read', 'No evidence was collected from the device.'));
  } else {
    blocks.push(
      paragraph(
        'Nothing but the items below was read from the device, with read-only commands. Their whole text is kept as evidence.',
      ),
    );
    blocks.push(
      table(
        ['Collection', 'System', 'Began (UTC)', 'Ended (UTC)', 'Read', 'Not had'],
        record.collected.map(collectionRow),
      ),
    );
  }
  const missing = record.collected.flatMap((collected) => collected.missing);
  if (missing.length > 0) {
    blocks.push(
      note(
        'unknown',
        `${count(missing.length, 'item')} could not be read`,
        'What was not read is not checked, and not checked is never clean.',
      ),
    );
    blocks.push(
      table(
        ['Item', 'Why', 'Detail'],
        missing.map((item) => [
          fixed(item.artifactId),
          cell(MISSING_REASONS[item.reason]),
          cell(item.detail || 'none'),
        ]),
      ),
    );
  }
  blocks.push(paragraph(`Evidence and report are kept for ${count(policy.retentionDays, 'day')}.`));
  return { id: 'coverage', title: 'What was read, and what was not', blocks };
}

function collectionRow({
  collectionId,
  platform,
  startedAt,
  finishedAt,
  evidence,
  missing,
}: Collected): readonly Cell[] {
  return [
    cell(collectionId),
    cell(platform),
    cell(utc(startedAt).replace(' UTC', '')),
    cell(utc(finishedAt).replace(' UTC', '')),
    cell(count(evidence.length, 'item')),
    cell(count(missing.length, 'item')),
  ];
}

/** Every piece with its hash, as in the manifest of the capsule. */
export function evidenceSection({ record }: ReportContext): Section {
  const evidence = evidenceOf(record);
  const blocks: Block[] =
    evidence.length === 0
      ? [paragraph('There is no evidence from the device.')]
      : [
          paragraph(
            'The names in square brackets in this report are these pieces. The capsule holds them unchanged with the log of who touched them.',
          ),
          table(
            ['Evidence', 'Collected (UTC)', 'Size in bytes', 'Whole?', 'SHA-256'],
            evidence.map((ref) => [
              fixed(ref.evidenceId),
              cell(utc(ref.collectedAt).replace(' UTC', '')),
              cell(ref.sizeBytes),
              wholeCell(ref),
              fixed(ref.sha256),
            ]),
          ),
        ];
  return { id: 'evidence', title: 'Evidence', blocks };
}

function wholeCell({ truncated, exitCode }: EvidenceRef): Cell {
  if (truncated) return toned('CUT at a limit', 'unknown');
  if (exitCode !== undefined && exitCode !== 0) return toned(`command ended with ${exitCode}`, 'unknown');
  return cell('yes');
}
