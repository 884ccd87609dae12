/** The chat bundle's rules about access, on small databases, with the fix as it is and broken on purpose. */
import { describe, expect, it } from '@jest/globals';
import type { AccessResult, Bundle, State, SubjectResult } from '../../src/model.js';
import { sayDifference } from '../../src/report/say-access.js';
import { rehearseState } from '../../src/stages/rehearse-state.js';
import { mutateEach } from '../mutants/mutant.js';
import { loadChatBundle } from '../support/chat-bundle.js';
import { limits } from '../support/limits.js';
import { usePlatformDatabases } from '../support/server.js';

/** What checks and scenarios would say is no matter here. */
const bundle: Bundle = { ...(await loadChatBundle()), checks: [], scenarios: [] };
const databases = usePlatformDatabases(bundle.platforms);

/** A group of Ann and Ben in which Cara waits and Dan is blocked, and of which Eve knows. Those in it read it. */
const chat = `
  create table public.chat_rooms (id uuid primary key, type text, title text, created_by uuid, created_at timestamptz);
  create table public.chat_room_members (room_id uuid, user_id uuid, role text, status text, created_at timestamptz,
      primary key (room_id, user_id));
  create table public.chat_messages (id uuid primary key default gen_random_uuid(), room_id uuid not null, sender uuid not null,
      content text not null, created_at timestamptz default now());
  insert into auth.users (id) select md5(name)::uuid from unnest(array['ann', 'ben', 'cara', 'dan', 'eve']) as name;
  insert into public.chat_rooms values (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid, now());
  insert into public.chat_room_members values
      (md5('club')::uuid, md5('ann')::uuid, 'admin', 'approved', now()),
      (md5('club')::uuid, md5('ben')::uuid, 'member', 'approved', now()),
      (md5('club')::uuid, md5('cara')::uuid, 'member', 'pending', now()),
      (md5('club')::uuid, md5('dan')::uuid, 'member', 'blocked', now());
  insert into public.chat_messages (room_id, sender, content) values (md5('club')::uuid, md5('ann')::uuid, 'hello');
  create function public.is_in(room uuid) returns boolean language sql stable security definer set search_path = '' as $$
      select exists (select from public.chat_room_members as m where m.room_id = room and m.user_id = auth.uid() and m.status = 'approved')
  $$;
  alter table public.chat_rooms enable row level security;
  alter table public.chat_room_members enable row level security;
  alter table public.chat_messages enable row level security;
  create policy own on public.chat_rooms for select to authenticated using (public.is_in(id));
  create policy make on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());
  create policy own on public.chat_room_members for select to authenticated using (user_id = auth.uid() or public.is_in(room_id));
  create policy own on public.chat_messages for select to authenticated using (sender = auth.uid() or public.is_in(room_id));
  create policy send on public.chat_messages for insert to authenticated with check (sender = auth.uid() and public.is_in(room_id));
`;

async function rehearse(
  sql: string,
  edit?: Edit,
  acknowledge: readonly string[] = [],
): Promise<SubjectResult> {
  const file = { path: 'state.sql', text: `${chat}${sql}` };
  const state: State = { ...(bundle.states[0] as State), name: '00_state', files: [file], quarantine: null };
  const [broken] = edit === undefined ? [{ bundle }] : mutateEach(bundle, [{ states: [], ...edit }]);
  const tried = broken?.bundle ?? bundle;
  const settings = tried.settings.map((setting) =>
    setting.name === 'acknowledge' ? { ...setting, value: acknowledge } : setting,
  );
  return rehearseState(databases(), { ...tried, settings }, state, {
    sections: tried.sections,
    ...limits,
    isStrict: false,
    isTrusted: true,
    progress: () => undefined,
  });
}

async function accessOf(...given: Parameters<typeof rehearse>): Promise<AccessResult> {
  const { access, apply } = await rehearse(...given);
  if (access.outcome === 'skipped') {
    throw new Error(apply.outcome === 'fail' ? apply.problem?.message : access.reason);
  }
  return access;
}

