/** A step that was refused by silence → whether there was something to refuse: the deployer does the same, and it is undone. */
import { beginControl, undoAct } from '../database/act-as.js';
import { isRefused } from '../database/database-error.js';
import { liftWhatBindsOwner } from '../database/owners-view.js';
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
 * Within the savepoint that the step began. The claims are the actor's, so that a condition on them means the same. What
 * the step did is undone: silence leaves as little behind as an error does.
 */
export async function controlRefusal(session: Session, attempt: Attempt): Promise<Control> {
  const first = await tryAsDeployer(session, attempt, async () => undefined);
  return first.kind === 'effect' ? first : tryAsDeployer(session, attempt, liftWhatBindsOwner);
}

async function tryAsDeployer(
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
