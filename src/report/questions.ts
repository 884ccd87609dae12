/** Takes a report and answers what its reader wants to know before they merge or deploy, a question at a time. */
import type { Report, Skipped, SubjectResult, Verdict } from '../model.js';
import { checkVerdict } from './check-words.js';
import { detailAccess, sayAccess, sayIdle, sayLimits } from './say-access.js';
import { sayChanges, sayConsequences } from './say-changes.js';
import { sayFinding, sayPlace } from './say-finding.js';
import { isNoteworthy, loadings, sayLeftAlone, sayLeftOut, sayLoaded } from './say-loading.js';
import { sayTakenAway } from './say-objects.js';
import { detailRollbacks, rollbacksOf, sayRollbacks } from './say-rollback.js';
import { countRows, detailRows, sayOthers, sayRows } from './say-rows.js';
import { sayWaiting } from './say-waiting.js';
import { accessTotals, appliedSubjects, checkTotals, foundNoTable } from './totals.js';
import { count, counted, listed } from './words.js';

export interface Question {
  readonly word: 'PASS' | 'FAIL' | 'NOT RUN' | 'INFO';
  readonly question: string;
  /** Whether anything was found out; otherwise the answer says why not. */
  readonly isAnswered: boolean;
  /** Whether nobody decides by the answer: a comment folds it away. */
  readonly isAside?: boolean;
  /** Whether it is told also where there is no room. */
  readonly isAlwaysTold?: boolean;
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
      ? [
          whoCanDoWhat(report),
          isRowLost(report),
          isGuardGone(report),
          canRunTwice(report),
          doesRollBack(report),
          whoWaits(report),
        ]
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
    isAside: findings.every(({ severity }) => severity === 'note'),
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
      ...(result.misfits ?? []),
      ...result.leftOut.slice(0, mostLeftOut).map((leftOut) => `left out: ${sayLeftOut(leftOut)}`),
      ...(left > 0 ? [`… and ${count(left)} more left out`] : []),
      ...result.added.map((what) => `added: ${what}`),
      ...(result.leftAlone === undefined ? [] : [sayLeftAlone(result.leftAlone)]),
    ];
  });
  const isFailed = results.some(({ outcome }) => outcome === 'fail');
  const answer = results.map(sayLoaded).join('; ');
  return {
    word: isFailed ? 'FAIL' : 'INFO',
    question: 'Was it loaded whole?',
    isAnswered: true,
    isAside: !results.some(isNoteworthy),
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
  if (foundNoTable(report)) answers.push('none of the tables of this fix was there before');
  const details = [...controls(report), ...statements(report)];
  const word = isFailed || words.includes('FAIL') ? 'FAIL' : isRun ? 'PASS' : 'NOT RUN';
  const isAnswered = word !== 'NOT RUN' || checks.executed + scenarios.executed > 0;
  const answer = isAnswered ? answers.join(', ') : notApplied;
  return { word, question, isAnswered, answer, details };
}

function sayRefused(refused: readonly { readonly outcome: Verdict }[]): string {
  const right = refused.filter(({ outcome }) => outcome === 'pass').length;
  return `${count(right)} of ${counted(refused.length, 'refusal is', 'refusals are')} right`;
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
  return asked(
    'Who can do what?',
    resultsOf(report, ({ access }) => access),
    {
      answer: (results) => sayAccess(accessTotals(results)) + sayLimits(results),
      details: (results) => [
        ...detailAccess(accessTotals(results), results),
        ...(isOfAllStates(report) ? sayIdle(results) : []),
      ],
    },
  );
}

function isOfAllStates({ states, shard }: Report): boolean {
  return states !== undefined && states.chosen === states.ofBundle && shard === null;
}

