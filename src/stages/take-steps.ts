/** Steps of a scenario, as their actors → what each came to. Those that need not know of one another are sent together. */
import { beginAs, endAct, undoAct } from '../database/act-as.js';
import { isDatabaseError, isRefused } from '../database/database-error.js';
import { locateProblem } from '../database/locate-problem.js';
import { type Answer, answerOf, type Part, type PartEnd, runGroups } from '../database/run-file.js';
import { suggestNames } from '../database/suggest-names.js';
import type { Session } from '../database/with-session.js';
import type { Actor, Bundle, SqlFile, SqlProblem, Step } from '../model.js';
import { adviseOnStep } from './advise-on-step.js';
import type { StepOutcome } from './judge-step.js';
import { countWrites } from './keep-the-rules.js';

export interface Taken {
  readonly done: StepOutcome;
  /** Whether a step of the deployer has written where Postgres keeps rules. */
  readonly hasWritten: boolean;
}

/** The first of the steps, and those that can be sent behind it before its answer is there. */
export function chainOf(steps: readonly Step[]): Step[] {
  const end = steps.findIndex((step, index) => index > 0 && !mayFollow(steps[index - 1] as Step, step));
  return steps.slice(0, end < 0 ? steps.length : end);
}

/**
 * Not where the next goes by a value of the step, or where that may be done once more from where it began: one of the deployer, or one
 * that is controlled. Those that leave nothing all begin at one place, from which each of them can be controlled when they are done.
 */
function mayFollow(step: Step, next: Step): boolean {
  const { actor, keep, expectation } = step;
  const isControlled = 'count' in expectation && expectation.count === 0;
  if (actor === 'deployer' || keep !== null || isControlled) return false;
  return leavesNothing(next) || !leavesNothing(step);
}

const leavesNothing = ({ expectation: { kind } }: Step): boolean => kind === 'refused' || kind === 'error';

/**
 * What the actors do is kept, or undone where it is refused or was to be. Of a chain alone: behind the first that fails without being
 * meant to, nothing is taken.
 */
export async function takeSteps(
  session: Session,
  { actors }: Pick<Bundle, 'actors'>,
  {
    path,
    steps,
    ahead,
  }: { readonly path: string; readonly steps: readonly Step[]; readonly ahead: readonly Part[] },
): Promise<Map<Step, Taken>> {
  const turns = steps.map((step) => {
    const actor = actors.find(({ name }) => name === step.actor) ?? null;
    return { step, actor, file: { path, text: step.sql } };
  });
  const [ofAhead = [], ...ofTurns] = await runGroups(session, [ahead, ...turns.map(toParts)]);
  for (const end of ofAhead) answerOf(end);
  const taken = new Map<Step, Taken>();
  for (const [index, turn] of turns.entries()) {
    const { done, hasWritten } = await toTaken(session, turn, ofTurns[index] ?? []);
    taken.set(turn.step, { done, hasWritten });
    if (done.kind === 'error' && !leavesNothing(turn.step)) break;
  }
  return taken;
}

interface Turn {
  readonly step: Step;
  readonly actor: Actor | null;
  readonly file: SqlFile;
}

function toParts({ step, actor, file }: Turn): Part[] {
  const counts = actor === null ? [countWrites] : [];
  const undo = leavesNothing(step) ? [undoAct] : [];
  return [...counts, beginAs(actor), { file, firstLine: step.line }, endAct(actor), ...undo, ...counts];
}

async function toTaken(
  session: Session,
  { step, actor, file }: Turn,
  ends: readonly PartEnd[],
): Promise<Taken> {
  const [begun, said, ended] = actor === null ? ends.slice(1) : ends;
  answerOf(begun);
  try {
    const result = answerOf(said);
    answerOf(ended);
    const hasWritten = actor === null && writesOf(ends[0]) !== writesOf(ends.at(-1));
    return { done: toOutcome(result), hasWritten };
  } catch (error: unknown) {
    if (problemOf(error, file) === null) throw error;
    if (!leavesNothing(step)) await session.query(undoAct);
    const problem = problemOf(await suggestNames(session, error), file) as SqlProblem;
    return { done: { kind: 'error', problem: adviseOnStep(problem, actor) }, hasWritten: false };
  }
}

const writesOf = (end: PartEnd | undefined): unknown => answerOf(end)?.rows[0]?.writes;

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
