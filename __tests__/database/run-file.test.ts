import { beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { isLostConnection, isRefused } from '../../src/database/database-error.js';
import { type Part, runFile, runTogether } from '../../src/database/run-file.js';
import { type Session, withSession } from '../../src/database/with-session.js';
import { SqlError, TransactionEnded } from '../../src/errors.js';
import { countWaits } from '../support/count-waits.js';
import { useTestDatabase } from '../support/server.js';

const database = useTestDatabase();

beforeAll(() => withSession(database(), (session) => session.query('create table public.kept (said text)')));

const run = (session: Session, text: string): Promise<pg.QueryResult | null> =>
  runFile(session, { path: 'sections/01_a.sql', text });

/** In a transaction that is open, as the engine's are; each test has a session of its own. */
function inTransaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
  return withSession(database(), async (session) => {
    await session.query('begin');
    return work(session);
  });
}

const failed = async (answer: Promise<unknown>): Promise<unknown> =>
  answer.then(
    () => null,
    (error: unknown) => error,
  );

async function said(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ said: string }>('select said from public.kept order by said');
  return rows.map((row) => row.said);
}

describe('runFile', () => {
  it('carries out each statement of a long file, and returns the answer of the last as text', async () => {
    await inTransaction(async (session) => {
      const inserts = Array.from(
        { length: 250 },
        (_, index) => `insert into public.kept values ('${index}');`,
      );
      const answer = await run(
        session,
        `${inserts.join('\n')}\nselect count(*), 1.50 as price from public.kept;`,
      );
      expect(answer?.rows).toEqual([{ count: '250', price: '1.50' }]);
      expect(await run(session, '-- nothing')).toBeNull();
    });
  });

  it('tells the first statement that fails, and leaves the session for whoever undoes it', async () => {
    await inTransaction(async (session) => {
      await session.query('savepoint work');
      const error = await failed(
        run(session, 'select 1;\nselect 1 / 0;\nselect 2;\nselect 1 from public.nowhere;'),
      );
      expect(error).toBeInstanceOf(SqlError);
      expect(error).toMatchObject({ problem: { line: 2, sqlstate: '22012' } });
      await session.query('rollback to savepoint work');
      expect((await session.query('select 3 as three')).rows).toEqual([{ three: 3 }]);
    });
  });

  it('carries out nothing behind what fails, without a transaction either', async () => {
    await withSession(database(), async (session) => {
      const text =
        "insert into public.kept values ('before'); select 1 / 0; insert into public.kept values ('behind');";
      expect(await failed(run(session, text))).toMatchObject({ problem: { sqlstate: '22012' } });
      expect(await said(session)).toEqual(['before']);
      await session.query('truncate public.kept');
    });
  });

  it.each(['commit', 'rollback', 'commit and chain', 'abort'])(
    'carries out nothing behind a statement that ends the transaction, %s',
    async (ending) => {
      await inTransaction(async (session) => {
        const text = `select 1; ${ending}; insert into public.kept values ('behind'); commit;`;
        expect(await failed(run(session, text))).toBeInstanceOf(TransactionEnded);
        await session.query('rollback');
        expect(await said(session)).toEqual([]);
      });
    },
  );

  it('goes on in no savepoint to which the file itself returns after an error', async () => {
    await inTransaction(async (session) => {
      const text = 'savepoint own;\nselect 1;\nselect 1 / 0;\nrollback to savepoint own;\nselect 2;';
      expect(await failed(run(session, text))).toMatchObject({ problem: { line: 3, sqlstate: '22012' } });
      expect(await failed(session.query('select 3'))).toMatchObject({ code: '25P02' });
    });
  });

  it('has a statement go by what those before it have set', async () => {
    await inTransaction(async (session) => {
      const rolled = await run(
        session,
        `select 1;
         set local role pg_read_all_data;
         select current_user::text as who;`,
      );
      expect(rolled?.rows).toEqual([{ who: 'pg_read_all_data' }]);
      const found = await run(
        session,
        `reset role;
         select pg_catalog.set_config('search_path', 'public', true);
         select count(*) from kept;
         select pg_catalog.set_config('schema_fix.test', count(*)::text, true) from kept;
         select pg_catalog.current_setting('schema_fix.test') as said;`,
      );
      expect(found?.rows).toEqual([{ said: '0' }]);
      const text =
        "select 1 from kept;\nselect pg_catalog.set_config('search_path', '', true);\nselect 1 from kept;";
      expect(await failed(run(session, text))).toMatchObject({ problem: { line: 3, sqlstate: '42P01' } });
    });
  });

  it('has all notices heard in their order when it returns', async () => {
    await inTransaction(async (session) => {
      const heard: (string | undefined)[] = [];
      session.on('notice', ({ message }) => heard.push(message));
      const raise = (word: string) => `do $$ begin raise notice '${word}'; end $$;`;
      await run(
        session,
        [raise('a'), raise('b'), 'set local enable_sort = on;', raise('c'), raise('d')].join('\n'),
      );
      expect(heard).toEqual(['a', 'b', 'c', 'd']);
      await failed(run(session, [raise('e'), 'select 1 / 0;', raise('f')].join('\n')));
      expect(heard).toEqual(['a', 'b', 'c', 'd', 'e']);
    });
  });

  it('is refused by a transaction that was aborted before', async () => {
    await inTransaction(async (session) => {
      await failed(session.query('select 1 / 0'));
      expect(await failed(run(session, 'select 1; select 2;'))).toMatchObject({
        problem: { line: 1, sqlstate: '25P02' },
      });
    });
  });

  it("takes copying to the client, whose rows are nobody's, between others", async () => {
    await inTransaction(async (session) => {
      const answer = await run(session, 'select 1; copy (select 1) to stdout; select 2 as two;');
      expect(answer?.rows).toEqual([{ two: '2' }]);
    });
  });

  it('waits for no answer of a connection that is lost', async () => {
    await inTransaction(async (session) => {
      const text = 'select pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid()); select 1; select 2;';
      const error = await failed(run(session, text));
      expect(isLostConnection(error instanceof SqlError ? error.cause : error)).toBe(true);
      // No check or step alone is to be blamed: nothing can be asked any more.
      expect(isRefused(error)).toBe(false);
    });
  });
});

