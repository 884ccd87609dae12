/** A transaction whose work is done → kept; or why it was not, or that nobody says. */
import { CommitUnknown, describeProblem, SqlError } from '../errors.js';
import { isDatabaseError, isLostConnection } from './database-error.js';
import { locateProblem } from './locate-problem.js';
import type { Session } from './with-session.js';

export type Fate = 'yes' | 'no' | 'unknown';

/** What a transaction takes that is to be kept. */
export interface Keeping {
  /** After a commit without an answer: what became of the transaction, asked of the server anew. */
  readonly learnFate: (transaction: string) => Promise<Fate>;
  /** Told which transaction it is, right before the commit is sent, and then what became of it; must not throw. */
  readonly onCommit?: OnCommit;
  /** Of the same database, for what is left to be done there once the first session was lost. */
  readonly withAnother?: (work: (session: Session) => Promise<void>) => Promise<void>;
}

export type OnCommit = (transaction: string, fate: Fate | null) => void;

/** Nobody else can be asked, and nobody is told. */
export const keepingAlone: Keeping = { learnFate: async () => 'unknown' };

/** Where a problem lies that is none of a statement's. */
export const endOfTransaction = 'the end of the transaction';

/** null: it has written nothing, so there is nothing that could have been kept. */
export async function readTransaction(session: Session): Promise<string | null> {
  const { rows } = await session.query<{ id: string | null }>(
    'select pg_catalog.pg_current_xact_id_if_assigned()::text as id',
  );
  return rows[0]?.id ?? null;
}

/** Throws a SqlError where Postgres refuses or has not heard of it, which then has rolled back; a CommitUnknown where nobody says. */
export async function commit(
  session: Session,
  transaction: string | null,
  { learnFate, onCommit = () => undefined }: Keeping,
): Promise<void> {
  // Of one that has written nothing there is nothing that could be there afterwards.
  const tell = (fate: Fate | null) => transaction !== null && onCommit(transaction, fate);
  tell(null);
  let command: string;
  try {
    ({ command } = await session.query('commit'));
  } catch (error: unknown) {
    if (isDatabaseError(error) && !isLostConnection(error)) {
      tell('no');
      const file = { path: endOfTransaction, text: '' };
      throw new SqlError(locateProblem(error, { file, statement: null }), { cause: error });
    }
    // Whatever else it is, the server has not answered.
    const fate = transaction === null ? 'no' : await learnFate(transaction);
    tell(fate);
    if (fate === 'yes') return;
    const lost = { path: 'the commit', detail: String(error) };
    if (fate === 'no') {
      // connection_failure
      const sqlstate = '08006';
      const message = 'The connection was lost at the commit, which the server did not carry out.';
      const problem = describeProblem({ ...lost, sqlstate, message, advice: 'Try again.' });
      throw new SqlError(problem, { cause: error });
    }
    const problem = describeProblem({
      ...lost,
      // transaction_resolution_unknown
      sqlstate: '08007',
      message: 'The connection was lost at the commit, and the server could not be asked what became of it.',
      advice: `Ask it before anything else: select pg_xact_status('${transaction}'). It says committed or aborted.`,
    });
    throw new CommitUnknown(problem, { cause: error });
  }
  tell(command === 'COMMIT' ? 'yes' : 'no');
  if (command !== 'COMMIT') throw new Error('an aborted transaction was to be committed');
}
