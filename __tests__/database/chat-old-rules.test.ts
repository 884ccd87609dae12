import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Session } from '../../src/database/with-session.js';
import { withSavepointRollback } from '../../src/database/with-transaction.js';
import { makePrelude } from '../../src/stages/prelude.js';
import { setSettings } from '../../src/stages/set-settings.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';

const bundle = await loadChatBundle();
/** One database for all: each policy is made, tried and undone. */
let session: Session;
let done: () => void;
let finished: Promise<void>;
// Before that of the databases, which wait for it.
afterAll(async () => {
  done();
  await finished;
});
const withChatDatabase = useChatDatabases(bundle);

const chat = `
  insert into auth.users (id) values (md5('ann')::uuid), (md5('ben')::uuid);
  create table public.chat_rooms (
      id uuid primary key, type text default 'group', title text, created_by uuid, created_at timestamptz default now()
  );
  create table public.chat_room_members (
      room_id uuid references public.chat_rooms (id), user_id uuid, role text default 'member', status text default 'approved',
      invited_by uuid, left_at timestamptz, created_at timestamptz default now(), primary key (room_id, user_id)
  );
  create table public.room_members (room_id uuid references public.chat_rooms (id), user_id uuid, primary key (room_id, user_id));
  create table public.chat_messages (
      id uuid primary key default gen_random_uuid(), room_id uuid references public.chat_rooms (id), sender uuid,
      content text, created_at timestamptz default now()
  );
  insert into public.chat_rooms (id, type, created_by) values (md5('club')::uuid, 'group', md5('ann')::uuid), (md5('dm')::uuid, 'dm', md5('ann')::uuid);
  insert into public.chat_room_members (room_id, user_id) values (md5('club')::uuid, md5('ann')::uuid), (md5('club')::uuid, md5('ben')::uuid);
  insert into public.room_members values (md5('dm')::uuid, md5('ann')::uuid), (md5('dm')::uuid, md5('ben')::uuid);
  alter table public.chat_rooms enable row level security;
  alter table public.chat_room_members enable row level security;
  alter table public.room_members enable row level security;
  alter table public.chat_messages enable row level security;
`;

beforeAll(async () => {
  await new Promise<void>((ready, failed) => {
    const file = { path: 'state.sql', text: chat };
    const state = { ...bundle.states[0], name: '00_state', files: [file] } as (typeof bundle.states)[number];
    finished = withChatDatabase(state, async (open) => {
      await open.query('begin');
      await setSettings(open, bundle);
      expect(await makePrelude(open, bundle)).toBeNull();
      session = open;
      await new Promise<void>((stop) => {
        done = stop;
        ready();
      });
    });
    finished.catch(failed);
  });
});

/** What the fix would not do without being told to, of policies that the SQL makes. */
async function decisionsOn(sql: string): Promise<string[]> {
  return withSavepointRollback(session, async () => {
    await session.query(sql);
    const { rows } = await session.query(
      'select problem from schema_fix.decisions_about_policies order by problem',
    );
    return rows.map(({ problem }) => String(problem));
  });
}

const member = (more = '') =>
  `exists (select 1 from public.chat_room_members x where x.room_id = chat_messages.room_id and x.user_id = auth.uid()${more})`;
const select = (condition: string, table = 'chat_messages') =>
  `create policy p on public.${table} for select to authenticated using (${condition});`;
const insert = (condition: string, table = 'chat_messages') =>
  `create policy p on public.${table} for insert to authenticated with check (${condition});`;
const helper = (name: string, returns: string, body: string, language = 'sql') =>
  `create function public.${name} returns ${returns} language ${language} stable security definer set search_path = '' as $$ ${body} $$;`;
const mine = 'select room_id from public.chat_room_members where user_id = auth.uid()';

