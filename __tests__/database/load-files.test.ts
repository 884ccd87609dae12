import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ask, load, loadInto, useProjects } from '../support/project-database.js';

const projects = useProjects();
const major = Number(process.env.TEST_POSTGRES) || 17;

/** Loads the text as a file, and gives what was left out and the problem that ended it, in short. */
function outline(text: string): Promise<unknown> {
  return load(projects(), text, ({ loading, problem }) => ({
    loaded: `${loading.loaded} of ${loading.statements}`,
    leftOut: loading.leftOut.map(({ kind, line }) => `${line}: ${kind}`),
    problem: problem === null ? null : `${problem.line}: ${problem.sqlstate} ${problem.message}`,
  }));
}

/** Loads the text and answers a question about what came of it. */
function answerAfter(text: string | Record<string, string>, question: string): Promise<unknown> {
  return load(projects(), text, async ({ problem }, { session }) => {
    expect(problem).toBeNull();
    return ask(session, question);
  });
}

describe('a file is loaded as the host would', () => {
  it('names without a schema are those of public, and extensions are found', async () => {
    const text =
      'create table if not exists chat_rooms (id uuid primary key default uuid_generate_v4(), title text);\ninsert into chat_rooms default values;';
    expect(await answerAfter(text, "select 'public.chat_rooms'::regclass::text")).toBe('public.chat_rooms');
  });

  it('what it makes belongs to the deployer', async () => {
    const text =
      'create table a (); alter table a owner to postgres; set role postgres; create table b (); reset role; create table c ();';
    const owners =
      "select string_agg(distinct relowner::regrole::text, ',') from pg_class where relname in ('a', 'b', 'c')";
    expect(await answerAfter(text, owners)).toBe('postgres');
  });

  it('extensions are made, which its deployer could not make as no superuser', async () => {
    expect(
      await answerAfter(
        'create extension pg_stat_statements with schema extensions;',
        "select extname from pg_extension where extname = 'pg_stat_statements'",
      ),
    ).toBe('pg_stat_statements');
  });

  it('a block that looks first whether they are there makes, moves and drops extensions and publications', async () => {
    const text = `create extension pg_trgm; create extension cube; create table public.t (id int);
      do $$
      declare
          note text := 'alter extension pg_trgm set schema public; then create extension no_such;';
      begin
          if exists (select from pg_extension where extname = 'pg_trgm') then
              alter extension pg_trgm set schema extensions;
          end if;
          if not exists (select from pg_extension where extname = 'moddatetime') then
              begin
                  create extension if not exists moddatetime
                      with schema extensions;
              exception
                  when others then raise notice '%', note;
              end;
          else
              drop extension moddatetime;
          end if;
          execute 'drop extension cube';
          if not exists (select from pg_publication where pubname = 'powersync') then
              create publication powersync for all tables;
          end if;
      end
      $$;`;
    const question = `select string_agg(extname || ' ' || extnamespace::regnamespace, ', ' order by extname)
          || ', ' || (select pubname || ' ' || pubowner::regrole from pg_publication where puballtables)
      from pg_extension where extname in ('pg_trgm', 'moddatetime', 'cube')`;
    expect(await answerAfter(text, question)).toBe(
      'moddatetime extensions, pg_trgm extensions, powersync postgres',
    );
  });

  it('of a block that fails it says in which line', async () => {
    const text = `create table public.t ();
      do $$
      begin
          create extension
              if not exists citext;
          insert into public.no_such values (1);
      end
      $$;`;
    expect(await outline(text)).toMatchObject({
      problem: '6: 42P01 relation "public.no_such" does not exist',
    });
  });

  it('servers of a wrapper that an extension brought are made, which then lets nobody make another', async () => {
    const text = `create extension postgres_fdw;
      create server other foreign data wrapper postgres_fdw options (host 'nowhere.invalid', dbname 'x');
      create user mapping for current_user server other options (user 'x', password 'hunter2');
      create foreign table public.far (id int) server other;`;
    const question = `select s.srvowner::regrole || ' ' || f.relname || ' '
        || has_foreign_data_wrapper_privilege('postgres', 'postgres_fdw', 'usage')
      from pg_foreign_server as s, pg_class as f where f.relkind = 'f'`;
    expect(await answerAfter(text, question)).toBe('postgres far false');
  });

  it('publications of all tables, and of schemas, are made and are the deployer’s', async () => {
    const schemas =
      major < 15
        ? ''
        : `create publication "of app" for tables in schema public, app;
           create publication dumped with (publish = 'insert');
           alter publication dumped add tables in schema app;
           alter publication dumped set (publish = 'update');`;
    const text = `create schema app; create table app.t (); ${schemas}
      create publication powersync for all tables with (publish = 'insert, update', publish_via_partition_root);
      create publication plain for all tables;
      alter publication powersync owner to postgres;`;
    const question = `select string_agg(
        pubname || ' ' || pubowner::regrole || ' ' || puballtables || ' ' || pubdelete || ' ' || pubviaroot, ', ' order by pubname
      ) from pg_publication where pubowner = 'postgres'::regrole`;
    const all = 'plain postgres true true false, powersync postgres true false true';
    expect(await answerAfter(text, question)).toBe(
      major < 15 ? all : `dumped postgres false false false, of app postgres false true false, ${all}`,
    );
  });

  it('each begins with the settings of a new session', async () => {
    const files = {
      '1.sql': "select pg_catalog.set_config('search_path', '', false); set role anon;",
      '2.sql': 'create table a ();',
    };
    expect(
      await answerAfter(
        files,
        "select relowner::regrole::text from pg_class where oid = to_regclass('public.a')",
      ),
    ).toBe('postgres');
  });

  it('a byte order mark, carriage returns and COPY in a comment are no obstacle', async () => {
    const text =
      '\ufeffcreate table public.bom (id int);\r\n/* COPY public.bom (id) FROM stdin;\r\n*/\r\nselect $$\r\ncopy public.bom from stdin;\r\n$$;\r\nCOPY public.bom (id) FROM stdin;\r\n1\r\n2\r\n\\.\r\n';
    expect(await answerAfter(text, 'select count(*) from public.bom')).toBe('2');
  });
});

describe('carriage returns', () => {
  const lines = [
    'create table public.said (number int generated always as identity, words text);',
    "insert into public.said (words) values ('a",
    "b'), (e'c''",
    "d');",
    'do $body$ begin',
    "insert into public.said (words) values ('e",
    "f'); end $body$;",
    'copy public.said (words) from stdin;',
    "g'",
    '\\.',
    'select broken from nowhere;',
  ];
  const words = "select string_agg(to_json(words)::text, ',' order by number) from public.said";

  it.each([
    ['keeps them within quotes', '', String.raw`"a\r\nb","c'\r\nd","e\r\nf","g'"`],
    [
      'of a dump takes them for what it got on its way',
      '-- Dumped by pg_dump version 17.2\r\n',
      String.raw`"a\nb","c'\nd","e\nf","g'"`,
    ],
  ])('a file whose lines all end with one %s', async (_what, heading, said) => {
    expect(await answerAfter(heading + lines.slice(0, -1).join('\r\n').concat('\r\n'), words)).toBe(said);
  });

  it('do not move the line of a mistake', async () => {
    expect(await outline(lines.join('\r\n'))).toMatchObject({ problem: expect.stringMatching(/^11: 42P01/) });
  });
});

