import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Platform } from '../../src/model.js';
import { run } from '../../src/run.js';
import type { RehearseSettings } from '../../src/settings/settings.js';
import { limits } from '../support/limits.js';
import { withNotesBundle } from '../support/notes-bundle.js';
import { addressOf } from '../support/notes-target.js';
import { getTestServer, withClient, withPlatformDatabases, withTestServer } from '../support/server.js';

const settings = (bundle: string, url: string): RehearseSettings => ({
  command: 'rehearse',
  bundle,
  sections: null,
  given: [],
  ...limits,
  files: { json: null, markdown: null, html: null, junit: null },
  states: null,
  before: [],
  rows: 'none',
  platform: null,
  isStrict: false,
  rollsBack: false,
  isTrusted: false,
  shard: null,
  concurrency: null,
  evidence: null,
  postgres: { source: 'url', major: null, url, image: null },
});

/** A role of its own for this test, so that other tests do not meet it. */
const platform = (name: string, text: string): Platform => ({
  name,
  files: [{ path: `platforms/${name}.sql`, text, origin: 'engine' }],
  deployers: [],
  standIns: [],
});

describe('a server that somebody else owns', () => {
  it('is used by two rehearsals at once, and nothing of them remains', async () => {
    await withTestServer({}, async ({ connection }) => {
      const look = () =>
        withClient(connection, async (client) => {
          const databases = await client.query('select datname from pg_catalog.pg_database order by 1');
          const roles = await client.query('select rolname from pg_catalog.pg_roles order by 1');
          return { databases: databases.rows, roles: roles.rows };
        });
      const before = await look();
      await withNotesBundle({}, async (bundle) => {
        const options = { progress: () => undefined, signal: new AbortController().signal };
        const one = run(settings(bundle, addressOf(connection)), options);
        const other = run(settings(bundle, addressOf(connection)), options);
        for (const { verdict, tallies } of await Promise.all([one, other])) {
          expect(verdict).toBe('pass');
          expect(tallies.subjects).toEqual({ planned: 2, executed: 2, passed: 2 });
        }
      });
      expect(await look()).toEqual(before);
    });
  });

  it('keeps a role that was there before', async () => {
    const { connection } = getTestServer();
    await withClient(connection, (client) => client.query('create role stays_here'));
    try {
      const text =
        "do $$ begin if not exists (select from pg_catalog.pg_roles where rolname = 'stays_here') then create role stays_here; end if; end $$;";
      await withPlatformDatabases([platform('stays', text)], async () => undefined);
      const { rowCount } = await withClient(connection, (client) =>
        client.query("select from pg_catalog.pg_roles where rolname = 'stays_here'"),
      );
      expect(rowCount).toBe(1);
    } finally {
      await withClient(connection, (client) => client.query('drop role stays_here'));
    }
  });

  it('is left clean when a platform has an error', async () => {
    const { connection } = getTestServer();
    const text =
      "create role half_made;\ncomment on role half_made is 'created by schema-fix-action';\nselect 1 / 0;";
    await expect(
      withPlatformDatabases([platform('half', text)], async () => undefined),
    ).rejects.toMatchObject({ problem: { path: 'platforms/half.sql', line: 3 } });
    const { rows } = await withClient(connection, (client) =>
      client.query("select datname from pg_catalog.pg_database where datname like '%\\_platform\\_half'"),
    );
    expect(rows).toEqual([]);
  });

  it('gives a state the database that it asked for, and drops it whatever the work does', async () => {
    const { connection } = getTestServer();
    let name: string | undefined;
    await expect(
      withPlatformDatabases([], (databases) =>
        databases.withDatabase({ platform: null, owner: null }, async ({ database }) => {
          name = database;
          throw new Error('the work failed');
        }),
      ),
    ).rejects.toThrow('the work failed');
    const { rowCount } = await withClient(connection, (client) =>
      client.query('select from pg_catalog.pg_database where datname = $1', [name]),
    );
    expect(rowCount).toBe(0);
  });

  it('gives its roles to one alone who changes them, and restores what is ours', async () => {
    const text = ['member_of_ours', 'group_of_ours', 'other_of_ours']
      .map((name) => `create role ${name}; comment on role ${name} is 'created by schema-fix-action';`)
      .join('\n');
    const all = `${text} grant other_of_ours to member_of_ours with admin option;`;
    await withPlatformDatabases([platform('roles', all)], async ({ withRoles }) => {
      const { connection } = getTestServer();
      const ask = (sql: string) => withClient(connection, (client) => client.query(sql));
      const look = async () => {
        const { rows } = await ask(
          `select r.rolname, r.rolcreaterole, array(
               select m.roleid::regrole::text || m.admin_option from pg_auth_members as m where m.member = r.oid
           ) as groups
           from pg_roles as r where r.rolname like '%_of_ours' order by 1`,
        );
        return rows;
      };
      const before = await look();
      const order: string[] = [];
      const somebodyWaits = async () => {
        // Of this file: another, on the same server, may wait for its turn at any time.
        const sql = `select from pg_locks join pg_stat_activity using (pid)
          where locktype = 'advisory' and not granted and application_name = '${connection.application_name}'`;
        while ((await ask(sql)).rowCount === 0);
      };
      let third: Promise<void> | undefined;
      let second: Promise<void> | undefined;
      await withRoles({ changes: false }, async () => {
        order.push('a reader begins');
        second = withRoles({ changes: true }, async () => {
          order.push('who changes begins');
          third = withRoles({ changes: false }, async () => {
            order.push('another reader');
          });
          await somebodyWaits();
          await ask(
            `create role more_of_ours; comment on role more_of_ours is 'created by schema-fix-action';
             grant more_of_ours to member_of_ours;
             grant group_of_ours to member_of_ours;
             revoke other_of_ours from member_of_ours;
             alter role member_of_ours createrole`,
          );
          expect(await look()).not.toEqual(before);
          order.push('who changes ends');
        });
        await somebodyWaits();
        order.push('a reader ends');
      });
      await second;
      await third;
      expect(order).toEqual([
        'a reader begins',
        'a reader ends',
        'who changes begins',
        'who changes ends',
        'another reader',
      ]);
      expect(await look()).toEqual(before);
    });
  });
});

describe('a test that fails', () => {
  const take = 'select pg_try_advisory_lock(7) as isfree';

  it.failing('and holds a lock in a session that nobody ends', async () => {
    const session = new pg.Client(getTestServer().connection);
    session.on('error', () => undefined);
    await session.connect();
    await session.query(take);
    throw new Error('it ran into its limit');
  });

  it('has given the lock back', async () => {
    const { rows } = await withClient(getTestServer().connection, (client) => client.query(take));
    expect(rows).toEqual([{ isfree: true }]);
  });
});
