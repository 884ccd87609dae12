/** Rows that somebody put where the old rules did not look, so as to be let in by the new ones. */
import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../src/database/with-session.js';
import { tryBundle } from '../support/apply-bundle.js';
import { acknowledging } from '../support/chat/acknowledging.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';

const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);

const isIn = (table: string, room: string) =>
  `exists (select from public.${table} as x where x.room_id = ${room} and x.user_id = auth.uid())`;

/** Ann and Ben talk in a group and in a conversation; Mal is nobody there. The rules ask chat_rooms and its members only. */
const chat = `
  insert into auth.users (id) values (md5('ann')::uuid), (md5('ben')::uuid), (md5('mal')::uuid);
  create table public.rooms (id uuid primary key, kind text, slug text, created_by uuid, created_at timestamptz default now());
  create table public.chat_rooms (id uuid primary key default gen_random_uuid(), type text, title text, created_by uuid, created_at timestamptz default now());
  create table public.room_members (room_id uuid, user_id uuid, primary key (room_id, user_id));
  create table public.chat_room_members (
      room_id uuid, user_id uuid, role text default 'member', status text default 'approved', primary key (room_id, user_id)
  );
  create table public.chat_messages (
      id uuid primary key default gen_random_uuid(), room_id uuid, sender uuid, content text, created_at timestamptz default now()
  );
  insert into public.rooms (id, kind, slug, created_by) values (md5('club')::uuid, 'group', 'club', md5('ann')::uuid);
  insert into public.chat_rooms (id, type, title, created_by) values
      (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid), (md5('pair')::uuid, 'dm', null, md5('ann')::uuid);
  insert into public.chat_room_members (room_id, user_id) values
      (md5('club')::uuid, md5('ann')::uuid), (md5('club')::uuid, md5('ben')::uuid);
  insert into public.room_members values (md5('pair')::uuid, md5('ann')::uuid), (md5('pair')::uuid, md5('ben')::uuid);
  insert into public.chat_messages (room_id, sender, content) values
      (md5('club')::uuid, md5('ann')::uuid, 'hello'), (md5('pair')::uuid, md5('ann')::uuid, 'just us'),
      (md5('gone')::uuid, md5('ann')::uuid, 'of a room that was deleted');
  alter table public.rooms enable row level security;
  alter table public.chat_rooms enable row level security;
  alter table public.room_members enable row level security;
  alter table public.chat_room_members enable row level security;
  alter table public.chat_messages enable row level security;
  create policy theirs on public.chat_messages for select to authenticated using (
      exists (
          select from public.chat_rooms as room
          where room.id = chat_messages.room_id
              and case room.type when 'dm' then ${isIn('room_members', 'room.id')} else ${isIn('chat_room_members', 'room.id')} end
      )
  );
  grant select, insert, update, delete on all tables in schema public to authenticated;
`;

const asMal = (sql: string) => `
  set local role authenticated;
  select set_config('request.jwt.claims', json_build_object('sub', md5('mal')::uuid)::text, true);
  ${sql};
  reset role;
`;

/** The conditions of the policies are not what is tried here, so all that they look at, or leave out, is acknowledged. */
async function outcomeOf(
  sql: string,
  query = 'select null',
  decided: readonly string[] = acknowledged,
): Promise<unknown> {
  const file = { path: 'state.sql', text: chat + sql };
  const state = { ...bundle.states[0], name: '00_state', files: [file] } as (typeof bundle.states)[number];
  return withChatDatabase(state, async (session: Session) => {
    await session.query('begin');
    const problem = await tryBundle(session, acknowledging(bundle, decided));
    const said = problem === null ? lastValueOf(await session.query(query)) : problem.message;
    await session.query('rollback');
    return said;
  });
}
/** Of the last of several statements; node-postgres gives their results as a list. */
const lastValueOf = (result: unknown) =>
  Object.values(([result].flat().at(-1) as { rows: Record<string, unknown>[] }).rows[0] ?? {})[0];

const acknowledged = [
  'public.chat_messages.theirs',
  'public.chat_messages.insert',
  'public.chat_rooms.select',
  'public.chat_rooms.anybody',
  'public.rooms.anybody',
  'public.chat_room_members.self',
  'public.room_members.self',
];

const openRooms =
  'create policy anybody on public.rooms for all to authenticated using (true) with check (true);';
const adminOf = (room: string) => `
  select string_agg(case user_id when md5('ann')::uuid then 'ann' when md5('mal')::uuid then 'mal' else 'ben' end, ', ')
  from public.chat_room_members where room_id = md5('${room}')::uuid and role = 'admin'`;

