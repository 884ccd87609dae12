import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { splitStatements } from '../../src/bundle/split-statements.js';
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

/** What the prelude has read of functions once, before these were made. */
const readAgain = bundle.prelude
  .flatMap(({ text }) => splitStatements(text))
  .flatMap(({ text }) => {
    const [, table, query] =
      /^create table schema_fix\.(known_columns|calls|functions_called|functions_in_use|writes_of_functions|writes_as_caller|old_rules) as\s(.*)$/s.exec(
        text,
      ) ?? [];
    return table === undefined
      ? []
      : [`delete from schema_fix.${table}; insert into schema_fix.${table} ${query}`];
  })
  .join(';\n');

/** The views of the prelude that say what has to be decided. */
const views = {
  policies: ['policies', 'policies_read_through'],
  moves: ['moves', 'rules_left', 'people'],
  functions: [
    'replaced_functions',
    'words',
    'words_unknown',
    'types',
    'constraints',
    'required_values',
    'messages_without_words',
    'moves',
    'waiting',
    'columns_withdrawn',
    'shapes',
    'writes',
    'columns_nobody_fills',
  ],
  given: ['rights'],
  rights: [
    'callers_rights',
    'invitations',
    'words_held',
    'titled_rooms',
    'rooms_of_two',
    'who_left',
    'who_is_logged_in',
  ],
};

/** As the fix does before it asks what is to be decided. */
const noteTablesLeft = `delete from schema_fix.tables_left;
  insert into schema_fix.tables_left select table_id, table_name, how from schema_fix.tables_to_leave`;

const isAdvice = (problem: string) => problem.startsWith('to keep ');

/**
 * What the fix would not do without being told to, of policies, or of functions, that the SQL makes; or what it says to do then, which it
 * says once of each policy.
 */
