/** Rooms with others in them that people could not make before the fix, and what goes by who is in one. */
import { describe, expect, it } from '@jest/globals';
import { tryBundle } from '../support/apply-bundle.js';
import { acknowledging } from '../support/chat/acknowledging.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';

const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);

/** People make groups, admins whom the server made such add others, and the server makes conversations of two. */
const chat = `
  insert into auth.users (id) values (md5('ann')::uuid), (md5('ben')::uuid), (md5('mal')::uuid);
  create table public.chat_rooms (id uuid primary key default gen_random_uuid(), type text default 'group', title text, created_by uuid);
  create table public.chat_room_members (
      room_id uuid references public.chat_rooms (id) on delete cascade, user_id uuid, role text default 'member', status text default 'approved', primary key (room_id, user_id)
  );
  create table public.room_members (room_id uuid references public.chat_rooms (id) on delete cascade, user_id uuid, primary key (room_id, user_id));
  create table public.chat_messages (
      id uuid primary key default gen_random_uuid(), room_id uuid references public.chat_rooms (id) on delete cascade, sender uuid, content text,
      created_at timestamptz default now()
  );
  insert into public.chat_rooms (id, type, title, created_by)
  values (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid), (md5('pair')::uuid, 'dm', null, md5('ann')::uuid);
  insert into public.chat_room_members (room_id, user_id, role)
  values (md5('club')::uuid, md5('ann')::uuid, 'admin'), (md5('club')::uuid, md5('ben')::uuid, 'member');
  insert into public.room_members values (md5('pair')::uuid, md5('ann')::uuid), (md5('pair')::uuid, md5('ben')::uuid);
  insert into public.chat_messages (room_id, sender, content) values (md5('club')::uuid, md5('ann')::uuid, 'hello');
  create function public.is_member(room uuid) returns boolean language sql stable security definer set search_path = '' as $$
      select exists (select from public.chat_room_members where room_id = room and user_id = auth.uid() and status = 'approved')
          or exists (select from public.room_members where room_id = room and user_id = auth.uid()) $$;
  create function public.is_admin(room uuid) returns boolean language sql stable security definer set search_path = '' as $$
      select exists (select from public.chat_room_members where room_id = room and user_id = auth.uid() and status = 'approved' and role = 'admin') $$;
  alter table public.chat_rooms enable row level security;
  alter table public.chat_room_members enable row level security;
  alter table public.room_members enable row level security;
  alter table public.chat_messages enable row level security;
  create policy see on public.chat_rooms for select to authenticated using (public.is_member(id) or created_by = auth.uid());
  create policy make on public.chat_rooms for insert to authenticated with check (created_by = auth.uid() and type = 'group');
  create policy see on public.chat_room_members for select to authenticated using (public.is_member(room_id));
  create policy ask on public.chat_room_members for insert to authenticated with check (user_id = auth.uid() and status = 'pending' and role = 'member');
  create policy add on public.chat_room_members for insert to authenticated with check (public.is_admin(room_id));
  create policy see on public.room_members for select to authenticated using (public.is_member(room_id));
  create policy read on public.chat_messages for select to authenticated using (public.is_member(room_id));
  create policy send on public.chat_messages for insert to authenticated with check (sender = auth.uid() and public.is_member(room_id));
`;

/** What has to be decided about a database that the SQL makes, or that the fix is applied. */
async function whatIsAsked(sql: string, acknowledge: readonly string[] = []): Promise<string> {
  const state = { ...bundle.states[0], name: '00_state', files: [{ path: 'state.sql', text: chat + sql }] };
  return withChatDatabase(state as (typeof bundle.states)[number], async (session) => {
    await session.query('begin');
    const problem = await tryBundle(session, acknowledging(bundle, acknowledge));
    await session.query('rollback');
    return problem?.message ?? 'applied';
  });
}

const definer = (signature: string, body: string) =>
  `create function public.${signature} language plpgsql security definer set search_path = '' as $$ declare made uuid; begin ${body} end $$;`;
const groups = '(public.chat_room_members.insert)';
const pairs = '(public.room_members.insert)';

