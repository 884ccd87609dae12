import { describe, expect, it } from '@jest/globals';
import { type Block, runBlock } from '../../src/database/run-block.js';
import { type Session, withSession } from '../../src/database/with-session.js';
import { withRollback } from '../../src/database/with-transaction.js';
import { getTestServer } from '../support/server.js';

const doubling: Block = {
  variables: 'number jsonb;',
  body: `for number in select value from pg_catalog.jsonb_array_elements(given -> 'numbers') loop
        answers := answers || pg_catalog.to_jsonb(number::int * 2);
    end loop;`,
};

const inTransaction = <T>(work: (session: Session) => Promise<T>): Promise<T> =>
  withSession(getTestServer().connection, (session) => withRollback(session, () => work(session)));

async function countPlans(session: Session): Promise<number> {
  const { rows } = await session.query<{ plans: number }>(
    "select count(*)::int as plans from pg_catalog.pg_get_backend_memory_contexts() where name = 'CachedPlanSource'",
  );
  return rows[0]?.plans ?? 0;
}

describe('a block', () => {
  it('answers what it makes of what it is given', async () => {
    const answers = await inTransaction((session) => runBlock(session, doubling, { numbers: [1, 2, 3] }));
    expect(answers).toEqual([2, 4, 6]);
  });

  it('takes text of any kind, and answers with null', async () => {
    const hostile = `$schema_fix$ ' \\ " $1 --`;
    const block = { variables: '', body: "answers := answers || (given -> 'text') || null::jsonb;" };
    expect(await inTransaction((session) => runBlock(session, block, { text: hostile }))).toEqual([
      hostile,
      null,
    ]);
    const quoted = {
      variables: '',
      body: `answers := answers || pg_catalog.to_jsonb('$schema_fix$'::text);`,
    };
    expect(await inTransaction((session) => runBlock(session, quoted, null))).toEqual(['$schema_fix$']);
  });

  it('does not show what it was given to what it calls', async () => {
    const block = {
      variables: '',
      body: "answers := answers || pg_catalog.to_jsonb(pg_catalog.current_setting('schema_fix_block.given'));",
    };
    expect(await inTransaction((session) => runBlock(session, block, { secret: 1 }))).toEqual(['']);
  });

  it('leaves no plan in the session', async () => {
    await inTransaction(async (session) => {
      const before = await countPlans(session);
      await runBlock(session, doubling, { numbers: [1, 2] });
      await runBlock(session, doubling, { numbers: [3] });
      expect(await countPlans(session)).toBe(before);
      // A function leaves its plans, and dropping it changes nothing: so they can be seen.
      await session.query(`create function pg_temp.kept() returns int language plpgsql as
          $$ begin return (select count(*) from pg_catalog.pg_class); end $$`);
      await session.query('select pg_temp.kept(); drop function pg_temp.kept()');
      expect(await countPlans(session)).toBeGreaterThan(before);
    });
  });
});
