import { describe, expect, it } from '@jest/globals';
import type { Platform } from '../../src/model.js';
import { run } from '../../src/run.js';
import type { RehearseSettings } from '../../src/settings/settings.js';
import { withNotesBundle } from '../support/notes-bundle.js';
import { addressOf } from '../support/notes-target.js';
import { getTestServer, withClient, withPlatformDatabases, withTestServer } from '../support/server.js';

const settings = (bundle: string, url: string): RehearseSettings => ({
  command: 'rehearse',
  bundle,
  sections: null,
  given: [],
  lockTimeout: 3000,
  statementTimeout: 60_000,
  files: { json: null, markdown: null, junit: null },
  states: null,
  before: [],
  rows: 'none',
  platform: null,
  isStrict: false,
  isTrusted: false,
  shard: null,
  concurrency: null,
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
});
