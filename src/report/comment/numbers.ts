/** The numbers behind the tables that are open: by database, by kind of row, by who gained and who lost. */
import type { CheckResult, Report, Skipped } from '../../model.js';
import { codeCell, prose } from '../markdown-text.js';
import { sayMeeting } from '../say-loading.js';
import { appliedSubjects, checkTotals } from '../totals.js';
import { count } from '../words.js';
import { renderFoldedTable } from './folded-table.js';
import { unbroken } from './signs.js';

export function renderMatrix(report: Report): string | null {
  const subjects = appliedSubjects(report);
  if (subjects.length < 2) return null;
  const numbers = checkTotals(report).map(({ number }) => number);
  const rows = subjects.map(({ name, checks }) => [
    codeCell(name),
    ...numbers.map((number) => {
      const check = checks.find((candidate) => candidate.number === number);
      return unbroken(`${word(check?.before)} → ${word(check?.after)}`);
    }),
  ]);
  const head = ['Database', ...numbers.map((number) => `Check ${number}`)];
  return renderFoldedTable({ title: 'Every check on every database, before → after', head, rows });
}

function word(result: CheckResult | Skipped | undefined): string {
  if (result === undefined || result.outcome === 'skipped') return '–';
  return result.outcome === 'fail' ? 'FAIL' : 'pass';
}

/** What was left out of a database that somebody brought, all of it. */
export function renderLeftOut({ subjects }: Report): string | null {
  const rows = subjects.flatMap(({ loading }) =>
    loading.outcome === 'skipped'
      ? []
      : loading.leftOut.map((leftOut) => [
          codeCell(`${leftOut.path}:${leftOut.line}`),
          codeCell(leftOut.statement),
          prose(leftOut.reason),
          prose(sayMeeting(leftOut)),
        ]),
  );
  const head = ['Where', 'Statement', 'Why', 'The fix'];
  return renderFoldedTable({ title: 'What was left out while the database was loaded', head, rows });
}

/** Kinds of which a database had no row are left out. */
export function renderRows({ subjects }: Report): string | null {
  const rows = subjects.flatMap(({ name, preservation }) =>
    preservation.outcome === 'skipped'
      ? []
      : preservation.kinds
          .filter(({ before }) => before > 0)
          .map(({ name: kind, before, inPlace, moved, merged, quarantined, lost }) => [
            codeCell(name),
            prose(kind),
            ...[before, inPlace, moved, merged, quarantined, lost].map((number) => count(number)),
          ]),
  );
  const head = ['Database', 'Rows', 'Before', 'In place', 'Moved', 'Merged', 'Quarantined', 'Lost'];
  return renderFoldedTable({ title: 'Rows, kind by kind', head, rows, rightColumns: [2, 3, 4, 5, 6, 7] });
}

/** What people gained and lost, as the bundle declares it or not. */
export function renderAccess({ subjects }: Report): string | null {
  const rows = subjects.flatMap(({ name, access }) =>
    access.outcome === 'skipped'
      ? []
      : access.differences.map((difference) => [
          codeCell(name),
          difference.isDeclared ? 'declared' : '**FAIL**',
          difference.outcome,
          difference.verb,
          codeCell(difference.table),
          count(difference.people),
          count(difference.rows),
          prose(difference.reason),
        ]),
  );
  const head = ['Database', '', 'What', 'Verb', 'Table', 'People', 'Rows', 'Why'];
  return renderFoldedTable({ title: 'Who gained and who lost', head, rows, rightColumns: [5, 6] });
}
