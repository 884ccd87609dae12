/** What failed, open: where, what Postgres said, what to do about it. */
import type { Report, SqlProblem } from '../../model.js';
import type { Mismatch } from '../failure.js';
import { collectFailures, type SharedFailure } from '../failures.js';
import { code, codeBlock, codeCell, prose, table } from '../markdown-text.js';
import { counted, listed } from '../words.js';
import type { Detail } from './detail.js';

export function renderFailures(report: Report, detail: Detail): string | null {
  const failures = collectFailures(report);
  if (failures.length === 0) return null;
  const isShared = report.subjects.length > 1;
  const shown = failures.slice(0, detail.failures).map((failure) => renderFailure(failure, isShared, detail));
  const left = failures.length - shown.length;
  const more = left > 0 ? [`… and ${counted(left, 'more failure')}`] : [];
  return ['### What failed', ...shown, ...more].join('\n\n');
}

function renderFailure(failure: SharedFailure, isShared: boolean, detail: Detail): string {
  const where = isShared ? ` — on ${listed(failure.subjects.map(code), 3)}` : '';
  const parts = [
    `#### ❌ ${prose(failure.title)}${where}`,
    failure.reason === null ? null : prose(failure.reason),
    failure.problem === null ? place(failure) : renderProblem(failure.problem),
    failure.mismatches.length > 0 ? mismatches(failure.mismatches, detail.lines) : null,
    failure.items.length > 0 ? list(failure.items, detail.lines) : null,
  ];
  return parts.filter((part) => part !== null).join('\n\n');
}

function place({ path, line }: SharedFailure): string | null {
  return path === null ? null : `In ${code(line === null ? path : `${path}:${line}`)}`;
}

function renderProblem(problem: SqlProblem): string {
  const { path, line, column, snippet, sqlstate, message, detail, hint, advice } = problem;
  const parts = [
    `${code([path, line, column].filter((part) => part !== null).join(':'))} — SQLSTATE ${code(sqlstate)}`,
    codeBlock(
      [
        ...(snippet === null ? [] : [snippet, '']),
        message,
        ...(detail === null ? [] : [`Detail: ${detail}`]),
        ...(hint === null ? [] : [`Hint: ${hint}`]),
      ].join('\n'),
    ),
    ...(advice === null ? [] : [`**What to do:** ${prose(advice)}`]),
  ];
  return parts.join('\n\n');
}

function mismatches(all: readonly Mismatch[], most: number): string {
  const rows = all
    .slice(0, most)
    .map(({ object, expected, actual }) => [object, expected, actual].map(codeCell));
  return [table(['Object', 'Expected', 'Found'], rows), ...more(all.length - rows.length)].join('\n\n');
}

function list(all: readonly string[], most: number): string {
  const shown = all.slice(0, most).map((item) => `- ${code(item)}`);
  return [...shown, ...more(all.length - shown.length)].join('\n');
}

function more(left: number): string[] {
  return left > 0 ? [`… and ${left} more`] : [];
}