async function decisionsOn(
  sql: string,
  about: keyof typeof views = 'policies',
  isToAdvise = false,
): Promise<string[]> {
  return withSavepointRollback(session, async () => {
    // Who is in a direct conversation says so in both tables, so that a policy may ask either.
    if (about === 'policies') {
      await session.query(
        'insert into public.chat_room_members (room_id, user_id) table public.room_members',
      );
    }
    await session.query(sql);
    await session.query(readAgain);
    await session.query(noteTablesLeft);
    await session.query('select schema_fix.try_old_rules()');
    const queries = views[about].map((name) => `select problem from schema_fix.decisions_about_${name}`);
    const { rows } = await session.query(`${queries.join(' union all ')} order by problem`);
    return rows.map(({ problem }) => String(problem)).filter((problem) => isAdvice(problem) === isToAdvise);
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
      'groups, by the table of their members alone, as if there were nothing else',
      `delete from public.chat_room_members where room_id = md5('dm')::uuid; ${select(member())}`,
    ],
    [
      'a helper that gives a list',
      helper('my_ids()', 'uuid[]', `select coalesce(array_agg(room_id), '{}') from (${mine}) as m`) +
        select('room_id = any (public.my_ids())'),
    ],
    [
      'a helper that gives a list, one by one',
      helper('my_ids()', 'uuid[]', `select array(${mine})`) +
        select('room_id in (select unnest(public.my_ids()))'),
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
    ['groups in one’s own name', insert("created_by = auth.uid() and type = 'group'", 'chat_rooms')],
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
      'only admins send, by a function whose argument is who asks by default',
      helper(
        'is_admin(room uuid, person uuid default auth.uid())',
        'boolean',
        "select exists (select from public.chat_room_members x where x.room_id = room and x.user_id = person and x.role = 'admin')",
      ) + insert('sender = auth.uid() and public.is_admin(room_id)'),
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
      'those of a group who have a word for it, and everybody in a conversation, where the rows know a third word',
      `insert into public.chat_room_members (room_id, user_id, role) values (md5('club')::uuid, md5('vera')::uuid, 'viewer');
        delete from public.chat_room_members where room_id = md5('dm')::uuid;
        ${insert(`sender = auth.uid() and (${member(" and x.role in ('member', 'admin')")}
          or exists (select from public.room_members y where y.room_id = chat_messages.room_id and y.user_id = auth.uid()))`)}`,
      "for insert, keeps out whom the fix lets in: an approved member with the role 'viewer' (type 'group')",
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
      'who invited somebody removes them',
      remove(
        "user_id = auth.uid() or invited_by = auth.uid() or exists (select from public.chat_room_members x where x.room_id = chat_room_members.room_id and x.user_id = auth.uid() and x.role = 'admin')",
        'chat_room_members',
      ),
      "for delete, lets in whom the fix does not: an approved member (type 'group'), about the membership of another",
    ],
    [
      'members read what an admin wrote, and everybody their own',
      select(
        `sender = auth.uid() or ${member()} and exists (select from public.chat_room_members s where s.room_id = chat_messages.room_id and s.user_id = chat_messages.sender and s.role = 'admin')`,
      ),
      "an approved member (type 'group'), about a message of another, who is no admin",
    ],
    [
      'members read what nobody wrote who is blocked',
      select(
        `${member(" and x.status = 'approved'")} and not exists (select from public.chat_room_members s where s.room_id = chat_messages.room_id and s.user_id = chat_messages.sender and s.status = 'blocked')`,
      ),
      "about a message of somebody whose status is 'blocked'",
    ],
    [
      'members read what those wrote who are still there',
      select(
        `${member()} and exists (select from public.chat_room_members s where s.room_id = chat_messages.room_id and s.user_id = chat_messages.sender)`,
      ),
      'about a message of somebody who is not in the room',
    ],
    [
      'members send where the room has a creator',
      insert(
        `sender = auth.uid() and ${member()} and exists (select from public.chat_rooms r where r.id = chat_messages.room_id and r.created_by is not null)`,
      ),
      'in a room without a creator',
    ],
    [
      'members read where the creator is not blocked',
      select(
        `${member(" and x.status = 'approved'")} and not exists (select from public.chat_rooms r join public.chat_room_members b on b.room_id = r.id and b.user_id = r.created_by
          where r.id = chat_messages.room_id and b.status = 'blocked')`,
      ),
      'in a room whose creator is blocked',
    ],
    [
      'members read no message without a sender',
      select(`${member()} and sender is not null`),
      'about a message without a sender',
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

/** What the functions that the SQL makes ask, and the fix's do not. */
async function askedBesides(sql: string): Promise<string[]> {
  return withSavepointRollback(session, async () => {
    await session.query(sql);
    const { rows } = await session.query(
      `select asked from pg_proc, schema_fix.functions as ours, schema_fix.asked_besides(proname, lower(prosrc)) as besides (asked)
      where proname = ours.function_name and pronamespace = 'public'::regnamespace`,
    );
    return rows.map(({ asked }) => String(asked));
  });
}

describe('a restrictive policy of another table', () => {
  const tenant = `alter table public.chat_rooms add org_id integer;
    create policy tenant on public.chat_rooms as restrictive for all to authenticated using (org_id = 1);`;
  const room = 'exists (select 1 from public.chat_rooms r where r.id = chat_messages.room_id)';
  const bounds = 'reads public.chat_rooms, which the restrictive policy tenant narrows';

  it.each<[string, string]>([
    ['reading', `${tenant} ${select(`${member()} and ${room}`)}`],
    ['sending', `${tenant} ${insert(`sender = auth.uid() and ${member()} and ${room}`)}`],
    [
      'by a function with the rights of who calls it',
      `${tenant} ${helper('seen(room uuid)', 'boolean', 'select exists (select from public.chat_rooms as r where r.id = room)').replace('security definer', '')}
       ${select(`${member()} and public.seen(room_id)`)}`,
    ],
  ])('bounds what an old policy lets in, and is a decision: %s', async (_, sql) => {
    expect(await decisionsOn(sql)).toContainEqual(expect.stringContaining(bounds));
  });

  it.each<[string, string]>([
    [
      'the policy reads it with its owner’s rights',
      `${tenant} ${helper('seen(room uuid)', 'boolean', 'select exists (select from public.chat_rooms as r where r.id = room)')}
       ${select(`${member()} and public.seen(room_id)`)}`,
    ],
    ['the policy does not read it', `${tenant} ${select(member())}`],
  ])('bounds nothing, and is none: %s', async (_, sql) => {
    expect(await decisionsOn(sql)).not.toContainEqual(
      expect.stringContaining('which the restrictive policy'),
    );
  });

  it('is a decision where rows move out of its table', async () => {
    const sql = `create table public.rooms (id uuid primary key, kind text, slug text);
      alter table public.rooms enable row level security;
      create policy tenant on public.rooms as restrictive for select using (slug like 'ours%');`;
    expect(await decisionsOn(sql, 'moves')).toEqual([
      expect.stringContaining(
        'the restrictive policy tenant is on public.rooms, from which the rooms move to chat_rooms',
      ),
    ]);
  });
});

describe('a function that reads memberships that move', () => {
  const moving =
    "insert into public.chat_room_members (room_id, user_id) values (md5('dm')::uuid, md5('ann')::uuid);";
  const among = (table: string) =>
    `exists (select from public.${table} as m where m.room_id = room and m.user_id = auth.uid())`;
  const reader = (condition: string) =>
    `${moving} ${helper('among(room uuid)', 'boolean', `select ${condition}`)}`;

  it.each<[string, string]>([
    ['one of the two tables', among('chat_room_members')],
    [
      'who is in one and not in the other',
      `${among('chat_room_members')} and not ${among('room_members')} or false`,
    ],
    [
      'how many are in both',
      '(select count(*) from (select user_id from public.chat_room_members union all select user_id from public.room_members) as m) > 2',
    ],
  ])('is a decision that says what to do: %s', async (_, condition) => {
    expect(await decisionsOn(reader(condition), 'moves')).toEqual([
      'the function public.among(uuid) uses public.chat_room_members, from which memberships move to another table: ' +
        'let it read both tables of members; or acknowledge it, and rewrite it when the fix is there',
    ]);
  });

  it.each<[string, string]>([
    ['either', `${among('chat_room_members')} or ${among('room_members')}`],
    [
      'the rooms of both',
      `room in (select room_id from public.room_members where user_id = auth.uid()
         union select room_id from public.chat_room_members where user_id = auth.uid() and status = 'approved')`,
    ],
  ])('is none where it reads both tables: %s', async (_, condition) => {
    expect(await decisionsOn(reader(condition), 'moves')).toEqual([]);
  });
});

describe('a column that comes along', () => {
  const olderRooms = (columns: string) => `create table public.matches (id uuid primary key);
    create table public.rooms (id uuid primary key, kind text check (kind <> ''), slug text unique, created_by uuid not null, ${columns});`;

  it.each<[string, string, string]>([
    [
      'a key to another table',
      olderRooms('match_id uuid references public.matches on delete cascade'),
      'public.rooms.match_id moves to public.chat_rooms without its constraint: FOREIGN KEY (match_id) REFERENCES',
    ],
    [
      'a unique rule, and that it is never empty',
      olderRooms('code text not null unique'),
      'public.rooms.code moves to public.chat_rooms without its constraint: UNIQUE (code), not null',
    ],
    [
      'a unique index of an expression',
      `${olderRooms('code text')} create unique index on public.rooms (lower(code)) where code <> '';`,
      'public.rooms.code moves to public.chat_rooms without its constraint: UNIQUE (lower(code))',
    ],
    [
      'a check of what memberships carry',
      `alter table public.chat_room_members add nickname text constraint short check (length(nickname) < 20);
       insert into public.chat_room_members (room_id, user_id, nickname) values (md5('dm')::uuid, md5('ann')::uuid, 'Annie');`,
      'public.chat_room_members.nickname moves to public.room_members without its constraint: CHECK ((length(nickname) < 20))',
    ],
  ])('is a decision where a rule stays behind: %s', async (_, sql, problem) => {
    expect(await decisionsOn(sql, 'moves')).toEqual([expect.stringContaining(problem)]);
  });

  it('is a decision where it names a person for whom a policy of the older rooms asks', async () => {
    const sql = `${olderRooms('host_id uuid')}
      create policy remove on public.rooms for delete using (auth.uid() = host_id);
      create policy made on public.rooms for update using (auth.uid() = created_by);`;
    expect(await decisionsOn(sql, 'moves')).toEqual([
      expect.stringContaining(
        'public.rooms.host_id names a person whom policy remove on it, for delete, asks for',
      ),
    ]);
  });

  it.each<[string, string]>([
    [
      'rules of known columns, and a default',
      olderRooms('picture text, archived boolean not null default false'),
    ],
    [
      'a rule that is there already',
      `${olderRooms('code text unique')} alter table public.chat_rooms add code text unique;`,
    ],
    ['memberships that stay', 'alter table public.chat_room_members add nickname text unique;'],
  ])('is none: %s', async (_, sql) => {
    expect(await decisionsOn(sql, 'moves')).toEqual([]);
  });
});

describe('what to do about an old policy', () => {
  it('is told once for each, as it asks more or lets in more than the fix', async () => {
    const asksMore = select(member(" and x.role = 'admin'"));
    expect(await decisionsOn(asksMore, 'policies', true)).toEqual([
      'to keep what policy p asks, move it into a restrictive policy, which stays; or acknowledge it, if nobody needs it',
    ]);
    const letsMore = `create policy p on public.chat_messages for delete to authenticated using (sender = auth.uid())`;
    expect(await decisionsOn(letsMore, 'policies', true)).toEqual([
      'to keep whom policy p lets in, let a security definer function do it for them; or acknowledge it, if they may lose that',
    ]);
  });
});

describe('an old policy for a role of the project’s', () => {
  it('is one for signed-in users where they have the privileges of that role', async () => {
    const onlyAdmins = select(member(" and x.role = 'admin'"));
    const ofSigned = `create role signed_in nologin; ${onlyAdmins.replace('to authenticated', 'to signed_in')}`;
    const asked = await decisionsOn(onlyAdmins);
    expect(asked).not.toEqual([]);
    expect(await decisionsOn(`${ofSigned} grant signed_in to authenticated;`)).toEqual(asked);
    expect(await decisionsOn(ofSigned)).not.toEqual(asked);
  });
});

describe('a function under a name of the fix’s', () => {
  const makesGroups = (body: string) =>
    `create function public.create_group_room(p_creator uuid, p_name text, p_member_ids uuid[]) returns uuid
        language plpgsql security definer set search_path = public as $$
        declare made uuid;
        begin
            if p_creator is distinct from auth.uid() then raise exception 'not yours'; end if;
            if coalesce(array_length(p_member_ids, 1), 0) > 0 and trim(p_name) = '' then raise exception 'name it'; end if;
            ${body}
            perform pg_advisory_xact_lock(hashtext(p_creator::text));
            if exists (select 1 from chat_rooms where created_by = p_creator and lower(title) = lower(p_name)) then
                raise exception 'duplicate';
            end if;
            insert into chat_rooms (id, type, title, created_by) values (gen_random_uuid(), 'group', p_name, p_creator) returning id into made;
            insert into chat_room_members (room_id, user_id, role, status)
                select made, m, 'admin', 'approved' from unnest(p_member_ids) as m on conflict (room_id, user_id) do nothing;
            return made;
        end $$;`;
  const opens = (body: string) =>
    `create function public.open_or_create_dm(partner uuid) returns uuid language plpgsql security definer set search_path = public as $$
        declare found_room uuid; me uuid := auth.uid();
        begin
            if me is null or me = partner then raise exception 'nobody'; end if;
            ${body}
            select r.id into found_room from chat_rooms r
                join room_members a on a.room_id = r.id and a.user_id = me join room_members b on b.room_id = r.id and b.user_id = partner
                where r.type = 'dm' order by r.created_at limit 1;
            if found_room is null then
                insert into chat_rooms (type, created_by) values ('dm', me) returning id into found_room;
                insert into room_members (room_id, user_id) values (found_room, me), (found_room, partner);
            end if;
            return found_room;
        end $$;`;
  const files =
    'create table public.files (room_id uuid, name text); alter table public.files enable row level security;';
  const asks = (condition: string) =>
    `${files} create policy of_the_room on public.files for select to authenticated using (${condition});`;

  it.each<[string, string]>([
    ['makes a group', makesGroups('')],
    ['opens a conversation', opens('')],
    [
      'tells another table who is in a group',
      helper(
        'user_is_group_member(room uuid)',
        'boolean',
        `select exists (${mine} and room_id = room and status = 'approved')`,
      ) + asks('public.user_is_group_member(room_id)'),
    ],
    [
      'does not tell who waits from who is in',
      helper(
        'user_is_in_room(room uuid)',
        'boolean',
        `select exists (${mine} and room_id = room)
        or exists (select from public.room_members where user_id = auth.uid() and room_id = room)`,
      ) + asks('public.user_is_in_room(room_id)'),
    ],
    [
      'is asked by the policies of the chat alone',
      helper(
        'user_is_group_member(room uuid)',
        'boolean',
        `select exists (${mine} and room_id = room and role = 'admin')`,
      ) + select('public.user_is_group_member(room_id)'),
    ],
  ])('is replaced where it %s', async (_, sql) => {
    expect(await decisionsOn(sql, 'functions')).toEqual([]);
  });

  it.each<[string, string, string]>([
    [
      'who is an admin somewhere',
      makesGroups(
        "if not exists (select from chat_room_members where user_id = p_creator and role = 'admin') then return null; end if;",
      ),
      'who is in public.chat_room_members',
    ],
    [
      'how many groups one has made',
      makesGroups(
        'if (select count(*) from chat_rooms where created_by = p_creator) >= 5 then return null; end if;',
      ),
      'what count says',
    ],
    [
      'when one made the last',
      makesGroups(
        "if exists (select from chat_rooms where created_at > now() - interval '1 hour') then return null; end if;",
      ),
      'how much time has passed',
    ],
    [
      'what the token claims',
      makesGroups("if coalesce(auth.jwt() ->> 'plan', '') <> 'pro' then return null; end if;"),
      'what auth.jwt says',
    ],
    [
      'what a setting says',
      makesGroups("if current_setting('request.jwt.claims', true) is null then return null; end if;"),
      'what current_setting says',
    ],
    [
      'for a long name',
      makesGroups("if length(p_name) < 3 then raise exception 'too short'; end if;"),
      'whether something is < 3',
    ],
    [
      'whether the two share a group',
      opens(`if not exists (select from chat_room_members x join chat_rooms r on r.id = x.room_id and r.type = 'group'
          where x.user_id = partner) then raise exception 'who are you?'; end if;`),
      "whether something is 'group'",
    ],
    [
      'whether the other was blocked somewhere',
      opens(
        "if exists (select from chat_room_members where user_id = me and status = 'blocked') then return null; end if;",
      ),
      "whether something is 'blocked'",
    ],
    [
      'who wrote before',
      opens('if not exists (select from chat_messages where sender = partner) then return null; end if;'),
      'what public.chat_messages says',
    ],
  ])('would lose what it asks: %s', async (_, sql, asked) => {
    expect(await askedBesides(sql)).toContain(asked);
  });

  it.each<[string, string, string]>([
    [
      'for a caller who may not call it',
      `${opens('')} revoke execute on function public.open_or_create_dm(uuid) from public, anon, authenticated;`,
      'may be called by nobody who is signed in',
    ],
    [
      'another table’s question for admins',
      helper(
        'user_is_group_member(room uuid)',
        'boolean',
        `select exists (${mine} and room_id = room and role = 'admin')`,
      ) + asks('public.user_is_group_member(room_id)'),
      "says no to an approved member (type 'group'), and with the fix it says yes",
    ],
    [
      'another table’s question whoever waits',
      helper(
        'user_is_in_room(room uuid)',
        'boolean',
        `select exists (${mine} and room_id = room and status in ('approved', 'pending'))`,
      ) + asks('public.user_is_in_room(room_id)'),
      'and with the fix it says',
    ],
    [
      'a function’s question in a way that nobody understands',
      helper(
        'user_is_in_room(room uuid)',
        'boolean',
        'declare yes boolean; begin select true into yes; return yes; end',
        'plpgsql',
      ) + helper('files_of(room uuid)', 'boolean', 'select public.user_is_in_room(room)'),
      'asks what the fix does not understand',
    ],
  ])('is a decision where it asks %s', async (_, sql, problem) => {
    const problems = await decisionsOn(sql, 'functions');
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

describe('what knows the chat as it was', () => {
  const moved = 'insert into public.chat_room_members (room_id, user_id) table public.room_members;';
  const olderRooms =
    'create table public.rooms (id uuid primary key, kind text, slug text, created_at timestamptz);';
  const does = (body: string, more = '') =>
    `create function public.does(room uuid) returns void language plpgsql ${more} as $$ begin ${body} end $$;`;

  it.each<[string, string, string]>([
    [
      'a key to memberships that move',
      `${moved} create table public.receipts (room_id uuid, user_id uuid,
        constraint of_member foreign key (room_id, user_id) references public.chat_room_members);
        alter table public.receipts enable row level security;`,
      'the key of_member of public.receipts leads to public.chat_room_members',
    ],
    [
      'a key to the older rooms, where no new ones are',
      `${olderRooms} create table public.files (room_id uuid constraint of_room references public.rooms (id));`,
      'the key of_room of public.files leads to public.rooms, from which the rooms move to chat_rooms',
    ],
    [
      'who listens to the older rooms',
      `${olderRooms} alter publication supabase_realtime add table public.rooms;`,
      'the publication supabase_realtime has public.rooms',
    ],
    [
      'a view of the older rooms',
      `${olderRooms} create view public.newest as select id, slug from public.rooms order by created_at desc limit 9;`,
      'the view public.newest reads public.rooms',
    ],
    [
      'a rule on memberships that move',
      `${moved} create table public.joined (person uuid);
        create rule note as on insert to public.chat_room_members where new.status = 'approved'
          do also insert into public.joined values (new.user_id);`,
      'the rule note acts on public.chat_room_members',
    ],
    [
      'a word that no row holds and the fix replaces',
      does(
        "update public.chat_room_members set status = 'left' where room_id = room and user_id = auth.uid();",
      ),
      "knows the word 'left'",
    ],
    [
      'a word that nobody knows and no row holds',
      does(
        "update public.chat_room_members set status = 'snoozed' where room_id = room and user_id = auth.uid();",
      ),
      "knows the word 'snoozed'",
    ],
    [
      'a list of words, handed on to another function',
      helper(
        'has_role(room uuid, roles text[])',
        'boolean',
        `select exists (${mine} and room_id = room and status = 'approved' and role = any (roles))`,
      ) +
        "insert into public.chat_room_members (room_id, user_id, role) values (md5('club')::uuid, md5('olga')::uuid, 'owner');" +
        does("if not public.has_role(room, '{owner,admin}') then raise 'no'; end if;"),
      "public.does(uuid) knows the word 'owner'",
    ],
    [
      'a policy that lets people write a word which the fix replaces',
      `create policy leaves on public.chat_room_members for update to authenticated
        using (user_id = auth.uid()) with check (user_id = auth.uid() and status = 'left');`,
      "the policy leaves on public.chat_room_members lets people write the word 'left'",
    ],
    [
      'a time that the caller of a function chooses',
      does(
        "insert into public.chat_messages (room_id, sender, content, created_at) values (room, auth.uid(), 'x', now());",
      ),
      'inserts created_at into public.chat_messages with the rights of whoever calls it',
    ],
    [
      'rows without a list of columns',
      does("insert into public.chat_messages values (gen_random_uuid(), room, auth.uid(), 'x');"),
      'inserts every column into public.chat_messages',
    ],
    [
      'whole rows that go into another table',
      `create table public.archive (like public.chat_messages);
        ${does('insert into public.archive select m.* from public.chat_messages as m where m.room_id = room;')}`,
      'hands on whole rows of public.chat_messages, which gets further columns (updated_at)',
    ],
    [
      'whole rows as a list of columns',
      `create function public.lines(room uuid) returns table (id uuid, room_id uuid, sender uuid, content text, created_at timestamptz)
        language sql as $$ select * from public.chat_messages as m where m.room_id = room $$;`,
      'hands on whole rows of public.chat_messages',
    ],
    [
      'the name of a constraint',
      `${does(
        'insert into public.chat_room_members (room_id, user_id) values (room, auth.uid()) on conflict on constraint once do nothing;',
        'security definer',
      )}alter table public.chat_room_members add constraint once unique (user_id, room_id);`,
      'names the constraint once of public.chat_room_members',
    ],
    [
      'a room that is deleted with the messages which a key kept in it',
      does(
        'delete from public.chat_rooms where id = room; exception when foreign_key_violation then null;',
        'security definer',
      ),
      'deletes from public.chat_rooms, where the key',
    ],
    [
      'who has left by a time',
      does(
        'update public.chat_room_members as m set left_at = now() where m.room_id = room;',
        'security definer',
      ),
      'writes public.chat_room_members.left_at, which is read only once, by the fix',
    ],
    [
      'a word that is handed on, where rows hold others',
      `update public.chat_room_members set role = 'owner' where user_id = md5('ann')::uuid;
       create function public.appoint(person uuid, as_what text) returns void language sql security definer
         as $$ update public.chat_room_members set role = as_what where user_id = person $$;`,
      'writes its argument into public.chat_room_members.role',
    ],
    [
      'a table that is emptied',
      does('truncate public.chat_messages;', 'security definer'),
      'does not understand: truncate public.chat_messages',
    ],
    [
      'a restrictive policy for a workspace',
      `alter table public.chat_rooms add org_id integer;
       create policy org on public.chat_rooms as restrictive for all using (org_id = current_setting('app.org')::integer);`,
      'the restrictive policy org on public.chat_rooms asks for public.chat_rooms.org_id, which no new row has',
    ],
    [
      'a restrictive policy for a workspace, by a function',
      `alter table public.chat_rooms add org_id integer;
       ${helper('in_org(room uuid)', 'boolean', "select exists (select from public.chat_rooms as r where r.id = room and r.org_id = current_setting('app.org')::integer)")}
       create policy org on public.chat_messages as restrictive for select using (public.in_org(room_id));`,
      'the restrictive policy org on public.chat_messages asks for public.chat_rooms.org_id',
    ],
    [
      'a check for a workspace',
      'alter table public.chat_rooms add org_id integer, add constraint of_an_org check (org_id is not null) not valid;',
      'the check of_an_org on public.chat_rooms wants org_id',
    ],
    [
      'a unique key by which a function finds a conversation',
      `alter table public.chat_rooms add dm_key text unique;
       ${does(
         "insert into public.chat_rooms (id, type, dm_key) values (room, 'dm', room::text) on conflict (dm_key) do nothing;",
         'security definer',
       )}`,
      'looks for conversations by public.chat_rooms.dm_key',
    ],
    [
      'a trigger for a workspace',
      `alter table public.chat_rooms add org_id integer;
       create function public.wants_org() returns trigger language plpgsql as $$ begin if new.org_id is null then raise exception 'no org'; end if; return new; end $$;
       create trigger wants_org before insert on public.chat_rooms for each row execute function public.wants_org();`,
      'the trigger wants_org on public.chat_rooms refuses rows without org_id',
    ],
    [
      'a name that will mean two things',
      `create table public.uploads (message_id uuid, updated_at timestamptz);
        create function public.recent() returns setof timestamptz language sql
          as $$ select updated_at from public.uploads as u join public.chat_messages as m on m.id = u.message_id $$;`,
      'says updated_at, which is no column of public.chat_messages today',
    ],
  ])('is a decision: %s', async (_, sql, problem) => {
    const problems = await decisionsOn(sql, 'functions');
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  it.each<[string, string]>([
    [
      'a function that names its columns, and leaves ids and times to the table',
      does(
        "insert into public.chat_messages (room_id, sender, content) values (room, auth.uid(), 'public');",
      ),
    ],
    [
      'a count, and a copy of named columns',
      `create table public.archive (id uuid, content text);
        ${does('insert into public.archive (id, content) select m.id, m.content from public.chat_messages as m; perform count(*) from public.archive;')}`,
    ],
    [
      'a restrictive policy for what is not filled, and for a column that a trigger fills',
      `alter table public.chat_rooms add org_id integer, add hidden_at timestamptz;
       create function public.stamp() returns trigger language plpgsql as $$ begin new.org_id := 1; return new; end $$;
       create trigger stamp before insert on public.chat_rooms for each row execute function public.stamp();
       create policy org on public.chat_rooms as restrictive for all using (org_id = 1);
       create policy hidden on public.chat_rooms as restrictive for select using (hidden_at is null);`,
    ],
    [
      'what plain applications do',
      `alter table public.chat_rooms add last_message_at timestamptz; alter table public.chat_room_members add unread integer default 0, add last_read_at timestamptz;
       create function public.note_it() returns trigger language plpgsql security definer as $$ begin
           update public.chat_rooms set last_message_at = new.created_at where id = new.room_id;
           update public.chat_room_members set unread = unread + 1 where room_id = new.room_id and user_id <> new.sender and status = 'approved';
           return null;
         end $$;
       create trigger note_it after insert on public.chat_messages for each row execute function public.note_it();
       ${does(
         `update public.chat_room_members set last_read_at = now(), unread = 0 where room_id = room and user_id = auth.uid();
          insert into public.chat_messages (room_id, sender, content) values (room, auth.uid(), 'seen');
          insert into public.chat_room_members (room_id, user_id, status) values (room, auth.uid(), 'pending') on conflict do nothing;
          update public.chat_room_members set status = 'approved', role = 'member' where room_id = room;
          delete from public.chat_room_members where room_id = room and user_id = auth.uid();
          delete from public.chat_messages where room_id = room; delete from public.room_members where room_id = room;
          delete from public.chat_room_members where room_id = room; delete from public.chat_rooms where id = room;`,
         'security definer',
       )}`,
    ],
    [
      'a name that will be a column’s too, and is said where the table is not read, or as a type or an argument',
      `create table public.uploads (message_id uuid, updated_at timestamptz);
       create function public.stamped(updated_at timestamptz) returns timestamptz language sql as $$ select now() $$;
       ${does(
         `declare kept public.uploads.updated_at%type; begin
            select updated_at into kept from public.uploads limit 1;
            perform public.stamped(updated_at => now()) from public.chat_messages as m where m.room_id = room;
            kept := now();
          end;`,
         'security definer',
       )}`,
    ],
    [
      'one who leaves',
      `create policy ask on public.chat_room_members for select using (user_id = auth.uid());
       ${does('delete from public.chat_room_members where room_id = room and user_id = auth.uid();')}`,
    ],
    [
      'a key to memberships that stay',
      `create table public.receipts (room_id uuid, user_id uuid, foreign key (room_id, user_id) references public.chat_room_members);
       alter table public.receipts enable row level security;`,
    ],
    [
      'a time that the server chooses for the caller',
      does(
        "insert into public.chat_messages (room_id, sender, content, created_at) values (room, auth.uid(), 'x', now());",
        'security definer',
      ),
    ],
  ])('needs no decision: %s', async (_, sql) => {
    expect(await decisionsOn(sql, 'functions')).toEqual([]);
  });
});

describe('what people do with their own rights, and what rows say of them', () => {
  const open = `
    alter table public.chat_rooms disable row level security, add last_message_at timestamptz, add pinned uuid;
    alter table public.chat_room_members disable row level security, add unread integer default 0, add last_read_at timestamptz;
    alter table public.room_members disable row level security;
    alter table public.chat_messages disable row level security, add edited_at timestamptz;
  `;
  const by = (body: string, kind = '') =>
    `create function public.act(room uuid) returns void language plpgsql ${kind} as $$ declare me uuid := auth.uid(); begin ${body} end $$;`;
  const onSending = (body: string) =>
    `create function public.acts() returns trigger language plpgsql as $$ begin ${body} return new; end $$;
     create trigger acts after insert on public.chat_messages for each row execute function public.acts();`;
  const roomOf = (people: string[], title = '') => `
    insert into public.chat_rooms (id, type, title) values (md5('two')::uuid, null, '${title}');
    insert into public.chat_room_members (room_id, user_id) values ${people.map((person) => `(md5('two')::uuid, md5('${person}')::uuid)`)};
  `;
  const left = "update public.chat_room_members set left_at = now() where user_id = md5('ben')::uuid;";
  const isEndUser = (kind: string) =>
    `create function public.is_end_user() returns boolean language sql stable ${kind} as $$ select current_user in ('authenticated', 'anon') $$;`;
  const onRooms = (asks: string) => `${asks}
    create function public.lim() returns trigger language plpgsql set search_path = '' as $$ begin
      if public.is_end_user() then raise 'too many'; end if; return new; end $$;
    create trigger lim before insert on public.chat_rooms for each row execute function public.lim();`;
  const invited = `
    create policy inv on public.chat_room_members for insert to authenticated with check (exists (
      select from public.chat_rooms r where r.id = room_id and r.created_by = auth.uid()));
  `;
  const accepts = `create policy acc on public.chat_room_members for update to authenticated
    using (user_id = (select auth.uid()) and status = 'pending') with check (user_id = (select auth.uid()) and status = 'approved');`;

  it.each<[string, string, string]>([
    [
      'a trigger that notes the last message in the room',
      open +
        onSending('update public.chat_rooms set last_message_at = new.created_at where id = new.room_id;'),
      'the trigger acts on public.chat_messages, by the function public.acts(), writes with the rights',
    ],
    [
      'a function that locks the room',
      open + by('perform 1 from public.chat_rooms as r where r.id = room for no key update of r;'),
      'nobody would find the rows of public.chat_rooms that it locks',
    ],
    [
      'a trigger that counts for the others',
      open +
        onSending(
          'update public.chat_room_members set unread = unread + 1 where room_id = new.room_id and user_id <> new.sender;',
        ),
      'nobody but an admin changes memberships of others',
    ],
    [
      'what a function calls',
      `${open}${by('update public.chat_rooms set pinned = room;')}
       create function public.outer_act(room uuid) returns void language sql as $$ select public.act(room) $$;`,
      'the function public.outer_act(uuid) writes with the rights',
    ],
    [
      'an edited message',
      open +
        by('update public.chat_messages set edited_at = now() where room_id = room and sender = auth.uid();'),
      'nobody changes rows of public.chat_messages',
    ],
    [
      'a message taken back',
      open + by('delete from public.chat_messages where sender = auth.uid();'),
      'nobody deletes rows of public.chat_messages',
    ],
    [
      'a message of a bot',
      `${open}${by("insert into public.chat_messages (room_id, sender, content) values (room, md5('bot')::uuid, 'hi');")}`,
      'everybody sends in their own name alone',
    ],
    [
      'a line for a new member, in their name',
      `${open}create function public.acts() returns trigger language plpgsql as $$ begin
         insert into public.chat_messages (room_id, sender, content) values (new.room_id, new.user_id, 'joined'); return new; end $$;
       create trigger acts after insert on public.chat_room_members for each row execute function public.acts();`,
      'everybody sends in their own name alone',
    ],
    [
      'a room of nobody',
      open + by("insert into public.chat_rooms (type) values ('group');"),
      'everybody makes rooms in their own name alone',
    ],
    [
      'a membership with a booking',
      `${open}create table public.bookings (room_id uuid, guest uuid);
       create function public.acts() returns trigger language plpgsql as $$ begin
         insert into public.chat_room_members (room_id, user_id, status) values (new.room_id, new.guest, 'approved'); return new; end $$;
       create trigger acts after insert on public.bookings for each row execute function public.acts();`,
      'nobody but an admin adds people to a group',
    ],
    [
      'people put into a conversation',
      open + by('insert into public.room_members values (room, auth.uid());'),
      'nobody but its functions adds people',
    ],
    [
      'a rule about how many may join',
      `${open}create function public.acts() returns trigger language plpgsql as $$ begin
         if (select count(*) from public.chat_room_members where room_id = new.room_id) >= 10 then raise exception 'full'; end if; return new; end $$;
       create trigger acts before insert on public.chat_room_members for each row execute function public.acts();`,
      'who asks to join sees none of public.chat_room_members, by which it refuses',
    ],
    [
      'what a policy lets people change',
      `alter table public.chat_rooms add pinned uuid; create policy p on public.chat_rooms for update using (true);
       ${by('update public.chat_rooms set pinned = room where id = room;')}`,
      'nobody changes rows of public.chat_rooms',
    ],
    [
      'an invitation that is accepted',
      invited + accepts,
      'policy acc on public.chat_room_members lets people who were invited accept',
    ],
    [
      'an invitation that says who invited',
      `create policy ask on public.chat_room_members for insert with check (user_id = auth.uid());
       create policy acc on public.chat_room_members for update using (user_id = auth.uid() and invited_by is not null);`,
      'policy acc on public.chat_room_members lets people who were invited accept',
    ],
    [
      'an invitation that a time says was accepted',
      `alter table public.chat_room_members add accepted_at timestamptz; ${invited}
       create policy acc on public.chat_room_members for update using (user_id = auth.uid() and accepted_at is null) with check (user_id = auth.uid());`,
      'policy acc on public.chat_room_members lets people who were invited accept',
    ],
    [
      'a function that accepts',
      `${open}${by("update public.chat_room_members set status = 'approved' where room_id = room and user_id = me and status = 'pending';")}`,
      'approves the membership of whoever calls it',
    ],
    [
      'an owner who did not make the room',
      "update public.chat_room_members set role = 'owner' where user_id = md5('ben')::uuid;",
      "public.chat_room_members.role holds words that the fix does not know: 'owner' (1). Whoever has one would be a plain member",
    ],
    [
      'a room with a title of which nothing says the type',
      "update public.chat_rooms set type = null, title = 'Anime' where id = md5('dm')::uuid;",
      'a room of public.chat_rooms of at most two people have a title',
    ],
    [
      'a room of two of which nothing says what it is',
      roomOf(['ann', 'ben']),
      'a room of public.chat_rooms is of exactly two people, and nothing says its type',
    ],
    [
      'who left, by a time that the rules never asked',
      left + select(member()),
      'no old rule about messages looks at public.chat_room_members.left_at, which says of 1 person',
    ],
    [
      'a trigger on rooms that asks for the role, by a function',
      onRooms(isEndUser('')),
      'the trigger lim on public.chat_rooms asks who is logged in to the database, and in create_group_room and open_or_create_dm',
    ],
    [
      'a trigger with a condition on the role',
      `create function public.lim() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
       create trigger lim before insert on public.room_members for each row when (current_user = 'anon') execute function public.lim();`,
      'the trigger lim on public.room_members asks who is logged in to the database, and in open_or_create_dm',
    ],
    [
      'a default that says the role',
      'alter table public.chat_rooms add made_by name default current_user;',
      'the default of made_by on public.chat_rooms asks who is logged in to the database',
    ],
    [
      'a check that asks for the role',
      `${isEndUser('')} alter table public.chat_room_members add check (status <> 'blocked' or not public.is_end_user());`,
      'on public.chat_room_members asks who is logged in to the database, and in create_group_room',
    ],
  ])('needs a decision: %s', async (_, sql, problem) => {
    expect((await decisionsOn(sql, 'rights')).join('; ')).toContain(problem);
  });

  it.each<[string, string]>([
    [
      'a lock of another table, and one that found no row before',
      `${open} alter table public.chat_rooms enable row level security;
       create table public.counters (room uuid primary key, n integer);
       ${by('perform 1 from public.counters as c join public.chat_rooms as r on r.id = c.room for update of c; perform 1 from public.chat_rooms where id = room for share;')}`,
    ],
    [
      'a trigger with its owner’s rights',
      open +
        onSending('update public.chat_rooms set last_message_at = now();').replace(
          'language plpgsql',
          'language plpgsql security definer',
        ),
    ],
    [
      'what nobody could before',
      onSending('update public.chat_rooms set title = title where id = new.room_id;'),
    ],
    [
      'a function that users may not call',
      `${open}${by('delete from public.chat_messages;')} revoke execute on function public.act(uuid) from public, anon, authenticated;`,
    ],
    [
      'what people still may',
      open +
        by(`insert into public.chat_messages (room_id, sender, content) values (room, me, 'x'), (room, (select auth.uid()), 'y');
            insert into public.chat_rooms (type, created_by) values ('group', auth.uid()) returning id into room;
            insert into public.chat_room_members (room_id, user_id, role, status) values (room, me, 'admin', 'approved');
            update public.chat_room_members set last_read_at = now(), unread = 0 where room_id = room and user_id = me;
            update public.chat_room_members set status = 'approved' where room_id = room and user_id = room;
            delete from public.chat_room_members where room_id = room and user_id = me;`),
    ],
    [
      'an answer by trigger in the sender’s name, and a creator who enters',
      `${open}${onSending("insert into public.chat_messages (room_id, sender, content) values (new.room_id, new.sender, '...');")}
       create function public.enters() returns trigger language plpgsql as $$ begin
         insert into public.chat_room_members (room_id, user_id, role, status) values (new.id, new.created_by, 'admin', 'approved'); return new; end $$;
       create trigger enters after insert on public.chat_rooms for each row execute function public.enters();`,
    ],
    [
      'whoever asks and approves themselves',
      `create policy ask on public.chat_room_members for insert with check (user_id = auth.uid() and status = 'pending'); ${accepts}`,
    ],
    [
      'an invitation that is only declined',
      `${invited}${accepts.replace("status = 'approved')", "status = 'blocked')")}`,
    ],
    [
      'who has not left yet',
      `${invited}create policy mine on public.chat_room_members for update using (user_id = auth.uid() and left_at is null);`,
    ],
    [
      'an owner who made the room, and a participant',
      "update public.chat_room_members set role = case user_id when md5('ann')::uuid then 'owner' else 'Participant' end;",
    ],
    ['a room of three', roomOf(['ann', 'ben', 'cid'])],
    ['a group of two by its title', roomOf(['ann', 'ben'], 'Anime')],
    ['who left, by a time that the rules ask', left + select(member(' and x.left_at is null'))],
    [
      'a title of a room whose type is known',
      "update public.chat_rooms set title = 'ann, ben' where id = md5('dm')::uuid;",
    ],
    ['a trigger on rooms that asks its owner for the role', onRooms(isEndUser('security definer'))],
    [
      'a trigger on rooms that asks the token, and a column of the name of a role',
      `alter table public.chat_rooms add "user" text;
       create function public.is_end_user() returns boolean language sql stable return auth.role() = 'authenticated';
       ${onRooms('').replace('is_end_user()', `is_end_user() and new."user" = 'user'`)}`,
    ],
  ])('needs none: %s', async (_, sql) => {
    expect(await decisionsOn(sql, 'rights')).toEqual([]);
  });
});

describe('a column that only the server fills from now on', () => {
  const sends = `
    create policy p on public.chat_messages for insert to authenticated with check (sender = auth.uid());
    create policy p on public.chat_room_members for insert to authenticated with check (user_id = auth.uid() and status = 'pending');`;

  it.each<[string, string, string]>([
    [
      'a second time of messages',
      'alter table public.chat_messages add sent_at timestamptz not null;',
      'public.chat_messages.sent_at has no default',
    ],
    [
      'a second id of messages',
      'alter table public.chat_messages add message_id text not null;',
      'public.chat_messages.message_id has no default',
    ],
    [
      'the time of a membership',
      'update public.chat_room_members set created_at = now(); alter table public.chat_room_members alter created_at drop default, alter created_at set not null;',
      'public.chat_room_members.created_at has no default',
    ],
  ])('is asked about where the application has to send it: %s', async (_, sql, problem) => {
    expect(await decisionsOn(sends + sql, 'functions')).toEqual([expect.stringContaining(problem)]);
  });

  it('is not where a default gives it', async () => {
    const sql = 'alter table public.chat_messages add sent_at timestamptz not null default now();';
    expect(await decisionsOn(sends + sql, 'functions')).toEqual([]);
  });
});

describe('messages that nobody can read, or send, because a policy fails', () => {
  const recurses = `create policy own on public.chat_room_members for select to authenticated using (exists (
      select from public.chat_room_members as own where own.room_id = chat_room_members.room_id and own.user_id = auth.uid()));
    ${select(member())} ${insert(`sender = auth.uid() and ${member()}`).replace(' p ', ' q ')}`;
  const reads = helper(
    'read_messages(room uuid)',
    'setof public.chat_messages',
    'select * from public.chat_messages where room_id = room',
  );

  it.each<[string, string, string]>([
    [
      'a function that shows them',
      recurses + reads,
      'read public.chat_messages, which they reach by public.read_messages(uuid)',
    ],
    [
      'a view that shows them',
      `${recurses} create view public.shown as select * from public.chat_messages; grant select on public.shown to authenticated;`,
      'read public.chat_messages, which they reach by public.shown',
    ],
    [
      'a function that sends them',
      recurses +
        helper(
          'send(room uuid, body text)',
          'void',
          'insert into public.chat_messages (room_id, sender, content) values (room, auth.uid(), body)',
        ).replace(' stable', ''),
      'insert into public.chat_messages, which they reach by public.send(uuid,text)',
    ],
    [
      'a policy that asks a function which they may not call',
      `${helper('am_in(room uuid)', 'boolean', 'select true')} revoke execute on function public.am_in from public, anon, authenticated;
       ${select('public.am_in(room_id)')} ${reads}`,
      'read public.chat_messages, which they reach by public.read_messages(uuid)',
    ],
  ])('are asked about, where something gives them: %s', async (_, sql, problem) => {
    expect(await decisionsOn(sql, 'given')).toContainEqual(expect.stringContaining(problem));
  });

  it('are mended where nothing does', async () => {
    const asks = helper(
      'is_mine(message uuid)',
      'boolean',
      'select exists (select from public.chat_messages where id = message)',
    );
    expect(await decisionsOn(recurses + asks, 'given')).not.toContainEqual(
      expect.stringContaining('public.chat_messages'),
    );
  });
});