describe('transactions', () => {
  it('are as many as there are files, so that a value of an enum is used after the file that adds it', async () => {
    const files = {
      '1.sql': "create type public.kind as enum ('a');",
      '2.sql': "alter type public.kind add value 'b';",
      '3.sql': "create table public.t (k public.kind default 'b'); insert into public.t default values;",
    };
    expect(await answerAfter(files, 'select k::text from public.t')).toBe('b');
  });

  it.each([
    [
      'an index is made concurrently',
      'create table public.c (id int); create index concurrently c_i on public.c (id); drop index concurrently public.c_i; create index concurrently c_i on public.c (id);',
      "select indisvalid from pg_index where indexrelid = 'public.c_i'::regclass",
      true,
    ],
    [
      'the tables are vacuumed',
      'create table public.c (id int); vacuum public.c; create table public.d (id int);',
      "select to_regclass('public.d') is not null",
      true,
    ],
    [
      'a new value of an enum is used',
      "create type public.kind as enum ('a'); alter type public.kind add value 'b'; create table public.t (k public.kind); insert into public.t values ('b');",
      'select k::text from public.t',
      'b',
    ],
    [
      'a procedure commits',
      'create table public.t (n int); create procedure public.p() language plpgsql as $$ begin insert into public.t values (1); commit; end $$; call public.p();',
      'select n from public.t',
      1,
    ],
  ])('end where %s', async (_, text, question, answer) => {
    expect(await answerAfter(text, question)).toBe(answer);
  });

  it('are the file’s own where it has some', async () => {
    const text =
      'create table public.t (n int);\nbegin;\ninsert into public.t values (1);\nrollback;\nbegin; set local role anon; savepoint a; insert into public.t values (2); rollback to savepoint a; commit;\nstart transaction; insert into public.t values (3); end;\ncommit;\ninsert into public.t values (4);';
    const granted = text.replace('begin; set local', 'grant insert on public.t to anon; begin; set local');
    expect(await answerAfter(granted, "select string_agg(n::text, ',' order by n) from public.t")).toBe(
      '3,4',
    );
  });

  it('of the file’s own keep to what was right when one statement is left out', async () => {
    const text =
      'begin;\ncreate table public.t (n int);\ncreate extension no_such_extension;\ninsert into public.t values (1);\ncommit;';
    expect(await answerAfter(text, 'select n from public.t')).toBe(1);
  });

  it.each([
    ['a comment', 'comment on no such thing is 1;'],
    ['an extension', 'create extension no such thing;'],
    ['default privileges', 'alter default privileges for role supabase_admin grant no such thing;'],
  ])('keep what was done before %s that Postgres cannot even read', async (_, unreadable) => {
    const text = `create table public.first (n int); insert into public.first values (1);\n${unreadable}\ninsert into public.first values (2);`;
    expect(await answerAfter(text, "select string_agg(n::text, ',' order by n) from public.first")).toBe(
      '1,2',
    );
    expect(await answerAfter(`${unreadable}\n${text}`, 'select count(*) from public.first')).toBe('2');
  });

  it('take what follows from them: set local holds to the end of the file', async () => {
    const text = 'set local search_path = app; create schema app; create table t (); lock table t;';
    expect(await answerAfter(text, "select to_regclass('app.t') is not null")).toBe(true);
  });
});

describe('an event trigger', () => {
  const rls = `create function public.enable_rls() returns event_trigger language plpgsql as $$
    declare c record; begin
      for c in select * from pg_event_trigger_ddl_commands() where command_tag = 'CREATE TABLE' loop
        execute format('alter table %s enable row level security', c.object_identity);
      end loop;
    end $$;
    create event trigger ensure_rls on ddl_command_end when tag in ('CREATE TABLE', 'CREATE TABLE AS') execute function public.enable_rls();
    do $$ begin if not exists (select from pg_event_trigger where evtname = 'ensure_rls') then raise exception 'ensure_rls is not there'; end if; end $$;`;

  it('fires on what is loaded after it, and is gone and listed then', async () => {
    const files = { '1.sql': rls, '2.sql': 'create table public.t ();' };
    await load(projects(), files, async ({ problem, loading }, { session }) => {
      expect(problem).toBeNull();
      expect(loading.leftOut).toEqual([
        expect.objectContaining({ path: '1.sql', line: 7, kind: 'event trigger' }),
      ]);
      const enabled = "select relrowsecurity from pg_class where oid = 'public.t'::regclass";
      expect(await ask(session, enabled)).toBe(true);
      expect(await ask(session, 'select count(*) from pg_event_trigger')).toBe('0');
    });
  });

  it('that is disabled or dropped fires no longer, and is not listed', async () => {
    const text = `${rls}; alter event trigger ensure_rls disable; create table public.t (); alter event trigger ensure_rls enable;
      drop event trigger if exists ensure_rls; drop event trigger if exists ensure_rls; create table public.u ();`;
    await load(projects(), text, async ({ problem, loading }, { session }) => {
      expect({ problem, leftOut: loading.leftOut }).toEqual({ problem: null, leftOut: [] });
      expect(
        await ask(
          session,
          "select count(*) from pg_class where relrowsecurity and relnamespace = 'public'::regnamespace",
        ),
      ).toBe('0');
    });
  });

  it('never fires on what a superuser does', async () => {
    const text = `create table public.seen (who name, tag text);
      create function public.see() returns event_trigger language plpgsql as $$ begin insert into public.seen values (current_user, tg_tag); end $$;
      create event trigger e on ddl_command_start execute function public.see();
      create event trigger f on ddl_command_end execute function public.see();
      create extension citext; alter extension citext set schema extensions; drop extension citext; create extension vector;
      create publication p for all tables;
      alter table public.seen disable trigger all; alter default privileges for role supabase_admin grant select on tables to anon;
      create table public.t ();`;
    await load(projects(), text, async ({ problem }, { session }) => {
      expect(problem).toBeNull();
      const seen =
        "select string_agg(distinct who || ' ' || tag, ', ' order by who || ' ' || tag) from public.seen where tag <> 'CREATE EVENT TRIGGER'";
      expect(await ask(session, seen)).toBe('postgres ALTER DEFAULT PRIVILEGES, postgres CREATE TABLE');
    });
  });

  it.each([
    ['at a login', 'login', 'public.f()'],
    ['of a function that is not the project’s', 'ddl_command_end', 'pg_catalog.now()'],
  ])('%s is not made, and what misses it is told why', async (_which, event, called) => {
    const text = `create table public.t (); create function public.f() returns event_trigger language plpgsql as $$ begin end $$;
create event trigger watch on ${event} execute function ${called};
do $$ begin raise exception 'watch was not created'; end $$;`;
    const problem = await load(projects(), text, (loaded) => loaded.problem);
    expect(problem?.advice).toMatch(
      /^It follows from a statement that was left out: create event trigger watch on/,
    );
  });
});