describe('the chat fix, of rows that anybody could have put there', () => {
  it.each<[string, string, string]>([
    [
      'a membership in a table that no rule asks',
      `create table public.conversation_participants (room_id uuid, user_id uuid);
       grant all on public.conversation_participants to authenticated;
       ${asMal("insert into public.conversation_participants values (md5('club')::uuid, md5('mal')::uuid)")}`,
      'no rule about messages asks it, and 1 of its memberships',
    ],
    [
      'a membership of a conversation in the table for groups',
      `create policy self on public.chat_room_members for insert to authenticated with check (user_id = auth.uid());
       ${asMal("insert into public.chat_room_members (room_id, user_id) values (md5('pair')::uuid, md5('mal')::uuid)")}`,
      'are of rooms of type dm, for which the rules about messages ask another table',
    ],
    [
      'a membership of a group in the table for conversations',
      `create policy self on public.room_members for insert to authenticated with check (user_id = auth.uid());
       ${asMal("insert into public.room_members (room_id, user_id) values (md5('club')::uuid, md5('mal')::uuid)")}`,
      'are of rooms of type group, for which the rules about messages ask another table',
    ],
    [
      'a room that was deleted, made again in the older table',
      `${openRooms}
       ${asMal("insert into public.rooms (id, kind, created_by) values (md5('gone')::uuid, 'group', md5('mal')::uuid)")}`,
      'hold messages of people who are not in them',
    ],
  ])('refuses %s', async (_, sql, words) => {
    expect(await outcomeOf(sql)).toContain(words);
  });

  it('moves memberships out of a table that no rule asks, where only the owner writes to it', async () => {
    const sql = `
      create table public.conversation_participants (room_id uuid, user_id uuid);
      insert into public.conversation_participants values (md5('club')::uuid, md5('mal')::uuid);
      grant select on public.conversation_participants to authenticated;
      alter table public.conversation_participants enable row level security;`;
    const isIn = `select count(*)::int from public.chat_room_members where user_id = md5('mal')::uuid`;
    expect(await outcomeOf(sql, isIn)).toBe(1);
  });

  it('asks chat_rooms who made a room where only rooms was open', async () => {
    const sql = `${openRooms} ${asMal("update public.rooms set created_by = md5('mal')::uuid")}`;
    expect(
      await outcomeOf(
        sql,
        "select created_by = md5('ann')::uuid from public.chat_rooms where title = 'Club'",
      ),
    ).toBe(true);
  });

  it('asks rooms who made a room where chat_rooms was open', async () => {
    const sql = `
      create policy anybody on public.chat_rooms for all to authenticated using (true) with check (true);
      ${asMal("update public.chat_rooms set created_by = md5('mal')::uuid, type = 'dm' where title = 'Club'")}`;
    expect(
      await outcomeOf(
        sql,
        "select created_by = md5('ann')::uuid and type = 'group' from public.chat_rooms where id = md5('club')::uuid",
      ),
    ).toBe(true);
  });

  it('keeps a conversation one where the two tables contradict and both were open', async () => {
    const sql = `
      ${openRooms}
      create policy anybody on public.chat_rooms for insert to authenticated with check (true);
      ${asMal("insert into public.rooms (id, kind, slug, created_by) values (md5('pair')::uuid, 'group', 'ours', md5('mal')::uuid)")}`;
    const asked = "select type from public.chat_rooms where id = md5('pair')::uuid";
    expect(await outcomeOf(sql, asked)).toContain(
      'it names another creator of 1 rooms than public.chat_rooms',
    );
    expect(await outcomeOf(sql, asked, [...acknowledged, 'public.rooms'])).toBe('dm');
  });

  it('makes nobody admin who could have written that they made the group', async () => {
    const taken = `
      insert into public.chat_room_members (room_id, user_id) values (md5('club')::uuid, md5('mal')::uuid);
      drop table public.rooms;
      create policy anybody on public.chat_rooms for update to authenticated using (true);
      ${asMal("update public.chat_rooms set created_by = md5('mal')::uuid where title = 'Club'")}`;
    expect(await outcomeOf(taken, adminOf('club'))).toBe(null);
    expect(await outcomeOf('drop table public.rooms;', adminOf('club'))).toBe('ann');
  });
});

