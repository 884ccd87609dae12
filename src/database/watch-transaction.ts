/** Whether the session is still in the transaction that the engine began: nothing else may end it. */
import type pg from 'pg';
import { TransactionEnded } from '../errors.js';
import { endOfTransaction } from './commit.js';
import type { Place } from './locate-problem.js';
import type { Session } from './with-session.js';

/**
 * The moment at which the transaction began, by the server's clock: the next one began later, and no SQL can set it. Costs
 * no transaction number, so that it can be asked where nothing may be written.
 */
export async function transactionToken(session: Session): Promise<string> {
  const { rows } = await session.query<{ token: string }>(
    // A whole number of microseconds: no setting has a say in how it is written.
    `select pg_catalog.int8(
        pg_catalog.float8mul(pg_catalog.date_part($1, pg_catalog.transaction_timestamp()), 1000000)
     ) as token`,
    ['epoch'],
  );
  return String(rows[0]?.token);
}

/**
 * After each statement, from what the server says of every one without being asked: its name, and whether a transaction is
 * open. `commit and chain` leaves one open; its name tells.
 */
export function endsTransaction(session: Session, { command }: pg.QueryResult): boolean {
  return session.getTransactionStatus() !== 'T' || command === 'COMMIT' || command === 'ROLLBACK';
}

/** The place of what is no statement's. */
export const anywhere: Place = { path: endOfTransaction, line: null, column: null, snippet: null };

/** `place` is where it happened, as far as that is known. */
export function transactionEnded(place: Place): TransactionEnded {
  return new TransactionEnded({
    ...place,
    // invalid_transaction_termination
    sqlstate: '2D000',
    message: 'The transaction of the engine was ended here, so the database may have changed.',
    detail: null,
    hint: null,
    advice:
      'Only the engine opens and closes transactions. Take out what ends it, and look at what the database holds now: what had run before may have been committed.',
  });
}
