/** How people come into rooms after the fix, by what an application writes itself. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../src/database/with-session.js';
import { applyBundle } from '../support/apply-bundle.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';

const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);

/** Everybody lists the rooms and joins by themselves; who made one adds others. Members have no status, or one with the default approved. */
const chat = (status = '') => `
  insert into auth.users (id) select md5(name)::uuid from unnest('{ann,ben,cat,eve}'::text[]) as name;
  create table public.chat_rooms (id uuid primary key default gen_random_uuid(), title text, created_by uuid default auth.uid());
  create table public.chat_room_members (
      room_id uuid references public.chat_rooms (id), user_id uuid, muted boolean default false, ${status} primary key (room_id, user_id)
  );
  create table public.chat_messages (
      id uuid primary key default gen_random_uuid(), room_id uuid references public.chat_rooms (id), sender uuid default auth.uid(),
      content text, created_at timestamptz default now()
  );
  insert into public.chat_rooms (id, title, created_by) values (md5('club')::uuid, 'Club', md5('ann')::uuid);
  insert into public.chat_room_members (room_id, user_id) values
      (md5('club')::uuid, md5('ann')::uuid), (md5('club')::uuid, md5('ben')::uuid);
  insert into public.chat_messages (room_id, sender, content) values (md5('club')::uuid, md5('ann')::uuid, 'hello');
  create function public.is_in(room uuid) returns boolean language sql stable security definer set search_path = public as $$
      select exists (select from chat_room_members where room_id = room and user_id = auth.uid()) $$;
  create function public.made(room uuid) returns boolean language sql stable security definer set search_path = public as $$
      select exists (select from chat_rooms where id = room and created_by = auth.uid()) $$;
  alter table public.chat_rooms enable row level security;
  alter table public.chat_room_members enable row level security;
  alter table public.chat_messages enable row level security;
  create policy listed on public.chat_rooms for select to authenticated using (true);
  create policy make on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());
  create policy seen on public.chat_room_members for select to authenticated using (public.is_in(room_id));
  create policy enter on public.chat_room_members for insert to authenticated with check (user_id = auth.uid() or public.made(room_id));
  create policy mute on public.chat_room_members for update to authenticated using (user_id = auth.uid());
  create policy read on public.chat_messages for select to authenticated using (public.is_in(room_id));
  create policy send on public.chat_messages for insert to authenticated with check (public.is_in(room_id) and sender = auth.uid());
`;

const id = (name: string) => `'${createHash('md5').update(name).digest('hex')}'::uuid`;
const as = (person: string) =>
  `reset role; set local request.jwt.claims = '{"sub":"${createHash('md5').update(person).digest('hex')}"}'; set local role authenticated`;
/** Rooms get an id of the server's; here it is the one that is called new. */
const make = `insert into public.chat_rooms (title) values ('New'); reset role;
  update public.chat_rooms set id = ${id('new')} where title = 'New'; set local role authenticated`;
const add = (...people: string[]) =>
  `insert into public.chat_room_members (room_id, user_id) values ${people.map((person) => `(${id('new')}, ${id(person)})`).join(', ')}`;
const write = `insert into public.chat_messages (room_id, content) values (${id('new')}, 'hello')`;
const leave = 'delete from public.chat_room_members where user_id = auth.uid()';
const join = (more = '') =>
  `insert into public.chat_room_members (room_id, user_id) values (${id('club')}, auth.uid()) ${more}`;

/** Who is in the room called so after the statements, or the code of the one that was refused. */
async function whoIsIn(session: Session, room: string, statements: readonly string[]): Promise<string> {
  await session.query('begin');
  try {
    for (const statement of statements) {
      const code = await codeOf(session, statement);
      if (code !== null) return `${code} at ${statement}`;
    }
    await session.query('reset role');
    const { rows } = await session.query<{ said: string }>(
      `select concat_ws(' ', name, role, status) as said from public.chat_room_members
       join unnest('{ann,ben,cat,eve}'::text[]) as name on md5(name)::uuid = user_id
       where room_id = ${id(room)} order by name`,
    );
    return rows.map(({ said }) => said).join(', ');
  } finally {
    await session.query('rollback');
  }
}

