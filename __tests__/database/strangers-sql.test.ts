/** What a pull request brings is SQL of its author, run on this machine: it reaches neither programs nor files. */
import { chmod, readdir } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { shutServerRoles } from '../../src/database/shut-server-roles.js';
import type { SubjectResult } from '../../src/model.js';
import { controlBundle } from '../../src/stages/control-bundle.js';
import { limits } from '../support/limits.js';
import { type Changes, loadNotes, thirdSection, thirdState, withFolder } from '../support/notes-bundle.js';
import { load, useProjects } from '../support/project-database.js';
import { type RehearsalOptions, rehearseNotes } from '../support/rehearse-notes.js';
import { getTestServer, withClient, withPlatformDatabases, withTestServer } from '../support/server.js';

const program = "copy (select 1) to program 'env';";

/** Each with what Postgres of any major says. */
const attacks: readonly (readonly [string, RegExp])[] = [
  [program, /external program|pg_execute_server_program/],
  [
    "create temporary table stolen (line text); copy stolen from '/etc/passwd'",
    /COPY from a file|pg_read_server_files/,
  ],
  ["copy (select 1) to '/tmp/schema-fix-attack'", /COPY to a file|pg_write_server_files/],
  ["select pg_catalog.pg_read_file('/etc/passwd')", /permission denied for function pg_read_file/],
  ["select pg_catalog.pg_ls_dir('/')", /permission denied for function pg_ls_dir/],
  ["select pg_catalog.lo_import('/etc/passwd')", /permission denied for function lo_import/],
  ['alter role current_user superuser', /permission denied to alter role|must be superuser/],
  ['create role intruder superuser', /permission denied to create role|must be superuser/],
  [
    'grant pg_execute_server_program to current_user',
    /permission denied to grant role|must have admin option/,
  ],
  ["alter role current_user set session_preload_libraries = 'x'", /permission denied to set parameter/],
  ["load '/tmp/x.so'", /access to library/],
  [
    'create extension plpython3u schema pg_catalog',
    /permission denied to create extension|not available|No such file|could not open/,
  ],
  [
    'create extension file_fdw schema public',
    /permission denied to create extension|not available|could not open/,
  ],
  [
    'create extension dblink schema public',
    /permission denied to create extension|not available|could not open/,
  ],
  [
    "create function public.run_it() returns int language c as 'libc', 'system'",
    /permission denied for language c/,
  ],
  ['update pg_catalog.pg_authid set rolsuper = true', /permission denied for table pg_authid/],
];

/** SQL made from SQL, which no reading of the file would find: everything is tried, and what is said to each is told. */
const tryAll = `do $attack$
declare
    attack text;
    said text := '';
begin
    foreach attack in array array[${attacks.map(([sql]) => `'${sql.replaceAll("'", "''")}'`).join(', ')}] loop
        begin
            execute 'reset session authorization';
            perform pg_catalog.set_config('role', session_user, true);
            execute attack;
            said := said || attack || ' => DONE' || E'\\n';
        exception when others then
            said := said || attack || ' => ' || sqlerrm || E'\\n';
        end;
    end loop;
    raise exception '%', said;
end
$attack$;`;

const places: Readonly<Record<string, (sql: string) => readonly [Changes, RehearsalOptions]>> = {
  section: (sql) => [thirdSection(sql), {}],
  state: (sql) => [thirdState(sql), { state: '03_other' }],
  scenario: (sql) => [
    {
      'scenarios/02_more.sql': `--! Title: More\n\n--! Step: the step\n--! As: deployer\n--! Expect: affected 1\n${sql}\n`,
    },
    {},
  ],
  check: (sql) => [{ 'checks/03_more.sql': `--! Title: More\n\n${sql}\n` }, {}],
  platform: (sql) => [{ 'platforms/app.sql': (text) => `${text}\n${sql}\n` }, {}],
};

/** What was said, wherever. */
async function sayOf([changes, options]: readonly [Changes, RehearsalOptions]): Promise<string> {
  const said = await rehearseNotes(changes, options).catch((error: unknown) => String(error));
  if (typeof said === 'string') return said;
  expect(said.outcome).toBe('fail');
  return messagesOf(said);
}

function messagesOf(result: SubjectResult): string {
  return JSON.stringify(result).replaceAll('\\n', '\n').replaceAll('\\"', '"');
}

function expectRefused(said: string): void {
  expect(said).not.toContain('=> DONE');
  for (const [attack, refusal] of attacks) {
    const answer = said.split('\n').find((line) => line.includes(`${attack} => `));
    const pattern = new RegExp(`${refusal.source}|read-only transaction`);
    expect([attack, answer]).toEqual([attack, expect.stringMatching(pattern)]);
  }
}

describe.each(Object.entries(places))('SQL of a %s', (_place, inPlace) => {
  it('reaches neither programs nor files, whatever it becomes', async () => {
    expectRefused(await sayOf(inPlace(tryAll)));
  });

  it('is told what it may not', async () => {
    expect(await sayOf(inPlace(program))).toMatch(/external program|pg_execute_server_program|syntax error/);
  });
});

describe('a check that is tried where there is nothing to see', () => {
  it('is no superuser there either', async () => {
    const sql = `do $$ begin execute 'reset session authorization'; execute 'reset role'; end $$;
