/** What failed, open: where, what Postgres said, what to do about it. */
import type { Report, SqlProblem } from '../../model.js';
import type { Mismatch } from '../failure.js';
import type { FailureGroup, SharedFailure } from '../failures.js';
import { code, codeBlock, codeCell, prose, table } from '../markdown-text.js';
import { count, counted, listed } from '../words.js';
import type { Detail } from './detail.js';

export function renderFailures(
  report: Report,
  groups: readonly FailureGroup[],
  detail: Detail,
): string | null {
  if (groups.length === 0) return null;
  const isShared = report.subjects.length > 1;
  const shown = groups.slice(0, detail.failures).map((group) => renderGroup(group, isShared, detail));
  return ['### What failed', ...shown, ...andMore(groups.length - shown.length, 'failure')].join('\n\n');
}

function renderGroup({ title, subjects, variants }: FailureGroup, isShared: boolean, detail: Detail): string {
  const shown = variants.slice(0, detail.variants);
  const where = isShared ? ` — on ${listed(subjects.map(code), 3)}` : '';
  const body = shown.flatMap((variant) => renderFailure(variant, isShared && variants.length > 1, detail));
  const more = andMore(variants.length - shown.length, 'way', 'in which it failed');
  return [`#### ❌ ${prose(title)}${where}`, ...body, ...more].join('\n\n');
}

function renderFailure(failure: SharedFailure, namesSubjects: boolean, detail: Detail): string[] {
  return [
    place(failure, namesSubjects),
    failure.reason === null ? null : prose(failure.reason),
    failure.problem === null ? null : renderProblem(failure.problem),
    failure.mismatches.length > 0 ? mismatches(failure.mismatches, detail.lines) : null,
    failure.items.length > 0 ? list(failure.items, detail.lines) : null,
  ].filter((part) => part !== null);
}

/** `On STATE, in FILE:LINE:COLUMN`, as far as it is known and not said already. */
function place({ path, line, problem, subjects }: SharedFailure, namesSubjects: boolean): string | null {
  const where = [path, line, problem?.column ?? null].filter((part) => part !== null).join(':');
  const parts = [
    ...(namesSubjects ? [`on ${listed(subjects.map(code), 3)}`] : []),
    ...(path === null ? [] : [`in ${code(where)}`]),
  ].join(', ');
  return parts === '' ? null : `${parts.charAt(0).toUpperCase()}${parts.slice(1)}:`;
}

function renderProblem(problem: SqlProblem): string {
  const { snippet, inner, sqlstate, message, detail, hint, advice } = problem;
  const parts = [
    codeBlock(
      [
        ...(snippet === null ? [] : [snippet, '']),
        ...(inner ? ['run by it:', inner, ''] : []),
        `ERROR: ${message} (SQLSTATE ${sqlstate})`,
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
  return [table(['Object', 'Expected', 'Found'], rows), ...andMore(all.length - rows.length)].join('\n\n');
}

function list(all: readonly string[], most: number): string {
  const shown = all.slice(0, most).map((item) => `- ${code(item)}`);
  return [...shown, ...andMore(all.length - shown.length).map((text) => `- ${text}`)].join('\n');
}

function andMore(left: number, noun?: string, rest?: string): string[] {
  if (left <= 0) return [];
  const what = noun === undefined ? `${count(left)} more` : counted(left, `more ${noun}`);
  return [`… and ${rest === undefined ? what : `${what} ${rest}`}`];
}