describe('left out, one line each, is what only the host may', () => {
  it.each([
    [
      'extensions that the server has not',
      'create extension if not exists "no_such" with schema "extensions";',
      'extension',
    ],
    ['what is said of them', "comment on extension no_such is 'x';", 'comment'],
    ['attributes of roles', 'alter role anon superuser;', 'role'],
    ['roles of the host', 'create role supabase_admin;', 'role'],
    ['roles that are superusers', 'create role boss superuser;', 'role'],
    // Before 16 whoever may create roles may grant each of them.
    ...(major < 16
      ? []
      : [['memberships of roles of the host', 'grant supabase_admin to authenticator;', 'role'] as const]),
    ['privileges on settings of the server', 'grant set on parameter log_min_messages to anon;', 'setting'],
    ['comments', "comment on schema auth is 'x';", 'comment'],
    [
      'event triggers',
      'create function public.f() returns event_trigger language plpgsql as $$ begin end $$;\ncreate event trigger e on ddl_command_end execute function public.f();',
      'event trigger',
    ],
    ['tables of the host', 'create table supabase_migrations.mine (id int);', 'host'],
    ['schemas of the host', 'create schema auth;', 'host'],
    ['rows of the host', 'insert into auth.no_such_table values (1);', 'host'],
    ['calls of functions of the host', "select cron.no_such_function('x');", 'host'],
    ['sequences of the host', "select pg_catalog.setval('auth.no_such_seq', 1, true);", 'host'],
    ['privileges on what is the host’s', 'grant select on table auth.no_such_table to anon;', 'host'],
    [
      'policies on tables of the host',
      'create policy p on auth.no_such_table for select using (true);',
      'host',
    ],
    ['databases', 'create database other;', 'database'],
    ['settings of the database', "alter database postgres set app.secret to 'x';", 'database'],
    ['settings of a newer server', 'set no_such_setting = 0;', 'setting'],
    ['publications of the host', 'create publication supabase_realtime;', 'host'],
  ])('%s: %s', async (_, text, kind) => {
    const lines = text.split('\n');
    expect(await outline(`${text}\ncreate table public.t ();`)).toEqual({
      loaded: `${lines.length} of ${lines.length + 1}`,
      leftOut: [`${lines.length}: ${kind}`],
      problem: null,
    });
  });

  it('owners, of whatever kind a thing is that has one', async () => {
    const kinds = [
      ...[
        'aggregate public.a(integer)',
        'aggregate public.a(*)',
        'collation public.c',
        'conversion public.c',
      ],
      ...[
        'domain public.d',
        'foreign data wrapper f',
        'foreign table public.f',
        'function public.f(a text, b "T")',
      ],
      ...['procedural language l', 'language l', 'large object 24576', 'materialized view public.m'],
      ...['operator public.+ (integer, integer)', 'operator public.=== (none, "T")', 'procedure public.p()'],
      ...['operator class public.o using btree', 'operator family public.o using gist', 'publication p'],
      ...[
        'routine public.r(integer)',
        'schema "Weird; schema"',
        'sequence public.s',
        'server s',
        'statistics public.s',
      ],
      ...['table only public.t', 'text search configuration public.t', 'text search dictionary public.t'],
      ...['type public."T"', 'view public.v'],
    ];
    const text = kinds.map((kind) => `ALTER ${kind} OWNER TO no_such_owner_a;`).join('\n');
    expect(await outline(`${text}\ncreate table public.here ();`)).toEqual({
      loaded: `1 of ${kinds.length + 1}`,
      leftOut: kinds.map((_, index) => `${index + 1}: owner`),
      problem: null,
    });
  });

  it('rows of COPY for a table of the host are passed over', async () => {
    const text =
      'copy auth.no_such_table (id) from stdin;\n1\tcreate table public.x ();\n\\.\ncreate table public.t ();';
    expect(await outline(text)).toEqual({ loaded: '1 of 2', leftOut: ['1: host'], problem: null });
  });

  it('is told with its place, its reason and whether the fix can meet it, without values', async () => {
    const text =
      "\n\ncreate extension no_such;\ninsert into auth.no_such_table values ('secret');\nalter table public.a owner to somebody;";
    const files = { '1.sql': 'create table public.a ();', '2.sql': text };
    const leftOut = await load(projects(), files, ({ loading }) => loading.leftOut, {
      fix: ['create table public.x (y no_such);'],
    });
    expect(leftOut).toEqual([
      {
        path: '2.sql',
        line: 3,
        kind: 'extension',
        statement: 'create extension no_such',
        reason: 'extension "no_such" is not available',
        meets: 'the fix names it',
      },
      {
        path: '2.sql',
        line: 4,
        kind: 'host',
        statement: 'insert auth.no_such_table',
        reason: 'relation "auth.no_such_table" does not exist',
        meets: null,
      },
      {
        path: '2.sql',
        line: 5,
        kind: 'owner',
        statement: 'alter table public.a owner to somebody',
        reason: 'role "somebody" does not exist',
        meets: 'here the deployer owns it',
      },
    ]);
  });
});