describe('an old policy that means what the fix’s rules mean', () => {
  it.each<[string, string]>([
    ['a subquery with an alias', select(member(" and x.status = 'approved'"))],
    ['no status', select(member())],
    ['a list of rooms', select(`room_id in (${mine})`)],
    [
      'an array of rooms, and the caller asked once',
      select(
        "room_id = any (array(select x.room_id from public.chat_room_members x where x.user_id = (select auth.uid()) and x.status in ('approved')))",
      ),
    ],
    [
      'the caller among the people',
      select(
        'auth.uid() in (select x.user_id from public.chat_room_members x where x.room_id = chat_messages.room_id)',
      ),
    ],
    [
      'both kinds of rooms, each in its table',
      select(`exists (select from public.chat_rooms c join public.chat_room_members m on m.room_id = c.id
          where c.id = chat_messages.room_id and c.type = 'group' and m.user_id = auth.uid() and m.status = 'approved')
        or exists (select * from public.chat_rooms c, public.room_members m
          where m.room_id = c.id and c.id = chat_messages.room_id and c.type = 'dm' and m.user_id = auth.uid())`),
    ],
    [
      'a room that one sees',
      select('exists (select from public.chat_rooms r where r.id = chat_messages.room_id)'),
    ],
    [
      'a helper',
      helper(
        'is_member(room uuid)',
        'boolean',
        `select exists (${mine} and room_id = room and status = 'approved')`,
      ) + select('public.is_member(room_id) or sender = auth.uid()'),
    ],
    [
      'a helper in PL/pgSQL, with numbered arguments, that asks another',
      helper(
        'inner_one(uuid, uuid)',
        'boolean',
        `select exists (${mine} and room_id = $1 and user_id = $2)`,
      ) +
        helper(
          'outer_one(room uuid)',
          'boolean',
          'begin return public.inner_one(room, auth.uid()); end;',
          'plpgsql',
        ) +
        select('( select public.outer_one(chat_messages.room_id) )'),
    ],
    [
      'a helper that lists rooms',
      helper('my_rooms()', 'setof uuid', mine) + select('room_id in (select public.my_rooms())'),
    ],
    [
      'a helper in the place of a table',
      helper(
        'my_rooms(person uuid)',
        'table (room uuid)',
        'select room_id from public.chat_room_members where user_id = person',
      ) + select('room_id in (select r.room from public.my_rooms(auth.uid()) r)'),
    ],
    [
      'the subject of the token',
      select(
        "exists (select from public.chat_room_members x where x.room_id = chat_messages.room_id and x.user_id = ((current_setting('request.jwt.claims', true))::json ->> 'sub')::uuid)",
      ),
    ],
    ['everybody', select('true')],
    ['whoever is signed in', select("auth.role() = 'authenticated'")],
    ['two policies that add up', select(member()) + select('sender = auth.uid()').replace(' p ', ' q ')],
    ['members who send in their own name', insert(`sender = auth.uid() and ${member()}`)],
    ['whoever sends in their own name', insert('auth.uid() = sender')],
    ['members who see themselves', select('user_id = auth.uid()', 'chat_room_members')],
    [
      'people who ask to join',
      insert("user_id = auth.uid() and status = 'pending' and invited_by is null", 'chat_room_members'),
    ],
    ['rooms in one’s own name', insert('created_by = auth.uid()', 'chat_rooms')],
    [
      'everything, also where row level security was off',
      `alter table public.chat_messages disable row level security; ${select('created_at > now()')}`,
    ],
  ])('is recognised: %s', async (_, sql) => {
    expect(await decisionsOn(sql)).toEqual([]);
  });
});

