import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Session, withSession } from '../../src/database/with-session.js';
import { ask, withProject } from '../support/project.js';
import { withTestServer } from '../support/server.js';

const alice = '00000000-0000-4000-8000-0000000000a1';
const bob = '00000000-0000-4000-8000-0000000000b2';

const asPerson = (person: string) =>
  `set local role authenticated; select set_config('request.jwt.claims', '{"sub": "${person}", "role": "authenticated", "email": "a@example.com"}', true);`;

/** What migrations, seeds and dumps of Supabase projects are made of: [what, statements, a question, its answer]. */
const statements: readonly (readonly [string, string, unknown])[] = [
  [
    'unqualified names go to public',
    "create table notes (id bigint primary key); select 'notes'::regclass = 'public.notes'::regclass",
    true,
  ],
  [
    'extensions that are there already, and their functions with and without their schema',
    `create extension if not exists "uuid-ossp" with schema extensions;
     create extension if not exists pgcrypto with schema extensions;
     create extension if not exists "uuid-ossp";
     create table notes (id uuid default uuid_generate_v4(), other uuid default extensions.uuid_generate_v4(), third uuid default gen_random_uuid());
     insert into notes default values returning id is not null`,
    true,
  ],
  [
    'extensions that the server has',
    `create extension if not exists citext with schema extensions;
     create extension if not exists pg_trgm with schema extensions;
     create extension if not exists unaccent with schema extensions;
     create extension if not exists hstore; create extension if not exists btree_gist;
     create extension if not exists btree_gin; create extension if not exists fuzzystrmatch;
     create table notes (name citext); create index on notes using gin (name gin_trgm_ops);
     select unaccent('é')`,
    'e',
  ],
  [
    'passwords and digests',
    `select crypt('secret', '$2a$06$abcdefghijklmnopqrstuu') = extensions.crypt('secret', extensions.crypt('secret', '$2a$06$abcdefghijklmnopqrstuu'))
        and length(gen_salt('bf')) = 29 and encode(digest('a', 'sha256'), 'hex') like 'ca978%' and hmac('a', 'b', 'sha1') is not null`,
    true,
  ],
  [
    'a profile for each account, made by a trigger',
    `create table profiles (id uuid primary key references auth.users on delete cascade, name text);
     create function handle_new_user() returns trigger language plpgsql security definer set search_path = '' as
     $$ begin insert into public.profiles values (new.id, new.raw_user_meta_data ->> 'full_name'); return new; end $$;
     create trigger on_auth_user_created after insert on auth.users for each row execute procedure public.handle_new_user();
     insert into auth.users (id, email, raw_user_meta_data) values ('${alice}', 'a@example.com', '{"full_name": "Alice"}');
     select name from profiles`,
    'Alice',
  ],
  [
    'accounts as seeds write them',
    `insert into auth.users (instance_id, id, aud, role, email, encrypted_password, email_confirmed_at, recovery_sent_at,
        last_sign_in_at, raw_app_meta_data, raw_user_meta_data, created_at, updated_at, confirmation_token, email_change,
        email_change_token_new, recovery_token, phone, phone_confirmed_at, is_sso_user, is_anonymous, deleted_at, banned_until,
        invited_at, confirmation_sent_at, email_change_token_current, email_change_confirm_status, reauthentication_token,
        is_super_admin, phone_change, phone_change_token)
     values ('00000000-0000-0000-0000-000000000000', '${alice}', 'authenticated', 'authenticated', 'a@example.com',
        crypt('password', gen_salt('bf')), '2026-01-02', now(), now(), '{"provider": "email"}', '{}', now(), now(), '', '', '', '',
        null, null, false, false, null, null, null, null, '', 0, '', false, '', '');
     insert into auth.identities (id, user_id, provider_id, identity_data, provider, last_sign_in_at, created_at, updated_at)
     values (uuid_generate_v4(), '${alice}', '${alice}', '{"sub": "${alice}", "email": "A@example.com"}', 'email', now(), now(), now());
     insert into auth.sessions (id, user_id, aal) values (gen_random_uuid(), '${alice}', 'aal1');
     insert into auth.refresh_tokens (token, user_id) values ('t', '${alice}');
     select confirmed_at::date::text || (select email from auth.identities) from auth.users`,
    '2026-01-02a@example.com',
  ],
  [
    'functions in auth',
    `create or replace function auth.is_admin() returns boolean language sql stable as
     $$ select coalesce((auth.jwt() -> 'app_metadata' ->> 'role') = 'admin', false) $$; select auth.is_admin()`,
    false,
  ],
  [
    'buckets, and policies about the names of objects',
    `insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
     values ('avatars', 'avatars', true, 1048576, array['image/png']) on conflict (id) do nothing;
     create policy "Own folder" on storage.objects for all to authenticated
        using (bucket_id = 'avatars' and (storage.foldername(name))[1] = (select auth.uid())::text)
        with check (bucket_id = 'avatars' and auth.uid() = owner and storage.extension(name) = 'png' and storage.filename(name) <> '');
     alter table storage.objects enable row level security;
     insert into storage.objects (bucket_id, name, owner) values ('avatars', '${bob}/b.png', '${bob}');
     ${asPerson(alice)}
     insert into storage.objects (bucket_id, name, owner) values ('avatars', '${alice}/a/a.png', '${alice}');
     select string_agg(path_tokens[3], '') from storage.objects`,
    'a.png',
  ],
  [
    'what is asked about an object’s name',
    "select (storage.foldername('a/b/c.d.txt'), storage.filename('a/b/c.d.txt'), storage.extension('a/b/c.d.txt'))::text",
    '("{a,b}",c.d.txt,txt)',
  ],
  [
    'storage.search',
    `insert into storage.buckets (id, name) values ('b', 'b'); insert into storage.objects (bucket_id, name) values ('b', 'x/1'), ('b', 'y/1');
     select string_agg(name, '') from storage.search('x/', 'b')`,
    'x/1',
  ],
  [
    'policies and messages of realtime',
    `create policy "Members receive" on realtime.messages for select to authenticated
        using (realtime.topic() = 'room:1' and realtime.messages.extension in ('broadcast', 'presence'));
     select realtime.send('{"a": 1}'::jsonb, 'event', 'room:1', true);
     ${asPerson(alice)} set local realtime.topic = 'room:1'; select payload ->> 'a' from realtime.messages`,
    '1',
  ],
  [
    'changes that a trigger broadcasts',
    `create table notes (id integer);
     create function tell() returns trigger language plpgsql security definer as
     $$ begin perform realtime.broadcast_changes('notes:' || new.id::text, tg_op, tg_op, tg_table_name, tg_table_schema, new, old); return null; end $$;
     create trigger tell after insert or update on notes for each row execute function tell();
     insert into notes values (7);
     select topic || (payload -> 'record' ->> 'id') from realtime.messages`,
    'notes:77',
  ],
  [
    'the realtime publication',
    `create table notes (id integer primary key); alter publication supabase_realtime add table notes; alter table notes replica identity full;
     drop publication if exists supabase_realtime; create publication supabase_realtime for table notes;
     select tablename from pg_publication_tables where pubname = 'supabase_realtime'`,
    'notes',
  ],
  [
    'jobs',
    `select cron.schedule('nightly', '0 3 * * *', 'select 1'); select cron.schedule('nightly', '0 4 * * *', $$select 2$$);
     select cron.schedule('* * * * *', 'select 3'); select cron.unschedule('nightly') ; select string_agg(command, '') from cron.job`,
    'select 3',
  ],
  [
    'a job that is not there',
    "do $$ begin perform cron.unschedule('absent'); exception when others then raise notice 'absent'; end $$; select count(*)::int from cron.job",
    0,
  ],
  [
    'requests',
    `select net.http_post(url := 'https://example.com', headers := '{"Content-Type": "application/json"}'::jsonb, body := jsonb_build_object('a', 1), timeout_milliseconds := 1000) > 0
        and net.http_get('https://example.com') > 0 and net.http_delete(url => 'https://example.com') > 0`,
    true,
  ],
  [
    'webhooks',
    `create table notes (id integer);
     create trigger hook after insert on notes for each row execute function
        supabase_functions.http_request('https://example.com', 'POST', '{"Content-type":"application/json"}', '{}', '1000');
     insert into notes values (1) returning id`,
    1,
  ],
  [
    'secrets',
    `select vault.create_secret('s', 'key', 'what it is'); select vault.update_secret((select id from vault.secrets where name = 'key'), 't');
     select decrypted_secret || description from vault.decrypted_secrets where name = 'key'`,
    'twhat it is',
  ],
  [
    'GraphQL, which answers that it is not there',
    "select graphql_public.graphql(query := '{ a }') -> 'errors' -> 0 ->> 'message' like '%not installed%'",
    true,
  ],
  [
    'owners, grants and default privileges as dumps write them',
    `create table public.notes (id integer); alter table public.notes owner to "postgres"; alter schema public owner to pg_database_owner;
     grant usage on schema "public" to "postgres"; grant usage on schema public to anon, authenticated, service_role;
     grant all on table public.notes to anon, authenticated, service_role, postgres, dashboard_user, supabase_auth_admin, authenticator;
     alter default privileges for role "postgres" in schema "public" grant all on tables to "anon";
     alter default privileges in schema public grant all on functions to postgres, service_role;
     grant usage on schema storage to authenticated; grant select on auth.users to supabase_auth_admin;
     grant all on all tables in schema public to postgres, anon; grant pg_read_all_data to authenticator; select 1`,
    1,
  ],
  [
    'roles of their own, and hooks of the auth service',
    `create role moderator nologin; grant moderator to authenticator; grant authenticated to moderator;
     create function hook(event jsonb) returns jsonb language sql stable as $$ select event $$;
     grant execute on function hook to supabase_auth_admin; revoke execute on function hook from authenticated, anon, public;
     grant usage on schema public to supabase_auth_admin;
     select has_function_privilege('authenticated', 'hook(jsonb)', 'execute')`,
    false,
  ],
  [
    'what the token says',
    `${asPerson(alice)} select (auth.uid(), auth.role(), auth.email(), auth.jwt() ->> 'sub')::text`,
    `(${alice},authenticated,a@example.com,${alice})`,
  ],
];

