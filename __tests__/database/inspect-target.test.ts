import { describe, expect, it } from '@jest/globals';
import { withBareSession } from '../../src/database/with-session.js';
import { withReading } from '../../src/database/with-transaction.js';
import type { Bundle, Finding, Report } from '../../src/model.js';
import { describeState, inspectTarget } from '../../src/stages/inspect-target.js';
import { describeServer } from '../../src/stages/inspect-way.js';
import { describeDistance } from '../../src/stages/measure-distance.js';
import { withReader } from '../../src/stages/with-target.js';
import { deployNotes as deploy } from '../support/deploy-notes.js';
import { type Changes, loadNotes } from '../support/notes-bundle.js';
import { addressOf, type NotesTarget, withNotesTarget } from '../support/notes-target.js';
import { type PoolerOptions, withPooler } from '../support/pooler-double.js';
import { getTestServer, withClient } from '../support/server.js';

function findingsOf({ subjects: [subject] }: Report): readonly Finding[] {
  if (subject?.preflight.outcome === 'skipped' || subject === undefined)
    throw new Error('there was no preflight');
  return subject.preflight.findings;
}

const textOf = (report: Report) =>
  findingsOf(report)
    .map(({ severity, what }) => `${severity}: ${what}`)
    .join('\n');

/** Somebody who may log in, and nothing else. */
async function withStranger<T>(
  { database }: NotesTarget,
  work: (login: { user: string; password: string }) => Promise<T>,
): Promise<T> {
  const login = { user: `stranger_of_${database}`, password: 'stranger' };
  await withClient(getTestServer().connection, (client) =>
    client.query(`create role "${login.user}" login password 'stranger'`),
  );
  try {
    return await work(login);
  } finally {
    await withClient(getTestServer().connection, (client) => client.query(`drop role "${login.user}"`));
  }
}

describe('a pooler in between', () => {
  const through = (options: PoolerOptions, database?: string) =>
    withNotesTarget((target) =>
      withPooler(target.connection, options, async (port) => {
        const name = database ?? target.database;
        const report = await deploy(
          target,
          {},
          {
            databaseUrl: `postgres://anybody@127.0.0.1:${port}/${name}?sslmode=disable`,
            confirm: name,
          },
        ).catch((error: Error) => error.message);
        return { report, changes: await target.changes() };
      }),
    );

  it.each(['last', 'turns'] as const)(
    'is refused where it gives each transaction another connection, the one given back %s',
    async (order) => {
      const { report, changes } = await through({ mode: 'transaction', order });
      expect(report).toMatch(/database-url: 127\.0\.0\.1:\d+\/\w+ as anybody is a transaction pooler/);
      expect(changes).toEqual([]);
    },
  );

  it('is refused where it gives each statement another connection', async () => {
    const { report, changes } = await through({ mode: 'statement' });
    expect(report).toMatch(/is a statement pooler/);
    expect(changes).toEqual([]);
  });

  it('is refused where it has no second connection', async () => {
    const { report, changes } = await through({ mode: 'session', size: 1 });
    expect(report).toMatch(/gave no second session beside the first \(query_wait_timeout\)/);
    expect(changes).toEqual([]);
  });

  it('is told to be one of statements where it is only to be read through', async () => {
    await withNotesTarget((target) =>
      withPooler(target.connection, { mode: 'statement' }, async (port) => {
        const databaseUrl = `postgres://anybody@127.0.0.1:${port}/${target.database}?sslmode=disable`;
        const { signal } = new AbortController();
        const reading = withReader({ databaseUrl, databaseCa: null }, { signal }, ({ session }) =>
          withReading(session, async () => undefined),
        );
        await expect(reading).rejects.toThrow('is a statement pooler');
      }),
    );
  });

  it('is fine where a session keeps its connection, and is said', async () => {
    const { report } = await through({ mode: 'session' });
    expect(report).toMatchObject({ verdict: 'pass' });
    expect(textOf(report as Report)).toContain('note: A session pooler stands in between');
  });

  it('is refused where it leads a name to a database of another', async () => {
    const { report, changes } = await through({ mode: 'session' }, 'staging');
    expect(report).toMatch(
      /is a pooler's name for the database "\w+", so that what was typed is not what would change/,
    );
    expect(changes).toEqual([]);
  });
});

