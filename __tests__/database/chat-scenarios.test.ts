/** Red, green, red: no scenario is trusted to pass before it was seen to fail. */
import { describe, expect, it } from '@jest/globals';
import { withRollback } from '../../src/database/with-transaction.js';
import { runScenarios } from '../../src/stages/run-scenarios.js';
import { useFixedChat } from '../support/fixed-chat.js';

const chat = useFixedChat();

/** The function with a part of its text replaced; fails where that part is not there. */
const rewrite = (signature: string, from: string, to: string) => `
do $rewrite$
declare
    old text := pg_catalog.pg_get_functiondef('public.${signature}'::regprocedure);
begin
    if pg_catalog.strpos(old, $part$${from}$part$) = 0 then
        raise exception 'public.${signature} does not hold %', $part$${from}$part$;
    end if;
    execute pg_catalog.replace(old, $part$${from}$part$, $part$${to}$part$);
end
$rewrite$`;

const createGroupRoom = 'create_group_room(uuid, boolean, uuid[], text)';

/** What somebody does to a fixed database, and the scenario that must notice. */
const breakages: readonly (readonly [number, string, string])[] = [
  [1, 'a new group approves nobody', rewrite(createGroupRoom, "'approved'", "'pending'")],
  [2, 'nobody may send', 'drop policy chat_messages_send_as_oneself on public.chat_messages'],
  [2, 'a message gets no time', 'alter table public.chat_messages alter column created_at drop default'],
  [
    3,
    'a conversation is not found again',
    rewrite('ensure_direct_conversation(uuid, uuid)', "room.type = 'dm'", "room.type = 'no'"),
  ],
  [
    4,
    'a second group of a name is refused in other words',
    rewrite(createGroupRoom, 'duplicate: a group with this name already exists', 'duplicate key'),
  ],
  [
    5,
    'a policy reads its own table',
    `alter policy chat_room_members_read_own_rooms on public.chat_room_members using (
         exists (select from public.chat_room_members as other where other.room_id = chat_room_members.room_id)
     )`,
  ],
  [5, 'users may not read rooms', 'revoke select on public.chat_rooms from authenticated'],
  [
    6,
    'an overload makes a call ambiguous',
    "create function public.open_or_create_dm(partner uuid, note text = '') returns uuid language sql as 'select partner'",
  ],
  [
    7,
    'everybody reads messages',
    'alter policy chat_messages_read_own_rooms on public.chat_messages using (true)',
  ],
  [
    8,
    'everybody adds himself to a conversation, as historically',
    'alter policy room_members_add_nobody on public.room_members with check (true)',
  ],
  [
    9,
    'a helper forgets the status',
    rewrite('user_is_in_room(uuid)', "status = 'approved'", 'status is not null'),
  ],
  [
    10,
    'members speak in the name of others',
    'alter policy chat_messages_send_as_oneself on public.chat_messages with check (public.user_is_in_room(room_id))',
  ],
  [
    11,
    'members remove others',
    `alter policy chat_room_members_leave_or_remove on public.chat_room_members using (public.user_is_in_room(room_id));
     alter table public.chat_room_members disable trigger chat_room_members_guard`,
  ],
  [
    12,
    'whoever is in a conversation adds a third',
    'alter policy room_members_add_nobody on public.room_members with check (public.user_is_room_member(room_id))',
  ],
  [
    13,
    'a group is created in the name of another',
    rewrite(createGroupRoom, 'p_creator is distinct from public.chat_user_id()', 'false'),
  ],
  [
    14,
    'visitors read rooms',
    'grant select on public.chat_rooms to anon; create policy pages on public.chat_rooms for select to anon using (true)',
  ],
  [15, 'users may truncate', 'grant truncate on public.chat_messages to authenticated'],
  [
    16,
    'the quarantine is opened',
    'grant usage on schema chat_quarantine to authenticated; grant select on chat_quarantine.rows to authenticated',
  ],
  [
    17,
    'rooms is left open',
    'alter table public.rooms disable row level security; grant all on public.rooms to authenticated',
  ],
  [
    18,
    'a helper looks at temporary objects first',
    "alter function public.user_is_in_room(uuid) set search_path = ''; alter function public.chat_user_id() set search_path = ''",
  ],
  [
    18,
    'the triggers of the project find temporary objects first',
    rewrite(createGroupRoom, 'perform chat_access.refuse_temporary_objects();', ''),
  ],
  [
    19,
    'members choose the time of a message',
    'grant insert (created_at) on public.chat_messages to authenticated',
  ],
  [
    20,
    'a name in created_by reads the room',
    'alter policy chat_rooms_read_own on public.chat_rooms using (created_by = (select auth.uid()))',
  ],
  [21, 'everybody may call the guard', 'grant execute on function public.guard_chat_room_member() to anon'],
  [
    22,
    'whoever fills a group does not read whom they add',
    `alter policy chat_room_members_read_own_rooms on public.chat_room_members using (
         user_id = (select auth.uid()) or exists (select from chat_access.my_rooms as mine where mine.room_id = chat_room_members.room_id)
     )`,
  ],
];

