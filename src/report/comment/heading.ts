/** The first line is the verdict; the sentence under it says what it rests on, or what failed. */
import type { Report } from '../../model.js';
import { type FailureGroup, failedSubjects } from '../failures.js';
import { code, prose } from '../markdown-text.js';
import { appliedSubjects, checkTotals, preservedTotals } from '../totals.js';
import { count, counted, listed } from '../words.js';
import { sayVerdict } from './signs.js';

/** Beside what failed on the databases; many only where a merge misses many reports. */
const mostReasons = 10;
const mostTitles = 4;

export function renderHeading({ verdict, bundle }: Report): string {
  return `## ${sayVerdict(verdict)} — ${prose(bundle.title)}`;
}

export function renderSummary(report: Report, failures: readonly FailureGroup[]): string {
  return report.verdict === 'pass' ? passSummary(report) : failSummary(report, failures);
}

function passSummary(report: Report): string {
  const applied = appliedSubjects(report);
  const preserved = preservedTotals(report);
  const rows = preserved.reduce((sum, { before }) => sum + before, 0);
  const scenarios = report.tallies.scenarios.passed;
  const isRerun = applied.some(({ rerun }) => rerun.outcome === 'pass');
  const proofs = [
    ...(applied.length > 0 ? [checks(report)] : []),
    ...(scenarios > 0 ? [`${counted(scenarios, 'scenario')} hold`] : []),
    ...(preserved.length > 0 ? [`${count(rows)} of ${counted(rows, 'row')} are accounted for`] : []),
    ...(isRerun ? ['applying it again changes nothing'] : []),
  ];
  return `${whatWasDone(report)}${proofs.length > 0 ? `: ${listed(proofs)}` : ''}.`;
}

function checks(report: Report): string {
  const totals = checkTotals(report);
  const passed = totals.filter(({ after }) => after.failed.length === 0).length;
  return passed === totals.length
    ? `all ${counted(passed, 'check')} pass`
    : `${passed} of ${totals.length} checks pass`;
}

function whatWasDone(report: Report): string {
  const applied = appliedSubjects(report);
  const refused = report.subjects.length - applied.length;
  const fix = report.sections.isWholeFix ? 'The fix' : 'This part of the fix';
  const [only] = report.subjects;
  if (report.command === 'deploy' && only !== undefined) return `${fix} is on ${code(only.name)}`;
  if (report.subjects.length === 1 && only !== undefined && refused === 0)
    return `${fix} repairs ${code(only.name)}`;
  const done = [
    ...(applied.length > 0 ? [`repairs ${counted(applied.length, 'broken database')}`] : []),
    ...(refused > 0 ? [`refuses ${counted(refused, 'database')} that it must not touch`] : []),
  ];
  return `${fix} ${listed(done)}`;
}

function failSummary(report: Report, failures: readonly FailureGroup[]): string {
  const failed = failedSubjects(report).length;
  const reasons = report.reasons.slice(0, mostReasons).map((reason) => `**${prose(reason)}**`);
  const left = report.reasons.length - reasons.length;
  if (left > 0) reasons.push(`… and ${counted(left, 'more reason')}.`);
  if (failed === 0) return reasons.join(' ');
  return [`**${who(report, failed)}.** ${what(failures)}`, ...reasons].join(' ');
}

function who(report: Report, failed: number): string {
  const [only] = report.subjects;
  if (report.subjects.length > 1 || only === undefined) {
    return `${count(failed)} of ${counted(report.subjects.length, 'state')} failed`;
  }
  return report.command === 'deploy'
    ? `The deployment to ${code(only.name)} failed`
    : `${code(only.name)} failed`;
}

/** The titles; for a single one also what Postgres said, or the first thing that was otherwise than expected. */
function what(groups: readonly FailureGroup[]): string {
  const [first] = groups;
  const shown = groups.slice(0, mostTitles).map(({ title }) => prose(title));
  const left = groups.length - shown.length;
  const titles = [...shown, ...(left > 0 ? [`${count(left)} more`] : [])].join('; ');
  return `${titles}${groups.length === 1 && first !== undefined ? why(first) : ''}.`;
}

function why({ variants: [first] }: FailureGroup): string {
  if (first?.problem) return `: ${code(first.problem.message)}`;
  const mismatch = first?.mismatches[0];
  if (mismatch === undefined) return first?.reason ? `: ${prose(first.reason.replace(/[.:]$/, ''))}` : '';
  const { object, expected, actual } = mismatch;
  return `: expected ${code(expected)} of ${code(object)}, found ${code(actual)}`;
}