describe('a project on the Supabase platform', () => {
  let held: Promise<void>;
  let release: () => void = () => undefined;
  let session: Session;
  beforeAll(async () => {
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await new Promise<void>((ready, failed) => {
      held = withProject({}, async (opened, deployer) => {
        session = opened;
        expect(deployer).toBe('postgres');
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

  it.each(statements)('takes %s', async (_, text, answer) => {
    expect(await ask(session, text)).toEqual(answer);
  });

  it.each([
    [
      'authenticated reads accounts',
      `${asPerson(alice)} select from auth.users`,
      /permission denied for table users/,
    ],
    [
      'the deployer alters the table of accounts',
      'alter table auth.users add column x text',
      /must be owner of table users/,
    ],
    ['the deployer becomes a superuser', 'alter role postgres superuser', /superuser|permission denied/],
    [
      'authenticated reads secrets',
      `${asPerson(alice)} select * from vault.secrets`,
      /permission denied for schema vault/,
    ],
    [
      'authenticated schedules a job',
      `${asPerson(alice)} select cron.schedule('* * * * *', 'select 1')`,
      /permission denied for schema cron/,
    ],
    [
      'anon makes a table',
      'set local role anon; create table public.x ()',
      /permission denied for schema public/,
    ],
    [
      'a stranger adds an object where no policy lets them',
      `insert into storage.buckets (id, name) values ('b', 'b'); ${asPerson(alice)} insert into storage.objects (bucket_id, name) values ('b', 'x')`,
      /row-level security/,
    ],
  ])('refuses that %s', async (_, text, message) => {
    await expect(ask(session, text)).rejects.toThrow(message);
  });

  it('belongs to nobody who is a superuser', async () => {
    const { rows } = await session.query(
      `select c.oid::regclass::text as name from pg_class as c
       where pg_has_role('postgres', 'supabase_owners', 'member') and c.relnamespace::regnamespace::text in
        ('auth', 'storage', 'realtime', 'vault', 'cron', 'net', 'supabase_functions')
        and (select rolsuper from pg_roles where oid = c.relowner)`,
    );
    expect(rows).toEqual([]);
  });

  it.each(['auth.users', 'storage.objects', 'realtime.messages', 'cron.job', 'vault.secrets'])(
    'lets its owner grant %s to roles of their own',
    async (table) => {
      const schema = table.split('.')[0];
      const text = `create role reader; grant usage on schema ${schema} to reader; grant select on ${table} to reader;
        select has_table_privilege('reader', '${table}', 'select') and has_schema_privilege('reader', '${schema}', 'usage')`;
      expect(await ask(session, text)).toBe(true);
    },
  );

  it('grants what is made in public to the roles of the API, until 30 October 2026', async () => {
    const text = "create table notes (); select has_table_privilege('anon', 'notes', 'select')";
    expect(await ask(session, text)).toBe(true);
    expect(await withProject({ platform: 'supabase_explicit_grants' }, (other) => ask(other, text))).toBe(
      false,
    );
  });

  it('has the roles with what they may do', async () => {
    const { rows } = await session.query<{ role: string }>(
      `select concat_ws(' ', rolname,
          case when rolsuper then 'superuser' end, case when not rolinherit then 'noinherit' end,
          case when rolcreaterole then 'createrole' end, case when rolcreatedb then 'createdb' end,
          case when rolreplication then 'replication' end, case when rolbypassrls then 'bypassrls' end) as role
       from pg_roles
       where rolname in ('postgres', 'anon', 'authenticated', 'service_role', 'authenticator', 'dashboard_user', 'supabase_admin')
       order by rolname`,
    );
    expect(rows.map(({ role }) => role)).toEqual([
      'anon',
      'authenticated',
      'authenticator noinherit',
      'dashboard_user createrole createdb replication',
      'postgres createrole createdb replication bypassrls',
      'service_role bypassrls',
      'supabase_admin',
    ]);
  });
});

describe('on a server whose superuser is called postgres', () => {
  it('the deployer is another who is no superuser, and nothing is changed about postgres', async () => {
    await withTestServer({}, async ({ connection }) => {
      const look = (session: Session) =>
        session
          .query(
            "select rolsuper, array(select roleid::regrole::text from pg_auth_members where member = r.oid) as groups from pg_roles as r where rolname = 'postgres'",
          )
          .then(({ rows }) => rows);
      const { password } = connection;
      await withSession(connection, (session) =>
        session.query(`create role postgres superuser login password '${password}'`),
      );
      const server = { ...connection, user: 'postgres' };
      await withProject({ server }, async (session, deployer) => {
        expect(deployer).toBe('supabase_owner');
        expect(await look(session)).toEqual([{ rolsuper: true, groups: [] }]);
        expect(
          await ask(
            session,
            'create table notes (); grant all on notes to postgres; select current_user::text',
          ),
        ).toBe('supabase_owner');
      });
      expect(await withSession(connection, look)).toEqual([{ rolsuper: true, groups: [] }]);
    });
  });
});

describe.each([14, 18])('on Postgres %i', (major) => {
  it('takes the same', async () => {
    await withTestServer({ major }, ({ connection }) =>
      withProject({ server: connection }, async (session) => {
        for (const [what, text, answer] of statements) {
          expect([what, await ask(session, text)]).toEqual([what, answer]);
        }
      }),
    );
  });
});
