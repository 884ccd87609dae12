/** Takes a report and answers what its reader wants to know before they merge or deploy, a question at a time. */
import type { ComparisonResult, PreservationResult, Report, Skipped, Verdict } from '../model.js';
import { checkVerdict } from './check-words.js';
import { sayAccess } from './say-access.js';
import { sayChanges } from './say-changes.js';
import { sayFinding, sayPlace } from './say-finding.js';
import { loadings, sayLeftOut, sayLoaded } from './say-loading.js';
import { sayObjects } from './say-objects.js';
import { detailRollbacks, rollbacksOf, sayRollbacks, triedRollbacks } from './say-rollback.js';
import { sayWaiting } from './say-waiting.js';
import {
  accessTotals,
  appliedSubjects,
  checkTotals,
  type PreservedTotal,
  preservedTotals,
} from './totals.js';
import { count, counted, listed } from './words.js';

export interface Question {
  readonly word: 'PASS' | 'FAIL' | 'NOT RUN' | 'INFO';
  readonly question: string;
  /** Whether anything was found out; otherwise the answer says why not. */
  readonly isAnswered: boolean;
  /** Plain text, not escaped for anything, as are the details. */
  readonly answer: string;
  /** What the answer rests on, where there is more to say. */
  readonly details: readonly string[];
}

/** Of a run without a database there is nothing to ask. */
export function answerQuestions(report: Report): Question[] {
  if (report.subjects.length === 0) return [];
  const ofApplied =
    appliedSubjects(report).length > 0
      ? [whoCanDoWhat(report), isRowLost(report), canRunTwice(report), doesRollBack(report), whoWaits(report)]
      : [];
  return [mayBegin(report), wasLoaded(report), doesRepair(report), ...ofApplied, whatChanges(report)].filter(
    (question) => question !== null,
  );
}

const notApplied = 'the fix was not applied';

/** What a target's owner should know; a refusal is among the failures, too. */
function mayBegin({ subjects }: Report): Question | null {
  const targets = subjects.filter(({ kind }) => kind === 'target');
  const results = done(targets.map(({ preflight }) => preflight));
  if (results.length === 0) return null;
  const isFailed = results.some(({ outcome }) => outcome === 'fail');
  const findings = results.flatMap((result) => result.findings);
  return {
    word: isFailed ? 'FAIL' : 'INFO',
    question: 'May it begin?',
    isAnswered: true,
    answer: [
      ...results.map(sayPlace),
      ...findings.filter(({ severity }) => severity !== 'note').map(sayFinding),
    ].join('; '),
    details: findings.filter(({ severity }) => severity === 'note').map(sayFinding),
  };
}

/** A few are told; the comment has a table of them all. */
const mostLeftOut = 5;

function wasLoaded(report: Report): Question | null {
  const results = loadings(report);
  if (results.length === 0) return null;
  const details = results.flatMap((result) => {
    const left = result.leftOut.length - mostLeftOut;
    return [
      ...result.leftOut.slice(0, mostLeftOut).map((leftOut) => `left out: ${sayLeftOut(leftOut)}`),
      ...(left > 0 ? [`… and ${count(left)} more left out`] : []),
      ...result.added.map((what) => `added: ${what}`),
    ];
  });
  const isFailed = results.some(({ outcome }) => outcome === 'fail');
  const answer = results.map(sayLoaded).join('; ');
  return {
    word: isFailed ? 'FAIL' : 'INFO',
    question: 'Was it loaded whole?',
    isAnswered: true,
    answer,
    details,
  };
}

function doesRepair(report: Report): Question {
  const question = 'Does it repair?';
  const { checks, scenarios } = report.tallies;
  const words = checkTotals(report).map(checkVerdict);
  const tried = done(report.subjects.map((subject) => subject.scenarios));
  const refused = done(report.subjects.map(({ refusal }) => refusal));
  const { blind } = report.controls;
  const isFailed = [...tried, ...refused].some(({ outcome }) => outcome === 'fail') || blind.length > 0;
  const isRun = checks.executed === checks.planned && scenarios.executed === scenarios.planned;
  const answers = [
    ...(checks.planned > 0
      ? [`${count(checks.passed)} of ${counted(checks.planned, 'check passes', 'checks pass')}`]
      : []),
    ...(scenarios.planned > 0
      ? [`${count(scenarios.passed)} of ${counted(scenarios.planned, 'scenario holds', 'scenarios hold')}`]
      : []),
    ...(refused.length > 0 ? [sayRefused(refused)] : []),
  ];
  const details = [...controls(report), ...statements(report)];
  const word = isFailed || words.includes('FAIL') ? 'FAIL' : isRun ? 'PASS' : 'NOT RUN';
  const isAnswered = word !== 'NOT RUN' || checks.executed + scenarios.executed > 0;
  const answer = isAnswered ? answers.join(', ') : notApplied;
  return { word, question, isAnswered, answer, details };
}