describe('an event trigger of theirs', () => {
  const prelude: Changes = {
    'prelude/01_facts.sql': '--! Title: Facts\ncreate table schema_fix.facts (name text primary key);',
  };
  const acting = (
    body: string,
    event = 'ddl_command_end',
  ) => `create table public.ddl_log (id bigserial, tag text);
    create function public.on_ddl() returns event_trigger language plpgsql security definer set search_path = '' as $$ begin ${body} end $$;
    create event trigger on_ddl on ${event} execute function public.on_ddl()`;
  const deployBeside = (sql: string) =>
    withNotesTarget((target) =>
      withClient(target.connection, async (client) => {
        await client.query(sql);
        const report = await deploy(target, prelude);
        return { report, said: textOf(report), text: JSON.stringify(report) };
      }),
    );

  it.each([
    ['logs what is made', 'insert into public.ddl_log (tag) values (tg_tag);', 'ddl_command_end'],
    ['counts it', "perform nextval('public.ddl_log_id_seq');", 'ddl_command_start'],
  ])('that %s is named', async (_what, body, event) => {
    const { report, said, text } = await deployBeside(acting(body, event));
    expect(report.verdict).toBe('fail');
    expect(said).toContain(
      'warning: The event trigger on_ddl (public.on_ddl()) fires on what is made, changed or dropped, as the fix does, and may write',
    );
    expect(text).toContain('sets event triggers of the database off, on_ddl (public.on_ddl())');
    expect(text).toContain('alter event trigger on_ddl disable');
  });

  it('that refuses is named', async () => {
    const { report, said } = await deployBeside(acting("raise exception 'not on fridays';"));
    expect(report.verdict).toBe('fail');
    expect(said).toContain(
      '(public.on_ddl()) fires on what is made, changed or dropped, as the fix does, and may refuse it',
    );
  });

  it.each([
    ['notifies', "notify pgrst, 'reload schema'; raise notice '%', tg_tag;"],
    ['says what is dropped', "raise log 'dropped';"],
  ])('that only %s is none of ours', async (_what, body) => {
    const { report, said } = await deployBeside(acting(body));
    expect(report.verdict).toBe('pass');
    expect(said).not.toContain('event trigger');
  });

  it('that is disabled is none of ours', async () => {
    const log = acting('insert into public.ddl_log (tag) values (tg_tag);');
    const { report, said } = await deployBeside(`${log}; alter event trigger on_ddl disable`);
    expect(report.verdict).toBe('pass');
    expect(said).not.toContain('event trigger');
  });
});

