/** Statements of a file, one after the other → each in a savepoint of its own, so that one that fails takes nothing with it. */
import { copyRows } from '../database/copy-rows.js';
import { type DatabaseError, isDatabaseError } from '../database/database-error.js';
import type { Session } from '../database/with-session.js';

export interface GuardedRunner {
  /** Throws what the server refused, with everything undone that the statement did. Returns how many rows it affected. */
  run(statement: string): Promise<number>;
  /** All of them at once; false: one failed, and nothing was done. */
  runTogether(statements: readonly string[]): Promise<boolean>;
  /** The same, between statements of ours: all of it is done, or nothing. */
  runBetween(before: string, statement: string, after: string): Promise<void>;
  /** Returns how many rows there were. */
  copy(statement: string, rows: AsyncIterable<string>): Promise<number>;
  /** Keeps what was done. */
  finish(): Promise<void>;
}

export interface GuardedOptions {
  /** How many statements share a transaction; a dump of many tables would ask for more locks than there are. */
  readonly statementsPerTransaction: number;
}

/**
 * Sent behind a statement, so that the savepoint stands where the last one ended whatever the next one is: of a message that
 * Postgres cannot read nothing is done, also not what would set a savepoint before it.
 */
const keepIt = 'release savepoint statement; savepoint statement';

/** What cannot be done within a transaction, or with what the same transaction has made. */
const cannotRunInTransaction = new Set(['25001', '2D000']);
const mustBeCommittedFirst = '55P04';

const beginning = /^(?:begin|start\s+transaction)\b/i;
const ending = /^(?:commit|end|rollback|abort)\b(?!\s+(?:prepared|(?:work\s+|transaction\s+)?to\b))/i;
const nesting = /^(?:savepoint|release|rollback\s+(?:(?:work|transaction)\s+)?to)\b/i;

/**
 * The file's own `begin` and `commit` are respected; outside of them the transactions are ours, and end where a statement
 * asks for it. Within savepoints of the file's own, a statement that fails takes the transaction with it, as in psql.
 */
export function openGuardedRunner(
  session: Session,
  { statementsPerTransaction }: GuardedOptions,
): GuardedRunner {
  const state = { isOurs: false, hasSavepoint: false, isNested: false, statements: 0 };

  const begin = async () => {
    if (session.getTransactionStatus() === 'I') {
      await session.query('begin; savepoint statement');
      Object.assign(state, { isOurs: true, hasSavepoint: true, isNested: false, statements: 0 });
    } else if (!state.hasSavepoint && !state.isNested) {
      await session.query('savepoint statement');
      state.hasSavepoint = true;
    }
  };
  const commit = async () => {
    if (session.getTransactionStatus() !== 'I') await session.query('commit');
    Object.assign(state, { isOurs: false, hasSavepoint: false, isNested: false });
  };
  const undo = () => session.query('rollback to savepoint statement');
  const settle = async () => {
    state.statements += 1;
    if (state.isOurs && state.statements >= statementsPerTransaction) await commit();
  };

  const runWithin = async (statement: string, before = '', after = ''): Promise<number> => {
    await begin();
    const keep = state.isNested ? '' : `\n; ${keepIt}`;
    let affected: number;
    try {
      affected = countOf(await session.query(before + statement + after + keep), state.isNested ? 1 : 3);
    } catch (error: unknown) {
      if (!isDatabaseError(error)) throw error;
      shiftPosition(error, before.length);
      if (state.isNested) throw error;
      await undo();
      if (!state.isOurs) throw error;
      if (error.code === mustBeCommittedFirst) {
        await commit();
        return runWithin(statement, before, after);
      }
      if (!cannotRunInTransaction.has(error.code ?? '') || before !== '') throw error;
      await commit();
      return countOf(await session.query(statement), 1);
    }
    if (!state.isNested) await settle();
    return affected;
  };

  const runner: GuardedRunner = {
    async run(statement) {
      if (beginning.test(statement)) {
        if (state.isOurs) await commit();
        await session.query(statement);
        Object.assign(state, { isOurs: false, hasSavepoint: false, isNested: false });
      } else if (ending.test(statement)) {
        // Without a `begin` of the file's there is nothing to end; psql warns, and goes on.
        if (state.isOurs || session.getTransactionStatus() === 'I') return 0;
        await session.query(statement);
        Object.assign(state, { hasSavepoint: false, isNested: false });
      } else if (nesting.test(statement)) {
        await begin();
        state.isNested = true;
        await session.query(statement);
      } else return runWithin(statement);
      return 0;
    },
    async runBetween(before, statement, after) {
      // The statement may end with a comment.
      await runWithin(statement, `${before}; `, `\n; ${after}`);
    },
    async runTogether(statements) {
      if (state.isNested) return false;
      try {
        await runWithin(statements.join(';\n'));
        return true;
      } catch (error: unknown) {
        if (!isDatabaseError(error)) throw error;
        return false;
      }
    },
    async copy(statement, rows) {
      await begin();
      try {
        const count = await copyRows(session, statement, rows);
        if (!state.isNested) {
          await session.query(keepIt);
          await settle();
        }
        return count;
      } catch (error: unknown) {
        if (isDatabaseError(error) && !state.isNested) await undo();
        throw error;
      }
    },
    finish: commit,
  };
  return runner;
}

interface Counted {
  readonly rowCount: number | null;
}

/** Of several statements sent at once, the one that was asked for is the last but those that follow it. */
function countOf(result: Counted | Counted[], fromEnd: number): number {
  return (Array.isArray(result) ? result.at(-fromEnd) : result)?.rowCount ?? 0;
}

/** Postgres counts from the beginning of all that was sent. */
function shiftPosition(error: DatabaseError, characters: number): void {
  if (error.position !== undefined) error.position = String(Number(error.position) - characters);
}
