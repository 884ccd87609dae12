/** One step of a scenario, as its actor under row level security → what it got, judged. */
import { splitStatements } from '../bundle/split-statements.js';
import { beginAs, endAct, undoAct } from '../database/act-as.js';
import { isDatabaseError, isRefused } from '../database/database-error.js';
import { locateProblem } from '../database/locate-problem.js';
import { type Answer, answerOf, type Part, type Query, runTogether } from '../database/run-file.js';
import { suggestNames } from '../database/suggest-names.js';
import type { Session } from '../database/with-session.js';
import type { Actor, Bundle, SqlFile, SqlProblem, Step, StepResult } from '../model.js';
import { adviseOnStep } from './advise-on-step.js';
import { controlRefusal } from './control-refusal.js';
import { type Control, describeExpectation, isSilent, judgeStep, type StepOutcome } from './judge-step.js';
import { countWrites, findChangedRules } from './keep-the-rules.js';
import { namesTheDatabase } from './names-the-database.js';

export interface Turn {
  /** The scenario's. */
  readonly file: SqlFile;
  readonly step: Step;
  /** What is sent ahead of it. */
  readonly ahead: readonly Part[];
  /** Whether an earlier step of the scenario found something. */
  readonly hasLooked: boolean;
}

export interface TurnResult {
  readonly result: StepResult;
  /** Whether there was a row to find, to change or to refuse, or an error. */
  readonly hasFound: boolean;
  /** What the steps that follow go by: it goes ahead of the next. */
  readonly keeping: readonly Part[];
}

/** Within the transaction that undoes the scenario. */
export async function runStep(
  session: Session,
  bundle: Bundle,
  { file, step, ahead, hasLooked }: Turn,
): Promise<TurnResult> {
  const actor = bundle.actors.find(({ name }) => name === step.actor) ?? null;
  const own = { path: file.path, text: step.sql };
  const { done, changed } =
    actor === null
      ? await watchTheRules(session, bundle, { file, step, ahead })
      : { done: await takeStep(session, bundle, { file, step, ahead }), changed: [] };
  if (changed.length > 0)
    return { result: { ...untried(step), ...openedTheDoor(changed) }, hasFound: true, keeping: [] };
  const isRefusal = step.expectation.kind === 'refused';
  const control =
    isSilent(done) && (isRefusal || (!hasLooked && isOneStatementOf(actor, step)))
      ? await controlRefusal(session, { actor, file: own, firstLine: step.line })
      : null;
  const outcome = isRefusal ? await withControl(session, step, done, control) : done;
  return {
    result: { ...untried(step), ...judgeStep(step.expectation, outcome, actor) },
    hasFound: done.kind === 'error' || done.count !== 0 || control?.kind === 'effect',
    keeping: keepingOf(step, done),
  };
}

/** What others get after it would say nothing of the rules that the fix leaves. */
function openedTheDoor(changed: readonly string[]) {
  const which = changed.slice(0, 5).join(', ');
  return {
    outcome: 'fail',
    actual: `changed rules that the scenarios are to try: ${which}. A step of the deployer makes rows and looks at them; what they may do is for the sections to say`,
    httpStatus: null,
    problem: null,
  } as const;
}

async function withControl(
  session: Session,
  { sql }: Step,
  done: StepOutcome,
  control: Control | null,
): Promise<StepOutcome> {
  if (done.kind === 'done') return { ...done, control };
  return { ...done, namesNothing: !(await namesTheDatabase(session, sql)) };
}

type Taken = Pick<Turn, 'file' | 'step' | 'ahead'>;

/** What the actor does is kept, or undone where it is refused or was to be. */
export async function takeStep(session: Session, bundle: Bundle, taken: Taken): Promise<StepOutcome> {
  return (await perform(session, bundle, taken, null)).done;
}

