/** What the fix does to sizes and to the application's reads, on the largest database of the report. */
import type { ImpactResult, ReadTiming, Report, SubjectResult, TableSize } from '../../model.js';
import { code, codeCell, folded, prose, table } from '../markdown-text.js';
import { counted } from '../words.js';

type Measured = SubjectResult & { readonly impact: ImpactResult };

export function renderImpact({ subjects }: Report): string | null {
  const measured = subjects.flatMap((subject): Measured[] =>
    subject.impact === undefined ? [] : [{ ...subject, impact: subject.impact }],
  );
  const [largest] = measured.sort((one, other) => weigh(other.impact) - weigh(one.impact));
  if (largest === undefined) return null;
  const { name, impact } = largest;
  const of = measured.length > 1 ? `, the largest of ${measured.length} databases` : '';
  const parts = [
    `Measured on ${code(name)}${of}; the verdict does not depend on it. Times are medians of what ${counted(impact.people, 'person', 'people')} of the data got, and of a machine that did other things, too.${weigh(impact) < 1024 * 1024 ? ' All of it is smaller than a megabyte, so that times tell little.' : ''}`,
    renderSizes(impact),
    renderReads(impact),
  ];
  return folded('Performance: sizes and reads, before → after', parts.filter(Boolean).join('\n\n'));
}

function weigh({ sizes }: ImpactResult): number {
  return sizes.reduce((sum, { before, after }) => sum + ((after ?? before)?.rows ?? 0), 0);
}

function renderSizes({ sizes }: ImpactResult): string {
  const rows = sizes.map(({ table: name, before, after }) => [
    codeCell(name),
    `${sayBytes(before?.rows)} → ${sayBytes(after?.rows)}`,
    `${sayIndexes(before)} → ${sayIndexes(after)}`,
  ]);
  return rows.length === 0 ? '' : table(['Table', 'Rows', 'Indexes, and their part of the rows'], rows);
}

function renderReads({ reads }: ImpactResult): string {
  const rows = reads.map(({ number, title, before, after }) => [
    `${number}. ${prose(title)}`,
    `${sayTiming(before)} → ${sayTiming(after)}`,
    before.kind === 'done' && after.kind === 'done' && before.milliseconds > 0
      ? (after.milliseconds / before.milliseconds).toFixed(2)
      : '',
    after.kind === 'done' ? after.plan.map(codeCell).join('<br>') : '',
  ]);
  return rows.length === 0 ? '' : table(['Read', 'Time', 'Ratio', 'Plan after'], rows);
}

function sayTiming(timing: ReadTiming): string {
  switch (timing.kind) {
    case 'done':
      return `${timing.milliseconds.toFixed(2)} ms, ${counted(timing.rows, 'row')}`;
    case 'refused':
      return `refused (${timing.sqlstate})`;
    case 'unfinished':
      return 'not finished in a second';
    case 'untried':
      return 'not tried';
  }
}

function sayIndexes(size: TableSize | null): string {
  if (size === null) return 'none';
  const part = size.rows === 0 ? '' : ` (${Math.round((size.indexes / size.rows) * 100)} %)`;
  return `${sayBytes(size.indexes)}${part}`;
}

function sayBytes(bytes: number | undefined): string {
  if (bytes === undefined) return 'none';
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