describe('the chat fix, where people put nobody into a room', () => {
  it('asks about groups, and about conversations of two', async () => {
    const asked = await whatIsAsked('');
    expect(asked).toContain(groups);
    expect(asked).toContain(pairs);
    expect(
      await whatIsAsked(
        '',
        [groups, pairs].map((name) => name.slice(1, -1)),
      ),
    ).toBe('applied');
  });

  it.each([
    [
      'the creator adds others',
      `create function public.made(room uuid) returns boolean language sql stable security definer set search_path = '' as $$
        select exists (select from public.chat_rooms where id = room and created_by = auth.uid()) $$;
      create policy fill on public.chat_room_members for insert to authenticated with check (public.made(room_id));`,
    ],
    [
      'people enter as what they like',
      `create policy enter on public.chat_room_members for insert to authenticated with check (user_id = auth.uid());`,
    ],
    [
      'a trigger makes the creator an admin',
      `${definer('appoint() returns trigger', "insert into public.chat_room_members (room_id, user_id, role, status) values (new.id, new.created_by, 'admin', 'approved'); return new;")}
      create trigger appoint after insert on public.chat_rooms for each row execute function public.appoint();`,
    ],
    [
      'a function of the name of the fix does it',
      definer(
        "create_group_room(p_creator uuid, p_is_private boolean default false, p_member_ids uuid[] default '{}', p_name text default '') returns uuid",
        `if p_creator is distinct from auth.uid() then raise exception 'not you'; end if;
         insert into public.chat_rooms (type, title, created_by) values ('group', p_name, p_creator) returning id into made;
         insert into public.chat_room_members (room_id, user_id, role, status) values (made, p_creator, 'admin', 'approved');
         insert into public.chat_room_members (room_id, user_id, role, status) select made, id, 'member', 'approved' from unnest(p_member_ids) as id on conflict do nothing;
         return made;`,
      ),
    ],
  ])('asks nothing about groups where %s', async (_, sql) => {
    const asked = await whatIsAsked(sql);
    expect(asked).not.toContain(groups);
    expect(asked).toContain(pairs);
  });

  it.each([
    [
      'a function opens conversations',
      definer(
        'open_or_create_dm(partner uuid) returns uuid',
        `insert into public.chat_rooms (type, created_by) values ('dm', auth.uid()) returning id into made;
         insert into public.room_members (room_id, user_id) values (made, auth.uid()), (made, partner);
         return made;`,
      ),
    ],
    [
      'people do, by what they insert',
      `drop policy make on public.chat_rooms;
      create policy make on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());
      create policy pair on public.room_members for insert to authenticated with check (public.is_member(room_id) or user_id = auth.uid());`,
    ],
    ['there are none', "delete from public.chat_rooms where type = 'dm';"],
  ])('asks nothing about conversations where %s', async (_, sql) => {
    const asked = await whatIsAsked(sql);
    expect(asked).toContain(groups);
    expect(asked).not.toContain(pairs);
  });
});

describe('the chat fix, where others ask for an admin or a member of any room', () => {
  const any = (role: string) =>
    `exists (select from public.chat_room_members as m where m.user_id = auth.uid() and m.status = 'approved' ${role})`;
  const notes = (condition: string) => `
    create table public.notes (id bigint primary key, room_id uuid, body text);
    alter table public.notes enable row level security;
    create policy staff on public.notes for select to authenticated using (${condition});`;
  const staff = '(public.notes.staff)';

  it.each([
    ['an admin', any("and m.role = 'admin'")],
    ['a member', any('')],
  ])('asks about a policy of another table: %s', async (who, condition) => {
    expect(await whatIsAsked(notes(condition))).toContain(
      `asks whether somebody is ${who}, and not of which room`,
    );
  });

  it('asks about a function that answers, or refuses', async () => {
    const asked = await whatIsAsked(`
      create function public.is_staff() returns boolean language sql stable security definer set search_path = '' as $$ select ${any("and m.role = 'admin'")} $$;
      ${notes('public.is_staff()')}
      create function public.refund() returns void language plpgsql security definer set search_path = '' as $$
        begin if not ${any("and m.role = 'admin'")} then raise exception 'not staff'; end if; end $$;`);
    expect(asked).toContain('(public.is_staff())');
    expect(asked).toContain('(public.refund())');
  });

  it('asks nothing where it is of a room, or people could make themselves one', async () => {
    expect(await whatIsAsked(notes(any("and m.role = 'admin' and m.room_id = notes.room_id")))).not.toContain(
      staff,
    );
    const enter = `create policy enter on public.chat_room_members for insert to authenticated with check (user_id = auth.uid());`;
    expect(await whatIsAsked(enter + notes(any("and m.role = 'admin'")))).not.toContain(staff);
  });

  it('tells who enters as a member from who is an admin', async () => {
    const enter = `create policy enter on public.chat_room_members for insert to authenticated with check (user_id = auth.uid() and role = 'member');`;
    expect(await whatIsAsked(enter + notes(any('')))).not.toContain(staff);
    expect(await whatIsAsked(enter + notes(any("and m.role = 'admin'")))).toContain(staff);
  });
});

describe('the chat fix, where the server makes the creator of a group a plain member', () => {
  const ticket = (name: string, at = '') => `
    insert into public.chat_rooms (id, title, created_by) values (md5('${name}')::uuid, '${name}', md5('ben')::uuid);
    insert into public.chat_room_members (room_id, user_id, role${at && ', created_at'})
    values (md5('${name}')::uuid, md5('ben')::uuid, 'member'${at}), (md5('${name}')::uuid, md5('ann')::uuid, 'admin'${at});`;
  const enter = `create policy enter on public.chat_room_members for insert to authenticated with check (user_id = auth.uid());`;
  const timed = 'alter table public.chat_room_members add created_at timestamptz default now();';
  const asks = 'in 2 groups the creator is a plain member beside an admin';

  it('asks who is to be the admin of those made from then on', async () => {
    const asked = await whatIsAsked(ticket('one') + ticket('two'));
    expect(asked).toContain(asks);
    expect(asked).toContain('(public.chat_rooms.created_by)');
  });

  it('asks nothing where people make themselves admins, and may have handed a group on, unless both came at once', async () => {
    const tickets = (at = '') => enter + timed + ticket('one', at) + ticket('two', at);
    expect(await whatIsAsked(tickets(", '2026-01-01'"))).toContain(asks);
    expect(await whatIsAsked(tickets(', clock_timestamp()'))).not.toContain(asks);
  });
});
