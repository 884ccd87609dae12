/** Takes a report and gives what was proven beside the checks: scenarios, rows, the second run, refusals, locks. */
import type { ComparisonResult, PreservationResult, Report, Skipped, Verdict } from '../model.js';
import { sayAccess } from './say-access.js';
import { sayFinding } from './say-finding.js';
import { loadings, sayLeftOut, sayLoaded } from './say-loading.js';
import { accessTotals, longestLocks, type PreservedTotal, preservedTotals } from './totals.js';
import { count, counted, duration } from './words.js';

export interface Proof {
  readonly word: 'PASS' | 'FAIL' | 'INFO';
  readonly name: string;
  /** Plain text, not escaped for anything. */
  readonly lines: readonly string[];
}

/** A proof that no database was put to is left out. */
export function collectProofs(report: Report): Proof[] {
  const all = [
    preflight(report),
    loaded(report),
    controls(report),
    scenarios(report),
    preserved(report),
    access(report),
    again(report),
    refusals(report),
    locks(report),
  ];
  return all.filter((proof) => proof !== null);
}

/** What a target's owner should know; a refusal is among the failures, too. */
function preflight({ subjects }: Report): Proof | null {
  const results = done(subjects.map((subject) => subject.preflight));
  const lines = results.flatMap(({ findings }) => findings.map(sayFinding));
  if (lines.length === 0) return null;
  return { word: worst(results) === 'FAIL' ? 'FAIL' : 'INFO', name: 'Preflight', lines };
}

/** In the list of the console a few are told; the comment has them all. */
const mostLeftOut = 5;

function loaded(report: Report): Proof | null {
  const results = loadings(report);
  if (results.length === 0) return null;
  const lines = results.flatMap((result) => {
    const left = result.leftOut.length - mostLeftOut;
    return [
      sayLoaded(result),
      ...result.leftOut.slice(0, mostLeftOut).map((leftOut) => `left out: ${sayLeftOut(leftOut)}`),
      ...(left > 0 ? [`… and ${count(left)} more left out`] : []),
      ...result.added.map((what) => `added: ${what}`),
    ];
  });
  const isFailed = results.some(({ outcome }) => outcome === 'fail');
  return { word: isFailed ? 'FAIL' : 'INFO', name: 'Loaded', lines };
}

/** Nobody believes a check that passes whatever it finds. */
function controls({ controls: { planned, executed, blind } }: Report): Proof | null {
  if (planned === 0) return null;
  const failed = executed - blind.length;
  const line = `${count(failed)} of ${count(planned)} checks and scenarios fail on an empty database, as they must`;
  return { word: failed === planned ? 'PASS' : 'FAIL', name: 'Controls', lines: [line] };
}

function scenarios({ subjects }: Report): Proof | null {
  const results = done(subjects.map((subject) => subject.scenarios));
  if (results.length === 0) return null;
  const all = results.flatMap((result) => result.scenarios);
  const held = all.filter(({ outcome }) => outcome === 'pass').length;
  const refused = all
    .flatMap(({ steps }) => steps)
    .filter(({ outcome, httpStatus }) => outcome === 'pass' && httpStatus !== null).length;
  const refusedToo = refused > 0 ? `; ${counted(refused, 'statement')} refused, as they must be` : '';
  const line = `${count(held)} of ${count(all.length)} hold, each run as its real user under row level security${refusedToo}`;
  return { word: worst(results), name: 'Scenarios', lines: [line] };
}

function preserved(report: Report): Proof | null {
  const results = done(report.subjects.map(({ preservation }) => preservation));
  if (results.length === 0) return null;
  const lines = preservedTotals(report).map(
    (total) => `${count(total.before)} ${total.name}, ${count(total.found)} accounted for${elsewhere(total)}`,
  );
  return { word: worst(results), name: 'Rows preserved', lines: [...lines, nothingElse(results)] };
}

/** What was compared whether or not the manifest speaks of it. */
function nothingElse(results: readonly PreservationResult[]): string {
  const sum = (number: (result: ComparisonResult) => number) =>
    results.reduce((total, { comparison }) => total + number(comparison), 0);
  const rows = counted(
    sum((comparison) => comparison.rows),
    'row',
  );
  const unwritten = sum((comparison) => comparison.unwritten);
  const others = unwritten > 0 ? `, and ${counted(unwritten, 'table')} that nothing was written into` : '';
  const differing = sum(({ differences }) => differences.length);
  const found = differing === 0 ? 'nothing else differs' : `${counted(differing, 'undeclared difference')}`;
  return `${rows} compared with every column${others}: ${found}`;
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

function access({ subjects }: Report): Proof | null {
  const results = done(subjects.map((subject) => subject.access));
  if (results.length === 0) return null;
  return { word: worst(results), name: 'Access', lines: [sayAccess(accessTotals(results))] };
}

function again({ subjects }: Report): Proof | null {
  const results = done(subjects.map(({ rerun }) => rerun));
  if (results.length === 0) return null;
  const changed = results.filter(({ outcome }) => outcome === 'fail').length;
  const where =
    results.length === 1 ? '' : ` on ${count(changed || results.length)} of ${count(results.length)}`;
  const what = changed === 0 ? 'nothing changed' : 'something changed';
  return { word: worst(results), name: 'Applied again', lines: [what + where] };
}

function refusals({ subjects }: Report): Proof | null {
  const results = done(subjects.map(({ refusal }) => refusal));
  if (results.length === 0) return null;
  const right = results.filter(({ outcome }) => outcome === 'pass').length;
  const line = `${count(right)} of ${count(results.length)} with the right error and nothing changed`;
  return { word: worst(results), name: 'Refusals', lines: [line] };
}

function locks(report: Report): Proof | null {
  const [longest] = longestLocks(report).sort((one, other) => other.milliseconds - one.milliseconds);
  if (longest === undefined) return null;
  const { mode, relation, section, milliseconds } = longest;
  const since = section === 0 ? 'before the first section' : `since section ${section}`;
  const line = `longest: ${mode} on ${relation}, held for ${duration(milliseconds)}, ${since}`;
  return { word: 'INFO', name: 'Locks', lines: [line] };
}

function worst(results: readonly { readonly outcome: Verdict }[]): 'PASS' | 'FAIL' {
  return results.some(({ outcome }) => outcome === 'fail') ? 'FAIL' : 'PASS';
}

function done<Result extends { readonly outcome: Verdict }>(
  results: readonly (Result | Skipped)[],
): Result[] {
  return results.filter((result): result is Result => result.outcome !== 'skipped');
}
