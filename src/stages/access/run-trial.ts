/** A block that tries one thing after the other → what was answered to each; undone but for what sequences gave. */
import { isDatabaseError } from '../../database/database-error.js';
import { type Block, runBlock } from '../../database/run-block.js';
import type { Session } from '../../database/with-session.js';
import { withSavepointRollback } from '../../database/with-transaction.js';
import { canceled } from './limit-time.js';

/** Where time runs out between two tries, where nothing of the block answers, all of them are given up: `cutShort` is the answer to each. */
export async function runTrial<T>(
  session: Session,
  block: Block,
  given: readonly unknown[],
  cutShort: (message: string) => T,
): Promise<readonly T[]> {
  if (given.length === 0) return [];
  try {
    return await withSavepointRollback(session, () => runBlock<T>(session, block, given));
  } catch (error: unknown) {
    if (!isDatabaseError(error) || error.code !== canceled) throw error;
    return given.map(() => cutShort(error.message));
  }
}
