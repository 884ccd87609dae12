import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../src/database/with-session.js';
import { tryBundle } from '../support/apply-bundle.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';

const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);

const tables = `
  create table public.rooms (id uuid primary key, kind text not null, created_by uuid, created_at timestamptz);
  create table public.chat_messages (
      id uuid primary key default gen_random_uuid(), room_id uuid not null, sender uuid not null, content text not null,
      created_at timestamptz default now()
  );
  insert into public.rooms values (md5('club')::uuid, 'group', md5('ann')::uuid, now());
  insert into public.chat_messages (room_id, sender, content) values (md5('club')::uuid, md5('ann')::uuid, 'hello');
`;
/** What a role of the API made when it could. */
const byTheApi = (sql: string) => `
  reset role; grant create on schema public to authenticated; set role authenticated;
  ${sql};
  reset role; revoke create on schema public from authenticated; set role supabase_owner;
`;
const polite = byTheApi(
  "create function public.is_polite(words text) returns boolean language plpgsql immutable as 'begin return true; end'",
);

async function refusalOf(sql: string): Promise<string | null> {
  const file = { path: 'state.sql', text: `${tables}${sql}` };
  const state = { ...bundle.states[0], name: '00_state', files: [file] } as (typeof bundle.states)[number];
  return withChatDatabase(state, async (session: Session) => {
    await session.query('begin');
    const problem = await tryBundle(session, bundle);
    await session.query('rollback');
    return problem === null ? null : `${problem.sqlstate}: ${problem.message}`;
  });
}

describe('the chat fix, of what is called as a part of Postgres', () => {
  const made = byTheApi(
    `create function public.btrim(varchar) returns text language plpgsql as 'begin return ''approved''; end';
     create function public.same(uuid, text) returns boolean language sql return true;
     create operator public.= (leftarg = uuid, rightarg = text, function = public.same)`,
  );

  it('asks to drop it where it belongs to a role of the API', async () => {
    const refusal = await refusalOf(made);
    expect(refusal).toMatch(/^0A000: 2 to be decided first/);
    expect(refusal).toContain(
      'the function public.btrim(character varying) belongs to authenticated, which the API can become',
    );
    expect(refusal).toContain('drop operator public.=(uuid,text)');
  });

  it('leaves alone what the project itself has called so, and what a role of the API has called otherwise', async () => {
    const own =
      'create function public.lower(jsonb) returns jsonb language sql immutable return pg_catalog.lower($1::text)::jsonb;';
    expect(await refusalOf(own + polite)).toBeNull();
  });
});

describe('the chat fix, of code that a role of the API owns', () => {
  it.each<[string, string, string]>([
    [
      'a check that calls its function',
      `${polite} alter table public.chat_messages add constraint polite check (public.is_polite(content))`,
      'public.chat_messages: the constraint polite (public.is_polite(text) belongs to authenticated)',
    ],
    [
      'an index over its function',
      `${polite} create index by_manners on public.chat_messages (public.is_polite(content))`,
      'public.chat_messages: the index public.by_manners (public.is_polite(text) belongs to authenticated)',
    ],
    [
      'a default from its function',
      `${polite} alter table public.chat_messages alter column content set default public.is_polite('')::text`,
      'public.chat_messages: the default of content (public.is_polite(text) belongs to authenticated)',
    ],
    [
      'a column that its function computes',
      `${polite} alter table public.chat_messages add column manners boolean generated always as (public.is_polite(content)) stored`,
      'public.chat_messages: the default of manners (public.is_polite(text) belongs to authenticated)',
    ],
    [
      'statistics that call its function',
      `${polite} create statistics public.manners on (public.is_polite(content)), content from public.chat_messages`,
      'public.chat_messages: the statistics manners (public.is_polite(text) belongs to authenticated)',
    ],
    [
      'a column of its type',
      `${byTheApi('create domain public.words as text')} alter table public.chat_messages add column note public.words`,
      'public.chat_messages: the type of note (public.words belongs to authenticated)',
    ],
    [
      'a trigger that runs SQL before it fires',
      byTheApi(
        `create trigger on_guard before update on public.chat_messages for each row
         when (pg_catalog.query_to_xml('select 1', true, true, '') is not null)
         execute function pg_catalog.suppress_redundant_updates_trigger()`,
      ),
      'public.chat_messages: the trigger on_guard (runs SQL where it asks whether to fire)',
    ],
    [
      'a rule on a table of its own',
      byTheApi(`create table public.room_members (room_id uuid, user_id uuid);
        create rule also as on insert to public.room_members do also select 1`),
      'public.room_members: the rule also (calls rule)',
    ],
    [
      'a check that runs SQL on a table of its own',
      byTheApi(`create table public.room_members (
        room_id uuid, user_id uuid check (pg_catalog.query_to_xml('select 1', true, true, '') is not null)
      )`),
      'public.room_members: the constraint room_members_check (calls query_to_xml)',
    ],
    [
      'a view in the place of a table',
      byTheApi(
        'create view public.conversation_participants as select null::uuid as room_id, null::uuid as user_id',
      ),
      'public.conversation_participants is a view of authenticated, which the API can become',
    ],
  ])('refuses %s by name', async (_what, sql, message) => {
    expect(await refusalOf(sql)).toBe(`42501: ${message}`);
  });

  it.each<[string, string]>([
    [
      'a table of its own that only computes values',
      byTheApi(`create table public.room_members (
        room_id uuid, user_id uuid default auth.uid(), note varchar(20) check (char_length(note) < 20 and note in ('a', 'b (c)')),
        created_at timestamptz default timezone('utc', now())
      )`),
    ],
    [
      "the project's own functions",
      `create function public.is_short(words text) returns boolean language sql immutable as 'select length(words) < 1000';
       alter table public.chat_messages add constraint short check (public.is_short(content))`,
    ],
  ])('does not mind %s', async (_what, sql) => {
    expect(await refusalOf(sql)).toBeNull();
  });
});
