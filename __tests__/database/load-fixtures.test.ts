import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { differences } from '../../src/database/fingerprint.js';
import { withFolder } from '../support/notes-bundle.js';
import { installedPgDump } from '../support/pg-dump.js';
import { ask, load, loadInto, useProjects } from '../support/project-database.js';

const fixture = (name: string) => path.resolve(import.meta.dirname, '../fixtures/before', name);

/** What the tools write whose programs are not on every machine: `supabase db dump`, and pg_dump of other majors. */
describe('on Supabase', () => {
  const projects = useProjects('supabase');

  it('supabase db dump is loaded, its schema and then its rows', async () => {
    await projects().withProject(async (project) => {
      const files = [fixture('supabase_db_dump.sql'), fixture('supabase_db_dump_data.sql')];
      const { problem, loading } = await loadInto(project, files);
      expect(problem).toBeNull();
      expect(loading.leftOut.map(({ kind, statement }) => `${kind}: ${statement}`)).toEqual(
        expect.arrayContaining([
          'extension: CREATE EXTENSION IF NOT EXISTS "pg_graphql" WITH SCHEMA "graphql"',
        ]),
      );
      expect(new Set(loading.leftOut.map(({ kind }) => kind))).toEqual(new Set(['extension']));
      expect(loading.rows).toBe(2);
      expect(loading.added).toEqual(['2 accounts in auth.users, which rows are keyed to and no file holds']);
      const { session } = project;
      expect(await ask(session, 'select content from public.messages where id = 1')).toBe(
        'hi; there \\ and\tthere',
      );
      expect(
        await ask(session, 'select count(*) from public.profiles as p inner join auth.users as u using (id)'),
      ).toBe('2');
      expect(
        await ask(
          session,
          `select pg_catalog.concat_ws(',',
              has_table_privilege('anon', 'public.messages', 'select'),
              has_table_privilege('authenticated', 'public.profiles', 'update'),
              has_table_privilege('authenticated', 'public.profiles', 'delete'),
              has_function_privilege('anon', 'public.handle_new_user()', 'execute'))`,
        ),
      ).toBe('f,t,f,f');
      expect(
        await ask(
          session,
          "select count(*) from pg_publication_tables where pubname = 'supabase_realtime' and tablename = 'messages'",
        ),
      ).toBe('1');
      const later =
        "set role postgres; create table public.later (); select has_table_privilege('anon', 'public.later', 'select')";
      expect(await ask(session, later)).toBe(false);
    });
  });

  it.each(['pg_dump_13.sql', 'pg_dump_18.sql'])('%s is loaded', async (name) => {
    await projects().withProject(async (project) => {
      const { problem, loading } = await loadInto(project, [fixture(name)]);
      expect(problem).toBeNull();
      expect(loading.leftOut.filter(({ kind }) => !['owner', 'setting'].includes(kind))).toEqual([]);
      expect(await ask(project.session, "select string_agg(body, ',' order by id) from public.notes")).toBe(
        'one,two\nlines',
      );
      expect(await ask(project.session, "select nextval('public.notes_id_seq')")).toBe('3');
    });
  });
});

describe('on plain Postgres', () => {
  const projects = useProjects(null);

  it.each(['pg_dump_13.sql', 'pg_dump_18.sql'])('%s is loaded', async (name) => {
    await projects().withProject(async (project) => {
      const { problem } = await loadInto(project, [fixture(name)]);
      expect(problem).toBeNull();
      expect(await ask(project.session, 'select count(*) from public.notes')).toBe('2');
    });
  });

  it.each([
    ['create table auth.accounts ();', '2: 3F000'],
    ['create schema auth; insert into auth.accounts values (1);', '2: 42P01'],
    ['create schema auth; create table auth.a (i int); alter table auth.a add check (j > 0);', '2: 42703'],
    ['insert into storage.buckets values (1);', '2: 42P01'],
  ])('no schema is anybody else’s: %s', async (text, problem) => {
    const found = await load(
      projects(),
      `create table public.here ();\n${text}`,
      (loaded) => `${loaded.problem?.line}: ${loaded.problem?.sqlstate}`,
    );
    expect(found).toBe(problem);
  });

  it('the schema of an extension is the host’s once that was left out', async () => {
    const call = "select cron.schedule('a', '* * * * *', 'select 1');";
    const outline = (text: string) =>
      load(projects(), `create table public.here ();\n${text}`, ({ loading, problem }) => [
        ...loading.leftOut.map(({ line, kind }) => `${line}: ${kind}`),
        `${problem?.line ?? 'none'}`,
      ]);
    expect(await outline(`create extension pg_cron;\n${call}`)).toEqual(['2: extension', '3: host', 'none']);
    expect(await outline(call)).toEqual(['2']);
  });

  it('says of a schema that hostings bring who may make it', async () => {
    const text = 'create table public.here (); create table auth.accounts ();';
    const advice = await load(projects(), text, ({ problem }) => problem?.advice);
    expect(advice).toContain('--platform supabase');
  });
});

