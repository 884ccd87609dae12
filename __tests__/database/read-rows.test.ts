import { describe, expect, it } from '@jest/globals';
import { isLostConnection } from '../../src/database/database-error.js';
import { readRows } from '../../src/database/read-rows.js';
import { type Session, withSession } from '../../src/database/with-session.js';
import { useTestDatabase } from '../support/server.js';

const database = useTestDatabase();

const copy = (query: string): string => `copy (${query}) to stdout`;
const error = (answer: Promise<unknown>): Promise<unknown> =>
  answer.then(
    () => null,
    (reason: unknown) => reason,
  );

async function readAll(session: Session, query: string): Promise<string> {
  let text = '';
  for await (const rows of readRows(session, copy(query))) text += rows;
  return text;
}

describe('rows that are read as they come', () => {
  it('leave the session free when the last was read', async () => {
    await withSession(database(), async (session) => {
      expect(await readAll(session, 'select n from pg_catalog.generate_series(1, 3) as n')).toBe('1\n2\n3\n');
      expect((await session.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    });
  });

  it('leave it free where the server refuses one', async () => {
    await withSession(database(), async (session) => {
      await session.query('begin');
      expect(
        await error(readAll(session, 'select 1 / (n - 5) from pg_catalog.generate_series(1, 9) as n')),
      ).toMatchObject({ code: '22012' });
      expect((await session.query('rollback')).command).toBe('ROLLBACK');
    });
  });

  it('end it where nobody reads to the last: the next query fails, and does not wait for ever', async () => {
    await withSession(database(), async (session) => {
      await session.query('begin');
      const many = "select pg_catalog.repeat('x', 100) from pg_catalog.generate_series(1, 100000)";
      for await (const _ of readRows(session, copy(many))) break;
      expect(isLostConnection(await error(session.query('rollback')))).toBe(true);
    });
  });
});
