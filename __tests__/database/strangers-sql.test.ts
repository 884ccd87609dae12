/** What a pull request brings is SQL of its author, run on this machine: it reaches neither programs nor files. */
import { describe, expect, it } from '@jest/globals';
import { shutServerRoles } from '../../src/database/shut-server-roles.js';
import type { SubjectResult } from '../../src/model.js';
import { controlBundle } from '../../src/stages/control-bundle.js';
import { type Changes, loadNotes } from '../support/notes-bundle.js';
import { type RehearsalOptions, rehearseNotes, thirdSection, thirdState } from '../support/rehearse-notes.js';
import { withClient, withPlatformDatabases, withTestServer } from '../support/server.js';

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
            execute 'reset role';
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

describe.each(Object.entries(places))('SQL of a %s', (_place, inPlace) => {
  it('reaches neither programs nor files, whatever it becomes', async () => {
    const said = await sayOf(inPlace(tryAll));
    expect(said).not.toContain('=> DONE');
    for (const [attack, refusal] of attacks) {
      const answer = said.split('\n').find((line) => line.includes(`${attack} => `));
      const pattern = new RegExp(`${refusal.source}|read-only transaction`);
      expect([attack, answer]).toEqual([attack, expect.stringMatching(pattern)]);
    }
  });

  it('is told what it may not', async () => {
    expect(await sayOf(inPlace(program))).toMatch(/external program|pg_execute_server_program|syntax error/);
  });
});

describe('a check that is tried where there is nothing to see', () => {
  it('is no superuser there either', async () => {
    const sql = `do $$ begin execute 'reset session authorization'; execute 'reset role'; end $$;
select 'superuser' as object, 'on' as expected, s.is as actual, s.is = 'on' as pass
from (select pg_catalog.current_setting('is_superuser') as is) as s;`;
    const bundle = await loadNotes({ 'checks/03_more.sql': `--! Title: More\n\n${sql}\n` });
    const { blind, executed } = await withPlatformDatabases(bundle.platforms, (databases) =>
      controlBundle(databases, bundle),
    );
    expect({ blind, executed }).toEqual({ blind: [], executed: 4 });
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
