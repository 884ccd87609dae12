/** Red, green, red: no check is trusted to pass before it was seen to fail. */
import { describe, expect, it } from '@jest/globals';
import { withOneSnapshot, withRollback } from '../../src/database/with-transaction.js';
import { runChecks } from '../../src/stages/run-checks.js';
import { verifyChecks } from '../../src/watching/verify-checks.js';
import { useFixedChat } from '../support/fixed-chat.js';

const chat = useFixedChat();

/** What somebody does to a fixed database, and the check that must notice. */
const breakages: readonly (readonly [number, string, string])[] = [
  [
    1,
    'messages lose their key',
    'alter table public.chat_messages drop constraint chat_messages_room_id_fkey',
  ],
  [
    1,
    'the key no longer cascades',
    `alter table public.chat_messages drop constraint chat_messages_room_id_fkey;
     alter table public.chat_messages add constraint chat_messages_room_id_fkey
         foreign key (room_id) references public.chat_rooms (id)`,
  ],
  [
    2,
    'members lose their primary key',
    'alter table public.chat_room_members drop constraint chat_room_members_pkey',
  ],
  [3, 'row level security is off', 'alter table public.room_members disable row level security'],
  [3, 'visitors may send messages', 'grant insert on public.chat_messages to anon'],
  [4, 'a policy lets everybody in', 'create policy more on public.chat_messages using (true)'],
  [
    4,
    'a policy of the right name says something else',
    'alter policy chat_rooms_read_own on public.chat_rooms using (true)',
  ],
  [
    5,
    'the index of the right name is not unique',
    `drop index public.idx_chat_rooms_unique_group;
     create index idx_chat_rooms_unique_group on public.chat_rooms (created_by, title) where type = 'group'`,
  ],
  [6, 'a helper forgets whose rights it has', 'alter function public.user_is_in_room(uuid) security invoker'],
  [6, 'everybody may execute a helper', 'grant execute on function public.user_is_in_room(uuid) to public'],
  [
    7,
    'one creator has two groups of one name',
    `drop index public.idx_chat_rooms_unique_group;
     insert into public.chat_rooms (type, title, created_by)
     select 'group', 'Twice', '00000000-0000-4000-8000-0000000000a1' from pg_catalog.generate_series(1, 2)`,
  ],
  [
    8,
    'a message has no room',
    `set session_replication_role = replica;
     insert into public.chat_messages (room_id, sender, content)
     values (pg_catalog.gen_random_uuid(), pg_catalog.gen_random_uuid(), 'lost');
     reset session_replication_role`,
  ],
];

describe('each check of the chat fix', () => {
  it('fails on a database of every generation', () => {
    expect(chat().before.checks.map(({ outcome }) => outcome)).toEqual(Array(8).fill('fail'));
  });

  it('passes when the fix was applied', () => {
    expect(chat().after.checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    expect(chat().after.checks).toHaveLength(8);
  });

  it('has a breakage by which it is seen to fail again', () => {
    const numbers = new Set(breakages.map(([number]) => number));
    expect([...numbers]).toEqual(chat().bundle.checks.map(({ number }) => number));
  });

  it.each(breakages)('%d fails again when %s', async (number, _what, breakage) => {
    const { bundle, withBroken } = chat();
    const results = await withBroken(breakage, (session) =>
      withRollback(session, () => runChecks(session, bundle)),
    );
    const index = bundle.checks.findIndex((check) => check.number === number);
    expect(results[index]).toMatchObject({ outcome: 'fail', problem: null });
  });
});

describe("the guide's manual verification commands", () => {
  const ask = (breakage: string) =>
    chat().withBroken(breakage, (session) =>
      withOneSnapshot(session, async () => {
        const found = await verifyChecks(session, chat().bundle.verify, {
          timeLimit: 10_000,
          showsAll: true,
        });
        return found.map(({ title, outcome }) => [title, outcome]);
      }),
    );
  const passing = [
    ['1 Check foreign key', 'pass'],
    ['2 Check RLS enabled', 'pass'],
    ['3 Count policies', 'pass'],
    ['4 Check for duplicates', 'pass'],
    ['5 Test helper function', 'pass'],
  ];

  it('answer on a repaired database as the guide says', async () => {
    expect(await ask('select')).toEqual(passing);
  });

  it.each([
    [1, 'alter table public.chat_messages drop constraint chat_messages_room_id_fkey'],
    [2, 'alter table public.room_members disable row level security'],
    [3, 'create policy more on public.chat_messages using (true)'],
    [
      4,
      `drop index public.idx_chat_rooms_unique_group;
       insert into public.chat_rooms (type, title, created_by)
       select 'group', 'Twice', '00000000-0000-4000-8000-0000000000a1' from pg_catalog.generate_series(1, 2)`,
    ],
    [
      5,
      "create or replace function public.user_is_in_room(p_room_id uuid) returns boolean language sql as 'select true'",
    ],
  ])('fail at %i', async (number, breakage) => {
    expect((await ask(breakage)).filter(([, outcome]) => outcome !== 'pass')).toEqual([
      [passing[number - 1]?.[0], 'fail'],
    ]);
  });

  it('are not proven to a role that may read nothing', async () => {
    const found = await chat().withBroken('select', async (session) => {
      await session.query('reset session authorization; set role anon');
      return withOneSnapshot(session, () =>
        verifyChecks(session, chat().bundle.verify, { timeLimit: 10_000, showsAll: true }),
      );
    });
    expect(found.map(({ outcome }) => outcome).slice(3)).toEqual(['not proven', 'not proven']);
  });
});
