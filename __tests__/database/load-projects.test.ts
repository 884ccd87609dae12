import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withFolder } from '../support/notes-bundle.js';
import {
  ask,
  type LoadedProject,
  loadInto,
  type Projects,
  withProjects,
} from '../support/project-database.js';

/** The migrations, in order, as the folder of a Supabase project, loaded. */
function load(
  projects: Projects,
  migrations: readonly string[],
  look: (loaded: LoadedProject) => Promise<void>,
) {
  return withFolder(async (folder) => {
    await mkdir(path.join(folder, 'supabase/migrations'), { recursive: true });
    for (const [index, text] of migrations.entries()) {
      await writeFile(path.join(folder, `supabase/migrations/${index + 1}_part.sql`), text);
    }
    await projects.withProject(async (project) => look(await loadInto(project, [folder])));
  });
}

const leftOutOf = ({ loading }: LoadedProject) =>
  loading.leftOut.map(({ statement, reason }) => `${statement}: ${reason}`);

describe('the folder of a Supabase project', () => {
  let projects: Projects;
  let release: () => void = () => undefined;
  let held: Promise<void>;
  beforeAll(async () => {
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await new Promise<void>((ready, failed) => {
      held = withProjects({}, async (made) => {
        projects = made;
        ready();
        await released;
      });
      held.catch(failed);
    });
  });
  afterAll(async () => {
    release();
    await held;
  });

  it('has stand-ins for extensions that the server lacks, and says so once', async () => {
    const migrations = [
      `create extension vector with schema extensions;
       create table documents (id bigint primary key, embedding vector(3));
       create index on documents using hnsw (embedding vector_cosine_ops) with (m = 16, ef_construction = 64);
       create index on documents using ivfflat (embedding extensions.vector_l2_ops) with (lists = 100);
       insert into documents values (1, '[1,2,3]'), (2, '[3,2,1]');`,
      `create extension if not exists vector with schema extensions;
       create extension if not exists pg_cron with schema pg_catalog;
       select cron.schedule('nightly', '0 3 * * *', 'select 1');`,
    ];
    await load(projects, migrations, async (loaded) => {
      expect(loaded.problem).toBeNull();
      expect(leftOutOf(loaded)).toEqual([
        expect.stringMatching(
          /^create extension vector.*"vector" is not available; a stand-in is there: vectors are kept/,
        ),
        expect.stringMatching(
          /^create extension.*pg_cron.*a stand-in is there: the platform's cron notes jobs/,
        ),
      ]);
      const question =
        "select id from public.documents order by embedding operator(extensions.<=>) '[3,2,2]' limit 1";
      expect(await ask(loaded.project.session, question)).toBe('2');
    });
  });

  it('has a stand-in where the extension would be', async () => {
    const migrations = [
      'create extension vector; create table public.documents (embedding public.vector(3));',
    ];
    await load(projects, migrations, async ({ problem }) => expect(problem).toBeNull());
  });

  it('says which extension is missing for what needs one without a stand-in', async () => {
    const migrations = ['create extension postgis; create table places (at geometry(point, 4326));'];
    await load(projects, migrations, async (loaded) => {
      expect(leftOutOf(loaded)).toEqual([expect.stringMatching(/extension "postgis" is not available$/)]);
      expect(loaded.problem).toMatchObject({
        message: 'type "geometry" does not exist',
        advice: expect.stringContaining('postgis'),
      });
    });
  });

  it('drops its triggers from tables of the host, and makes policies on them', async () => {
    const migrations = [
      `create function public.noted() returns trigger language plpgsql as $$ begin return new; end $$;
       create trigger on_auth_user_created after insert on auth.users for each row execute function public.noted();
       create policy "One sees oneself" on auth.users for select to authenticated using (id = auth.uid());
       create policy "One sees oneself" on storage.buckets for select to authenticated using (owner = auth.uid());`,
      `drop trigger if exists on_auth_user_created on auth.users; drop function public.noted();
       alter table storage.objects enable row level security;`,
    ];
    await load(projects, migrations, async (loaded) => {
      expect(loaded.problem).toBeNull();
      expect(leftOutOf(loaded)).toEqual([]);
      const question = "select count(*)::int from pg_policy where polname = 'One sees oneself'";
      expect(await ask(loaded.project.session, question)).toBe(2);
    });
  });

  it('does so in a block too', async () => {
    const migrations = [
      `create function public.noted() returns trigger language plpgsql as $$ begin return new; end $$;
       create trigger on_auth_user_created after insert on auth.users for each row execute function public.noted();`,
      `do $$ begin
         drop trigger if exists on_auth_user_created on auth.users;
         create trigger on_auth_user_created after insert on auth.users for each row execute function public.noted();
         create table public.made_meanwhile ();
       end $$;`,
    ];
    await load(projects, migrations, async (loaded) => {
      expect(loaded.problem).toBeNull();
      const question = `select concat((select count(*) from pg_trigger where tgname = 'on_auth_user_created'),
        (select tableowner from pg_tables where tablename = 'made_meanwhile'), pg_has_role('postgres', 'supabase_auth_admin', 'member'))`;
      expect(await ask(loaded.project.session, question)).toBe('1postgresf');
    });
  });

  it.each([
    [
      'a policy on a table of the host',
      'create policy p on storage.objects using (exists (select from public.absent))',
      'relation "public.absent" does not exist',
    ],
    [
      'a trigger on one',
      'create trigger t after insert on auth.users for each row execute function absent()',
      'function absent() does not exist',
    ],
  ])('ends where %s names what is not there', async (_, text, message) => {
    await load(projects, [text], async ({ problem }) => expect(problem).toMatchObject({ message }));
  });
});
