import { describe, expect, it } from '@jest/globals';
import { tryBundle } from '../support/apply-bundle.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';

const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);

/** A chat about orders, which have a status of their own. */
const chat = `insert into auth.users (id) values (md5('ann')::uuid), (md5('ben')::uuid);
create table public.chat_rooms (id uuid primary key, type text default 'group', title text, created_by uuid);
insert into public.chat_rooms (id, title, created_by) values (md5('club')::uuid, 'Club', md5('ann')::uuid);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id), user_id uuid, role text default 'member', status text default 'approved',
    primary key (room_id, user_id)
);
insert into public.chat_room_members (room_id, user_id) values (md5('club')::uuid, md5('ann')::uuid), (md5('club')::uuid, md5('ben')::uuid);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(), room_id uuid references public.chat_rooms (id), sender uuid, content text,
    created_at timestamptz default now()
);
create table public.orders (id uuid primary key, buyer uuid, room_id uuid, status text default 'active');
`;
const inRoom = `exists (select 1 from public.chat_room_members as m where m.room_id = orders.room_id and m.user_id = auth.uid() and m.status = 'approved')`;
const asked = (
  body: string,
) => `create function public.act(p_order uuid) returns void language plpgsql security definer set search_path = ''
    as $$ declare word text; begin ${body} end $$;`;
const acting = (
  body: string,
) => `create function public.act() returns trigger language plpgsql security definer set search_path = ''
    as $$ begin ${body} return new; end $$;
    create trigger act after update on public.orders for each row execute function public.act();`;

async function refusalOf(sql: string): Promise<string | null> {
  const [first] = bundle.states;
  if (first === undefined) throw new Error('The bundle has no state.');
  const state = { ...first, name: '00_state', files: [{ path: 'state.sql', text: chat + sql }] };
  return withChatDatabase(state, async (session) => {
    await session.query('begin');
    return (await tryBundle(session, bundle))?.message ?? null;
  });
}

describe('a word that a function says', () => {
  it.each([
    [
      'writes it into',
      asked(`update public.orders set status = 'paid' where id = p_order and ${inRoom};`).replace(
        inRoom,
        `buyer = auth.uid(); delete from public.chat_room_members as m where m.status = 'blocked' and m.user_id = auth.uid()`,
      ),
    ],
    [
      'asks it of, in a condition,',
      asked(`if exists (select from public.orders where id = p_order and status = 'active') then
       delete from public.chat_room_members where user_id = auth.uid() and status = 'approved'; end if;`),
    ],
    [
      'is set off by',
      acting(`if new.status = 'paid' and old.status <> 'paid' then
       delete from public.chat_room_members where room_id = new.room_id and status = 'blocked'; end if;`),
    ],
  ])('is none of the chat where it %s another table', async (_what, sql) => {
    expect((await refusalOf(sql)) ?? '').not.toContain('knows the word');
  });

  it.each([
    [
      'asks it of its members',
      asked(`delete from public.chat_room_members where status = 'active' and user_id = auth.uid();`),
    ],
    [
      'asks both',
      asked(
        `delete from public.orders where status = 'active' and exists (select from public.chat_room_members where status = 'active');`,
      ),
    ],
    [
      'is set off by its members',
      acting(`if new.status = 'active' then perform from public.chat_room_members; end if;`).replace(
        'on public.orders',
        'on public.chat_room_members',
      ),
    ],
  ])('is the chat’s where it %s', async (_what, sql) => {
    expect(await refusalOf(sql)).toContain(
      "knows the word 'active', which the fix replaces in public.chat_room_members.status",
    );
  });

  it('is the chat’s where it hands it on', async () => {
    const handing = asked(
      "word := 'active'; update public.chat_room_members set status = word where user_id = auth.uid();",
    );
    expect(await refusalOf(handing)).toContain('may write a value into public.chat_room_members.status');
  });
});

describe('a word that says who is in a room no more', () => {
  const says = (column: string, word: string, more = '') => `
    alter table public.chat_room_members drop status, add if not exists ${column} text;
    ${more} update public.chat_room_members set ${column} = '${word}' where user_id = md5('ben')::uuid;`;

  it.each([
    ['a column that the fix does not know', 'membership_state', says('membership_state', 'left')],
    ['the role of a member', 'role', says('role', 'Banned')],
    [
      'the role of a creator',
      'role',
      says('role', 'left', "update public.chat_rooms set created_by = md5('ben')::uuid;"),
    ],
    ['the role in a conversation', 'role', says('role', 'left', "update public.chat_rooms set type = 'dm';")],
  ])('is asked about in %s', async (_, column, sql) => {
    const refusal = await refusalOf(sql);
    expect(refusal).toContain(
      `public.chat_room_members.${column} says by its words that people are in their rooms no more, or not yet`,
    );
  });

  it('is not where it may be a side', async () => {
    const sides = says(
      'bubble',
      'left',
      "alter table public.chat_room_members alter bubble set default 'right';",
    );
    expect(
      await refusalOf(`${sides} update public.chat_room_members set bubble = default where bubble is null;`),
    ).toBeNull();
  });
});