describe('the chat fix, of what somebody prepared', () => {
  const asAnn = `set local role authenticated;
    select set_config('request.jwt.claims', json_build_object('sub', md5('ann')::uuid)::text, true);`;
  const given = `${asAnn}
    select room.id = md5('pair')::uuid from public.open_or_create_dm(md5('ben')::uuid) as opened join public.chat_rooms as room on room.id = opened`;
  const anybodyAdds =
    'create policy self on public.room_members for all to authenticated using (true) with check (true);';
  const trap = (creator: string) => `${anybodyAdds}
    create policy anybody on public.chat_rooms for insert to authenticated with check (true);
    ${asMal(`insert into public.chat_rooms (id, type, created_by, created_at) values (md5('trap')::uuid, 'dm', md5('${creator}')::uuid, '1990-01-01');
      insert into public.room_members values (md5('trap')::uuid, md5('ann')::uuid), (md5('trap')::uuid, md5('ben')::uuid)`)}`;

  it.each([
    ['that a third person made', trap('mal')],
    ['that somebody made in the name of one of them', trap('ann')],
    [
      'that a third person made, where nobody wrote in either',
      `delete from public.chat_messages where content = 'just us'; ${trap('mal')}`,
    ],
  ])('gives a pair their conversation, not an older room %s', async (_, sql) => {
    expect(await outcomeOf(sql, given)).toBe(true);
  });

  const repeated = `
    create table public.attachments (message_id uuid, url text);
    alter table public.chat_messages drop constraint chat_messages_pkey;
    insert into public.attachments select id, 'ours' from public.chat_messages where content = 'just us';
    insert into public.chat_messages (id, room_id, sender, content, created_at)
    select id, md5('club')::uuid, md5('mal')::uuid, 'mine', '1990-01-01' from public.chat_messages where content = 'just us';`;

  it('asks whose a message is that another table names without a key, where two have its id', async () => {
    expect(await outcomeOf(repeated)).toContain('(1 rows by public.attachments.message_id)');
    const key = 'alter table public.chat_messages add unique (id);';
    expect(await outcomeOf(repeated.replace(/insert into public.chat_messages[^;]*;/, key))).toBe(null);
    const granted = `revoke insert on public.chat_messages from authenticated;
      grant insert (room_id, sender, content) on public.chat_messages to authenticated;`;
    expect(await outcomeOf(repeated + granted)).toBe(null);
  });

  it('asks how transactions of the API are isolated', async () => {
    const isolated = (level: string) => `do $$
      begin
          execute format('alter role authenticated in database %I set default_transaction_isolation = %L', current_database(), '${level}');
      end
      $$;`;
    expect(await outcomeOf(`reset role; ${isolated('repeatable read')} set role supabase_owner;`)).toContain(
      'transactions of authenticated are in repeatable read',
    );
    expect(await outcomeOf(`reset role; ${isolated('serializable')} set role supabase_owner;`)).toBe(null);
  });

  const moderators = `
    alter table public.chat_room_members add is_moderator boolean not null default false;
    create table public.reports (room_id uuid);
    alter table public.reports enable row level security;
    create policy moderators on public.reports for select to authenticated using (
        exists (
            select
            from public.chat_room_members as m
            where m.room_id = reports.room_id and m.user_id = auth.uid() and m.status = 'approved' and m.is_moderator
        )
    );`;

  it('asks about columns to which whoever asks to join could give a value that decides', async () => {
    expect(await outcomeOf(moderators)).toContain(
      'they could give public.chat_room_members.is_moderator a value, and the policy moderators on public.reports decides by it',
    );
    const open = `${moderators} create policy self on public.chat_room_members for select to authenticated using (user_id = auth.uid());
      create policy adds on public.chat_room_members for insert to authenticated with check (user_id = auth.uid());`;
    expect(await outcomeOf(open)).toBe(null);
  });

  it('grants nobody insert on a column that nobody could insert into', async () => {
    const revoked = `${moderators} revoke insert on public.chat_room_members from authenticated;`;
    const insertable = `select has_column_privilege('authenticated', 'public.chat_room_members', 'is_moderator', 'insert')`;
    expect(await outcomeOf(revoked, insertable, [...acknowledged, 'public.chat_room_members.insert'])).toBe(
      false,
    );
  });

  it('goes on where json holds what no text can', async () => {
    const json = `
      alter table public.chat_room_members add prefs json, drop constraint chat_room_members_pkey;
      alter table public.chat_messages add meta json, alter column content type json using to_json(content);
      insert into public.chat_room_members (room_id, user_id, status, prefs)
      select md5('club')::uuid, md5('mal')::uuid, 'pending', prefs from (values ('{"x":"\\u0000"}'::json), ('{"y":"\\u0000"}')) as said (prefs);
      insert into public.chat_messages (room_id, sender, content, meta) values
          (md5('club')::uuid, md5('ann')::uuid, '"a\\u0000b"', '{}'), (md5('nowhere')::uuid, md5('ann')::uuid, '"lost"', '{"z":"\\u0000"}'),
          (md5('club')::uuid, md5('ann')::uuid, '"half \\ud83d, \\udc00 and \\ud83d\\ude00"', '[1e400000]'),
          (md5('nowhere')::uuid, md5('ann')::uuid, '"half \\ud83d"', '{"n": 1e400000, "s": "\\ud83d u0000"}');`;
    const query = `select concat_ws(' ',
      (select content from public.chat_messages where content like 'a%b'),
      (select content from public.chat_messages where content like 'half%'),
      (select string_agg(said, ' ' order by said) from chat_quarantine.rows, coalesce(row_data ->> 'prefs', row_data ->> 'meta') as said where said ~ 'u0000'))`;
    expect(await outcomeOf(json, query)).toBe(
      String.raw`a\u0000b half \ud83d, \udc00 and 😀 {"n": 1e400000, "s": "\\ud83d u0000"} {"y": "\\u0000"} {"z": "\\u0000"}`,
    );
  });
});