function sayRefused(refused: readonly { readonly outcome: Verdict }[]): string {
  const right = refused.filter(({ outcome }) => outcome === 'pass').length;
  return `${count(right)} of ${counted(refused.length, 'refusal')} as it must be`;
}

/** Nobody believes a check that passes whatever it finds. */
function controls({ controls: { planned, executed, blind } }: Report): string[] {
  if (planned === 0) return [];
  const failed = executed - blind.length;
  return [
    `${count(failed)} of ${count(planned)} checks and scenarios fail on an empty database, as expected`,
  ];
}

function statements({ subjects }: Report): string[] {
  const steps = done(subjects.map((subject) => subject.scenarios))
    .flatMap(({ scenarios }) => scenarios)
    .flatMap((scenario) => scenario.steps);
  const refused = steps.filter(({ outcome, httpStatus }) => outcome === 'pass' && httpStatus !== null).length;
  const notTried = subjects.flatMap(({ kind, apply, scenarios }) =>
    kind === 'target' && apply.outcome === 'pass' && scenarios.outcome === 'skipped'
      ? [`scenarios: ${scenarios.reason}`]
      : [],
  );
  return [
    ...notTried,
    ...(steps.length > 0 ? ['each scenario is run as its real user under row level security'] : []),
    ...(refused > 0
      ? [`${counted(refused, 'statement of a user is', 'statements of users are')} refused, as expected`]
      : []),
  ];
}

function whoCanDoWhat(report: Report): Question {
  return asked(report, 'Who can do what?', ({ access }) => access, {
    answer: (results) => sayAccess(accessTotals(results)),
  });
}

/** Where there was no row, nothing was found out. */
function isRowLost(report: Report): Question {
  const question = askRows(report);
  const results = done(report.subjects.map(({ preservation }) => preservation));
  const isEmpty = comparisons(results)(({ rows }) => rows) === 0;
  if (question.word !== 'PASS' || !isEmpty) return question;
  return {
    ...question,
    word: 'INFO',
    answer: `there was no row to lose; ${sayOthers(results)}`,
    details: [],
  };
}

function askRows(report: Report): Question {
  return asked(report, 'Is a row lost?', ({ preservation }) => preservation, {
    answer: (results) => {
      const totals = preservedTotals(report);
      const sum = (number: (total: PreservedTotal) => number) =>
        totals.reduce((all, total) => all + number(total), 0);
      const [before, found] = [sum((total) => total.before), sum((total) => total.found)];
      const moved = sum((total) => total.moved);
      const merged = sum((total) => total.merged);
      const quarantined = sum((total) => total.quarantined);
      const rows = `${count(found)} of ${counted(before, 'row')} accounted for`;
      const isKnown = totals.length > 0;
      return [
        ...(isKnown ? [rows + elsewhere({ moved, merged, quarantined })] : []),
        ...(isKnown && differing(results) === 0 ? [] : [sayOthers(results)]),
      ].join('; ');
    },
    details: (results) => [
      ...preservedTotals(report).map(
        (total) =>
          `${count(total.before)} ${total.name}, ${count(total.found)} accounted for${elsewhere(total)}`,
      ),
      ...preservedTotals(report).flatMap(sayExcused),
      ...quarantined(report),
      sayCompared(results),
      ...sayObjects(report),
    ],
  });
}

/** What the manifest lets differ, counted: whoever declared too much reads it here. */
function sayExcused({ name, appeared, excused }: PreservedTotal): string[] {
  const parts = [
    ...(appeared > 0 ? [`${counted(appeared, 'row')} appeared as the manifest lets them`] : []),
    ...excused.flatMap(({ fact, normalised, filled }) => [
      ...(normalised > 0 ? [`${counted(normalised, 'value')} of ${fact} changed under normalise`] : []),
      ...(filled > 0 ? [`${counted(filled, 'gap')} of ${fact} filled`] : []),
    ]),
  ];
  return parts.length === 0 ? [] : [`of ${name}, ${parts.join(', ')}`];
}

/** Of a target, whose owner has to look into it. */
function quarantined({ subjects }: Report): string[] {
  return subjects.flatMap(({ kind, preservation }) => {
    if (kind !== 'target' || preservation.outcome === 'skipped') return [];
    const reasons = preservation.quarantine?.reasons ?? [];
    const told = reasons
      .slice(0, 10)
      .map(({ reason, rows }) => `${counted(rows, 'row')} quarantined: ${reason}`);
    return reasons.length > 10 ? [...told, `and ${counted(reasons.length - 10, 'more reason')}`] : told;
  });
}

function comparisons(results: readonly PreservationResult[]) {
  return (number: (result: ComparisonResult) => number) =>
    results.reduce((total, { comparison }) => total + number(comparison), 0);
}

