/** A step that was refused by silence → whether there was something to refuse, and whether the rules of tables refused it. */
import { become, beginControl, undoAct } from '../database/act-as.js';
import { isRefused } from '../database/database-error.js';
import { liftRules, liftWhatBindsOwner, listGuardedByOthers } from '../database/lift-rules.js';
import { runFile } from '../database/run-file.js';
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
  const first = await tryAs(session, attempt, async () => undefined);
  const found = first.kind === 'effect' ? first : await tryAs(session, attempt, liftWhatBindsOwner);
  if (found.kind !== 'effect' || attempt.actor === null) return found;
  return (await refusesItself(session, attempt)) ? { kind: 'itself' } : found;
}

/** Whether it is silent without the rules, too, so that the statement makes the difference. What is not found out counts as no. */
async function refusesItself(session: Session, attempt: Attempt): Promise<boolean> {
  const without = await tryAs(session, attempt, async () => {
    await liftRules(session);
    await become(session, attempt.actor);
  });
  if (without.kind !== 'nothing') return false;
  // The rules of these stay: they may be what refused it.
  const others = await listGuardedByOthers(session);
  const words = new Set(attempt.file.text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu));
  return !others.some((name) => words.has(name.toLowerCase()));
}

async function tryAs(
  session: Session,
  { actor, file, firstLine }: Attempt,
  prepare: (session: Session) => Promise<void>,
): Promise<Control> {
  try {
    await beginControl(session, actor);
    await prepare(session);
    const result = await runFile(session, file, { firstLine });
    return { kind: (result?.rowCount ?? 0) > 0 ? 'effect' : 'nothing' };
  } catch (error: unknown) {
    if (!isRefused(error)) throw error;
    const { problem } = error;
    return speaksOfARow.test(problem.sqlstate) ? { kind: 'effect' } : { kind: 'error', problem };
  } finally {
    await undoAct(session);
  }
}

/** A constraint, or what is published of a table, stood in the way of a row that was found. */
const speaksOfARow = /^(23|55000)/;