describe('an old policy that means something else', () => {
  const update = (condition: string, table = 'chat_messages') =>
    `create policy p on public.${table} for update to authenticated using (${condition});`;
  const remove = (condition: string, table = 'chat_messages') =>
    `create policy p on public.${table} for delete to authenticated using (${condition});`;
  it.each<[string, string, string]>([
    [
      'only admins send',
      insert(`sender = auth.uid() and ${member(" and x.role = 'admin'")}`),
      "p on public.chat_messages, for insert, keeps out whom the fix lets in: an approved member (type 'group'), about their own message",
    ],
    [
      'only admins send, under the name of the fix’s policy',
      insert(`sender = auth.uid() and ${member(" and x.role = 'admin'")}`).replace(
        ' p ',
        ' chat_messages_send_as_oneself ',
      ),
      'policy chat_messages_send_as_oneself on public.chat_messages, for insert, keeps out whom the fix lets in',
    ],
    [
      'only admins send, by the argument of a function',
      helper('my_rooms(want text default null)', 'setof uuid', `${mine} and (want is null or role = want)`) +
        insert("sender = auth.uid() and room_id in (select public.my_rooms('admin'))"),
      'for insert, keeps out whom the fix lets in: an approved member',
    ],
    [
      'a time',
      select(member(' and chat_messages.created_at >= x.created_at')),
      'does not understand: the operator >=',
    ],
    ['the time of day', select(`created_at > now() and ${member()}`), 'does not understand: the operator >'],
    ['one’s own messages alone', select(`sender = auth.uid() and ${member()}`), 'about a message of another'],
    [
      'the creator reads all, a member only their own',
      select(
        `sender = auth.uid() and ${member()} or exists (select from public.chat_rooms r where r.id = chat_messages.room_id and r.created_by = auth.uid())`,
      ),
      'keeps out whom the fix lets in: an approved member',
    ],
    [
      'who was invited',
      select(member(' and x.invited_by is not null')),
      'keeps out whom the fix lets in: an approved',
    ],
    ['who has not left', select(member(' and x.left_at is null')), 'does not understand: column x.left_at'],
    [
      'who waits may look',
      select(member(" and x.status <> 'blocked'")),
      "lets in whom the fix does not: somebody whose status is 'pending'",
    ],
    [
      'who waits may look, by words',
      select(member(" and x.status in ('approved', 'pending')")),
      "whose status is 'pending'",
    ],
    [
      'groups alone',
      select(
        `${member()} and exists (select from public.chat_rooms r where r.id = room_id and r.type = 'group')`,
      ),
      "(type 'dm')",
    ],
    [
      'members of any room',
      select(
        'exists (select from public.chat_room_members x where x.room_id = x.room_id and x.user_id = auth.uid())',
      ),
      'lets in whom the fix does not: somebody who is not in the room',
    ],
    [
      'nobody that there is',
      select(member(" and x.status = 'active'")),
      'keeps out whom the fix lets in: an approved',
    ],
    [
      'one’s own message is changed',
      update('sender = auth.uid()'),
      'for update, lets in whom the fix does not: an approved member',
    ],
    [
      'admins delete messages',
      remove(member(" and x.role = 'admin'")),
      'for delete, lets in whom the fix does not: an approved admin',
    ],
    [
      'the creator renames',
      update('created_by = auth.uid()', 'chat_rooms'),
      'lets in whom the fix does not: the creator',
    ],
    [
      'members add others',
      insert(
        'exists (select from public.chat_room_members x where x.room_id = chat_room_members.room_id and x.user_id = auth.uid())',
        'chat_room_members',
      ),
      'for insert, lets in whom the fix does not: an approved member',
    ],
    [
      'admins remove members, not other admins',
      remove(
        "role = 'member' and exists (select from public.chat_room_members x where x.room_id = chat_room_members.room_id and x.user_id = auth.uid() and x.role = 'admin')",
        'chat_room_members',
      ),
      'about the membership of another (admin, approved)',
    ],
    [
      'one leaves a conversation',
      remove('user_id = auth.uid()', 'room_members'),
      'for delete, lets in whom the fix does not',
    ],
    [
      'a body of several statements',
      helper(
        'is_member(room uuid)',
        'boolean',
        'declare yes boolean; begin select true into yes; return yes; end',
        'plpgsql',
      ) + select('public.is_member(room_id)'),
      'does not understand: what public.is_member(uuid) does',
    ],
  ])('is a decision: %s', async (_, sql, problem) => {
    const problems = await decisionsOn(sql);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it('is a decision where columns were kept from the reader', async () => {
    const sql = `alter table public.chat_messages add ip_address inet;
      revoke select on public.chat_messages from authenticated; grant select (id, room_id, sender, content) on public.chat_messages to authenticated;`;
    expect(await decisionsOn(sql)).toEqual([
      expect.stringContaining(
        'authenticated may select some columns of public.chat_messages only, and the fix lets them select all, also ip_address',
      ),
    ]);
  });
});
