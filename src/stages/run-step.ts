/** One step of a scenario, and what it came to → what it got, judged. */
import { splitStatements } from '../bundle/split-statements.js';
import { undoAct } from '../database/act-as.js';
import type { Part } from '../database/run-file.js';
import type { Session } from '../database/with-session.js';
import type { Actor, Bundle, SqlFile, Step, StepResult } from '../model.js';
import { controlRefusal } from './control-refusal.js';
import {
  type Control,
  describeExpectation,
  isMet,
  isSilent,
  judgeStep,
  type StepOutcome,
} from './judge-step.js';
import { findChangedRules } from './keep-the-rules.js';
import { namesTheDatabase } from './names-the-database.js';
import { type Taken, takeSteps } from './take-steps.js';

export interface Turn {
  /** The scenario's. */
  readonly file: SqlFile;
  readonly step: Step;
  readonly taken: Taken;
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

/** Within the transaction that undoes the scenario, as the last that was taken or with others that leave nothing behind it. */
export async function runStep(session: Session, bundle: Bundle, turn: Turn): Promise<TurnResult> {
  const { file, step, hasLooked } = turn;
  const actor = bundle.actors.find(({ name }) => name === step.actor) ?? null;
  const own = { path: file.path, text: step.sql };
  const { done, changed } = await watchTheRules(session, bundle, turn);
  if (changed.length > 0)
    return { result: { ...untried(step), ...openedTheDoor(changed) }, hasFound: true, keeping: [] };
  const isRefusal = step.expectation.kind === 'refused';
  const control =
    isSilent(done) &&
    (isRefusal || (!hasLooked && isMet(step.expectation, done) && isOneStatementOf(actor, step)))
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

/** The deployer's, done once more between two looks at all rules where it has written where Postgres keeps them. */
async function watchTheRules(
  session: Session,
  bundle: Bundle,
  { file: { path }, step, taken: { done, hasWritten } }: Turn,
): Promise<{ readonly done: StepOutcome; readonly changed: readonly string[] }> {
  // What an error has undone has changed nothing.
  if (!hasWritten || done.kind === 'error') return { done, changed: [] };
  await session.query(undoAct);
  let again: StepOutcome = done;
  const changed = await findChangedRules(session, async () => {
    const taken = await takeSteps(session, bundle, { path, steps: [step], ahead: [] });
    again = taken.get(step)?.done ?? done;
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
