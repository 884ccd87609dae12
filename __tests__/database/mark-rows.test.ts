import { describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { withSession } from '../../src/database/with-session.js';
import { withRollback } from '../../src/database/with-transaction.js';
import { findUntouched, markRows } from '../../src/stages/mark-rows.js';
import { readShapes } from '../../src/stages/preservation/read-shapes.js';
import { withTablesRead } from '../../src/stages/tables-read.js';
import { withNotesTarget } from '../support/notes-target.js';
import { withClient } from '../support/server.js';

const made = `create table public.marked (id int primary key, word text);
  insert into public.marked select n, 'as it was' from pg_catalog.generate_series(1, 2000) as n`;

/** Whether the rows are those that were marked, after what somebody else did meanwhile; `begun` they had begun before. */
async function isUntouchedAfter({
  begun = 'select',
  work,
}: {
  begun?: string;
  work: string;
}): Promise<boolean> {
  return withNotesTarget((target) =>
    withClient(target.connection, async (other) => {
      await other.query(made);
      await other.query(`begin; ${begun}`);
      return withSession(target.connection, (session) =>
        withRollback(session, async () => {
          const shape = (await readShapes(session)).get('public.marked');
          if (shape === undefined) throw new Error('there is no table');
          const marks = await markRows(session, [shape]);
          await other.query(`${work}; commit`);
          return (await findUntouched(session, marks)).has(shape.oid);
        }),
      );
    }),
  );
}

async function listRead(query: string, { workers = '0' } = {}): Promise<string[]> {
  return withNotesTarget((target) =>
    withClient(target.connection, async (other: pg.Client) => {
      await other.query(`${made}; analyze public.marked`);
      return withSession(target.connection, (session) =>
        withRollback(session, async () => {
          const names = new Map([...(await readShapes(session))].map(([name, { oid }]) => [oid, name]));
          await session.query(
            `set local max_parallel_workers_per_gather = ${workers}; set local parallel_setup_cost = 0;
             set local parallel_tuple_cost = 0; set local min_parallel_table_scan_size = 0`,
          );
          const { tables } = await withTablesRead(session, () => session.query(query));
          return [...tables].map((oid) => names.get(oid) ?? oid);
        }),
      );
    }),
  );
}

describe('marks of rows', () => {
  it.each([
    ['nobody has written', { work: 'select count(*) from public.marked' }, true],
    [
      'somebody has taken back what they wrote',
      { work: 'savepoint s; delete from public.marked; rollback to s' },
      true,
    ],
    ['a row is there more', { work: "insert into public.marked values (2001, 'new')" }, false],
    ['a row is gone', { work: 'delete from public.marked where id = 7' }, false],
    ['a row says something else', { work: "update public.marked set word = 'other' where id = 7" }, false],
    [
      'as many rows came as went',
      { work: "delete from public.marked where id = 7; insert into public.marked values (7, 'as it was')" },
      false,
    ],
    [
      'who had begun before has written a row before that',
      { begun: "insert into public.marked values (2001, 'new')", work: 'select' },
      false,
    ],
    [
      'who had begun before has written a row within a savepoint',
      {
        begun:
          "select pg_catalog.txid_current(); savepoint s; insert into public.marked values (2001, 'new')",
        work: 'release s',
      },
      false,
    ],
    [
      'who had begun before has deleted a row',
      { begun: 'delete from public.marked where id = 7', work: 'select' },
      false,
    ],
  ])('where %s', async (_, writing, expected) => {
    expect(await isUntouchedAfter(writing)).toBe(expected);
  });
});

describe('tables that were read', () => {
  it.each([
    ['whole', 'select count(*) from public.marked'],
    ['by an index', 'select word from public.marked where id = 7'],
    ['in vain', 'select word from public.marked where id = 7000'],
    ['by what a function asks', "select pg_catalog.query_to_xml('table public.marked', true, false, '')"],
  ])('%s are named', async (_, query) => {
    expect(await listRead(query)).toEqual(['public.marked']);
    expect(await listRead(query, { workers: '2' })).toEqual(['public.marked']);
  });

  it('are none where rows were fetched by their place, or none at all', async () => {
    expect(await listRead("select word from public.marked where ctid = '(0,1)'")).toEqual([]);
    expect(await listRead('select pg_catalog.now()')).toEqual([]);
  });
});