describe('the preflight of a target', () => {
  it('says what is there, and who is at work on it', async () => {
    const bundle = await loadNotes();
    await withNotesTarget(({ connection }) =>
      withClient({ ...connection, application_name: 'nightly report' }, async (other) => {
        await other.query(
          `create view public.shown as select body from public.notes;
           create extension citext;
           alter table public.notes add column tag public.citext;
           create function public.stamp() returns trigger language plpgsql as $$ begin return new; end $$;
           create trigger stamp before update on public.notes for each row execute function public.stamp();
           create function public.count_notes() returns bigint language sql as 'select count(*) from public.notes';
           create table public.others (id bigint);
           create policy by_note on public.others using (id in (select id from public.notes))`,
        );
        await other.query('begin; lock table public.notes in access share mode');
        const findings = await withBareSession(connection, (session) =>
          inspectTarget({ session, connection, pooler: 'none' }, bundle),
        );
        expect(findings).toEqual([
          expect.objectContaining({ severity: 'warning', what: expect.stringContaining('is a superuser') }),
          { severity: 'note', what: 'Views over the tables: public.shown.', remedy: null },
          {
            severity: 'note',
            what: 'Triggers of the tables, which fire on what the fix writes: stamp on public.notes.',
            remedy: null,
          },
          {
            severity: 'note',
            what: 'Functions that name the tables: public.count_notes().',
            remedy: null,
          },
          {
            severity: 'note',
            what: 'Policies of other tables that ask the tables: by_note on public.others.',
            remedy: null,
          },
          {
            severity: 'note',
            what: 'The tables need what these extensions bring: citext 1.6.',
            remedy: null,
          },
          {
            severity: 'warning',
            what: expect.stringMatching(
              /^A transaction holds a lock on public\.notes for \d+ s \(process \d+, nightly report of \w+, idle in transaction\)\./,
            ),
            remedy: expect.stringContaining('pg_terminate_backend'),
          },
        ]);
      }),
    );
  });

  it.each<[string, string, RegExp]>([
    [
      'that is read only',
      'alter database "$" set default_transaction_read_only = on',
      /read only \(default_tr/,
    ],
    ['whose tables are not ours', 'select', /does not own public\.notes/],
  ])('refuses a database %s before it reads a row', async (_what, sql, message) => {
    await withNotesTarget(async (target) => {
      const report = await withStranger(target, async (login) => {
        await withClient(target.connection, (client) => client.query(sql.replace('$', target.database)));
        return deploy(target, {}, { databaseUrl: addressOf({ ...target.connection, ...login }) });
      });
      expect(report).toMatchObject({
        verdict: 'fail',
        subjects: [{ preflight: { outcome: 'fail', tables: [] }, apply: { outcome: 'skipped' } }],
      });
      expect(textOf(report)).toMatch(message);
      expect(await target.changes()).toEqual([]);
    });
  });

  it('warns where whoever deploys may not act as the users, as whom nothing can be tried then', async () => {
    await withNotesTarget(async (target) => {
      const report = await withStranger(target, async (login) => {
        const own = `alter table public.notes owner to "${login.user}"; grant all on schema public to "${login.user}";
          grant create on database "${target.database}" to "${login.user}"`;
        await withClient(target.connection, (client) => client.query(own));
        const done = await deploy(target, {}, { databaseUrl: addressOf({ ...target.connection, ...login }) });
        await withClient(target.connection, (client) =>
          client.query(`drop owned by "${login.user}" cascade`),
        );
        return done;
      });
      expect(textOf(report)).toContain(`warning: stranger_of_${target.database} may not act as app_user:`);
      const [subject] = report.subjects;
      expect(subject?.committed).toBe('no');
      const { scenarios } = subject as { scenarios: { scenarios: readonly { reason: string }[] } };
      expect(scenarios.scenarios[0]?.reason).toMatch(
        /permission denied to set role "app_user"\. .*Have it granted/,
      );
    });
  });

  it('refuses a server without the roles that the application works as', async () => {
    await withNotesTarget(async (target) => {
      const elsewhere: Changes = {
        'bundle.yml': (text) => text.replace('ben: { role: app_user', 'ben: { role: nobody_here'),
      };
      const report = await deploy(target, elsewhere);
      expect(report.verdict).toBe('fail');
      expect(textOf(report)).toContain('refusal: The server has no role nobody_here,');
      expect(await target.changes()).toEqual([]);
    });
  });
});

describe('describeState', () => {
  const state = {
    role: 'owner',
    login: 'owner',
    isSuperuser: false,
    mayMakeSchemas: true,
    bytes: '8192',
    foreignTables: [],
    closedSchemas: [],
    absentRoles: [],
    untriedRoles: [],
    keys: [],
    views: [],
    triggers: [],
    policies: [],
    functions: [],
    extensions: [],
    publications: [],
    slots: [],
  };
  const said = (changes: object, hasClaims = false) =>
    describeState({ ...state, ...changes }, { hasClaims }).map(
      ({ severity, what }) => `${severity}: ${what}`,
    );

  it('has nothing to say where all is well', () => {
    expect(said({})).toEqual([]);
  });

  it.each<[object, string]>([
    [
      { mayMakeSchemas: false },
      'refusal: owner may not make schemas in this database, and what is replaced has to be recorded in one, schema_fix_history: without it nothing could be rolled back.',
    ],
    [{ untriedRoles: ['app_user'] }, 'warning: owner may not act as app_user: no scenario can be run'],
    [{ closedSchemas: ['public'] }, 'warning: owner may not make anything in the schema public.'],
    [{ slots: ['backup (inactive)'] }, 'note: Replication slots: backup (inactive).'],
    [
      { bytes: '2500000000' },
      "note: The tables take up 2,500 MB with their indexes. A fix that writes into all of them may need up to 15,000 MB more on the server's disk",
    ],
  ])('says of %j: %s', (changes, text) => {
    expect(said(changes)).toEqual([expect.stringContaining(text)]);
  });

  it('refuses a replica, which is read only, too, and one that is only set to be', () => {
    const saidOf = (isReplica: boolean, isReadOnly: boolean) =>
      describeServer({ isReplica, isReadOnly }).map(({ severity, what }) => `${severity}: ${what}`);
    expect(saidOf(false, false)).toEqual([]);
    expect(saidOf(true, true)).toEqual(['refusal: This is a replica, which can only be read.']);
    expect(saidOf(false, true)).toEqual([expect.stringMatching(/^refusal: .* is set to read only/)]);
  });

  it('warns of a server from which each answer takes long', () => {
    const fix = { sections: Array(12).fill({}), scenarios: [{ steps: Array(280).fill({}) }] };
    const describe = (milliseconds: number) => describeDistance(milliseconds, fix as unknown as Bundle);
    expect(describe(2)).toEqual([]);
    expect(describe(80)).toEqual([
      {
        severity: 'warning',
        what: expect.stringContaining(
          'takes 80 ms to answer, and is waited for some 700 times while the tables are locked. The way alone may take 56 s',
        ),
        remedy: expect.stringContaining('Run it in the region of the database.'),
      },
    ]);
  });

  it('leaves it to the fix whose tables may be those of others', () => {
    expect(said({ foreignTables: ['public.rooms (hotel)'] }, true)[0]).toMatch(
      /^warning: owner does not own/,
    );
    expect(said({ foreignTables: ['public.rooms (hotel)'] })[0]).toMatch(/^refusal: owner does not own/);
  });

  it('says whose setting it is that somebody who connected is another', () => {
    const foreign = { ...state, foreignTables: ['public.rooms (boss)'], login: 'boss' };
    expect(describeState(foreign, { hasClaims: false })).toContainEqual({
      severity: 'refusal',
      what: 'owner does not own public.rooms (boss).',
      remedy:
        'You connected as boss, whose own setting makes that owner: alter role boss reset role, or connect as another who owns them.',
    });
  });
});