describe('nothing of the project’s is left out: it ends with', () => {
  it.each([
    ['a revoke', 'revoke select on public.no_such from anon;', '42P01'],
    [
      'a revoke that names a table of the host too',
      'revoke select on auth.no_such, public.no_such from anon;',
      '42P01',
    ],
    [
      'a revoke on a schema of the host and its own',
      'revoke usage on schema auth, no_such from anon;',
      '3F000',
    ],
    ['a policy', 'create policy p on public.no_such for select using (true);', '42P01'],
    ['a policy that looks at the host', 'create policy p on public.t using (auth.no_such());', '42883'],
    [
      'a policy named like the host',
      'create policy "on auth.users" on public.no_such for select using (true);',
      '42P01',
    ],
    ...(major < 16
      ? []
      : [['a membership of its own', 'grant supabase_admin to no_such_role_a;', '42501'] as const]),
    ['a privilege that there is not', 'grant no_such_thing on public.t to no_such_role_a;', '42601'],
    [
      'a table with an owner in one statement',
      'alter table public.t add column x no_such_type, owner to postgres;',
      '42704',
    ],
    ['a table', 'create table public.u (x no_such_type);', '42704'],
    [
      'a function that needs the host',
      'create function public.f() returns int language sql as $$ select auth.no_such() $$;',
      '42883',
    ],
    ['rows', 'insert into public.t values (1, 2, 3);', '42601'],
    ['rows chosen from the host', 'insert into public.t select id from auth.no_such;', '42P01'],
    [
      'a row level security that is not there to enable',
      'alter table public.no_such enable row level security;',
      '42P01',
    ],
    ['a schema of its own', 'create schema app; create schema app;', '42P06'],
    ['a do block', 'do $$ begin perform auth.no_such(); end $$;', '42883'],
    ['two calls at once', 'select auth.no_such(), public.no_such();', '42883'],
    ['a call whose arguments are its own', 'select public.no_such(auth.uid());', '42883'],
    ['a role that is not there', 'set role no_such_at_all_x;', '22023'],
    ['a drop', 'drop table public.no_such;', '42P01'],
    ['a drop of an extension that it needs', 'create table public.v (x extensions.no_such);', '42704'],
    ['a publication of its own', 'alter publication supabase_realtime add table public.no_such;', '42P01'],
    [
      'default privileges of its own',
      'alter default privileges in schema no_such grant select on tables to anon;',
      '3F000',
    ],
  ])('%s: %s', async (_, text, sqlstate) => {
    const result = await load(
      projects(),
      `create table public.t (id int);\n${text}`,
      ({ loading, problem }) => ({
        leftOut: loading.leftOut,
        outcome: loading.outcome,
        sqlstate: problem?.sqlstate,
        line: problem?.line,
      }),
    );
    expect(result).toEqual({
      leftOut: [],
      outcome: 'fail',
      sqlstate: expect.stringMatching(new RegExp(`^(${sqlstate})$`)),
      line: 2,
    });
  });
});

