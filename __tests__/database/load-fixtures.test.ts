import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ask, loadInto, useProjects } from '../support/project-database.js';

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
});
