/** What two people do at once: one of them wins, and the other one gets what is there. */
import { type Interleaved, interleave, type Turn } from './interleave.js';
import { type Arena, type Race, readValue, withSessionOf } from './race.js';

const alice = '00000000-0000-4000-8000-0000000000a1';
const bob = '00000000-0000-4000-8000-0000000000b2';
const duplicate = '23505: duplicate: a group with this name already exists';

const calls = (sql: string): Turn['act'] => {
  return (session) => readValue(session, sql);
};
const ensure = (me: string, partner: string) =>
  calls(
    `select output_room_id from public.ensure_direct_conversation(me => '${me}', partner => '${partner}')`,
  );
const open = (partner: string) => calls(`select public.open_or_create_dm(partner => '${partner}')`);
const create = (name: string, creator = alice) =>
  calls(`select public.create_group_room(p_creator => '${creator}', p_name => '${name}')`);

type Player = readonly [who: string, act: Turn['act']];

/** On an empty database that the fix has been applied to. */
function race(
  name: string,
  [first, second]: readonly [Player, Player],
  rest: Pick<Race, 'expected'> & {
    readonly ending?: 'commit' | 'rollback';
    readonly prepare?: Player;
    readonly judge: (played: Interleaved, arena: Arena) => Promise<unknown>;
  },
): Race {
  const play = async (arena: Arena) => {
    if (rest.prepare !== undefined) await withSessionOf(arena, ...rest.prepare);
    const { observer } = arena;
    const played = await withSessionOf(arena, first[0], (one) =>
      withSessionOf(arena, second[0], (other) =>
        interleave(
          { session: one, act: first[1] },
          { session: other, act: second[1] },
          { observer, ending: rest.ending ?? 'commit' },
        ),
      ),
    );
    return rest.judge(played, arena);
  };
  return { name, ground: 'fixed', expected: rest.expected, play };
}

const count = ({ observer }: Arena, what: string) => readValue(observer, `select count(*) from ${what}`);

/** Both have the same room, which is the only one, with the two in it. */
async function judgeConversation({ hasWaited, first, second }: Interleaved, arena: Arena) {
  return {
    hasWaited,
    isSame: first === second,
    rooms: await count(arena, 'public.chat_rooms'),
    people: await count(arena, 'public.room_members'),
  };
}
const oneConversation = { hasWaited: true, isSame: true, rooms: '1', people: '2' };

async function judgeGroups({ hasWaited, first, second }: Interleaved, arena: Arena) {
  return {
    hasWaited,
    first: first?.includes(':') ? first : 'a room',
    second: second?.includes(':') ? second : 'a room',
    groups: await count(arena, 'public.chat_rooms'),
    admins: await count(arena, "public.chat_room_members where role = 'admin' and status = 'approved'"),
  };
}

const groupOfAlice = '(select id from public.chat_rooms)';
const askToJoin = calls(
  `insert into public.chat_room_members (room_id, user_id, role, status)
   values (pg_catalog.current_setting('race.room')::uuid, '${bob}', 'member', 'pending')
   on conflict (room_id, user_id) do update set role = excluded.role, status = excluded.status
   returning status`,
);
/** Who asks cannot see the room; its id came to him in a link. */
const knowingTheRoom =
  (act: Turn['act']): Turn['act'] =>
  async (session) => {
    await session.query('reset role');
    await session.query(`select pg_catalog.set_config('race.room', ${groupOfAlice}::text, true)`);
    await session.query('set local role authenticated');
    return act(session);
  };
const approve = calls(
  `update public.chat_room_members set status = 'approved' where user_id = '${bob}' returning status`,
);
const memberships = async ({ hasWaited, second }: Interleaved, { observer }: Arena) => ({
  hasWaited,
  second,
  bob: await readValue(
    observer,
    `select pg_catalog.string_agg(status, ', ') from public.chat_room_members where user_id = '${bob}'`,
  ),
});