async function codeOf(session: Session, statement: string): Promise<string | null> {
  try {
    await session.query(statement);
    return null;
  } catch (error) {
    return String((error as { code?: string }).code);
  }
}

/** After the fix, in one database for all of them: what each of the lists of statements comes to. */
async function outcomesOf(status: string, tried: readonly (readonly [string, readonly string[]])[]) {
  const file = { path: 'state.sql', text: chat(status) };
  const state = { ...bundle.states[0], name: '00_state', files: [file] } as (typeof bundle.states)[number];
  return withChatDatabase(state, async (session) => {
    await session.query('begin');
    await applyBundle(session, bundle);
    await session.query('commit');
    const outcomes: string[] = [];
    for (const [room, statements] of tried) outcomes.push(await whoIsIn(session, room, statements));
    return outcomes;
  });
}

describe('the chat fix, of groups that people fill', () => {
  const all = 'ann admin approved, ben member approved, cat member approved';

  it('lets whoever makes a group add others before themself, one by one or all at once', async () => {
    const made = [as('ann'), make];
    // Whoever is added is active by the default of a column, as whoever has a row was in.
    expect(
      await outcomesOf('is_active boolean not null default true,', [
        ['new', [...made, add('ben'), add('cat'), add('ann')]],
        ['new', [...made, add('ben', 'cat', 'ann')]],
        ['new', [...made, add('ben'), add('cat')]],
        ['new', [...made, add('ben'), add('ann'), add('cat')]],
        ['new', [...made, add('ann'), add('ben'), add('cat')]],
        // What somebody writes in the meantime is no sign that it is another's room.
        ['new', [...made, add('ben'), as('ben'), write, as('ann'), add('cat'), add('ann')]],
      ]),
    ).toEqual([all, all, 'ben member approved, cat member approved', all, all, all]);
  });

  it('does not bring them back who have left, nor let in who did not make it', async () => {
    const made = [as('ann'), make, add('ben')];
    expect(
      await outcomesOf('', [
        ['new', [...made, add('ann'), leave, add('cat')]],
        ['new', [...made, add('ann'), leave, add('ann')]],
        ['new', [...made, as('eve'), add('cat')]],
        ['new', [...made, as('ben'), add('cat')]],
      ]),
    ).toEqual([
      `42501 at ${add('cat')}`,
      'ann member pending, ben member approved',
      `42501 at ${add('cat')}`,
      `42501 at ${add('cat')}`,
    ]);
  });
});

describe('the chat fix, of rooms that everybody joined', () => {
  it.each(['', "status text not null default 'approved',"])(
    'lets them ask who name no status, and keep the one they have: members had %j',
    async (status) => {
      const waits = 'ann admin approved, ben member approved, eve member pending';
      const club = 'ann admin approved, ben member approved';
      const upsert = 'on conflict (room_id, user_id) do update set muted = true';
      expect(
        await outcomesOf(status, [
          ['club', [as('eve'), join()]],
          ['club', [as('eve'), join(upsert), join(upsert)]],
          ['club', [as('ben'), join(upsert)]],
          ['club', [as('ann'), join(upsert)]],
          [
            'club',
            [
              as('eve'),
              join()
                .replace('user_id)', 'user_id, status)')
                .replace('auth.uid())', "auth.uid(), 'approved')"),
            ],
          ],
          // The server, and who adds others, let in whom they add.
          ['club', [join().replace('auth.uid()', id('eve'))]],
        ]),
      ).toEqual([waits, waits, club, club, expect.stringContaining('42501'), `${club}, eve member approved`]);
    },
  );
});
