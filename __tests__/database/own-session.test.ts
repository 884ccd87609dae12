/** Whatever database, role or pooler have set, a run means the same; and nothing of what it sets is left. */
import { describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { withBareSession } from '../../src/database/with-session.js';
import { withReading, withRollback, withTransaction } from '../../src/database/with-transaction.js';
import type { SubjectResult } from '../../src/model.js';
import { deployTarget } from '../../src/stages/deploy-target.js';
import { readIdentity } from '../../src/stages/read-identity.js';
import { limits } from '../support/limits.js';
import { type Changes, loadNotes, thirdSection } from '../support/notes-bundle.js';
import { type NotesTarget, withNotesTarget } from '../support/notes-target.js';
import { rehearseNotes } from '../support/rehearse-notes.js';
import { useTestDatabase, withClient } from '../support/server.js';

const database = useTestDatabase();

/** Deploys on a connection of which somebody has set something, and tells what it was like before and after. */
async function deployOn(
  target: NotesTarget,
  changes: Changes = {},
  set: (session: pg.Client) => Promise<unknown> = async () => undefined,
): Promise<{ result: SubjectResult; before: unknown; after: unknown }> {
  const bundle = await loadNotes(changes);
  return withBareSession(target.connection, async (session) => {
    await set(session);
    const before = await describeSession(session);
    const result = await deployTarget(session, bundle, {
      sections: bundle.sections,
      ...limits,
      guards: null,
      record: null,
      place: 'here',
      findings: [],
      progress: () => undefined,
    });
    return { result, before, after: await describeSession(session) };
  });
}

async function describeSession(session: pg.Client): Promise<unknown> {
  const { rows } = await session.query(
    `select name, setting, source from pg_catalog.pg_settings where name !~ '^plpgsql|_timeout$'
     union all
     select name, setting, '' from pg_catalog.pg_settings where name ~ '_timeout$'
     union all select 'app.user', coalesce(pg_catalog.current_setting('app.user', true), ''), ''
     union all select 'role', current_user, session_user
     union all select 'temp', count(*)::text, '' from pg_catalog.pg_class where relpersistence = 't'
     order by 1`,
  );
  return rows;
}

const hostile = [
  "search_path = 'pg_temp, public'",
  'quote_all_identifiers = on',
  'standard_conforming_strings = off',
  'row_security = off',
  'default_transaction_read_only = on',
  "default_transaction_isolation = 'serializable'",
  'default_transaction_deferrable = on',
  'check_function_bodies = off',
  "xmloption = 'document'",
  "datestyle = 'German, DMY'",
  "intervalstyle = 'iso_8601'",
  'extra_float_digits = -3',
  "bytea_output = 'escape'",
  "timezone = 'Asia/Tokyo'",
  'array_nulls = off',
  'transform_null_equals = on',
  "client_min_messages = 'error'",
  "idle_in_transaction_session_timeout = '1ms'",
  "transaction_timeout = '300ms'",
  "statement_timeout = '300ms'",
  "lc_monetary = 'C'",
  "lc_messages = 'C'",
  "session_replication_role = 'replica'",
  'event_triggers = off',
];

describe('a database with settings of its own', () => {
  it('is deployed to as any other, and the session is left as it was', async () => {
    await withNotesTarget(async (target) => {
      await withClient(target.connection, async (client) => {
        for (const setting of hostile) {
          await client.query(`alter database ${client.escapeIdentifier(target.database)} set ${setting}`);
        }
      });
      const slow: Changes = thirdSection('do $$ begin perform pg_catalog.pg_sleep(0.4); end $$;');
      const { result, before, after } = await deployOn(target, slow);
      expect(result).toMatchObject({ outcome: 'pass', problem: null });
      expect(after).toEqual(before);
    });
  });

  it('that only a superuser can change is refused by name', async () => {
    const { problem } = await rehearseNotes(
      {
        'states/01_writer.sql': (text) =>
          `${text}\nreset role; do $$ begin execute pg_catalog.format('alter database %I set session_replication_role = replica', current_database()); end $$;`,
      },
      { isTrusted: true },
    );
    expect(problem).toMatchObject({
      path: 'the settings of the session',
      message: 'permission denied to set parameter "session_replication_role"',
      advice: expect.stringContaining('alter database … reset'),
    });
  });
});

describe('a connection that is somebody else’s afterwards', () => {
  it('is left with what was set in it before, and with nothing else', async () => {
    await withNotesTarget(async (target) => {
      const leaving: Changes = thirdSection(
        `set search_path = public;
         set datestyle = 'German';
         create temporary table left_over (id int);
         do $$ begin
             perform pg_catalog.set_config('row_security', 'off', false);
             perform pg_catalog.set_config('app.user', 'ann', false);
             perform pg_catalog.set_config('role', 'notes_owner', false);
         end $$;`,
      );
      const { result, before, after } = await deployOn(
        target,
        {
          ...leaving,
          'sections/03_more.sql': `${leaving['sections/03_more.sql']}`.replace(
            'create temporary table',
            'create temporary table if not exists',
          ),
        },
        (session) => session.query("set work_mem = '5MB'; set datestyle = 'SQL, DMY'"),
      );
      expect(result).toMatchObject({ outcome: 'pass' });
      expect(after).toEqual(before);
    });
  });

  it.each([
    ['search_path', 'set search_path = public;'],
    ['row_security', "do $$ begin perform pg_catalog.set_config('row_security', 'off', false); end $$;"],
  ])('is not left with another %s in a rehearsal either', async (name, sql) => {
    const result = await rehearseNotes(thirdSection(sql));
    expect(result).toMatchObject({
      outcome: 'fail',
      problem: { message: `The fix has set ${name} for longer than its transaction.` },
    });
  });
});

/** The first statement after the commit fails otherwise than by Postgres. */
function failAfterCommit(session: pg.Client): void {
  const query: (...given: unknown[]) => unknown = session.query.bind(session);
  let isCommitted = false;
  const failing = (...given: unknown[]) => {
    if (isCommitted) {
      Object.assign(session, { query });
      throw new TypeError('broken');
    }
    isCommitted = given[0] === 'commit';
    return query(...given);
  };
  Object.assign(session, { query: failing });
}

describe('a deployment that was committed', () => {
  it('is told as such whatever goes wrong afterwards', async () => {
    await withNotesTarget(async (target) => {
      const { result } = await deployOn(target, {}, async (session) => failAfterCommit(session));
      expect(result).toMatchObject({
        outcome: 'fail',
        committed: 'yes',
        problem: { path: 'the session after the fix', message: expect.stringContaining('broken') },
      });
      expect(await target.changes()).toContain('policy "own notes" on public.notes');
    });
  });
});

describe('a transaction of the engine', () => {
  it('reads for longer than statements of the application may take, and times and names in one style', async () => {
    await withBareSession(database(), async (session) => {
      await session.query(
        "set statement_timeout = '300ms'; set datestyle = 'SQL, DMY'; set quote_all_identifiers = on",
      );
      const read = () =>
        withReading(session, () =>
          session.query(
            "select timestamptz '2026-11-30Z' as at, 'pg_class'::regclass::text as name from pg_sleep(0.5)",
          ),
        );
      expect((await read()).rows).toEqual([{ at: new Date('2026-11-30T00:00:00Z'), name: 'pg_class' }]);
    });
  });

  it('means Postgres’ own names, whatever was made to stand in for them', async () => {
    await withBareSession(database(), async (session) => {
      await session.query(
        `create schema evil;
         create function evil.never(text, text) returns boolean language sql as 'select false';
         create operator evil.<> (leftarg = text, rightarg = text, function = evil.never);
         set search_path = evil, pg_catalog; set quote_all_identifiers = on`,
      );
      const { rows } = await withRollback(session, () =>
        session.query("select pg_catalog.current_setting('quote_all_identifiers') as it"),
      );
      expect(rows).toEqual([{ it: 'off' }]);
    });
  });

  it('tells which database it is, whatever was made to stand in for an operator', async () => {
    await withBareSession(database(), async (session) => {
      await session.query(
        `create schema if not exists deaf;
         create function deaf.never(name, name) returns boolean language sql as 'select false';
         create operator deaf.= (leftarg = name, rightarg = name, function = deaf.never);
         set search_path = deaf, pg_catalog`,
      );
      const identity = await readIdentity(session, database());
      expect(identity.database).toMatch(/^\d+$/);
      expect(identity.role).toBe(database().user);
    });
  });

  it('sets nothing for longer than it lasts', async () => {
    await withBareSession(database(), async (session) => {
      await session.query("set datestyle = 'German, DMY'; set timezone = 'Asia/Tokyo'");
      const before = await describeSession(session);
      await withTransaction(session, async () => undefined);
      expect(await describeSession(session)).toEqual(before);
    });
  });
});