/** Of what is the host's own a dump of everything tells, too. */
const isExpected = (name: string, kind: string) =>
  name.includes('everything') && ['database', 'host', 'comment'].includes(kind);

/**
 * Written by those programs themselves, from a database that project.sql had made (with 24 posts): pg_dump 14 from a server with the
 * platform, 16 to 18 (of WebAssembly, which writes rows as INSERT alone) from one with what of it the project names.
 */
describe('what pg_dump wrote', () => {
  const projects = useProjects('supabase');
  const folder = path.resolve(import.meta.dirname, '../fixtures/before/dumps');
  const names = readdirSync(folder)
    .filter((name) => name.startsWith('pg_dump_'))
    .filter((name) => installedPgDump !== null || !name.endsWith('.dump'));

  it('is loaded as it is, and makes what it was made of', async () => {
    await withFolder((temporary) =>
      projects().withProject(async (first) => {
        const made = path.join(temporary, 'project.sql');
        const text = await readFile(fixture('project.sql'), 'utf8');
        await writeFile(made, text.replace('generate_series(1, 500)', 'generate_series(1, 24)'));
        const source = await loadInto(first, [made]);
        expect(source.problem).toBeNull();
        for (const name of names) {
          await projects().withProject(async (project) => {
            const { problem, loading, catalog, rows } = await loadInto(project, [path.join(folder, name)]);
            const kinds = loading.leftOut.map(({ kind }) => kind);
            expect([name, problem, kinds.filter((kind) => !isExpected(name, kind))]).toEqual([
              name,
              null,
              [],
            ]);
            // Of the platform's other owners only a server with the platform tells.
            const changed = differences(source.catalog, catalog).filter(
              (object) => !/^default privileges of supabase_owner|^schema public$/.test(object),
            );
            expect([name, changed]).toEqual([name, []]);
            // Their time is the one when they were made.
            expect([name, differences(source.rows, rows)]).toEqual([name, ['public.posts']]);
            const posts = 'select md5(string_agg(p.body, null order by p.id)) from public.posts as p';
            expect(await ask(project.session, posts)).toBe(await ask(first.session, posts));
          });
        }
      }),
    );
  }, 120_000);
});

describe('what pg_dumpall wrote', () => {
  const projects = useProjects(null);

  it('makes the deployer, who stands for postgres, a member of what is granted to postgres', async () => {
    await withFolder((folder) =>
      projects().withProject(async (project) => {
        const file = path.join(folder, 'roles.sql');
        await writeFile(file, 'create role stall_teller; create table t (); grant stall_teller to postgres;');
        expect((await loadInto(project, [file])).problem).toBeNull();
        const of = "select pg_has_role(relowner, 'stall_teller', 'usage') from pg_class where relname = 't'";
        expect(await ask(project.session, of)).toBe(true);
      }),
    );
  });

  it('is loaded with its roles, their memberships, and the one database that holds anything', async () => {
    await projects().withProject(async (project) => {
      const { problem, loading } = await loadInto(project, [fixture('dumps/pg_dumpall_14.sql')]);
      const leftOut = loading.leftOut.map(({ kind, line }) => `${line}: ${kind}`);
      expect({ problem, leftOut }).toEqual({
        problem: null,
        leftOut: [
          ...['14: role', '15: role', '37: role'],
          ...[
            '130: database',
            '133: database',
            '152: database',
            '153: database',
            '199: owner',
            '258: database',
          ],
        ],
      });
      expect(loading.rows).toBe(3);
      const of = `select concat_ws(' ',
        (select string_agg(name, ',' order by id) from public.goods),
        (select concat(rolcanlogin, rolcreaterole, rolsuper) from pg_roles where rolname = 'stall_owner'),
        pg_has_role('stall_clerk', 'stall_reader', 'member'), pg_has_role('stall_owner', 'stall_clerk', 'member'),
        (select rolinherit from pg_roles where rolname = 'stall_clerk'))`;
      expect(await ask(project.session, of)).toBe('tea,cake; and more,back\\slash ttf t t f');
    });
  });
});