const carol = '00000000-0000-4000-8000-0000000000c3';
/** Alice's group, of which bob is an admin and dave a member. */
const groupWithTwoAdmins: Player = [
  'alice',
  async (session) => {
    await readValue(
      session,
      `select public.create_group_room(
         p_creator => '${alice}', p_name => 'Lunch', p_member_ids => '{${bob},00000000-0000-4000-8000-0000000000d4}'
       )`,
    );
    return readValue(
      session,
      `update public.chat_room_members set role = 'admin' where user_id = '${bob}' returning role`,
    );
  },
];
const letCarolIn = calls(
  `insert into public.chat_room_members (room_id, user_id, role, status)
   values (${groupOfAlice}, '${carol}', 'member', 'approved') returning status`,
);
/** What the admin does in the moment in which alice ends his rights must not succeed: the policy asked before. */
function raceOfAnAdmin(
  title: string,
  [act, attempt]: readonly [Turn['act'], Turn['act']],
  { members, second }: { readonly members: string; readonly second: string },
): Race {
  return race(
    title,
    [
      ['alice', act],
      ['bob', attempt],
    ],
    {
      prepare: groupWithTwoAdmins,
      expected: { hasWaited: true, second, members },
      judge: async (played, { observer }) => ({
        hasWaited: played.hasWaited,
        second: played.second,
        members: await readValue(
          observer,
          `select pg_catalog.string_agg(
             pg_catalog.concat_ws(' ', pg_catalog.right(user_id::text, 2), role, status), ', ' order by user_id
           ) from public.chat_room_members`,
        ),
      }),
    },
  );
}
const noLongerAdmin = '42501: only an admin of the group does that';
const bobs = (change: string) =>
  calls(`update public.chat_room_members set ${change} where user_id = '${bob}' returning status`);