/** What was compared whether or not the manifest speaks of it. */
function sayCompared(results: readonly PreservationResult[]): string {
  const sum = comparisons(results);
  const rows = counted(
    sum((comparison) => comparison.rows),
    'row',
  );
  const unwritten = sum((comparison) => comparison.unwritten);
  const others = unwritten > 0 ? `, and ${counted(unwritten, 'table')} that nothing was written into` : '';
  return `${rows} compared with every column${others}: ${sayOthers(results)}`;
}

function sayOthers(results: readonly PreservationResult[]): string {
  const number = differing(results);
  return number === 0 ? 'nothing else differs' : counted(number, 'undeclared difference');
}

function differing(results: readonly PreservationResult[]): number {
  return comparisons(results)(({ differences }) => differences.length);
}

/** Where the rows are that are not simply where they were. */
function elsewhere({
  moved,
  merged,
  quarantined,
}: Pick<PreservedTotal, 'moved' | 'merged' | 'quarantined'>): string {
  const parts = [
    ...(moved > 0 ? [`${count(moved)} moved`] : []),
    ...(merged > 0 ? [`${count(merged)} merged`] : []),
    ...(quarantined > 0 ? [`${count(quarantined)} quarantined`] : []),
  ];
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
}

function canRunTwice(report: Report): Question {
  return asked(report, 'Can it run twice?', ({ rerun }) => rerun, {
    answer: (results) => {
      const changed = results.filter(({ outcome }) => outcome === 'fail').length;
      const where =
        results.length === 1
          ? ''
          : ` on ${count(changed || results.length)} of ${counted(results.length, 'database')}`;
      return `applied again, ${changed === 0 ? 'nothing' : 'something'} changed${where}`;
    },
  });
}

/** Of states. One that says why it cannot return has not failed, and is no proof that it can. */
function doesRollBack(report: Report): Question | null {
  const all = rollbacksOf(report);
  if (all.length === 0) return null;
  const question = 'Does it roll back?';
  const results = triedRollbacks(report);
  const skipped = all.flatMap(({ rollback }) => (rollback.outcome === 'skipped' ? [rollback.reason] : []));
  const reasons = listed([...new Set(skipped)], 3);
  if (results.length === 0)
    return { word: 'NOT RUN', question, isAnswered: false, answer: reasons, details: [] };
  const left = skipped.length > 0 ? `; not run on ${counted(skipped.length, 'database')} (${reasons})` : '';
  const has = (outcome: string) => results.some(({ result }) => result.outcome === outcome);
  return {
    word: has('fail') ? 'FAIL' : skipped.length > 0 ? 'NOT RUN' : has('refused') ? 'INFO' : 'PASS',
    question,
    isAnswered: true,
    answer: sayRollbacks(results) + left,
    details: detailRollbacks(results),
  };
}

/** Of a target: its owner is to know before, and to find afterwards what was approved. */
function whatChanges({ subjects }: Report): Question | null {
  const results = done(subjects.map(({ changes }) => changes));
  if (results.length === 0) return null;
  const isFailed = results.some(({ outcome }) => outcome === 'fail');
  const answer = results.map(sayChanges).join('; ');
  return {
    word: isFailed ? 'FAIL' : 'INFO',
    question: 'What changes?',
    isAnswered: true,
    answer,
    details: [],
  };
}

function whoWaits(report: Report): Question {
  const question = 'Who waits, and how long?';
  const answer = sayWaiting(report);
  if (answer === null)
    return { word: 'NOT RUN', question, isAnswered: false, answer: notApplied, details: [] };
  return { word: 'INFO', question, isAnswered: true, answer, details: [] };
}

interface Answering<Result> {
  readonly answer: (results: readonly Result[]) => string;
  readonly details?: (results: readonly Result[]) => readonly string[];
}

/** A stage that was left out on one database has not passed on all of them. */
function asked<Result extends { readonly outcome: Verdict }>(
  report: Report,
  question: string,
  of: (subject: Report['subjects'][number]) => Result | Skipped,
  { answer, details = () => [] }: Answering<Result>,
): Question {
  const all = appliedSubjects(report).map(of);
  const results = done(all);
  const skipped = all.filter((result): result is Skipped => result.outcome === 'skipped');
  const reasons = listed([...new Set(skipped.map(({ reason }) => reason))], 3);
  if (results.length === 0) {
    return { word: 'NOT RUN', question, isAnswered: false, answer: reasons, details: [] };
  }
  const left = skipped.length > 0 ? `; not run on ${counted(skipped.length, 'database')} (${reasons})` : '';
  const isFailed = results.some(({ outcome }) => outcome === 'fail');
  const word = isFailed ? 'FAIL' : skipped.length > 0 ? 'NOT RUN' : 'PASS';
  return {
    word,
    question,
    isAnswered: true,
    answer: answer(results) + left,
    details: details(results),
  };
}

function done<Result extends { readonly outcome: Verdict }>(
  results: readonly (Result | Skipped)[],
): Result[] {
  return results.filter((result): result is Result => result.outcome !== 'skipped');
}
