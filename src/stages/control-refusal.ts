/** A step that was refused by silence → whether there was something to refuse, and whether the rules of tables refused it. */
import { become, beginControl, undoAct } from '../database/act-as.js';
import { isRefused } from '../database/database-error.js';
import { liftRules, liftWhatBindsOwner, listGuardedByOthers } from '../database/lift-rules.js';
import { answerOf, type PartEnd, runGroups } from '../database/run-file.js';
import type { Session } from '../database/with-session.js';
import type { Actor, SqlFile } from '../model.js';
import type { Control } from './judge-step.js';

interface Attempt {
  readonly actor: Actor | null;
  readonly file: SqlFile;
  readonly firstLine: number;
}

/**
 * Within the savepoint that the step began. The deployer does the same, with the actor's claims, so that a condition on them
 * means the same; then the actor, with the rules of the deployer's tables out of the way. What the step did is undone: silence
 * leaves as little behind as an error does.
 */
export async function controlRefusal(session: Session, attempt: Attempt): Promise<Control> {
  const { actor } = attempt;
  // Hardly ever is the second not needed.
  const withoutRules = actor === null ? [] : [`${liftRules}; ${become(actor)}`];
  const [asDeployer, asActor] = await tryAll(session, attempt, [nothingMore, ...withoutRules]);
  const first = judge(asDeployer);
  const found = first.kind === 'effect' ? first : await tryLifted(session, attempt);
  if (found.kind !== 'effect' || asActor === undefined) return found;
  return (await isItself(session, attempt, judge(asActor))) ? { kind: 'itself' } : found;
}

async function tryLifted(session: Session, attempt: Attempt): Promise<Control> {
  const [tried] = await tryAll(session, attempt, [liftWhatBindsOwner]);
  return judge(tried);
}

/** Whether it is silent without the rules, too, so that the statement makes the difference. What is not found out counts as no. */
async function isItself(session: Session, { file }: Attempt, without: Control): Promise<boolean> {
  if (without.kind !== 'nothing') return false;
  // The rules of these stay: they may be what refused it.
  const others = await listGuardedByOthers(session);
  const words = new Set(file.text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu));
  return !others.some((name) => words.has(name.toLowerCase()));
}

interface Tried {
  readonly prepared: PartEnd;
  readonly done: PartEnd;
}

const nothingMore = 'select';

/** Each after what is said first, from where the step began. */
async function tryAll(
  session: Session,
  { actor, file, firstLine }: Attempt,
  firsts: readonly string[],
): Promise<[Tried, ...Tried[]]> {
  const ends = await runGroups(
    session,
    firsts.map((first) => [`${beginControl(actor)}; ${first}`, { file, firstLine }, undoAct] as const),
  );
  return ends.map(([prepared, done, undone]) => {
    answerOf(undone);
    return { prepared, done };
  }) as [Tried, ...Tried[]];
}

function judge({ prepared, done }: Tried): Control {
  answerOf(prepared);
  try {
    return { kind: (answerOf(done)?.rowCount ?? 0) > 0 ? 'effect' : 'nothing' };
  } catch (error: unknown) {
    if (!isRefused(error)) throw error;
    const { problem } = error;
    return speaksOfARow.test(problem.sqlstate) ? { kind: 'effect' } : { kind: 'error', problem };
  }
}

/** A constraint, or what is published of a table, stood in the way of a row that was found. */
const speaksOfARow = /^(23|55000)/;