select 'superuser' as object, true as expected, r.rolsuper as actual, r.rolsuper as pass
from pg_catalog.pg_roles as r
where r.rolname = current_user;`;
    const bundle = await loadNotes({ 'checks/03_more.sql': `--! Title: More\n\n${sql}\n` });
    const { blind, executed } = await withPlatformDatabases(bundle.platforms, (databases) =>
      controlBundle(databases, bundle, limits),
    );
    expect({ blind, executed }).toEqual({ blind: [], executed: 4 });
  });

  it('is named where it ends the session there alone', async () => {
    const sql = `do $$ begin
    if pg_catalog.to_regclass('public.notes') is null then
        perform pg_catalog.set_config('role', session_user, true);
        execute 'select pg_catalog.pg_terminate_' || 'backend(pg_catalog.pg_backend' || '_pid())';
    end if;
end $$;
select 'a' as object, 'b' as expected, 'c' as actual, false as pass;`;
    const bundle = await loadNotes({ 'checks/03_more.sql': `--! Title: More\n\n${sql}\n` });
    const controls = await withPlatformDatabases(bundle.platforms, (databases) =>
      controlBundle(databases, bundle, limits),
    );
    expect(controls).toEqual({
      planned: 4,
      executed: 0,
      blind: [],
      endedBy: expect.stringMatching(/^checks\/03_more\.sql:\d+ \(57P01 terminating connection/),
    });
  });

  it('has as long as elsewhere', async () => {
    const bundle = await loadNotes({
      'checks/03_more.sql': '--! Title: More\n\nselect pg_catalog.pg_sleep(3600);\n',
    });
    const { executed } = await withPlatformDatabases(bundle.platforms, (databases) =>
      controlBundle(databases, bundle, { ...limits, statementTimeout: 3000 }),
    );
    expect(executed).toBe(4);
  });
});

describe('a role that a bundle names', () => {
  const named: readonly (readonly [string, Changes])[] = [
    [
      'the deployer',
      { 'bundle.yml': (text) => text.replace(/^deployer: .*$/m, 'deployer: pg_execute_server_program') },
    ],
    [
      'the deployer of a state',
      { 'states/01_writer.sql': (text) => `--! Deployer: pg_read_server_files\n${text}` },
    ],
    [
      'an actor',
      {
        'bundle.yml': (text) => `${text}  mallory: { role: pg_write_server_files }\n`,
      },
    ],
    [
      'an actor whose role is a member',
      {
        'bundle.yml': (text) => `${text}  mallory: { role: of_the_server }\n`,
      },
    ],
  ];

  it.each(named)('runs no programs and touches no files of the server as %s', async (_, changes) => {
    await withClient(getTestServer().connection, async (client) => {
      await client.query('create role of_the_server in role pg_execute_server_program');
      try {
        await expect(rehearseNotes(changes)).rejects.toThrow(
          /^The role (pg_\w+|of_the_server, a member of pg_execute_server_program,) may run programs/,
        );
      } finally {
        await client.query('drop role of_the_server');
      }
    });
  });
});

describe('trust-bundle', () => {
  it('is named where a state asks for more than it may', async () => {
    const [changes, options] = places.state?.('reset role; create role intruder superuser;') ?? [{}, {}];
    const { problem } = await rehearseNotes(changes, options);
    expect(problem).toMatchObject({ sqlstate: '42501', advice: expect.stringContaining('trust-bundle') });
  });

  it('gives it back', async () => {
    const sql =
      "reset role; create temporary table who (is_super text); do $$ begin assert pg_catalog.current_setting('is_superuser') = 'on'; end $$;";
    const [changes, options] = places.state?.(sql) ?? [{}, {}];
    expect(await rehearseNotes(changes, options)).toMatchObject({ problem: { sqlstate: 'P0004' } });
    expect(await rehearseNotes(changes, { ...options, isTrusted: true })).toMatchObject({ problem: null });
  });
});

describe('a server of ours before 16', () => {
  it('lets nobody who may make roles give themselves programs and files', async () => {
    await withTestServer({ major: 15 }, async ({ connection }) => {
      const take = async () => {
        try {
          await withClient({ ...connection, user: 'maker', password: 'maker' }, (client) =>
            client.query('grant pg_execute_server_program to maker'),
          );
          return 'taken';
        } catch (error: unknown) {
          return String(error);
        }
      };
      await withClient(connection, (client) =>
        client.query("create role maker login createrole password 'maker'"),
      );
      expect(await take()).toBe('taken');
      await withClient(connection, (client) => client.query('revoke pg_execute_server_program from maker'));
      await shutServerRoles(connection);
      expect(await take()).toContain('must be superuser');
    });
  });
});

describe('a file of before', () => {
  const projects = useProjects();

  it('reaches neither programs nor files, whatever it becomes', async () => {
    expectRefused(await load(projects(), tryAll, ({ problem }) => problem?.message ?? ''));
  });

  it('is made no extension that brings what no host gives', async () => {
    const text = 'create extension file_fdw; create extension pageinspect; create table public.t ();';
    const reasons = await load(projects(), text, ({ loading }) =>
      loading.leftOut.map(({ reason }) => reason),
    );
    expect(reasons).toEqual([
      'permission denied to create extension "file_fdw"',
      'permission denied to create extension "pageinspect"',
    ]);
  });

  it('comes to the server by no other way than with a password', async () => {
    const { host, port, user } = getTestServer().connection;
    const text = `create extension dblink; select dblink_connect('host=${host} port=${port} user=${user} dbname=postgres');`;
    const problem = await load(projects(), text, (loaded) => loaded.problem);
    expect(problem?.message).toMatch(/password is required|password or GSSAPI/);
  });

  it('keeps nothing of what it was lent', async () => {
    const text = `select schema_fix_host.lend('supabase_auth_admin'); select schema_fix_host.lend_schema('anon', 'public');`;
    await load(projects(), text, async ({ problem }, { session }) => {
      expect(problem).toBeNull();
      const { rows } = await session.query(
        "select pg_has_role('postgres', 'supabase_auth_admin', 'member') as is_member, has_schema_privilege('anon', 'public', 'create') as may, to_regnamespace('schema_fix_host') as host",
      );
      expect(rows).toEqual([{ is_member: false, may: false, host: null }]);
    });
  });

  it.each(['pg_execute_server_program', 'pg_read_all_data'])('is not lent %s', async (role) => {
    const problem = await load(
      projects(),
      `select schema_fix_host.lend('${role}');`,
      (loaded) => loaded.problem,
    );
    expect(problem?.message).toMatch(/may do what only a superuser may/);
  });

  /** Whether a program of the runner was run, by whatever way; nothing undoes that. */
  const isSeizedBy = (first: string, second: string) =>
    withFolder(async (folder) => {
      // The server is another account's, where the tests are root's.
      await chmod(folder, 0o777);
      const program = `execute 'copy (select 1) to program ''touch ${folder}/seized'''`;
      const planted = `
        create function public.seize() returns integer language plpgsql as $f$
        begin ${program}; return 1; exception when others then return 1; end $f$;
        create function public.seize_at() returns timestamptz language sql as 'select public.seize(); select now()';
        create function public.seize_row() returns trigger language plpgsql as 'begin perform public.seize(); return new; end';
        create function public.seize_equal(uuid, uuid) returns boolean language plpgsql as 'begin return public.seize() = 1; end';
        create table public.rooms (id uuid primary key, owner uuid references auth.users (id));`;
      await load(projects(), { '1.sql': `${planted}\n${first}`, '2.sql': second }, () => undefined);
      return (await readdir(folder)).length > 0;
    });
  const keyed = `insert into public.rooms values (gen_random_uuid(), gen_random_uuid());`;

  /** What it does, and what a file that is loaded later does. */
  const seizures: readonly (readonly [string, string, string])[] = [
    [
      'resets the session within a block',
      `do $$ begin execute 'reset session authorization'; perform public.seize(); end $$;`,
      'select 1;',
    ],
    [
      'hides a statement behind what a backslash means',
      `set standard_conforming_strings = off; do $$ begin perform set_config('standard_conforming_strings', 'on', false); end $$;
       create policy p on auth.users using (email = 'a\\'); reset session authorization; select public.seize(); --');`,
      'select 1;',
    ],
    [
      'has a column of the host begin with what it plants',
      `alter table auth.users alter column confirmed_at drop expression if exists; alter table auth.users alter column created_at set default public.seize_at(); ${keyed}`,
      'select 1;',
    ],
    [
      'plants a trigger that fires on whatever replica',
      `create trigger seize before insert on auth.users for each row execute function public.seize_row();
       alter table auth.users enable always trigger seize; ${keyed}`,
      'select 1;',
    ],
    [
      'defers a trigger',
      `create constraint trigger seize after insert on public.rooms deferrable initially deferred for each row execute function public.seize_row(); ${keyed}`,
      'select 1;',
    ],
    [
      'plants an operator',
      `create operator public.= (leftarg = uuid, rightarg = uuid, function = public.seize_equal); set search_path = public, pg_catalog; ${keyed} ${keyed}`,
      'select 1;',
    ],
    [
      'names a schema so that it ends a quote',
      `create schema "x$$; select public.seize(); select $$"; create extension http schema "x$$; select public.seize(); select $$";`,
      'select 1;',
    ],
    [
      'adds to what the host does for it',
      `insert into public.rooms (id) values (gen_random_uuid()); alter table public.rooms disable trigger all, add y integer default public.seize();`,
      'select 1;',
    ],
    [
      'gives a function to a role that may run programs',
      `create function public.seize_as_owner() returns void language plpgsql security definer as $f$ begin perform public.seize(); end $f$;
       alter function public.seize_as_owner() owner to pg_execute_server_program;`,
      'select public.seize_as_owner();',
    ],
  ];

  it.each(seizures)('that %s reaches no program', async (_, first, second) => {
    expect(await isSeizedBy(first, second)).toBe(false);
  });
});
