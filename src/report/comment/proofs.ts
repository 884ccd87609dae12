/** What was proven beside the checks: scenarios, rows, the second run, refusals, locks; a line each. */
import type { Report, Skipped, Verdict } from '../../model.js';
import { codeCell, prose, table } from '../markdown-text.js';
import { longestLocks, type PreservedTotal, preservedTotals } from '../totals.js';
import { count, counted, duration, verdictWord } from '../words.js';

export function renderProofs(report: Report): string | null {
  const rows = [scenarios(report), preserved(report), again(report), refused(report), locks(report)];
  const shown = rows.filter((row) => row !== null);
  return shown.length === 0 ? null : table(['', 'Proof', 'Result'], shown);
}

function scenarios({ subjects, tallies }: Report): string[] | null {
  const results = done(subjects.map((subject) => subject.scenarios));
  if (results.length === 0) return null;
  const steps = results.flatMap((result) => result.scenarios.flatMap((scenario) => scenario.steps));
  const refusals = steps.filter(
    ({ outcome, httpStatus }) => outcome === 'pass' && httpStatus !== null,
  ).length;
  const { passed, planned } = tallies.scenarios;
  return [
    verdict(results),
    'Scenarios',
    `${count(passed)} of ${counted(planned, 'scenario')} hold, each run as its real user under row level security` +
      (refusals > 0 ? `; ${counted(refusals, 'intrusion')} refused as they must be` : ''),
  ];
}

function preserved(report: Report): string[] | null {
  const results = done(report.subjects.map(({ preservation }) => preservation));
  if (results.length === 0) return null;
  const kinds = preservedTotals(report).map(
    (total) =>
      `${count(total.before)} ${prose(total.name)}, ${count(total.found)} accounted for${elsewhere(total)}`,
  );
  return [verdict(results), 'Rows preserved', kinds.join('<br>') || 'no rows to preserve'];
}

/** Where the rows are that are not simply where they were. */
function elsewhere({ moved, merged, quarantined }: PreservedTotal): string {
  const parts = [
    ...(moved > 0 ? [`${count(moved)} moved`] : []),
    ...(merged > 0 ? [`${count(merged)} merged`] : []),
    ...(quarantined > 0 ? [`${count(quarantined)} quarantined`] : []),
  ];
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
}

function again({ subjects }: Report): string[] | null {
  const results = done(subjects.map(({ rerun }) => rerun));
  if (results.length === 0) return null;
  const changed = results.filter(({ outcome }) => outcome === 'fail').length;
  const result =
    changed === 0
      ? `nothing changed${of(results.length)}`
      : `something changed on ${count(changed)} of ${counted(results.length, 'database')}`;
  return [verdict(results), 'Applied again', result];
}

function refused({ subjects }: Report): string[] | null {
  const results = done(subjects.map(({ refusal }) => refusal));
  if (results.length === 0) return null;
  const right = results.filter(({ outcome }) => outcome === 'pass').length;
  return [
    verdict(results),
    'Refused',
    `${count(right)} of ${counted(results.length, 'state')} that cannot be repaired refused, with nothing changed`,
  ];
}

function locks(report: Report): string[] | null {
  const [longest] = longestLocks(report).sort((one, other) => other.milliseconds - one.milliseconds);
  if (longest === undefined) return null;
  const { mode, relation, section, milliseconds } = longest;
  return [
    'ℹ️ INFO',
    'Locks',
    `longest held: ${codeCell(mode)} on ${codeCell(relation)} for ${duration(milliseconds)}, since section ${section}`,
  ];
}

function of(databases: number): string {
  return databases === 1 ? '' : ` on ${count(databases)} of ${counted(databases, 'database')}`;
}

function verdict(results: readonly { readonly outcome: Verdict }[]): string {
  return verdictWord(results.some(({ outcome }) => outcome === 'fail') ? 'fail' : 'pass');
}

function done<Result extends { readonly outcome: Verdict }>(
  results: readonly (Result | Skipped)[],
): Result[] {
  return results.filter((result): result is Result => result.outcome !== 'skipped');
}