interface Edit {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

const complaintsOf = ({ outcome, differences, reasons }: AccessResult): string =>
  [outcome, ...reasons, ...differences.filter(({ isDeclared }) => !isDeclared).map(sayDifference)].join('\n');

const notes = `
  create table public.notes (id integer primary key, room_id uuid, body text);
  insert into public.notes values (1, md5('club')::uuid, 'bring cake');
  alter table public.notes enable row level security;
  create policy of_my_rooms on public.notes for select to authenticated using (
      exists (select from public.chat_room_members as m where m.room_id = notes.room_id and m.user_id = auth.uid() and m.status = 'approved'));
`;

/** Eve made a room that Ben and Dan use, and is not in it. */
const solo = `
  insert into public.chat_rooms values (md5('solo')::uuid, 'group', 'Solo', md5('eve')::uuid, now());
  insert into public.chat_room_members values
      (md5('solo')::uuid, md5('ben')::uuid, 'admin', 'approved', now()),
      (md5('solo')::uuid, md5('dan')::uuid, 'member', 'approved', now());
  drop policy own on public.chat_rooms;
  create policy own on public.chat_rooms for select to authenticated using (public.is_in(id) or created_by = auth.uid());
`;

/** Ann and Ben's conversation is among the memberships of groups, and everybody notes there what they have read. */
const pair = `
  alter table public.chat_room_members add column last_read_at timestamptz;
  insert into public.chat_rooms values (md5('pair')::uuid, 'dm', null, md5('ann')::uuid, now());
  insert into public.chat_room_members values
      (md5('pair')::uuid, md5('ann')::uuid, 'member', 'approved', now(), now()),
      (md5('pair')::uuid, md5('ben')::uuid, 'member', 'approved', now(), now());
  create policy note on public.chat_room_members for update to authenticated
      using (user_id = auth.uid() and status = 'approved') with check (user_id = auth.uid() and status = 'approved');
`;

/** Eve wrote and left, Dan was blocked afterwards. Ann reacted to what they wrote, and whoever reads messages of the group uploads. */
const left = `
  insert into public.chat_messages (room_id, sender, content) values
      (md5('club')::uuid, md5('eve')::uuid, 'I leave'), (md5('club')::uuid, md5('dan')::uuid, 'and I was thrown out');
  create table public.reactions (message_id uuid references public.chat_messages (id), user_id uuid, emoji text);
  insert into public.reactions select id, md5('ann')::uuid, '+' from public.chat_messages;
  alter table public.reactions enable row level security;
  create policy of_messages on public.reactions for select to authenticated using (
      exists (select from public.chat_messages as m where m.id = reactions.message_id));
  create table public.uploads (room_id uuid, name text);
  insert into public.uploads values (md5('club')::uuid, 'plan.pdf');
  alter table public.uploads enable row level security;
  create policy upload on public.uploads for insert to authenticated with check (
      room_id in (select m.room_id from public.chat_messages as m));
`;
const membersRead = `drop policy own on public.chat_messages;
  create policy own on public.chat_messages for select to authenticated using (public.is_in(room_id));`;

describe('access to a chat', () => {
  it('says nothing of roles that only stand for the owner of a project', async () => {
    const { unseen } = await accessOf('');
    expect(unseen.filter((one) => one.includes('supabase_owner'))).toEqual([]);
  });

  it.each([
    ['no policy showed them', membersRead],
    ['a policy showed them', ''],
  ])('is as before for who has left or is blocked, where %s what they wrote', async (_where, sql) => {
    const { access, rerun } = await rehearse(left + sql);
    expect(complaintsOf(access as AccessResult)).toBe('pass');
    const told = (access as AccessResult).differences.map(({ table }) => table);
    expect(told).not.toEqual(expect.arrayContaining([expect.stringMatching(/messages|reactions|uploads/)]));
    expect(rerun).toMatchObject({ outcome: 'pass' });
  });

  it('is as before with the fix as it is, also in tables of others that ask who is in a room', async () => {
    const access = await accessOf(notes);
    expect(complaintsOf(access)).toBe('pass');
    expect(access).toMatchObject({ gained: 0, lost: 0 });
    expect(access.differences.filter(({ table }) => table === 'public.notes')).toEqual([]);
  });

  it('is what was acknowledged: what old policies kept back, and what they gave', async () => {
    const sql = `
      drop policy send on public.chat_messages;
      create policy admins_send on public.chat_messages for insert to authenticated with check (
          sender = auth.uid() and exists (
              select from public.chat_room_members as m
              where m.room_id = chat_messages.room_id and m.user_id = auth.uid() and m.role = 'admin' and m.status = 'approved'));
      create policy edit on public.chat_messages for update to authenticated using (sender = auth.uid());
      insert into public.chat_messages (room_id, sender, content) values (md5('club')::uuid, md5('ben')::uuid, 'before');`;
    const access = await accessOf(sql, undefined, [
      'public.chat_messages.admins_send',
      'public.chat_messages.edit',
    ]);
    expect(complaintsOf(access)).toBe('pass');
    const told = access.differences.map(({ table, outcome, reason }) => [table, outcome, reason].join(', '));
    expect(told).toEqual(
      expect.arrayContaining([
        'public.chat_messages, gained, it was acknowledged that the policy which kept it may go',
        'public.chat_messages, lost, it was acknowledged that the policy which gave it may go',
      ]),
    );
  });

  it('is what was acknowledged: roles of the project’s own reach nothing', async () => {
    const sql = `grant select on public.chat_messages to pg_monitor; grant select (title), delete on public.chat_rooms to supabase_etl_admin;
      create policy staff on public.chat_messages for select to pg_monitor using (content <> '');
      create policy everybody on public.chat_rooms for delete using (false);
      create policy titled on public.chat_rooms for select using (title <> '');`;
    const names = ['chat_messages.staff', 'chat_rooms.supabase_etl_admin', 'chat_rooms.titled'];
    const { preservation } = await rehearse(
      sql,
      undefined,
      names.map((name) => `public.${name}`),
    );
    expect(preservation).toMatchObject({ outcome: 'pass' });
  });

  it('is what was acknowledged: a creator who has no membership, and what one notes in a conversation of two that moves', async () => {
    const access = await accessOf(`${solo}${pair}`, undefined, [
      'public.chat_rooms.own',
      'public.chat_room_members.last_read_at',
      'public.chat_room_members.note',
    ]);
    expect(complaintsOf(access)).toBe('pass');
    expect(access.differences.filter(({ outcome }) => outcome === 'lost')).toMatchObject([
      { table: 'public.chat_room_members', verb: 'change', people: 2, rows: 2 },
      { table: 'public.chat_rooms', verb: 'read', people: 1, rows: 1 },
    ]);
  });

  it.each<[string, string, string, string[]]>([
    [
      'a function that policies call by another',
      `create function public.is_member(room uuid, person uuid) returns boolean language sql stable security definer set search_path = '' as
           $$ select exists (select from public.room_members as m where m.room_id = room and m.user_id = person) $$;
       create function public.am_member(room uuid) returns boolean language sql stable security definer set search_path = '' as
           $$ select public.is_member(room, auth.uid()) $$;
       ${notes.replace(/exists \(.*'approved'\)/, 'public.am_member(room_id)')}`,
      'public.is_member(uuid,uuid),public.am_member(uuid)',
      ['public.notes', 'public.replies'],
    ],
    [
      'a policy of another table',
      notes.replace('chat_room_members', 'room_members').replace(" and m.status = 'approved'", ''),
      'public.notes.of_my_rooms',
      // For it, memberships stay.
      [],
    ],
  ])(
    'is what was acknowledged: what goes by memberships that move, by %s',
    async (_name, sql, names, tables) => {
      const moving = [
        `create table public.room_members (room_id uuid, user_id uuid, primary key (room_id, user_id));
       insert into public.chat_rooms values (md5('den')::uuid, 'group', 'Den', md5('ann')::uuid, now());
       insert into public.room_members values (md5('den')::uuid, md5('ann')::uuid);
       alter table public.room_members enable row level security;
       create policy own on public.room_members for select to authenticated using (user_id = auth.uid());`,
        sql.replace("md5('club')", "md5('den')"),
        `create table public.replies (note_id integer references public.notes, body text);
       insert into public.replies values (1, 'which?');
       alter table public.replies enable row level security;
       create policy of_notes on public.replies for select to authenticated using (note_id in (select id from public.notes));`,
      ];
      // Nobody makes a group here.
      const acknowledged = [...names.split(/,(?=public)/), 'public.room_members.group'];
      const access = await accessOf(moving.join(''), undefined, acknowledged);
      expect(complaintsOf(access)).toBe('pass');
      const lost = access.differences.filter(({ outcome }) => outcome === 'lost');
      expect(lost.map(({ table, people }) => `${table} ${people}`)).toEqual(
        tables.map((table) => `${table} 1`),
      );
      for (const { reason } of lost)
        expect(reason).toMatch(/^it was acknowledged that public\.\w+\(.*\), by which it goes/);
    },
  );

  it('is what one notes in a conversation of two that stays, because a view shows it', async () => {
    const roster = `create view public.roster with (security_invoker = true) as select distinct room_id, user_id from public.chat_room_members;
      grant select on public.roster to authenticated;`;
    const access = await accessOf(`${pair}${roster}`, undefined, ['public.roster']);
    expect(complaintsOf(access)).toBe('pass');
    expect(access.differences.filter(({ outcome }) => outcome === 'lost')).toEqual([]);
  });

  it.each<[string, string, Edit, string[]]>([
    [
      'whoever waits reads the group',
      '',
      {
        name: 'whoever waits or is blocked reads the group',
        from: "    and member.status = 'approved'\n",
        to: '',
      },
      ['2 people can now read 1 row of public.chat_messages', 'must not'],
    ],
    [
      'everybody reads every message',
      membersRead,
      {
        name: 'anybody reads every message',
        from: 'exists (select from chat_access.my_rooms as mine where mine.room_id = chat_messages.room_id)',
        to: 'true',
      },
      ['can now read 1 row of public.chat_messages', 'must not'],
    ],
    [
      'a member may not read what they read',
      membersRead,
      {
        name: 'anybody reads every message',
        from: 'exists (select from chat_access.my_rooms as mine where mine.room_id = chat_messages.room_id)',
        to: 'false',
      },
      ['2 people can no longer read 1 row of public.chat_messages', 'says that they can'],
    ],
    [
      'who has left reads what they wrote, and what hangs on it',
      left + membersRead,
      {
        name: 'who has left reads what they wrote, though no old policy let them',
        from: 'if schema_fix.senders_keep_their_messages() then',
        to: 'if true then',
      },
      [
        '2 people can now read 2 rows of public.chat_messages',
        '2 people can now read 2 rows of public.reactions',
      ],
    ],
    [
      'who has left no longer reads what they wrote',
      left,
      {
        name: 'who has left reads what they wrote, though no old policy let them',
        from: 'if schema_fix.senders_keep_their_messages() then',
        to: 'if false then',
      },
      ['2 people can no longer read 2 rows of public.chat_messages', 'says that they can'],
    ],
    [
      'whoever made a room reads it without being in it',
      "insert into public.chat_rooms values (md5('den')::uuid, 'group', 'Den', md5('eve')::uuid, now());" +
        "insert into public.chat_room_members values (md5('den')::uuid, md5('ann')::uuid, 'admin', 'approved', now());",
      {
        name: 'created_by shows the room to whoever stands there',
        from: 'or created_by = (select auth.uid()) and public.chat_room_is_unused(id)',
        to: 'or created_by = (select auth.uid())',
      },
      ['1 person can now read 1 row of public.chat_rooms', 'must not'],
    ],
    [
      'a member speaks in the name of another',
      '',
      {
        name: "messages are sent in another's name",
        from: 'with check (sender = (select auth.uid()) and public.user_is_in_room(room_id))',
        to: 'with check (public.user_is_in_room(room_id))',
      },
      ['1 person can now add a copy of 1 row of public.chat_messages', 'must not'],
    ],
    [
      'what others keep about a room is shut to its members',
      notes,
      {
        name: 'the second run updates rows that need nothing',
        from: '-- Counts the rows.',
        to: "do $$ begin if to_regclass('public.notes') is not null then alter policy of_my_rooms on public.notes using (user = ''); end if; end $$;\n-- Counts the rows.",
      },
      ['2 people can no longer read 1 row of public.notes', 'no rule of access/ says so'],
    ],
  ])('is not: %s', async (_name, sql, edit, words) => {
    const complaints = complaintsOf(await accessOf(sql, edit));
    for (const word of ['fail', ...words]) expect(complaints).toContain(word);
  });
});
