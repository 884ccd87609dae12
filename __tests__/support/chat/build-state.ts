/** A state, built on an empty database as its deployer; the session stays the superuser's. */
import { quoteIdentifier } from '../../../src/database/quote.js';
import { runFile } from '../../../src/database/run-file.js';
import { type Session, sessionSettings } from '../../../src/database/with-session.js';
import { withTransaction } from '../../../src/database/with-transaction.js';
import type { Bundle, State } from '../../../src/model.js';

export async function buildState(session: Session, bundle: Bundle, state: State): Promise<void> {
  const deployer = state.deployer ?? bundle.deployer;
  if (deployer !== null) await session.query(`set role ${quoteIdentifier(deployer)}`);
  await withTransaction(session, async () => {
    for (const file of state.files) await runFile(session, file);
  });
  await session.query(`reset role; ${sessionSettings}`);
}