export const applicationRaces: readonly Race[] = [
  raceOfAnAdmin('an admin who is blocked lets a friend in', [bobs("status = 'blocked'"), letCarolIn], {
    second: noLongerAdmin,
    members: 'a1 admin approved, b2 admin blocked, d4 member approved',
  }),
  raceOfAnAdmin(
    'an admin who is blocked unblocks himself',
    [bobs("status = 'blocked'"), bobs("status = 'approved'")],
    { second: noLongerAdmin, members: 'a1 admin approved, b2 admin blocked, d4 member approved' },
  ),
  raceOfAnAdmin(
    'an admin who is demoted appoints himself',
    [bobs("role = 'member'"), bobs("role = 'admin'")],
    { second: noLongerAdmin, members: 'a1 admin approved, b2 member approved, d4 member approved' },
  ),
  raceOfAnAdmin(
    'an admin who is removed lets a friend in',
    [calls(`delete from public.chat_room_members where user_id = '${bob}' returning status`), letCarolIn],
    { second: noLongerAdmin, members: 'a1 admin approved, d4 member approved' },
  ),
  raceOfAnAdmin(
    'an admin who is removed writes their membership again',
    [
      calls(`delete from public.chat_room_members where user_id = '${bob}' returning status`),
      calls(
        `insert into public.chat_room_members (room_id, user_id, role, status)
         values (${groupOfAlice}, '${bob}', 'admin', 'approved') returning status`,
      ),
    ],
    { second: noLongerAdmin, members: 'a1 admin approved, d4 member approved' },
  ),
  raceOfAnAdmin(
    'an admin who is demoted removes a member',
    [
      bobs("role = 'member'"),
      calls(
        "delete from public.chat_room_members where role = 'member' and status = 'approved' returning status",
      ),
    ],
    {
      second: noLongerAdmin,
      members: 'a1 admin approved, b2 member approved, d4 member approved',
    },
  ),
  race(
    'both open their conversation',
    [
      ['alice', ensure(alice, bob)],
      ['bob', ensure(bob, alice)],
    ],
    {
      expected: oneConversation,
      judge: judgeConversation,
    },
  ),
  race(
    'one opens their conversation twice',
    [
      ['alice', open(bob)],
      ['alice', open(bob)],
    ],
    {
      expected: oneConversation,
      judge: judgeConversation,
    },
  ),
  race(
    'the older and the newer function open it',
    [
      ['bob', open(alice)],
      ['alice', ensure(alice, bob)],
    ],
    {
      expected: oneConversation,
      judge: judgeConversation,
    },
  ),
  race(
    'the one who opened it first gives up',
    [
      ['alice', ensure(alice, bob)],
      ['bob', ensure(bob, alice)],
    ],
    {
      expected: { ...oneConversation, isSame: false },
      ending: 'rollback',
      judge: judgeConversation,
    },
  ),
  race(
    'one creates a group twice',
    [
      ['alice', create('Lunch')],
      ['alice', create(' LUNCH ')],
    ],
    {
      expected: { hasWaited: true, first: 'a room', second: duplicate, groups: '1', admins: '1' },
      judge: judgeGroups,
    },
  ),
  race(
    'two create groups of one name',
    [
      ['alice', create('Lunch')],
      ['bob', create('Lunch', bob)],
    ],
    {
      expected: { hasWaited: false, first: 'a room', second: 'a room', groups: '2', admins: '2' },
      judge: judgeGroups,
    },
  ),
  race(
    'a group is created beside the function',
    [
      [
        'alice',
        calls(
          `insert into public.chat_rooms (type, title, created_by) values ('group', 'Lunch', '${alice}') returning id`,
        ),
      ],
      ['alice', create('lunch')],
    ],
    {
      expected: { hasWaited: true, first: 'a room', second: duplicate, groups: '1', admins: '0' },
      judge: judgeGroups,
    },
  ),
  // With a snapshot of before bob was added, alice would leave the note that lets her in for ever.
  race(
    'the creator of a group enters it, and does not see that somebody was added',
    [
      [
        'alice',
        calls(
          `insert into public.chat_room_members (room_id, user_id, role, status)
           values (${groupOfAlice}, '${bob}', 'admin', 'approved') returning status`,
        ),
      ],
      [
        'alice',
        async (session) => {
          await session.query('set transaction isolation level repeatable read');
          return readValue(
            session,
            `insert into public.chat_room_members (room_id, user_id, role, status)
             values (${groupOfAlice}, '${alice}', 'admin', 'approved') returning status`,
          );
        },
      ],
    ],
    {
      prepare: [
        'alice',
        calls(
          `insert into public.chat_rooms (type, title, created_by) values ('group', 'Lunch', '${alice}') returning id`,
        ),
      ],
      expected: {
        first: 'approved',
        second: '40001: could not serialize access due to concurrent update',
        members: '1',
      },
      judge: async ({ first, second }, arena) => ({
        first,
        second,
        members: await count(arena, 'public.chat_room_members'),
      }),
    },
  ),
  race(
    'one asks twice to join',
    [
      ['bob', knowingTheRoom(askToJoin)],
      ['bob', knowingTheRoom(askToJoin)],
    ],
    {
      expected: { hasWaited: true, second: 'pending', bob: 'pending' },
      prepare: ['alice', create('Lunch')],
      judge: memberships,
    },
  ),
  // Asking again must not undo what the admin has just decided.
  race(
    'one asks again while he is let in',
    [
      ['alice', approve],
      ['bob', knowingTheRoom(askToJoin)],
    ],
    {
      expected: {
        hasWaited: true,
        second:
          '42501: new row violates row-level security policy (USING expression) for table "chat_room_members"',
        bob: 'approved',
      },
      prepare: [
        'bob',
        async (session) => {
          await session.query('reset role');
          await session.query(
            `insert into public.chat_rooms (type, title, created_by) values ('group', 'Lunch', '${alice}')`,
          );
          await session.query(
            `insert into public.chat_room_members (room_id, user_id, role, status)
             select room.id, person.user_id, person.role, person.status
             from public.chat_rooms as room
             cross join (values
               ('${alice}'::uuid, 'admin', 'approved'), ('${bob}', 'member', 'pending')
             ) as person (user_id, role, status)`,
          );
          return null;
        },
      ],
      judge: memberships,
    },
  ),
];