describe('each scenario of the chat fix', () => {
  it('fails on a database of every generation', () => {
    const { before, bundle } = chat();
    expect(before.scenarios.map(({ outcome }) => outcome)).toEqual(bundle.scenarios.map(() => 'fail'));
  });

  it('passes when the fix was applied', () => {
    const { after, bundle } = chat();
    expect(after.scenarios.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    expect(after.scenarios).toHaveLength(bundle.scenarios.length);
    // Of more than 300 steps; some 60 are refused by silence, and controlled.
    expect(after.waits).toBeLessThan(245);
  });

  it('has a breakage by which it is seen to fail again', () => {
    const numbers = new Set(breakages.map(([number]) => number));
    expect([...numbers]).toEqual(chat().bundle.scenarios.map(({ number }) => number));
  });

  it.each(breakages)('%d fails again when %s', async (number, _what, breakage) => {
    const { bundle, withBroken } = chat();
    const alone = { ...bundle, scenarios: bundle.scenarios.filter((scenario) => scenario.number === number) };
    const { scenarios } = await withBroken(breakage, (session) =>
      withRollback(session, () => runScenarios(session, alone)),
    );
    // A reason would mean that it was not even begun.
    expect(scenarios).toMatchObject([{ number, outcome: 'fail', reason: null }]);
  });
});

/** Triggers that put right what somebody sends, or write something else: nobody gets by them what they should not. */
const correcting = {
  'who asks to join waits, whatever they say': `
    create function public.correct() returns trigger language plpgsql security definer set search_path = '' as $$ begin
        if new.user_id = auth.uid() and auth.uid() is distinct from (
            select room.created_by from public.chat_rooms as room where room.id = new.room_id
        ) then
            new.role := 'member';
            new.status := 'pending';
        end if;
        return new;
    end $$;
    create trigger a_correct before insert on public.chat_room_members for each row execute function public.correct()`,
  'whoever is no admin asks for themselves': `
    create function public.correct() returns trigger language plpgsql security definer set search_path = '' as $$ begin
        if auth.uid() is not null and not public.user_is_group_admin(new.room_id) then
            new.user_id := auth.uid();
            new.role := 'member';
            new.status := 'pending';
        end if;
        return new;
    end $$;
    create trigger a_correct before insert on public.chat_room_members for each row execute function public.correct()`,
  'the inviter is the caller': `
    create function public.correct() returns trigger language plpgsql as $$ begin new.invited_by := auth.uid(); return new; end $$;
    create trigger correct before insert on public.chat_room_members for each row execute function public.correct()`,
  'the creator is the caller': `
    create function public.correct() returns trigger language plpgsql as $$ begin new.created_by := auth.uid(); return new; end $$;
    create trigger correct before insert on public.chat_rooms for each row execute function public.correct()`,
  'a title is written in capitals': `
    create function public.correct() returns trigger language plpgsql as $$ begin new.title := initcap(new.title); return new; end $$;
    create trigger correct before insert on public.chat_rooms for each row execute function public.correct()`,
  'a membership keeps its room, its person and its time': `
    create function public.correct() returns trigger language plpgsql as $$ begin
        new.room_id := old.room_id; new.user_id := old.user_id; new.created_at := old.created_at; return new;
    end $$;
    create trigger a_correct before update on public.chat_room_members for each row execute function public.correct()`,
  'role and status change by admins alone': `
    create function public.correct() returns trigger language plpgsql as $$ begin
        if not public.user_is_group_admin(old.room_id) then new.role := old.role; new.status := old.status; end if;
        return new;
    end $$;
    create trigger a_correct before update on public.chat_room_members for each row execute function public.correct()`,
  'people enter conversations themselves': `
    create function public.correct() returns trigger language plpgsql as $$ begin
        if current_user = 'authenticated' then new.user_id := auth.uid(); end if;
        return new;
    end $$;
    create trigger correct before insert on public.room_members for each row execute function public.correct()`,
  'words are kept in code': `
    create function public.correct() returns trigger language plpgsql as $$ begin
        new.content := encode(convert_to(random() || new.content, 'UTF8'), 'base64'); return new;
    end $$;
    create trigger correct before insert on public.chat_messages for each row execute function public.correct()`,
} as const;

describe('a trigger of the project that corrects what is sent', () => {
  const outcomesOf = (breakage: string, numbers: readonly number[]) => {
    const { bundle, withBroken } = chat();
    const chosen = {
      ...bundle,
      scenarios: bundle.scenarios.filter(({ number }) => numbers.includes(number)),
    };
    return withBroken(breakage, async (session) => {
      const { scenarios } = await withRollback(session, () => runScenarios(session, chosen));
      return Object.fromEntries(
        scenarios.map(({ number, outcome, reason, steps }) => [
          number,
          reason ?? steps.find((step) => step.outcome === 'fail')?.title ?? outcome,
        ]),
      );
    });
  };
  const pass = (numbers: readonly number[]) => Object.fromEntries(numbers.map((number) => [number, 'pass']));

  it.each([
    ['who asks to join waits, whatever they say', [8, 9, 20]],
    ['whoever is no admin asks for themselves', [7, 8, 9, 18]],
    ['the inviter is the caller', [8]],
    ['the creator is the caller', [13, 20]],
    ['a title is written in capitals', [1, 5, 11, 13, 14, 17]],
    ['a membership keeps its room, its person and its time', [11, 19]],
    ['role and status change by admins alone', [9, 11]],
    ['people enter conversations themselves', [12]],
    ['words are kept in code', [2, 3, 5, 7, 10, 14]],
  ] as const)('is in nobody’s way: %s', async (what, numbers) => {
    expect(await outcomesOf(correcting[what], numbers)).toEqual(pass(numbers));
  });

  const approving = `alter policy chat_room_members_ask_or_invite on public.chat_room_members with check (true);
    alter table public.chat_room_members disable trigger chat_room_members_guard`;
  it.each([
    ['the inviter is the caller', approving, 8, 'the stranger enters the group, approved'],
    // Whom the trigger lets alone: somebody else's row.
    ['who asks to join waits, whatever they say', approving, 8, 'or lets a friend in'],
    ['words are kept in code', approving, 20, 'does not enter'],
    [
      'the creator is the caller',
      `alter policy chat_rooms_create_own on public.chat_rooms with check (true);
       create function public.undo() returns trigger language plpgsql as $$ begin new.created_by := null; return new; end $$;
       create trigger undo before insert on public.chat_rooms for each row when (new.title like '%no name%') execute function public.undo()`,
      13,
      "a group of nobody's",
    ],
  ] as const)('hides no door: %s', async (what, door, number, step) => {
    expect(await outcomesOf(`${correcting[what]}; ${door}`, [number])).toEqual({ [number]: step });
  });
});

describe('a rule of the project that the scenarios meet', () => {
  const refuse = (event: string, table: string) => `
    create function public.refuse() returns trigger language plpgsql as $$ begin raise exception 'not here'; end $$;
    create trigger refuse before ${event} on public.${table} for each row execute function public.refuse();`;
  const outcomeOf = (breakage: string, acknowledged = '{}', of = 11) => {
    const { bundle, withBroken } = chat();
    const alone = { ...bundle, scenarios: bundle.scenarios.filter(({ number }) => number === of) };
    return withBroken(breakage, async (session) => {
      await session.query(`set schema_fix.acknowledge = '${acknowledged}'`);
      const { scenarios } = await withRollback(session, () => runScenarios(session, alone));
      return scenarios[0];
    });
  };

  it.each([
    [
      'a trigger by which nobody leaves',
      refuse('delete', 'chat_room_members'),
      'the trigger refuse on public.chat_room_members refuses what the application does, which lets a member leave',
    ],
    [
      'a check that every membership has an inviter',
      'alter table public.chat_room_members add constraint invited check (invited_by is not null) not valid',
      'the check invited on public.chat_room_members refuses what the application does, which',
    ],
    [
      'a unique rule that leaves one message',
      'truncate public.chat_messages cascade; create unique index once on public.chat_messages ((true))',
      'the unique rule once on public.chat_messages refuses what the application does, which sends an answer',
    ],
  ])('is named, if the application cannot be without: %s', async (_, breakage, words) => {
    expect(await outcomeOf(breakage)).toMatchObject({
      outcome: 'fail',
      reason: expect.stringContaining(words),
    });
  });

  const stamping = `
    create function public.stamp() returns trigger language plpgsql as $$ begin new.user_id := auth.uid(); return new; end $$;
    create trigger stamp before insert on public.chat_room_members for each row execute function public.stamp()`;
  it('is named, if by it nobody adds anybody else, unless that was acknowledged', async () => {
    expect(await outcomeOf(stamping)).toMatchObject({
      outcome: 'fail',
      reason: expect.stringContaining(
        'the trigger stamp on public.chat_room_members refuses what the application does, which adds somebody to a group',
      ),
    });
    expect(await outcomeOf(stamping, '{public.chat_room_members.stamp}', 7)).toMatchObject({
      outcome: 'pass',
    });
  });

  it('stays, and is put aside for the scenarios, if that was acknowledged', async () => {
    const breakage = refuse('delete', 'chat_room_members');
    expect(await outcomeOf(breakage, '{public.chat_room_members.refuse}')).toMatchObject({ outcome: 'pass' });
  });

  it.each([
    [
      'one admin a group',
      `update public.chat_room_members set role = 'member';
       create unique index one_admin on public.chat_room_members (room_id) where role = 'admin'`,
    ],
    [
      'one admin a group, by a constraint',
      `update public.chat_room_members set role = 'member';
       alter table public.chat_room_members add exclude using hash (room_id with =) where (role = 'admin')`,
    ],
    ['titles of few characters', 'alter table public.chat_rooms add check (length(title) < 20) not valid'],
    [
      'the last admin stays',
      `create function public.stay() returns trigger language plpgsql as $$ begin
           if old.role = 'admin' and (
               select count(*) from public.chat_room_members as other where other.room_id = old.room_id and other.role = 'admin'
           ) = 1 then
               raise exception 'the last admin stays';
           end if;
           return old;
       end $$;
       create trigger stay before delete on public.chat_room_members for each row execute function public.stay()`,
    ],
  ])('is put aside, if it is met now and then: %s', async (_, breakage) => {
    expect(await outcomeOf(breakage)).toMatchObject({ outcome: 'pass', reason: null });
  });

  const slug = `alter table public.chat_rooms add slug text generated always as (lower(title)) stored;
    create unique index rooms_slug on public.chat_rooms (slug)`;

  it('is put aside, if it gives every title to one creator alone', async () => {
    expect(await outcomeOf(slug, '{}', 4)).toMatchObject({ outcome: 'pass', reason: null });
  });

  it('leaves the second conversation without a title, if a title is given once', async () => {
    const { withBroken } = chat();
    const opened = await withBroken(slug, async (session) => {
      const { rows } = await withRollback(session, async () => {
        await session.query(
          'insert into auth.users (id) select gen_random_uuid() from generate_series(1, 4)',
        );
        return session.query(`
          with people as (select array_agg(id) as ids from (select id from auth.users limit 4) as known)
          select public.ensure_direct_conversation(ids[1], ids[2]), public.ensure_direct_conversation(ids[3], ids[4]) from people`);
      });
      return rows.length;
    });
    expect(opened).toBe(1);
  });

  it('is in nobody’s way, if it counts on the search_path of the data API', async () => {
    const noted = `
      create table public.noted (message_id text);
      create function public.note() returns trigger language plpgsql security definer as $$ begin
          insert into noted values (new.id);
          return new;
      end $$;
      create trigger note after insert on public.chat_messages for each row execute function public.note()`;
    expect(await outcomeOf(noted, '{}', 2)).toMatchObject({ outcome: 'pass', reason: null });
  });

  /** A trigger that writes about people into a table that only those of another one may be named in. */
  const about = (event: string, row: string, column = 'uuid') => `
    set role supabase_owner;
    create table public.known_people (id ${column} primary key, nick text not null check (nick like '@%'));
    create table public.told_of (person ${column} not null references public.known_people (id));
    create function public.tell() returns trigger language plpgsql security definer set search_path = '' as $$ begin
        insert into public.told_of values (${row});
        return null;
    end $$;
    create trigger tell after ${event} for each row execute function public.tell();`;

  it.each([
    ['of who sends', about('insert on public.chat_messages', 'new.sender'), 7],
    ['of who comes into a group', about('insert on public.chat_room_members', 'new.user_id'), 7],
    ['of who leaves', about('delete on public.chat_room_members', 'old.user_id'), 11],
    ['by a key that is a text', about('insert on public.chat_messages', 'new.sender::text', 'text'), 2],
  ])('is in nobody’s way, if it tells of people that another table knows: %s', async (_, told, number) => {
    expect(await outcomeOf(told, '{}', number)).toMatchObject({ outcome: 'pass', reason: null });
  });

  it('is named, if the key leads to rooms where none are made any more', async () => {
    const told = `create table public.told_of (room_id uuid references public.rooms (id));
      create function public.tell() returns trigger language plpgsql security definer set search_path = '' as $$ begin
          insert into public.told_of values (new.id);
          return null;
      end $$;
      create trigger tell after insert on public.chat_rooms for each row execute function public.tell();`;
    expect(await outcomeOf(told, '{}', 7)).toMatchObject({
      outcome: 'fail',
      reason: expect.stringContaining(
        'the trigger tell on public.chat_rooms refuses what the application does',
      ),
    });
  });

  it('is in nobody’s way, if whoever is first in a room becomes its admin', async () => {
    const first = `
      create function public.first_is_admin() returns trigger language plpgsql security definer set search_path = '' as $$ begin
          if not exists (select from public.chat_room_members as other where other.room_id = new.room_id) then
              new.role := 'admin';
              new.status := 'approved';
          end if;
          return new;
      end $$;
      create trigger first_is_admin before insert on public.chat_room_members for each row execute function public.first_is_admin()`;
    expect(await outcomeOf(first, '{}', 20)).toMatchObject({ outcome: 'pass', reason: null });
  });
});
