import { beforeEach, describe, expect, it } from '@jest/globals';
import { ask, load, useProjects } from '../support/project-database.js';

/** Whose role may make no roles: the owner that a plain bundle's own platform makes. */
const projects = useProjects('supabase', 'legacy_owner');
const major = Number(process.env.TEST_POSTGRES) || 17;

/** The roles of one test are still on the server when the next one begins. */
let tests = 0;
const ofThisTest = (text: string) => text.replaceAll('stock_', `stock_${tests}_`);

beforeEach(() => {
  tests += 1;
});

function answerAfter(text: string, question: string): Promise<unknown> {
  return load(projects(), ofThisTest(text), async ({ problem, loading }, { session }) => {
    expect({ problem, leftOut: loading.leftOut, added: loading.added }).toEqual({
      problem: null,
      leftOut: [],
      added: [],
    });
    return ask(session, ofThisTest(question));
  });
}

const isMember = "select pg_has_role('stock_writer', 'stock_reader', 'member')";

describe('roles of a file whose deployer may make none', () => {
  it('are made, and are members of one another', async () => {
    const text =
      'create role stock_reader nologin; create role stock_writer; create table t (); grant stock_reader to stock_writer; grant select on t to stock_reader;';
    expect(await answerAfter(text, isMember)).toBe(true);
  });

  it.each([
    ['in role', 'create role stock_reader; create role stock_writer noinherit in role stock_reader;'],
    ['role', 'create user stock_writer; create role stock_reader role stock_writer;'],
    [
      'admin',
      "create user stock_writer password 'x'; create role stock_reader with login admin stock_writer;",
    ],
  ])('are members that %s names', async (_word, text) => {
    expect(await answerAfter(`create table t (); ${text}`, isMember)).toBe(true);
  });

  it('inherit or not, as the file says, also in the words of pg_dumpall', async () => {
    const text = `create role stock_reader noinherit; create role stock_writer;
      alter role stock_writer with nosuperuser noinherit nocreaterole nocreatedb login noreplication nobypassrls;
      create table t (); grant stock_reader to stock_writer granted by postgres;`;
    const inherit = "select bool_or(rolinherit) from pg_roles where rolname like 'stock_%'";
    expect(await answerAfter(text, inherit)).toBe(false);
  });

  it.each([
    ['keep what it allowed besides', '', 'stock_writer, true'],
    ['lose it where it is taken back', 'revoke stock_reader from stock_writer', null],
  ])('have a membership, and %s', async (_what, next, members) => {
    const text = `create role stock_reader; create role stock_writer; create table t ();
      grant stock_reader to stock_writer with admin option; ${next}`;
    const question = `select string_agg(concat_ws(', ', member::regrole, admin_option), '; ') from pg_auth_members
      where roleid = 'stock_reader'::regrole`;
    expect(await answerAfter(text, question)).toBe(
      members?.replace('true', 't').replace('stock_', `stock_${tests}_`) ?? null,
    );
  });

  it('are the platform’s where it has made them, which are members as the file says', async () => {
    await load(projects(), ofThisTest('create role stock_reader; create table t ();'), () => undefined);
    const text =
      'create role stock_reader; create role stock_writer; create table t (); grant stock_reader to stock_writer;';
    expect(await answerAfter(text, isMember)).toBe(true);
  });

  (major < 16 ? it.skip : it)('are members as pg_dumpall 16 and newer say it', async () => {
    const text = `create role stock_reader; create role stock_writer; create table t ();
      grant stock_reader to stock_writer with admin option, inherit false granted by postgres;`;
    expect(await answerAfter(text, "select pg_has_role('stock_writer', 'stock_reader', 'usage')")).toBe(
      false,
    );
  });

  it.each([
    ['a role of the host', 'create role stock_writer; grant supabase_etl_admin to stock_writer;'],
    ['what a superuser may do', 'create role stock_writer; grant pg_execute_server_program to stock_writer;'],
    [
      'the owner of the host’s tables',
      'create role stock_writer; grant supabase_auth_admin to stock_writer;',
    ],
  ])('are not given %s', async (_what, text) => {
    const found = await load(
      projects(),
      ofThisTest(`create table t (); ${text}`),
      ({ problem, loading }) => ({
        problem: problem?.sqlstate,
        leftOut: loading.leftOut.map(({ kind }) => kind),
      }),
    );
    expect([
      { problem: '42501', leftOut: [] },
      { problem: undefined, leftOut: ['role'] },
    ]).toContainEqual(found);
  });
});

describe('roles that hosts make, in a file for plain Postgres', () => {
  const plain = useProjects(null, 'legacy_owner');

  it.each([
    [
      'RDS',
      `create role rds_superuser; alter role rds_superuser with nosuperuser inherit nologin; create role stock_writer;
       grant rds_superuser to stock_writer granted by rdsadmin;`,
      "pg_has_role('stock_writer', 'rds_superuser', 'member')",
    ],
    [
      'Cloud SQL',
      'create role cloudsqlsuperuser; create role stock_writer in role cloudsqlsuperuser;',
      "pg_has_role('stock_writer', 'cloudsqlsuperuser', 'member')",
    ],
    [
      'PostgREST',
      'create role anon nologin; create role authenticator noinherit login; grant anon to authenticator;',
      "pg_has_role('authenticator', 'anon', 'member')",
    ],
  ])('are as those of %s, which the file makes', async (_host, text, question) => {
    const answer = await load(
      plain(),
      ofThisTest(`create table public.t (); ${text}`),
      async ({ problem, loading }, { session }) => ({
        problem,
        leftOut: loading.leftOut,
        is: await ask(session, ofThisTest(`select ${question}`)),
      }),
    );
    expect(answer).toEqual({ problem: null, leftOut: [], is: true });
  });

  it.each(['stock_owner', 'neondb_owner'])(
    'own nothing, as %s does not: the deployer stands for them',
    async (owner) => {
      const text = `create role ${owner}; create role stock_reader; create table public.t (); alter schema public owner to ${owner};
      alter table public.t owner to ${owner};
      alter default privileges for role ${owner} in schema public grant select on tables to stock_reader;`;
      await load(plain(), ofThisTest(text), async ({ problem, loading }, { session }) => {
        expect(problem).toBeNull();
        expect(loading.leftOut.map(({ kind }) => kind)).toEqual(['owner', 'owner']);
        const later = `set role legacy_owner; create table public.later ();
        select has_table_privilege('stock_reader', 'public.later', 'select')`;
        expect(await ask(session, ofThisTest(later))).toBe(true);
      });
    },
  );
});
