/** One step of a scenario, as its actor under row level security → what it got, judged. */
import { splitStatements } from '../bundle/split-statements.js';
import { beginAs, endAct, undoAct } from '../database/act-as.js';
import { isDatabaseError, isRefused } from '../database/database-error.js';
import { locateProblem } from '../database/locate-problem.js';
import { runFile } from '../database/run-file.js';
import { suggestNames } from '../database/suggest-names.js';
import type { Session } from '../database/with-session.js';
import type { Actor, Bundle, SqlFile, SqlProblem, Step, StepResult } from '../model.js';
import { adviseOnStep } from './advise-on-step.js';
import { controlRefusal } from './control-refusal.js';
import { type Control, describeExpectation, isSilent, judgeStep, type StepOutcome } from './judge-step.js';
import { watchTheRules } from './keep-the-rules.js';
import { namesTheDatabase } from './names-the-database.js';

export interface Turn {
  /** The scenario's. */
  readonly file: SqlFile;
  readonly step: Step;
  /** Whether an earlier step of the scenario found something. */
  readonly hasLooked: boolean;
}

export interface TurnResult {
  readonly result: StepResult;
  /** Whether there was a row to find, to change or to refuse, or an error. */
  readonly hasFound: boolean;
}

/** Within the transaction that undoes the scenario. */
export async function runStep(
  session: Session,
  bundle: Bundle,
  { file, step, hasLooked }: Turn,
): Promise<TurnResult> {
  const actor = bundle.actors.find(({ name }) => name === step.actor) ?? null;
  const own = { path: file.path, text: step.sql };
  const { done, changed } =
    actor === null
      ? await watchTheRules(session, () => takeStep(session, bundle, { file, step }))
      : { done: await takeStep(session, bundle, { file, step }), changed: [] };
  if (changed.length > 0) return { result: { ...untried(step), ...openedTheDoor(changed) }, hasFound: true };
  const isRefusal = step.expectation.kind === 'refused';
  const control =
    isSilent(done) && (isRefusal || (!hasLooked && isOneStatementOf(actor, step)))
      ? await controlRefusal(session, { actor, file: own, firstLine: step.line })
      : null;
  if (done.kind === 'done') await keepValue(session, step, done.firstValue);
  const outcome = isRefusal ? await withControl(session, step, done, control) : done;
  return {
    result: { ...untried(step), ...judgeStep(step.expectation, outcome, actor) },
    hasFound: done.kind === 'error' || done.count !== 0 || control?.kind === 'effect',
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

/** What the actor does is kept, or undone where it is refused. */
export function takeStep(
  session: Session,
  { actors }: Bundle,
  { file, step }: Pick<Turn, 'file' | 'step'>,
): Promise<StepOutcome> {
  const actor = actors.find(({ name }) => name === step.actor) ?? null;
  return perform(session, actor, { path: file.path, text: step.sql }, step);
}

/** For the steps that follow. */
export async function keepValue(session: Session, { keep }: Step, value: string | null): Promise<void> {
  if (keep === null) return;
  await session.query('select pg_catalog.set_config($1, $2, true)', [`scenario.${keep}`, value ?? '']);
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

async function perform(
  session: Session,
  actor: Actor | null,
  file: SqlFile,
  step: Step,
): Promise<StepOutcome> {
  await beginAs(session, actor);
  try {
    const result = await runFile(session, file, { firstLine: step.line });
    await endAct(session, actor);
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
  } catch (error: unknown) {
    if (problemOf(error, file) === null) throw error;
    await undoAct(session);
    const problem = problemOf(await suggestNames(session, error), file) as SqlProblem;
    return { kind: 'error', problem: adviseOnStep(problem, actor) };
  }
}

/** An error that is none of a statement's was raised at the end, by a deferred constraint. */
function problemOf(error: unknown, file: SqlFile): SqlProblem | null {
  if (isRefused(error)) return error.problem;
  return isDatabaseError(error) ? locateProblem(error, { file, statement: null }) : null;
}

/** As Postgres names them when they are done. */
const changingCommands = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);
