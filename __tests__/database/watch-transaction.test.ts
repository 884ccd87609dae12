import { describe, expect, it } from '@jest/globals';
import { runFile } from '../../src/database/run-file.js';
import { type Session, withSession } from '../../src/database/with-session.js';
import { withRollback, withSavepointRollback, withTransaction } from '../../src/database/with-transaction.js';
import { SqlError, TransactionEnded } from '../../src/errors.js';
import { useTestDatabase } from '../support/server.js';

const database = useTestDatabase();

/** Runs the file in a transaction of the engine's, in a savepoint of its, and gives what was thrown. */
async function caught(sql: string, work = run): Promise<unknown> {
  return withSession(database(), async (session) => {
    try {
      await withRollback(session, () => withSavepointRollback(session, () => work(session, sql)));
    } catch (error: unknown) {
      return error;
    }
    return null;
  });
}

const run = (session: Session, sql: string): Promise<unknown> =>
  runFile(session, { path: 'sections/01_a.sql', text: sql });

describe('a transaction of the engine', () => {
  it.each([
    ['commit', 'commit;'],
    ['end', 'END WORK;'],
    ['commit and begin', 'commit; begin;'],
    ['commit and chain', 'commit and chain;'],
    ['rollback', 'rollback;'],
    ['rollback and chain', 'abort and chain;'],
    ['commit behind a lie about begin', 'select 1 as begin, atomic from (select 2 as atomic) as s;\ncommit;'],
    ['commit behind a carriage return', 'select 1 -- \r; commit;'],
  ])('is seen to be ended by %s', async (_what, sql) => {
    const error = await caught(`select 1;\n${sql}\nselect 'not reached' from public.nowhere;`);
    expect(error).toBeInstanceOf(TransactionEnded);
    expect((error as TransactionEnded).problem).toMatchObject({
      path: 'sections/01_a.sql',
      line: sql.includes('\n') ? 3 : 2,
      sqlstate: '2D000',
    });
  });

  it('is seen to be ended by a query of the engine into which a bundle had put a statement', async () => {
    for (const sql of ['commit; begin; savepoint work', 'commit', 'rollback and chain']) {
      expect(await caught(sql, (session) => session.query(sql))).toBeInstanceOf(TransactionEnded);
    }
  });

  it.each([
    ['a block', 'do $$ begin commit; end $$;', '2D000'],
    [
      'a procedure',
      'create procedure pg_temp.p() language plpgsql as $$begin commit; end$$; call pg_temp.p();',
      '2D000',
    ],
    [
      'a function',
      "create function pg_temp.f() returns void language sql as 'commit'; select pg_temp.f()",
      '0A000',
    ],
    ['dynamic SQL', "do $$ begin execute 'commit'; end $$;", '0A000'],
  ])('cannot be ended by %s', async (_what, sql, sqlstate) => {
    const error = await caught(sql);
    expect(error).toBeInstanceOf(SqlError);
    expect((error as SqlError).problem.sqlstate).toBe(sqlstate);
  });

  it('takes one statement at a time', async () => {
    const error = await caught('create function begin() returns int language sql as $$select 1$$; commit;');
    expect(error).toMatchObject({
      problem: { message: 'cannot insert multiple commands into a prepared statement' },
    });
  });

  it('says what was refused at the commit, and is rolled back', async () => {
    await withSession(database(), async (session) => {
      await session.query('create table public.kept (id int unique deferrable initially deferred)');
      const writing = withTransaction(session, () =>
        session.query('insert into public.kept values (1), (1)'),
      );
      await expect(writing).rejects.toMatchObject({
        problem: { path: 'the end of the transaction', sqlstate: '23505' },
      });
      expect((await session.query('select from public.kept')).rowCount).toBe(0);
    });
  });

  it('says that nobody knows where the connection is lost during the commit', async () => {
    await withSession(database(), async (session) => {
      await session.query(
        `create table public.lost (id int);
         create function public.end_session() returns trigger language plpgsql as
         $$begin perform pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid()); return null; end$$;
         create constraint trigger at_commit after insert on public.lost deferrable initially deferred
         for each row execute function public.end_session()`,
      );
      const writing = withTransaction(session, () => session.query('insert into public.lost values (1)'));
      await expect(writing).rejects.toMatchObject({
        name: 'SqlError',
        problem: {
          path: 'the commit',
          sqlstate: '08007',
          message: expect.stringContaining('could not be asked what became of it'),
        },
      });
    });
  });

  it('keeps what went wrong first where the savepoint cannot be returned to', async () => {
    const error = await caught('', async (session) => {
      await session.query('release savepoint work');
      throw new Error('first');
    });
    expect(error).toMatchObject({ message: 'first' });
  });
});