describe('a statement that ends it is explained', () => {
  it('by what was left out before, where it follows from that', async () => {
    const text =
      'create extension if not exists vectorx;\ncreate table public.items (\n    v extensions.vectorx(3)\n);';
    const problem = await load(projects(), text, (loaded) => loaded.problem);
    expect(problem).toMatchObject({ path: 'schema.sql', line: 3, column: 7, sqlstate: '42704' });
    expect(problem?.advice).toBe(
      'It follows from a statement that was left out: create extension if not exists vectorx (schema.sql:1: extension "vectorx" is not available). Rehearse on a server that has the extension: --postgres-source docker --postgres-image IMAGE (supabase/postgres:VERSION has what Supabase has, timescale/timescaledb:latest-pg17 timescaledb), or your own with --postgres-url.',
    );
  });

  it('by the wrapper that was left out with its extension', async () => {
    const text = `create extension if not exists wrappers with schema extensions;
create foreign data wrapper stripe_wrapper handler stripe_fdw_handler validator stripe_fdw_validator;
create server stripe_server foreign data wrapper stripe_wrapper options (api_key 'secret');
`;
    const place = await load(projects(), `${text}create table public.t ();`, ({ loading, problem }) => {
      expect(problem).toBeNull();
      return loading.leftOut.map(({ line, kind, reason }) => `${line}: ${kind}: ${reason}`);
    });
    expect(place).toEqual([
      expect.stringMatching(/^1: extension/),
      expect.stringMatching(/^2: extension: it follows from create extension if not exists wrappers/),
      expect.stringMatching(/^3: extension: it follows from create foreign data wrapper stripe_wrapper/),
    ]);
    const used = `${text}create foreign table public.f (id int) server stripe_server;`;
    const problem = await load(projects(), used, (loaded) => loaded.problem);
    expect(problem?.advice).toMatch(/^It follows from .*create server stripe_server/);
    // Of no extension that was left out.
    const other = text.replaceAll('stripe_fdw', 'other').replace('stripe_server foreign', 's foreign');
    expect(await load(projects(), other, (loaded) => loaded.problem)).toMatchObject({
      line: 2,
      sqlstate: '42501',
    });
  });

  it('by the extensions that were left out, where it may be of any of them', async () => {
    const text =
      'create extension if not exists vectorx;\ncreate table public.items (j json check (matches(j)));';
    const problem = await load(projects(), text, (loaded) => loaded.problem);
    expect(problem).toMatchObject({
      sqlstate: '42883',
      advice: expect.stringContaining(
        'an extension that this server does not have, which was left out: create extension if not exists vectorx (schema.sql:1).',
      ),
    });
  });

  it.each([
    "create collation public.c (provider = libc, locale = 'xx_XX.utf8');",
    'create table public.t (a text collate pg_catalog."xx_XX");',
  ])('by the system, where the collation is of that: %s', async (text) => {
    const problem = await load(projects(), text, (loaded) => loaded.problem);
    expect(problem?.advice).toMatch(
      /^It is a collation of the operating system that this server’s has not\./,
    );
  });

  it('by the extension whose function it is', async () => {
    const text = 'create table public.items (id uuid default public.gen_random_uuid());';
    const problem = await load(projects(), text, (loaded) => loaded.problem);
    expect(problem?.advice).toContain('Supabase has in the schema extensions from the beginning');
  });

  it.each([
    ['public.geography', 'postgis'],
    ['geometry(Point, 4326)', 'postgis'],
    ['vector(3)', 'vector'],
    ['public.ltree[]', 'ltree'],
  ])('by the extension whose type it is: %s', async (type, extension) => {
    const problem = await load(projects(), `create table public.t (a ${type});`, (loaded) => loaded.problem);
    expect(problem?.advice).toContain(`create extension ${extension} with schema SCHEMA`);
  });

  it('by the placeholder that another tool fills in', async () => {
    for (const text of [
      'create table {{ index .Options "Namespace" }}.users ();',
      'grant all on schema public to :DATABASE_OWNER;',
      `create table $\{schema}.t ();`,
    ]) {
      const problem = await load(projects(), text, (loaded) => loaded.problem);
      expect(problem).toMatchObject({
        sqlstate: '42601',
        line: 1,
        advice: expect.stringContaining('placeholder'),
      });
    }
  });

  (major < 18 ? it : it.skip)('by the Postgres that has what is missing here', async () => {
    const text = 'create table public.t (id uuid default uuidv7());';
    const problem = await load(projects(), text, (loaded) => loaded.problem);
    expect(problem).toMatchObject({ sqlstate: '42883', advice: expect.stringContaining('--postgres 18') });
  });

  it('by the tool that keeps a table of its own', async () => {
    const text =
      'create table public.t ();\ncreate trigger forbid before insert on __diesel_schema_migrations for each row execute function f();';
    const problem = await load(projects(), text, (loaded) => loaded.problem);
    expect(problem?.advice).toMatch(/^It is the table in which a migration tool keeps what it has run/);
  });

  it.each([
    [
      'a table',
      { '1.sql': 'insert into later values (1);', '2.sql': '\ncreate table if not exists public.later ();' },
      '2.sql:2 makes it, and comes later',
    ],
    [
      'a type, not an index of its name',
      {
        '1.sql': 'create table public.t (m mood);',
        '2.sql': 'create index mood on x (y);',
        '3.sql': "select 1;\ncreate type mood as enum ('a');",
      },
      '3.sql:2 makes it, and comes later',
    ],
    ['a schema', { '1.sql': 'create table app.t ();', '2.sql': 'create schema app;' }, '2.sql:1 makes it'],
    [
      'a function',
      {
        '1.sql': 'create table public.t (x int default public.f(1));',
        '2.sql': 'create or replace function public.f(a int) returns int language sql as $$ select a $$;',
      },
      '2.sql:1 makes it, and comes later',
    ],
    [
      'what the same file makes',
      { '1.sql': 'create view v as select * from w;\ncreate view w as select 1;' },
      '1.sql:2 makes it, further down in the same file',
    ],
    [
      'what nothing makes',
      {
        '1.sql': 'insert into later values (1);',
        '2.sql': 'create index later on x (y); create table never ();',
      },
      'Nothing that is loaded makes it.',
    ],
  ])('by the file that makes it later: %s', async (_, files, advice) => {
    const problem = await load(projects(), files as Record<string, string>, (loaded) => loaded.problem);
    expect(problem).toMatchObject({ path: '1.sql', advice: expect.stringMatching(`^${advice}`) });
  });

  it.each([
    [
      'a table',
      { '1.sql': 'create schema app;\ncreate table app.t ();\ntable t;' },
      '1.sql:2 makes app.t, and',
    ],
    [
      'a function of another file',
      {
        '1.sql': 'create schema "1"; create function "1".f() returns int return 1;',
        '2.sql': 'create table t (a int default f());',
      },
      '1.sql:1 makes 1.f, and',
    ],
    [
      'of two, the one that was run',
      {
        '1.sql': 'create schema app; create table app.t ();',
        '2.sql': 'table t; create table public.t ();',
      },
      '1.sql:1 makes app.t, and',
    ],
    [
      'not where the message names a schema, too',
      { '1.sql': 'create schema app; create schema other; create table app.t (); table other.t;' },
      'Nothing that is loaded makes it',
    ],
  ])('by the schema in which it is: %s', async (_, files, advice) => {
    const problem = await load(projects(), files as Record<string, string>, (loaded) => loaded.problem);
    expect(problem?.advice).toMatch(new RegExp(`^${advice}`));
  });

  it('by the file of the folder that makes it, and is not loaded', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'loose-'));
    try {
      const project = path.join(folder, 'supabase');
      await mkdir(path.join(project, 'migrations'), { recursive: true });
      await writeFile(path.join(project, 'schema.sql'), '\ncreate table public.users (id int primary key);');
      await writeFile(
        path.join(project, 'migrations/20250101000000_a.sql'),
        'create table public.posts (author int references public.users (id));',
      );
      await projects().withProject(async (database) => {
        const { problem } = await loadInto(database, [project]);
        expect(problem?.advice).toMatch(/schema\.sql:2 makes it, and is not loaded: .*--before/);
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each([
    ['a table', 'create table t ();', 'select 1; create table public.t ();', '1.sql:1 makes it, too.'],
    [
      'a type',
      "create type mood as enum ('good');",
      "create type mood as enum ('bad');",
      '1.sql:1 makes it, too.',
    ],
    [
      'a function',
      'create function f(a int) returns int language sql as $$ select 1 $$;',
      'create function f(b int) returns int language sql as $$ select 1 $$;',
      '1.sql:1 makes it, too.',
    ],
    [
      'what the same file made',
      'select 1;',
      'create table t ();\ncreate table t ();',
      '2.sql:1 makes it, too.',
    ],
    [
      'a policy of the same table',
      'create table o (); create table t (); create policy "P q" on o; create policy "P q" on t;',
      'create policy "P q" on t;',
      '1.sql:1 makes it, too.',
    ],
    [
      'what is added to another',
      'create table t (a int); alter table t add constraint c check (a > 0);',
      'alter table t add constraint c check (a > 0);',
      'It is there already',
    ],
  ])('by the file that made it before: %s', async (_, first, second, advice) => {
    const files = { '1.sql': first, '2.sql': second };
    const problem = await load(projects(), files, (loaded) => loaded.problem);
    expect(problem).toMatchObject({
      path: '2.sql',
      advice: expect.stringMatching(`^${advice}.* its address, or a dump`),
    });
  });

  it.each([
    ['set ansi_nulls on\nGO\ncreate table [dbo].[users] ([id] [int] identity(1,1) not null)\nGO\n', 'T-SQL'],
    ['create table users (id int identity(1, 1) primary key);', 'T-SQL'],
    ['create table `users` (`id` int not null auto_increment, primary key (`id`)) engine=InnoDB;', 'MySQL'],
    ['create table users (id integer primary key autoincrement);', 'SQLite'],
    ['pragma foreign_keys=off;', 'SQLite'],
    ['<<<<<<< HEAD\ncreate table t ();\n=======\n>>>>>>> other\n', 'the marks of a merge'],
    ['<!DOCTYPE html>\n<html><body>Not found</body></html>', 'HTML'],
    ['create table t (a int) with oids;', 'gone since Postgres 12'],
    ['set default_with_oids = true;', 'gone since Postgres 12'],
    ['create table users (name varchar2(20));', 'Oracle'],
    ['create table users (born datetime);', 'another database'],
  ])('by the database that it is for: %s', async (text, database) => {
    const problem = await load(projects(), text, (loaded) => loaded.problem);
    expect(problem?.advice).toContain(database);
    expect(problem?.advice).not.toContain('--postgres');
  });

  it('where what it speaks of cannot be read', async () => {
    expect(await outline('alter schema public owner to :OWNER;')).toMatchObject({
      problem: '1: 42601 syntax error at or near ":"',
    });
  });

  it('not by an extension for which there is a stand-in', async () => {
    const text =
      'create extension http with schema extensions; create extension pg_tle;\nselect pgtle.f(x.content) from http_get(null) as x;\nselect pgtle.f(1);\ncreate table public.t (x pgtle.kind);';
    const { loading, problem } = await load(projects(), text, (loaded) => loaded);
    expect(loading.leftOut.map(({ line, kind }) => `${line}: ${kind}`)).toEqual([
      '1: extension',
      '1: extension',
      '2: host',
      '3: host',
    ]);
    expect(problem?.advice).toContain('create extension pg_tle (schema.sql:1: ');
  });

  it.each([
    ['\\i other.sql', 'Name the files that it includes in before, in their order.'],
    ['\\set name value', 'Variables are psql’s own. Write the value where it is used.'],
    [
      "select 'select 1' \\gexec",
      'End the statement with a semicolon. What \\gexec would run, write as a do block with execute.',
    ],
    [
      '\\copy public.t from file.csv',
      'Write copy … from stdin with the rows below it, or insert statements.',
    ],
    ['\\if true', 'Write the branch that is to be loaded, or a do block with if.'],
  ])('where it is a command of psql: %s', async (text, advice) => {
    const problem = await load(projects(), `select 1;\n${text}\n`, (loaded) => loaded.problem);
    expect(problem).toMatchObject({ line: 2, advice });
    expect(problem?.message).toMatch(/^"\\\w+" is a command of psql, which only psql runs$/);
  });

  it('is passed over where psql’s command only guards or prints', async () => {
    const text =
      '\\restrict aBc\n\\set ON_ERROR_STOP on\n\\echo hello\ncreate table public.t ();\n\\connect postgres\n\\unrestrict aBc\n';
    expect(await outline(text)).toEqual({ loaded: '1 of 1', leftOut: [], problem: null });
  });

  it('where psql would have ended: at \\q, if statements follow it', async () => {
    const text = 'create table public.t ();\n\\q\n';
    const ended = { loaded: '1 of 1', leftOut: [], problem: null };
    expect(await outline(`${text}\\q\n-- The end.\n`)).toEqual(ended);
    expect(await outline(`${text}set search_path = public;`)).toMatchObject({
      loaded: '1 of 2',
      problem: '2: 42601 "\\q" ends psql, and statements follow it',
    });
    expect(
      await load(projects(), { '1.sql': text, '2.sql': 'select 1;' }, ({ problem }) => problem),
    ).toBeNull();
  });

  it('where a line holds a second command of psql, or a statement behind one', async () => {
    for (const behind of ['\\i other.sql', '\\\\ create table public.t ();']) {
      expect(await outline(`select 1;\n\\timing on ${behind}\n`)).toMatchObject({
        problem: `2: 42601 "${behind}" follows a command of psql in one line`,
      });
    }
    expect(await outline("\\echo 'a\\tb' c\nselect 1;")).toMatchObject({ problem: null });
  });

  it('with what a backslash before a quote means', async () => {
    const text = "set standard_conforming_strings = off;\nselect 'a \\'' b');";
    expect(await load(projects(), text, ({ problem }) => problem)).toMatchObject({
      line: 2,
      advice: expect.stringContaining('standard_conforming_strings'),
    });
  });

  it('with where it is, and nothing of what rows hold', async () => {
    const rows =
      'create table public.t (id int primary key, n int);\ncopy public.t (id, n) from stdin;\n1\t1\n2\tsecret\n\\.\n';
    expect(await load(projects(), rows, ({ problem }) => problem)).toMatchObject({
      path: 'schema.sql',
      line: 4,
      column: null,
      snippet: null,
      message: 'invalid input syntax for type integer: "…"',
      detail: null,
    });
    const twice =
      "create table public.t (id text primary key);\ninsert into public.t values ('secret'), ('secret');";
    const problem = await load(projects(), twice, (loaded) => loaded.problem);
    expect(problem).toMatchObject({ line: 2, sqlstate: '23505' });
    expect(JSON.stringify(problem)).not.toContain('secret');
  });

  it.each([
    "create user mapping for current_user server nowhere options (user 'u', password 'secret');",
    "create server nowhere foreign data wrapper no_wrapper options (host 'h', password 'secret');",
    "alter role no_such_role password 'secret';",
    'create trigger sends after insert on public.t execute function hooks.post(\'https://h\', \'{"Authorization": "secret"}\');',
    "create role reader password 'secret' 'secret';",
  ])('without what may be a password: %s', async (sql) => {
    const problem = await load(projects(), `create table public.t (id int);\n${sql}`, (loaded) => loaded);
    expect(JSON.stringify(problem)).not.toContain('secret');
  });
});

describe('a dump', () => {
  const dumped = '--\n-- Dumped by pg_dump version 17.2\n--\n';

  it('is what pg_dump wrote, not what speaks of it', async () => {
    const text = 'create table public.t ();';
    const question = "select has_table_privilege('anon', 'public.t', 'select')";
    const isDump = async (heading: string) =>
      load(
        projects(),
        `${heading}\n${text}\ngrant select on public.t to service_role;`,
        ({ problem }, { session }) => {
          expect(problem).toBeNull();
          return ask(session, question).then((isGranted) => !isGranted);
        },
      );
    expect(await isDump(dumped)).toBe(true);
    expect(await isDump('-- Made with pg_dump, then by hand\n-- PostgreSQL database dump of ours')).toBe(
      false,
    );
  });

  it('may take away what is not there: pg_dump --clean', async () => {
    const text = [
      'alter domain public.no_such drop constraint no_such;',
      'drop table public.no_such;',
      "SELECT pg_catalog.lo_unlink('777');",
      'create table public.t ();',
    ].join('\n');
    expect(await outline(`${dumped}${text}`)).toEqual({ loaded: '4 of 4', leftOut: [], problem: null });
  });

  it('may put what it makes into tablespaces, which belong to another server', async () => {
    const text = `set default_tablespace = fast;\ncreate table public.t (id int primary key using index tablespace "Fast") tablespace fast;
create index i on public.t (id) tablespace fast;\nalter table only public.t set tablespace fast;\nalter index public.i set tablespace fast;`;
    const nowhere = await outline(`${text}\nselect no_such();`);
    expect(await outline(`${dumped}${text}`)).toEqual({ loaded: '5 of 5', leftOut: [], problem: null });
    expect(nowhere).toMatchObject({ problem: expect.stringContaining('no_such') });
  });

  it('may say what only other servers can do, and what changes nothing that is made', async () => {
    const text = `set default_toast_compression = 'lz4';
create table public.t (a text compression lz4 default 'compression lz4', "compression lz4" text);
alter table only public.t alter column a set compression lz4;
create function public.is_known(a text) returns boolean language sql immutable leakproof as $f$ select a = 'leakproof' $f$;
alter function public.is_known(text) leakproof;`;
    expect(await outline(text)).toEqual({ loaded: '5 of 5', leftOut: [], problem: null });
    expect(
      await answerAfter(
        text,
        "insert into public.t default values returning public.is_known('leakproof') and a = 'compression lz4'",
      ),
    ).toBe(true);
  });

  it('may show something by psql', async () => {
    const text = 'create table public.t ();\n\\d public.t\n\\dt+ *.*\n\\conninfo\n\\l\n\\sf now\n';
    expect(await outline(text)).toEqual({ loaded: '1 of 1', leftOut: [], problem: null });
  });

  it('of a newer pg_dump may turn off timeouts that the server has not', async () => {
    const text = 'set no_such_timeout = 0;\ncreate table public.t ();';
    expect(await outline(`${dumped}${text}`)).toEqual({ loaded: '2 of 2', leftOut: [], problem: null });
    expect(await outline(text)).toEqual({ loaded: '1 of 2', leftOut: ['1: setting'], problem: null });
  });

  it('brings its own privileges: the platform’s automatic ones do not add to them', async () => {
    const text = `${dumped}create table public.secrets (id integer);\ngrant all on table public.secrets to service_role;`;
    const question = "select has_table_privilege('anon', 'public.secrets', 'select')";
    expect(await answerAfter(text, question)).toBe(false);
    expect(await answerAfter(text.replace(dumped, ''), question)).toBe(true);
    expect(await answerAfter(`${text}\ncreate table public.later ();`, question)).toBe(false);
  });

  it('leaves to the fix what the platform grants, unless it says so itself', async () => {
    const text = `${dumped}create table public.secrets (id integer);\ngrant all on table public.secrets to service_role;`;
    const later =
      "set role postgres; create table public.later (); select has_table_privilege('anon', 'public.later', 'select')";
    expect(await answerAfter(text, later)).toBe(true);
    const own = `${text}\nalter default privileges for role postgres in schema public grant all on tables to service_role;`;
    expect(await answerAfter(own, later)).toBe(false);
  });

  it('that was made without privileges gets those of the platform', async () => {
    const files = {
      '1.sql': 'create table public.kept (id int); revoke all on public.kept from anon;',
      '2.sql': `${dumped}create table public.t (id serial); create function public.f() returns int language sql as 'select 1';`,
    };
    const question = `select concat_ws(',',
        has_table_privilege('anon', 'public.t', 'select'), has_sequence_privilege('anon', 'public.t_id_seq', 'usage'),
        has_function_privilege('authenticated', 'public.f()', 'execute'), has_table_privilege('anon', 'public.kept', 'select'))`;
    expect(await answerAfter(files, question)).toBe('t,t,t,f');
  });

  it('may give a table to a role of the host, and goes on working on it', async () => {
    const text = `${dumped}create table public.t (id int);\nalter table public.t owner to supabase_admin;\nalter table public.t add primary key (id);\nalter default privileges for role supabase_admin in schema public grant select on tables to anon;`;
    const question = "select relowner::regrole::text from pg_class where oid = 'public.t'::regclass";
    expect(await answerAfter(text, question)).toBe('supabase_admin');
    expect(await outline(text)).toEqual({ loaded: '4 of 4', leftOut: [], problem: null });
  });

  it('of a schema that is made for another owner is the deployer’s', async () => {
    const text = `create schema authorization till_owner;\ncreate schema if not exists sales authorization "till_owner";\ncreate table sales.t ();\ncreate table till_owner.t ();`;
    expect(await outline(text)).toEqual({
      loaded: '2 of 4',
      leftOut: ['1: owner', '2: owner'],
      problem: null,
    });
  });

  it('of another owner is the deployer’s, and so are that owner’s default privileges', async () => {
    const text = `${dumped}create table public.t ();\nalter table public.t owner to shop_owner;\nalter default privileges for role shop_owner in schema public grant select on tables to anon;`;
    expect(await outline(text)).toEqual({ loaded: '2 of 3', leftOut: ['5: owner'], problem: null });
    const later =
      "set role postgres; create table public.later (); select concat_ws(',', has_table_privilege('anon', 'public.later', 'select'), has_table_privilege('anon', 'public.later', 'insert'))";
    expect(await answerAfter(text, later)).toBe('t,f');
  });

  it('has default privileges of whoever owns all of it, where it gives nothing to an owner', async () => {
    const text = `create table public.t ();\nalter default privileges for role till_keeper in schema public grant select on tables to till_reader;`;
    expect(await outline(text)).toEqual({ loaded: '2 of 2', leftOut: [], problem: null });
    const later =
      "set role postgres; create table public.later (); select has_table_privilege('till_reader', 'public.later', 'select')";
    expect(await answerAfter(text, later)).toBe(true);
  });

  it('has default privileges of a role of their own, where it gives nothing to that', async () => {
    const text = `create table public.t ();\nalter table public.t owner to till_boss;\nalter default privileges for role till_maid in schema public grant select on tables to till_reader;`;
    expect(await outline(text)).toEqual({ loaded: '2 of 3', leftOut: ['2: owner'], problem: null });
    const own = "select count(*) from pg_default_acl where defaclrole = 'till_maid'::regrole";
    expect(await answerAfter(text, own)).toBe('1');
  });

  it('gets the roles that it names and does not hold', async () => {
    const text = `${dumped}create table public.t ();\ngrant select on table public.t to reporting_reader;\ncreate policy p on public.t to reporting_writer using (true);`;
    await load(projects(), text, async ({ loading, problem }, { session }) => {
      expect(problem).toBeNull();
      expect(loading.added).toEqual([
        'the role reporting_reader, which is named and not made',
        'the role reporting_writer, which is named and not made',
      ]);
      expect(
        await ask(session, "select rolcanlogin or rolsuper from pg_roles where rolname = 'reporting_reader'"),
      ).toBe(false);
    });
    await load(projects(), 'select 1;', async (_, { session }) => {
      await session.query('drop role if exists reporting_reader, reporting_writer');
    });
  });

  it('of a whole cluster’s database is this database; of two it is refused', async () => {
    const one = `${dumped}create database shop; \\connect template1\n\\connect shop\ncreate table public.t ();`;
    expect(await outline(one)).toEqual({ loaded: '1 of 2', leftOut: ['4: database'], problem: null });
    const other = `${one}\n\\connect -reuse-previous=on "dbname='other'"\n`;
    const settings = `set statement_timeout = 0;\nselect pg_catalog.set_config('search_path', '', false);\n`;
    expect(await outline(`${other}${settings}`)).toMatchObject({ loaded: '3 of 4', problem: null });
    for (const made of ['create table public.u ();', 'insert into public.t default values;']) {
      expect(await outline(`${other}${settings}${made}\n`)).toMatchObject({
        problem: '7: 42601 the file holds two databases, shop and other',
      });
      expect(await outline(`${other}${settings}\\connect shop\n${made}\n`)).toMatchObject({ problem: null });
    }
  });

  it('of a cluster with databases that only say who may use them is the one that holds something', async () => {
    const empty = (name: string) =>
      `\\connect ${name}\ncreate extension if not exists citext;\ncomment on schema public is '';\nalter schema public owner to keeper;\nalter default privileges in schema public grant select on tables to anon;\ngrant select (name) on table pg_catalog.pg_config to anon;\ngrant all on function pg_catalog.pg_backend_pid() to public;\ngrant create on schema public to anon;\n`;
    const shop =
      '\\connect shop\ncreate extension citext;\ncreate table public.t (c citext);\ngrant select on public.t to anon;\n';
    const cluster = (...databases: string[]) => dumped + databases.join('');
    for (const text of [
      cluster(
        "update pg_catalog.pg_database set datistemplate = false where datname = 'template1';\ndrop database template1;\ngrant all on tablespace aurora_temp_tablespace to public;\ngrant set on parameter log_min_messages to anon;\n",
        empty('template1'),
        empty('postgres'),
        shop,
      ),
      cluster(empty('postgres'), shop, empty('zoo')),
    ]) {
      expect(await outline(text)).toMatchObject({ problem: null });
      expect(await answerAfter(text, "select has_schema_privilege('anon', 'public', 'create')")).toBe(false);
    }
    expect(await outline(cluster(shop, empty('zoo'), 'create table public.u (c citext);\n'))).toMatchObject({
      problem: '8: 42601 the file holds two databases, shop and zoo',
    });
    const alone = cluster(empty('shop'));
    expect(await outline(alone)).toMatchObject({ leftOut: ['7: owner'], problem: null });
    expect(await answerAfter(alone, "select has_schema_privilege('anon', 'public', 'create')")).toBe(true);
  });

  it('of two databases the first of which has no name is refused', async () => {
    const first = 'create table public.t ();\n';
    const there = 'create table public.u ();\n';
    for (const connect of ['\\connect other', '\\c "dbname=other"', '\\c other ann localhost 5432']) {
      expect(await outline(`${first}${connect}\n${there}`)).toMatchObject({
        problem: '2: 42601 the file holds two databases, the one that it begins with and other',
      });
    }
    for (const connect of ['\\connect', '\\connect - ann']) {
      expect(await outline(`${first}${connect}\n${there}`)).toMatchObject({ problem: null });
    }
    const installing =
      "select pg_terminate_backend(pid) from pg_stat_activity\nwhere datname = 'shop';\ngrant connect on database shop to public;\n\\c shop\n";
    expect((await outline(`${installing}${first}`)) as object).toMatchObject({
      leftOut: ['3: database'],
      problem: null,
    });
    const files = { '1.sql': first, '2.sql': `\\connect shop\n${there}` };
    expect(await load(projects(), files, ({ problem }) => problem)).toBeNull();
  });
});

describe('accounts that rows are keyed to', () => {
  const ann = 'a0000000-0000-4000-8000-000000000001';
  const ben = 'b0000000-0000-4000-8000-000000000002';
  const table = 'create table public.m (id int primary key, sender uuid);';
  const key =
    'alter table only public.m add constraint m_sender_fkey foreign key (sender) references auth.users (id) on delete cascade;';
  const isAdded = 'select count(*) from auth.users';

  it.each([
    ['the key is added', `${table}\ninsert into public.m values (1, '${ann}'), (2, null);\n${key}`, '1'],
    ['rows are inserted', `${table}\n${key}\ninsert into public.m values (1, '${ann}'), (2, '${ben}');`, '2'],
    [
      'rows are copied',
      `${table}\n${key}\ncopy public.m (id, sender) from stdin;\n1\t${ann}\n2\t\\N\n\\.\n`,
      '1',
    ],
    [
      'keys are not checked meanwhile',
      `${table}\n${key}\nset session_replication_role = replica;\ninsert into public.m values (1, '${ann}');`,
      '1',
    ],
    [
      'a trigger greets new accounts',
      `${table}\n${key}\ncreate function public.greet() returns trigger language plpgsql security definer as $$ begin insert into public.m values (9, new.id); return new; end $$;\ncreate trigger greet after insert on auth.users for each row execute function public.greet();\ninsert into public.m values (1, '${ann}');`,
      '1',
    ],
  ])('are made where %s', async (_, text, count) => {
    await load(projects(), text, async ({ loading, problem }, { session }) => {
      expect(problem).toBeNull();
      expect(await ask(session, isAdded)).toBe(count);
      expect(loading.added).toEqual([
        `${count === '1' ? '1 account' : `${count} accounts`} in auth.users, which rows are keyed to and no file holds`,
      ]);
      expect(
        await ask(
          session,
          "select bool_and(convalidated and not condeferrable) from pg_constraint where conname = 'm_sender_fkey'",
        ),
      ).toBe(true);
      expect(await ask(session, 'select count(*) from public.m where id = 9')).toBe('0');
    });
  });

  it('are not made for a row that points elsewhere', async () => {
    const text = `create table public.r (id uuid primary key);\ncreate table public.m (r uuid references public.r (id));\ninsert into public.m values ('${ann}');`;
    expect(await outline(text)).toMatchObject({ problem: expect.stringMatching(/^3: 23503/) });
  });
});

describe('roles, which belong to the whole server,', () => {
  it('are changed only where the files make them, and marked, so that they go with the run', async () => {
    const text =
      "create role shop_reader; alter role shop_reader set statement_timeout = '1s'; create table public.t ();\nalter role authenticator password 'x';\ndrop role if exists legacy_owner;";
    await load(projects(), text, async ({ loading, problem }, { session }) => {
      expect(problem).toBeNull();
      expect(loading.leftOut.map(({ line, kind }) => `${line}: ${kind}`)).toEqual(['2: role', '3: role']);
      expect(JSON.stringify(loading)).not.toContain("'x'");
      const mark = "select shobj_description(oid, 'pg_authid') from pg_roles where rolname = 'shop_reader'";
      expect(await ask(session, mark)).toBe('created by schema-fix-action');
      expect(await ask(session, "select count(*) from pg_roles where rolname = 'legacy_owner'")).toBe('1');
      await session.query('drop role shop_reader');
    });
  });
});

describe('where nothing was loaded', () => {
  it.each(['', '-- only a comment\n', 'create extension no_such;'])('it is a failure: %j', async (text) => {
    const { loading, problem } = await load(projects(), text, (loaded) => loaded);
    expect(loading.outcome).toBe('fail');
    expect(problem).toMatchObject({
      path: 'schema.sql',
      message: 'No statement of before was loaded, so there is nothing to rehearse on.',
    });
  });
});

describe('where nothing may be left out', () => {
  it('a list that is not empty is a failure', async () => {
    const text = 'create extension no_such;\ncreate table public.t ();';
    const { outcome, loaded } = await load(projects(), text, ({ loading }) => loading, { isStrict: true });
    expect({ outcome, loaded }).toEqual({ outcome: 'fail', loaded: 1 });
    const whole = await load(projects(), 'create table public.t ();', ({ loading }) => loading, {
      isStrict: true,
    });
    expect(whole.outcome).toBe('pass');
  });
});