describe('runTogether', () => {
  const file = (text: string): Part => ({ file: { path: 'scenarios/01_a.sql', text } });
  const asOurs = "select pg_catalog.set_config('schema_fix.test', 'ours', true)";

  it('waits once for what is ours and the statements between, and gives the last answer of each', async () => {
    await inTransaction(async (session) => {
      const parts = [
        `savepoint a; ${asOurs}`,
        file(
          "insert into public.kept values ('a'); select pg_catalog.current_setting('schema_fix.test') as said;",
        ),
        file(''),
        { text: 'select $1::text as said', values: ['b'] },
        'rollback to savepoint a',
      ];
      const { result, waits } = await countWaits(() => runTogether(session, parts));
      expect(waits).toBe(1);
      expect(result).toMatchObject([
        {},
        { answer: { rows: [{ said: 'ours' }] } },
        { answer: null },
        { answer: { rows: [{ said: 'b' }] } },
        { answer: { command: 'ROLLBACK' } },
      ]);
      expect(await said(session)).toEqual([]);
    });
  });

  it('carries out nothing behind what fails, but what follows a return to a savepoint of ours', async () => {
    await inTransaction(async (session) => {
      const ends = await runTogether(session, [
        'savepoint a',
        file("insert into public.kept values ('a');\nselect 1 / 0;\ninsert into public.kept values ('b');"),
        "insert into public.kept values ('c')",
        file('rollback to savepoint a;'),
        'rollback to savepoint a',
        file("insert into public.kept values ('d');"),
      ]);
      const failed = { error: { problem: { path: 'scenarios/01_a.sql', line: 2, sqlstate: '22012' } } };
      expect(ends).toMatchObject([{}, failed, { error: { code: '25P02' } }, failed, {}, { answer: {} }]);
      expect(await said(session)).toEqual(['d']);
    });
  });

  it('goes on behind a file that ends the transaction in no part', async () => {
    await inTransaction(async (session) => {
      const parts = [asOurs, file('select 1;\ncommit;'), "insert into public.kept values ('behind')"];
      expect(await failed(runTogether(session, parts))).toMatchObject({
        name: 'TransactionEnded',
        problem: { path: 'scenarios/01_a.sql', line: 2 },
      });
      expect(await said(session)).toEqual([]);
    });
  });
});