/** The deployer's, done once more between two looks at all rules where it has written where Postgres keeps them. */
async function watchTheRules(
  session: Session,
  bundle: Bundle,
  taken: Taken,
): Promise<{ readonly done: StepOutcome; readonly changed: readonly string[] }> {
  const { done, hasWritten } = await perform(session, bundle, taken, countWrites);
  // What an error has undone has changed nothing.
  if (!hasWritten || done.kind === 'error') return { done, changed: [] };
  await session.query(undoAct);
  let again: StepOutcome = done;
  const changed = await findChangedRules(session, async () => {
    again = await takeStep(session, bundle, { ...taken, ahead: [] });
  });
  return { done: again, changed };
}

/** For the steps that follow. */
export function keepingOf({ keep }: Step, done: StepOutcome): Part[] {
  if (keep === null || done.kind === 'error') return [];
  const values = [`scenario.${keep}`, done.firstValue ?? ''];
  return [{ text: 'select pg_catalog.set_config($1, $2, true)', values }];
}

/** Of one statement that saw and changed nothing, a control undoes nothing. The deployer is compared with nobody. */
function isOneStatementOf(actor: Actor | null, { sql }: Step): boolean {
  return actor !== null && splitStatements(sql).length === 1;
}

export function notReached(step: Step): StepResult {
  return { ...untried(step), outcome: 'skipped', actual: 'not reached', httpStatus: null, problem: null };
}

function untried({ title, actor, line, expectation }: Step) {
  return { title, actor, line, expected: describeExpectation(expectation) };
}

/** One answer is waited for, as far as the step's own statements let others follow. `count` is asked before it and after it. */
async function perform(
  session: Session,
  { actors }: Bundle,
  { file: { path }, step, ahead }: Taken,
  count: Query | null,
): Promise<{ readonly done: StepOutcome; readonly hasWritten: boolean }> {
  const actor = actors.find(({ name }) => name === step.actor) ?? null;
  const file = { path, text: step.sql };
  const counts = count === null ? [] : [count];
  const isToLeaveNothing = step.expectation.kind === 'refused' || step.expectation.kind === 'error';
  const first = [...ahead, ...counts, beginAs(actor)];
  const own = [{ file, firstLine: step.line }, endAct(actor)];
  const ends = await runTogether(session, [
    ...first,
    ...own,
    ...(isToLeaveNothing ? [undoAct] : []),
    ...counts,
  ]);
  for (const end of ends.slice(0, first.length)) answerOf(end);
  try {
    const [result] = ends.slice(first.length, first.length + own.length).map(answerOf);
    const writesBefore = count === null ? null : writesOf(answerOf(ends[ahead.length]));
    const hasWritten = count !== null && writesOf(answerOf(ends.at(-1))) !== writesBefore;
    return { done: toOutcome(result ?? null), hasWritten };
  } catch (error: unknown) {
    if (problemOf(error, file) === null) throw error;
    if (!isToLeaveNothing) await session.query(undoAct);
    const problem = problemOf(await suggestNames(session, error), file) as SqlProblem;
    return { done: { kind: 'error', problem: adviseOnStep(problem, actor) }, hasWritten: false };
  }
}

const writesOf = (answer: Answer | null): unknown => answer?.rows[0]?.writes;

function toOutcome(result: Answer | null): StepOutcome {
  const firstColumn = result?.fields[0]?.name;
  const firstRow = result?.rows[0] as Record<string, string | null> | undefined;
  return {
    kind: 'done',
    returnsRows: (result?.fields.length ?? 0) > 0,
    changesRows: changingCommands.has(result?.command ?? ''),
    count: result?.rowCount ?? null,
    firstValue: (firstColumn !== undefined && firstRow?.[firstColumn]) || null,
    control: null,
  };
}

/** An error that is none of a statement's was raised at the end, by a deferred constraint. */
function problemOf(error: unknown, file: SqlFile): SqlProblem | null {
  if (isRefused(error)) return error.problem;
  return isDatabaseError(error) ? locateProblem(error, { file, statement: null }) : null;
}

/** As Postgres names them when they are done. */
const changingCommands = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);