/** Where there was no row, nothing was found out. */
function isRowLost(report: Report): Question {
  const all = resultsOf(report, ({ preservation }) => preservation);
  const question = asked('Is a row lost?', all, {
    answer: (results) => sayRows(report, results),
    details: (results) => detailRows(report, results),
  });
  const results = done(all);
  if (question.word !== 'PASS' || countRows(results) > 0) return question;
  return {
    ...question,
    word: 'INFO',
    answer: `there was no row to lose; ${sayOthers(results)}`,
    details: [],
  };
}

/** What the manifest lets go is no failure, and is not for its author alone to know. */
function isGuardGone(report: Report): Question | null {
  const told = sayTakenAway(report);
  if (told === null) return null;
  const { answer, others } = told;
  return {
    word: 'INFO',
    question: 'Which protection goes?',
    isAnswered: true,
    isAlwaysTold: true,
    answer,
    details: others,
  };
}

function canRunTwice(report: Report): Question {
  return asked(
    'Can it run twice?',
    resultsOf(report, ({ rerun }) => rerun),
    {
      answer: (results) => {
        const changed = results.filter(({ outcome }) => outcome === 'fail').length;
        const where =
          results.length === 1
            ? ''
            : ` on ${count(changed || results.length)} of ${counted(results.length, 'database')}`;
        return `applied again, ${changed === 0 ? 'nothing' : 'something'} changed${where}`;
      },
    },
  );
}

/** Of states. One that says why it cannot return has not failed, and is no proof that it can. */
function doesRollBack(report: Report): Question | null {
  const all = rollbacksOf(report);
  if (all.length === 0) return null;
  const question = asked('Does it roll back?', all, { answer: sayRollbacks, details: detailRollbacks });
  const isRefused = all.some(({ outcome }) => outcome === 'refused');
  return question.word === 'PASS' && isRefused ? { ...question, word: 'INFO' } : question;
}

/** Of a target: its owner is to know before, and to find afterwards what was approved. */
function whatChanges({ command, subjects }: Report): Question | null {
  const targets = subjects.filter(({ kind }) => kind === 'target');
  const results = done(targets.map(({ changes }) => changes));
  if (results.length === 0) return null;
  const isFailed = results.some(({ outcome }) => outcome === 'fail');
  const answer = results.map(sayChanges).join('; ');
  const warnings = targets.flatMap(warningsOf);
  return {
    word: isFailed ? 'FAIL' : 'INFO',
    question: 'What changes?',
    isAnswered: true,
    // What was deployed was read in the plan.
    isAside: command === 'deploy' && !isFailed && warnings.length === 0,
    answer,
    details: [...warnings, ...results.flatMap(sayConsequences)],
  };
}

/** What the fix itself wants its reader to know. */
function warningsOf({ apply }: SubjectResult): string[] {
  if (apply.outcome === 'skipped') return [];
  return apply.sections.flatMap(({ number, warnings = [] }) =>
    warnings.map((text) => `section ${number} warns: ${text}`),
  );
}

function whoWaits(report: Report): Question {
  const question = 'Who waits, and how long?';
  const answer = sayWaiting(report);
  if (answer === null)
    return { word: 'NOT RUN', question, isAnswered: false, answer: notApplied, details: [] };
  return { word: 'INFO', question, isAnswered: true, answer, details: [] };
}

function resultsOf<Result>(report: Report, of: (subject: SubjectResult) => Result): Result[] {
  return appliedSubjects(report).map(of);
}

interface Answering<Result> {
  readonly answer: (results: readonly Result[]) => string;
  readonly details?: (results: readonly Result[]) => readonly string[];
}

/** A stage that was left out on one database has not passed on all of them. */
function asked<Result extends { readonly outcome: string }>(
  question: string,
  all: readonly (Result | Skipped)[],
  { answer, details = () => [] }: Answering<Result>,
): Question {
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

function done<Result extends { readonly outcome: string }>(results: readonly (Result | Skipped)[]): Result[] {
  return results.filter((result): result is Result => result.outcome !== 'skipped');
}
