import { describe, expect, it } from '@jest/globals';
import { withSession } from '../../src/database/with-session.js';
import { withRollback } from '../../src/database/with-transaction.js';
import { readOffered } from '../../src/stages/preservation/offered.js';
import { useTestDatabase } from '../support/server.js';

const connection = useTestDatabase();

const made = `
create role offered_reader;
create schema accounts;
create table accounts.users (id int primary key);
create table public.contacts (id int primary key, owner int references accounts.users);
grant select on public.contacts to offered_reader;
grant usage on schema public, accounts to offered_reader;
`;

describe('readOffered', () => {
  it.each([
    ['not to a table that no role of the API may read', '', []],
    ['to one that it may', 'grant select (id) on accounts.users to offered_reader;', ['accounts.users']],
    [
      'to one that a view of a view shows it',
      `create view accounts.ids as select id from accounts.users; create view public.people as select id from accounts.ids;
       grant select on public.people to offered_reader;`,
      ['accounts.users'],
    ],
    [
      'not to one in a schema that it may not look into',
      'grant select on accounts.users to offered_reader; revoke usage on schema accounts from offered_reader;',
      [],
    ],
  ])('reads relationships %s', async (_, sql, targets) => {
    const keys = await withSession(connection(), (session) =>
      withRollback(session, async () => {
        await session.query(`${made}${sql}`);
        return (await readOffered(session, ['offered_reader'])).keys;
      }),
    );
    expect(keys.map(({ target }) => target)).toEqual(targets);
  });
});
