import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../src/database/with-session.js';
import { tryBundle } from '../support/apply-bundle.js';
import { acknowledging } from '../support/chat/acknowledging.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';
import { someOf } from '../support/some-of.js';

const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);

const accounts = "insert into auth.users (id) values (md5('ann')::uuid), (md5('ben')::uuid);";
const rooms = `
  create table public.chat_rooms (id uuid primary key, type text default 'group', title text, created_by uuid);
  insert into public.chat_rooms (id, title, created_by) values (md5('club')::uuid, 'Club', md5('ann')::uuid);
`;
const members = `
  create table public.chat_room_members (
      room_id uuid references public.chat_rooms (id), user_id uuid, role text default 'member',
      status text default 'approved', primary key (room_id, user_id)
  );
  insert into public.chat_room_members (room_id, user_id)
  values (md5('club')::uuid, md5('ann')::uuid), (md5('club')::uuid, md5('ben')::uuid);
`;
const messages = `
  create table public.chat_messages (
      id uuid primary key default gen_random_uuid(), room_id uuid references public.chat_rooms (id), sender uuid,
      content text, created_at timestamptz default now()
  );
  insert into public.chat_messages (room_id, sender, content) values (md5('club')::uuid, md5('ann')::uuid, 'hello');
`;
const chat = accounts + rooms + members + messages;

const isMember = 'exists (select from public.chat_room_members where room_id = room and user_id = auth.uid()';
const send = `create policy senders on public.chat_messages for insert to authenticated with check (sender = auth.uid());`;
const asks = (condition: string, language = 'sql') => `
  create function public.may_read(room uuid) returns boolean language ${language} stable security definer set search_path = ''
      as $$ ${condition} $$;
  alter table public.chat_messages enable row level security;
  create policy readers on public.chat_messages for select to authenticated using (public.may_read(room_id));
  ${send}
`;
const policy = (condition: string, table = 'chat_messages') => `
  alter table public.${table} enable row level security;
  create policy readers on public.${table} for select to authenticated using (${condition});
  ${table === 'chat_messages' ? send : ''}
`;

const circle = (table: string) => `create policy circle on public.${table} for select to authenticated
    using (exists (select from public.${table} as mine where mine.room_id = ${table}.room_id and mine.user_id = auth.uid()));`;

/** What became of a database that the SQL makes: why the fix refused it, or what the query says after it. */
async function outcomeOf(
  sql: string,
  {
    query = "select 'applied'",
    acknowledge = [] as string[],
    times = 1,
    notices = [] as string[],
    hints = [] as (string | null)[],
  } = {},
): Promise<string> {
  const file = { path: 'state.sql', text: sql };
  const state = { ...bundle.states[0], name: '00_state', files: [file] } as (typeof bundle.states)[number];
  const decided = acknowledging(bundle, acknowledge);
  return withChatDatabase(state, async (session: Session) => {
    session.on('notice', ({ message }) => notices.push(message ?? ''));
    await session.query('begin');
    let problem = await tryBundle(session, decided);
    for (let time = 1; time < times && problem === null; time += 1) {
      problem = await tryBundle(session, decided);
    }
    hints.push(problem?.hint ?? null);
    const said =
      problem === null ? lastValueOf(await session.query(query)) : `${problem.sqlstate}: ${problem.message}`;
    await session.query('rollback');
    return said;
  });
}

/** The uuid that Postgres makes of the name of a person. */
const md5 = (name: string) => createHash('md5').update(name).digest('hex');

/** Of the last of several statements; node-postgres gives their results as a list. */
function lastValueOf(result: unknown): string {
  const last = [result].flat().at(-1) as { rows: Record<string, unknown>[] };
  return String(Object.values(last.rows[0] ?? {})[0]);
}

describe('a decision by a name that nothing is asked by', () => {
  const sql = `${chat}${policy(`${isMember.replace('= room ', '= chat_messages.room_id ')}) and content <> 'secret'`)}`;
  const acknowledge = ['public.chat_messages.raeders'];

  it('is said in the refusal', async () => {
    const hints: (string | null)[] = [];
    expect(await outcomeOf(sql, { acknowledge, hints })).toMatch(/^0A000/);
    expect(hints[0]).toContain(
      'Nothing is asked by the name public.chat_messages.raeders, which is acknowledged: is it spelt so?',
    );
  });

  it('is told from what cannot be acknowledged', async () => {
    const hints: (string | null)[] = [];
    const taken = "create function public.chat_user_id() returns uuid language sql as 'select null::uuid';";
    expect(await outcomeOf(`${sql} ${taken}`, { acknowledge: ['public.chat_user_id()'], hints })).toMatch(
      /^0A000/,
    );
    expect(hints[0]).toContain('Cannot be acknowledged: public.chat_user_id().');
    expect(hints[0]).not.toContain('Nothing is asked by the name');
  });

  it('is said of a fix that is applied', async () => {
    const notices: string[] = [];
    const names = [...acknowledge, 'public.chat_messages.readers'];
    expect(await outcomeOf(sql, { acknowledge: names, notices })).toBe('applied');
    const unasked = 'acknowledged, though nothing here is asked by that name: public.chat_messages.raeders';
    expect(notices).toContain(unasked);
    const fitting: string[] = [];
    await outcomeOf(sql, { acknowledge: names.slice(1), notices: fitting });
    expect(fitting.filter((notice) => notice.startsWith('acknowledged, though'))).toEqual([]);
  });
});

describe('the chat fix, where none of its tables is', () => {
  it('refuses a chat of other tables by its name, and makes its own beside what is none', async () => {
    const posts = 'create table public.posts (id bigint primary key, user_id uuid, body text);';
    const slack = `${posts} create table public.channels (id bigint primary key);
      create table public.messages (id bigint primary key, channel_id bigint references public.channels, user_id uuid, message text);`;
    expect(await outcomeOf(slack)).toMatch(
      /^0A000: 1 to be decided first: public\.messages looks like the messages of a chat in public\.channels/,
    );
    expect(await outcomeOf(posts)).toBe('applied');
    const groups = `${posts} create table public.groups (id uuid primary key); create table public.notifications (user_id uuid, recipient_id uuid, body text);
      create table public.messages (id uuid primary key, sender_id uuid, receiver_id uuid, group_id uuid references public.groups, content text);`;
    expect(await outcomeOf(groups)).toMatch(
      /^0A000: 1 to be decided first: public\.messages looks like the messages of a chat in public\.groups/,
    );
    const pairs =
      'create table public."directMessages" (id uuid primary key, "fromId" uuid, "toId" uuid, text text);';
    expect(await outcomeOf(pairs)).toMatch(
      /^0A000: 1 to be decided first: public\."directMessages" looks like the messages of a chat, and none/,
    );
    const models = `create table public.chats (id uuid primary key);
      create table public.messages (id uuid primary key, chat_id uuid references public.chats (id), user_id uuid, role text, parts jsonb);`;
    expect(await outcomeOf(models)).toMatch(
      /^0A000: 1 to be decided first: public\.messages looks like the messages of a chat in public\.chats/,
    );
    const apart = `create schema club; create table club.rooms (id uuid primary key);
      create table club.messages (id bigint primary key, room_id uuid references club.rooms (id), sender uuid, content text);`;
    expect(await outcomeOf(apart)).toBe('applied');
    expect(await outcomeOf(`${apart} grant usage on schema club to authenticated;`)).toMatch(
      /^0A000: 1 to be decided first: club\.messages looks like the messages of a chat in club\.rooms/,
    );
  });
});

describe('the chat fix, where roles of the project’s own reach the chat', () => {
  it('asks about those that lose it, by a policy’s name or their own', async () => {
    // Of the first the deployer is a member, as whoever creates one is; the last one bypasses row level security.
    const sql = `${chat} create table public.rooms (id uuid primary key, kind text, slug text, created_by uuid);
      insert into public.rooms values (md5('den')::uuid, 'group', 'den', md5('ann')::uuid);
      create policy staff on public.rooms for select to pg_monitor using (true);
      ${policy('true')} create policy staff on public.chat_messages for delete to authenticated, pg_monitor using (true);
      grant select on public.chat_messages to supabase_etl_admin, supabase_read_only_user;
      alter policy readers on public.chat_messages to public;
      grant select (room_id), delete on public.chat_room_members to pg_monitor;`;
    const asked = await outcomeOf(sql);
    expect(asked).toMatch(/^0A000: 4 to be decided first/);
    const lets = 'and the fix lets in nobody but authenticated';
    for (const words of [
      'pg_monitor may delete, select public.chat_room_members, which has no row level security, and with the fix',
      'supabase_etl_admin may select public.chat_messages, by policies for everybody, and with the fix',
      `policy staff on public.chat_messages, for delete, is for pg_monitor, ${lets}: make one for them afterwards`,
      `policy staff on public.rooms, for select, is for pg_monitor, ${lets}, where what is there moves to: make`,
    ]) {
      expect(asked).toContain(words);
    }
    const acknowledge = ['rooms.staff', 'chat_messages.staff', 'chat_messages.supabase_etl_admin'];
    const names = [...acknowledge, 'chat_room_members.pg_monitor'].map((name) => `public.${name}`);
    expect(await outcomeOf(sql, { acknowledge: names })).toBe('applied');
  });

  it('keep reading every row, where the API cannot become them', async () => {
    const policies = (
      role: string,
    ) => `${chat}${policy(`${isMember.replace('= room ', '= chat_messages.room_id ')})`)}
      create policy hook on public.chat_messages for select to ${role} using (true);`;
    const query =
      "select count(*) from pg_policy where polname = 'hook' and polrelid = 'public.chat_messages'::regclass";
    expect(await outcomeOf(policies('pg_monitor'), { query, times: 2 })).toBe('1');
    const shared = 'pg_monitor, authenticated';
    expect(await outcomeOf(policies(shared))).toContain(
      'policy hook on public.chat_messages, for select, is for pg_monitor',
    );
    expect(await outcomeOf(policies(shared), { query, acknowledge: ['public.chat_messages.hook'] })).toBe(
      '0',
    );
  });
});

describe('the chat fix, where people wrote as they liked', () => {
  it('asks about what they mark in messages and rooms', async () => {
    const marks = `${chat} alter table public.chat_messages add "isRead" boolean, add caption text;
      alter table public.chat_rooms add last_message text, add closed_at timestamptz;
      create function public.closes(room uuid) returns void language sql security definer set search_path = ''
          as $$ update public.chat_rooms set closed_at = now() where id = room $$;`;
    const said = await outcomeOf(marks, { acknowledge: ['public.closes(uuid)'] });
    expect(said).toMatch(/^0A000: 2 to be decided first: public\.chat_messages has no row level security/);
    expect(said).toContain('(public.chat_messages."isRead"); public.chat_rooms has no row level security');
    expect(said).toContain('people change last_message of what others wrote');
  });

  it.each([
    [
      'a check',
      "alter table public.chat_rooms add constraint named check ((type = 'dm') = (title is null));",
    ],
    [
      'a trigger',
      `create function public.unnamed() returns trigger language plpgsql as $$
        begin if new.type = 'dm' and new.title is not null then raise exception 'no title'; end if; return new; end $$;
      create trigger unnamed before insert on public.chat_rooms for each row execute function public.unnamed();`,
    ],
  ])('opens conversations without a title, where %s wants none', async (_, rule) => {
    const sql = `${chat} alter table public.chat_rooms alter id set default gen_random_uuid(); ${rule}`;
    const query = `select pg_catalog.set_config('request.jwt.claims', pg_catalog.json_build_object('sub', md5('ann')::uuid)::text, true);
      set local role authenticated;
      select public.open_or_create_dm(md5('ben')::uuid); select title is null from public.chat_rooms where type = 'dm'`;
    expect(await outcomeOf(sql, { query })).toBe('true');
  });

  it('takes whoever makes a room for its creator, where no column says so', async () => {
    const sql = `${chat} alter table public.chat_rooms drop column created_by, alter id set default gen_random_uuid();`;
    const query = `select pg_catalog.set_config('request.jwt.claims', pg_catalog.json_build_object('sub', md5('ben')::uuid)::text, true);
      insert into public.chat_rooms (title) values ('of the server');
      set local role authenticated; insert into public.chat_rooms (title) values ('Mine'); reset role;
      select string_agg(coalesce(created_by::text, 'nobody'), ' ' order by title desc) from public.chat_rooms where title <> 'Club'`;
    expect(await outcomeOf(sql, { query })).toMatch(new RegExp(`^nobody ${md5('ben').slice(0, 8)}`));
  });
});

describe('the chat fix, where a restrictive policy hides a room from its admin', () => {
  it('keeps its creator all the same', async () => {
    const hides = `update public.chat_room_members set role = 'admin';
      alter table public.chat_rooms enable row level security;
      create policy all_rooms on public.chat_rooms using (true);
      create policy tenant on public.chat_rooms as restrictive for select using (created_by = auth.uid());`;
    const query = `select pg_catalog.set_config('request.jwt.claims', pg_catalog.json_build_object('sub', md5('ben')::uuid)::text, true);
      set local role authenticated;
      update public.chat_room_members set role = 'member' where user_id = md5('ann')::uuid;
      delete from public.chat_room_members where user_id = md5('ann')::uuid;
      reset role;
      select string_agg(role, ' ') from public.chat_room_members where user_id = md5('ann')::uuid`;
    expect(await outcomeOf(chat + hides, { query, acknowledge: ['public.chat_rooms.all_rooms'] })).toBe(
      'admin',
    );
  });
});

describe('the chat fix, of rules that look at more than it asks', () => {
  it.each(
    someOf<[string, string, string]>(
      [
        [
          'a column of messages',
          policy('deleted_at is null').replace(
            'alter table',
            'alter table public.chat_messages add deleted_at timestamptz;\nalter table',
          ),
          'policy readers on public.chat_messages, for select, looks at public.chat_messages.deleted_at',
        ],
        [
          'a column of memberships, in a function',
          `alter table public.chat_room_members add expires_at timestamptz;
       ${asks(`select ${isMember} and expires_at > now())`)}`,
          'looks at public.chat_room_members.expires_at, in public.may_read(uuid)',
        ],
        [
          'a column behind two functions',
          `alter table public.chat_room_members add muzzled boolean;
       create function public.inner_rule(room uuid) returns boolean language sql stable security definer set search_path = ''
         as $$ select ${isMember} and not muzzled) $$;
       ${asks('select public.inner_rule(room)')}`,
          'looks at public.chat_room_members.muzzled, in public.inner_rule(uuid)',
        ],
        [
          'another table',
          `create table public.blocks (blocker uuid, blocked uuid);
       ${policy('not exists (select from public.blocks where blocked = auth.uid() and blocker = sender)')}`,
          'looks at public.blocks',
        ],
        [
          'another table, named only in a function',
          `create table public.subscriptions (person uuid);
       ${asks('begin return exists (select from public.subscriptions where person = auth.uid()); end', 'plpgsql')}`,
          'looks at public.subscriptions, in public.may_read(uuid)',
        ],
        [
          'a word that the facts do not know',
          `update public.chat_room_members set status = 'active';
       ${asks(`select ${isMember} and status = 'active')`)}`,
          "looks at the word 'active', in public.may_read(uuid)",
        ],
        [
          'a role that the facts do not know',
          `update public.chat_room_members set role = 'owner' where user_id = md5('ann')::uuid;
       ${asks(`select ${isMember} and role in ('owner', 'admin'))`)}`,
          "looks at the word 'owner', in public.may_read(uuid)",
        ],
        [
          'a statement that is built when it runs',
          asks("declare yes boolean; begin execute 'select true' into yes; return yes; end", 'plpgsql'),
          'looks at a statement that is built when it runs, in public.may_read(uuid)',
        ],
        [
          'the claims of the token',
          policy("(auth.jwt() ->> 'org') = 'ours'"),
          'does not understand: the claims of the token',
        ],
        [
          'rooms that everybody may read',
          `alter table public.chat_rooms add is_public boolean default true;
       ${policy('is_public', 'chat_rooms')}`,
          'policy readers on public.chat_rooms, for select, looks at public.chat_rooms.is_public',
        ],
      ],
      4,
    ),
  )('refuses %s by its name', async (_, sql, problem) => {
    const said = await outcomeOf(chat + sql);
    expect(said).toMatch(/^0A000: \d+ to be decided first: /);
    expect(said).toContain(problem);
  });

  it('goes on where everything was acknowledged, and only then', async () => {
    const sql =
      chat +
      policy('deleted_at is null').replace(
        'alter table',
        'alter table public.chat_messages add deleted_at timestamptz;\nalter table',
      );
    expect(await outcomeOf(sql, { acknowledge: ['public.chat_messages.other'] })).toMatch(/^0A000/);
    expect(await outcomeOf(sql, { acknowledge: ['public.chat_messages.readers'] })).toBe('applied');
  });

  it.each(
    someOf<[string, string]>(
      [
        ['memberships alone', asks(`select ${isMember} and status = 'approved')`)],
        [
          'what a comment or a constant mentions',
          asks(`/* public.blocks */ select ${isMember} and room::text <> 'expires_at')`),
        ],
        [
          'the subject of the token',
          policy(
            `exists (select from public.chat_room_members as mine
          where mine.room_id = chat_messages.room_id and mine.user_id = (auth.jwt() ->> 'sub')::uuid)`,
          ),
        ],
        ['nothing', policy('true')],
      ],
      4,
    ),
  )('refuses no rule that looks at %s', async (_, sql) => {
    const unread = `create table public.blocks (id int); alter table public.chat_room_members add expires_at timestamptz;`;
    expect(await outcomeOf(chat + unread + sql)).toBe('applied');
  });

  it('gives what comes along with memberships and rooms the default that it had', async () => {
    const older = `create table public.rooms (id uuid primary key, kind text, slug text, created_by uuid, archived boolean default false);
      insert into public.rooms (id, kind, slug) values (md5('old')::uuid, 'group', 'old');
      insert into public.chat_rooms (id, type, created_by) values (md5('dm')::uuid, 'dm', md5('ann')::uuid);
      alter table public.chat_room_members add unread integer default 0, add nickname text;
      insert into public.chat_room_members (room_id, user_id, unread)
      values (md5('dm')::uuid, md5('ann')::uuid, 7), (md5('dm')::uuid, md5('ben')::uuid, 2);`;
    const query = `select string_agg(concat_ws(' ', table_name, column_name, column_default), ', ' order by table_name)
      from information_schema.columns
      where (table_name, column_name) in (('chat_rooms', 'archived'), ('room_members', 'unread'))`;
    expect(await outcomeOf(chat + older, { query })).toBe('chat_rooms archived false, room_members unread 0');
  });

  it('keeps a restrictive policy, whatever it looks at', async () => {
    const sql = `alter table public.chat_messages add deleted_at timestamptz;
      create policy chat_messages_read_own_rooms on public.chat_messages as restrictive for select using (deleted_at is null);`;
    const query = `select string_agg(polname || coalesce(' ' || pg_get_expr(polqual, polrelid), ''), ', ' order by polname)
      from pg_policy where not polpermissive and polrelid = 'public.chat_messages'::regclass`;
    expect(await outcomeOf(chat + sql, { query, acknowledge: ['public.chat_messages.deleted_at'] })).toBe(
      'chat_messages_read_own_rooms_as_before (deleted_at IS NULL)',
    );
  });

  it.each([
    [
      'one that reads its own table',
      'exists (select from public.chat_messages as other where other.id = chat_messages.id)',
      /infinite recursion/,
    ],
    ['one that lets nobody do anything', 'false', /lets nobody do anything/],
  ])('refuses a restrictive policy: %s', async (_, condition, problem) => {
    const sql = `create policy narrow on public.chat_messages as restrictive for select using (${condition});`;
    expect(await outcomeOf(chat + sql)).toMatch(problem);
  });
});

describe('the chat fix, of columns that are called as something in a function', () => {
  const reads = (condition: string) =>
    `${chat} alter table public.chat_room_members enable row level security, add m uuid, add "select" uuid;
     create policy own on public.chat_room_members for select to authenticated using (user_id = auth.uid());
     ${asks(`select exists (select from public.chat_room_members m where m.room_id = room and ${condition})`)}`;

  it('does not take the name of a table, or a word of SQL, for a column', async () => {
    expect(await outcomeOf(reads('m.user_id = auth.uid()'))).toBe('applied');
    expect(await outcomeOf(reads('m.m = auth.uid()'))).toContain(
      'looks at public.chat_room_members.m, in public.may_read(uuid)',
    );
    expect(await outcomeOf(reads('"select" = auth.uid()'))).toContain(
      'looks at public.chat_room_members."select", in public.may_read(uuid)',
    );
  });
});

describe('the chat fix, of what is kept elsewhere', () => {
  it.each(
    someOf<[string, string, string]>(
      [
        [
          'people who are rows of another table',
          `create table public.profiles (id uuid primary key, account uuid not null references auth.users (id));
       ${rooms} create table public.chat_messages (
           id uuid primary key, room_id uuid references public.chat_rooms (id),
           author_id uuid references public.profiles (id), body text
       );`,
          'public.chat_messages.author_id references public.profiles (id), where the account is in another column, account',
        ],
        [
          'a column that may say what kind of room it is',
          `${accounts} create table public.chat_rooms (id uuid primary key, name text, is_direct boolean not null, created_by uuid);
       insert into public.chat_rooms values (md5('club')::uuid, 'Club', false, md5('ann')::uuid), (md5('a+b')::uuid, null, true, md5('ann')::uuid);
       ${members} ${messages}`,
          'public.chat_rooms has no column for the type of a room that the fix knows, and is_direct may hold it',
        ],
        [
          'numbers in the place of words',
          `${accounts} ${rooms} create table public.chat_room_members (room_id uuid, user_id uuid, status smallint, primary key (room_id, user_id));
       insert into public.chat_room_members values (md5('club')::uuid, md5('ann')::uuid, 1); ${messages}`,
          'public.chat_room_members.status is smallint, and the fix does not know what its numbers mean: write words instead',
        ],
        [
          'a check that lets the application say something itself',
          `${chat} alter table public.chat_messages add kind text default 'text',
           add constraint sender_or_bot check (sender is not null or kind = 'bot');`,
          'the check sender_or_bot on public.chat_messages lets messages be without a sender',
        ],
        [
          'functions that write messages of nobody',
          `${chat} create function public.log_call(room uuid) returns void language sql security definer set search_path = ''
           as $$ insert into public.chat_messages (room_id, content) values (room, 'a call') $$;
       create function public.announce() returns trigger language plpgsql security definer set search_path = public
           as $$ begin insert into chat_messages (room_id, sender, content) values (new.room_id, null, 'joined'); return new; end $$;
       create trigger announce after insert on public.chat_room_members for each row execute function public.announce();`,
          'the function public.announce() writes messages without a sender into public.chat_messages, and with the fix every new one has one' +
            ': let it write the sender (public.announce()); the function public.log_call(uuid) writes',
        ],
        [
          'titles that are unique in something else',
          `${chat} alter table public.chat_rooms add workspace integer; create unique index titles on public.chat_rooms (workspace, title);`,
          'the unique index public.titles allows groups with the same title if workspace differs',
        ],
        [
          'functions and triggers of rooms that move',
          `${accounts} create table public.rooms (id uuid primary key, kind text, slug text, created_by uuid);
       insert into public.rooms values (md5('club')::uuid, 'group', 'club', md5('ann')::uuid);
       create table public.chat_messages (id uuid primary key, room_id uuid references public.rooms (id), sender uuid, content text);
       create function public.rename(room uuid, name text) returns void language sql security definer set search_path = ''
           as $$ update public.rooms set slug = name where id = room $$;
       create function public.noted() returns trigger language plpgsql as $$ begin return new; end $$;
       create trigger noted after insert on public.rooms for each row execute function public.noted();`,
          'the function public.rename(uuid,text) uses public.rooms, from which the rooms move to chat_rooms, where new ones are made' +
            ': acknowledge it, and rewrite it when the fix is there (public.rename(uuid,text)); the trigger noted acts on public.rooms',
        ],
        [
          'functions that know a word which is replaced',
          `${chat} insert into public.chat_rooms (id, type) values (md5('a+b')::uuid, 'direct');
       create function public.my_direct() returns setof uuid language sql stable as $$ select id from public.chat_rooms where type = 'direct' $$;`,
          "the function public.my_direct() knows the word 'direct', which the fix replaces in public.chat_rooms.type",
        ],
        [
          'functions that handle as text what becomes a uuid',
          `${accounts} create table public.chat_rooms (id text primary key, type text, title text, created_by uuid);
       insert into public.chat_rooms values (md5('club')::uuid::text, 'group', 'Club', md5('ann')::uuid);
       create table public.chat_messages (id uuid primary key, room_id text references public.chat_rooms (id), sender uuid, content text);
       create function public.messages_of(room text) returns setof text language sql stable
           as $$ select content from public.chat_messages where room_id = room $$;`,
          'the function public.messages_of(text) handles public.chat_messages.room_id as text, of which the fix makes another type',
        ],
        [
          'functions that handle as text what points at an id which becomes a uuid',
          `${accounts} ${rooms} ${members} create table public.chat_messages (
           id text primary key, room_id uuid references public.chat_rooms (id), sender uuid, content text);
       create table public.reactions (message_id text references public.chat_messages (id), emoji text);
       create function public.react(message text, sign text) returns void language sql
           as $$ insert into public.reactions (message_id, emoji) values (message, sign) $$;`,
          'the function public.react(text,text) handles public.reactions.message_id as text, of which the fix makes another type',
        ],
        [
          'a policy that shows messages without a room, and one that lets people write them',
          `${chat} insert into public.chat_messages (sender, content) values (md5('ann')::uuid, 'hello, everybody');
       alter table public.chat_messages enable row level security;
       create policy lobby on public.chat_messages for select to authenticated using (
           room_id is null or exists (select from public.chat_room_members as m where m.room_id = chat_messages.room_id and m.user_id = auth.uid()));
       create policy shout on public.chat_messages for insert to authenticated with check (sender = auth.uid() and (
           room_id is null or exists (select from public.chat_room_members as m where m.room_id = chat_messages.room_id and m.user_id = auth.uid())));`,
          'policy lobby on public.chat_messages, for select, lets in whom the fix does not: anybody, about a message without a room' +
            '; to keep whom policy lobby lets in, let a security definer function do it for them; or acknowledge it, if they may lose that' +
            ' (public.chat_messages.lobby); policy shout on public.chat_messages, for insert, lets in whom the fix does not: anybody, about a message',
        ],
        [
          'a function that reads messages without a room',
          `${chat} create function public.lobby() returns setof text language plpgsql
           as $$ begin return query select content from public.chat_messages as m where m.room_id is null; end $$;`,
          'the function public.lobby() asks for messages without a room',
        ],
        [
          'messages that are bytes',
          `${accounts} ${rooms} ${members} create table public.chat_messages (
           id uuid primary key, room_id uuid references public.chat_rooms (id), sender uuid, content bytea);`,
          'public.chat_messages.content holds bytes',
        ],
        [
          'people whom only a token names, by words, where there are no rows',
          `create table public.chat_rooms (id uuid primary key, type text, title text, created_by uuid);
       create table public.chat_messages (id uuid primary key, room_id uuid references public.chat_rooms (id), sender text, content text);
       ${policy("sender = (auth.jwt() ->> 'sub')").replace('= auth.uid()', "= (auth.jwt() ->> 'sub')")}`,
          'public.chat_messages.sender is a text, and rules compare it with the subject of the token',
        ],
        [
          'keys to rooms that name the tenant too',
          `${accounts} create table public.chat_rooms (
           tenant_id integer, id uuid, type text, title text, created_by uuid, primary key (tenant_id, id));
       create table public.chat_messages (id uuid primary key, tenant_id integer, room_id uuid, sender uuid, content text,
           constraint of_the_tenant foreign key (tenant_id, room_id) references public.chat_rooms (tenant_id, id));`,
          "the key of_the_tenant of public.chat_messages has more columns than the room's id: ",
        ],
        [
          'a name that every room is given',
          `${chat} alter table public.chat_rooms alter title set default 'New chat';`,
          "public.chat_rooms.title has the default 'New chat'::text",
        ],
        [
          'times that are counted',
          `${chat} alter table public.chat_messages drop created_at, add created_at bigint default (extract(epoch from now()) * 1000)::bigint;`,
          'public.chat_messages.created_at is a number, and the fix makes a time of it: whoever sends or compares numbers would be refused',
        ],
        [
          'times that are JSON',
          `${chat} alter table public.chat_messages alter created_at drop default, alter created_at type jsonb using to_jsonb(created_at);`,
          'public.chat_messages.created_at is jsonb, of which nobody can say which time it means, and the fix makes a time of it: change its type first',
        ],
        [
          'times of which the day is not known',
          `${chat} alter table public.chat_rooms add updated_at time;`,
          'public.chat_rooms.updated_at is time without time zone, of which nobody can say which time it means',
        ],
        [
          'lines that only the server can have written',
          `${chat + send} alter table public.chat_messages enable row level security;
       insert into public.chat_messages (room_id, content) values (md5('club')::uuid, 'Ben joined');`,
          '1 messages have no sender, which no policy lets people write: the server did',
        ],
        [
          'an admin whom anybody could have made, where nobody could do anything',
          `${chat} update public.chat_room_members set role = 'admin'; alter table public.chat_room_members enable row level security;
       create policy joins on public.chat_room_members for insert to authenticated with check (user_id = auth.uid()); ${circle('chat_room_members')}`,
          'by the policy joins on public.chat_room_members people could put anybody in as an admin, or themselves, no rule that worked asked who is one, and 1 of them',
        ],
        [
          'functions that look into what becomes a text',
          `${accounts} ${rooms} ${members} create table public.chat_messages (
           id uuid primary key, room_id uuid references public.chat_rooms (id), sender uuid, content jsonb);
       insert into public.chat_messages values (md5('1')::uuid, md5('club')::uuid, md5('ann')::uuid, '{"text": "hello"}');
       create function public.search(words text) returns setof uuid language sql stable
           as $$ select id from public.chat_messages where content ->> 'text' ilike words $$;`,
          'public.chat_messages.content holds objects, of which the fix makes texts: whoever reads a key of it would find none: write the text alone first,' +
            ' or acknowledge it and change whoever reads it together with the fix (public.chat_messages.content); the function public.search(text) handles public.chat_messages.content as jsonb',
        ],
        [
          'what takes whoever asks to join for a member',
          `${chat} alter table public.chat_room_members enable row level security;
       create policy own on public.chat_room_members for select to authenticated using (user_id = auth.uid());
       create function public.history(room uuid) returns setof text language sql stable security definer set search_path = ''
           as $$ select content from public.chat_messages where room_id = room and ${isMember}) $$;`,
          'the function public.history(uuid) takes every row of public.chat_room_members for a member',
        ],
        [
          'rooms that are known by a number',
          `${accounts} create table public.chat_rooms (id bigserial primary key, type text, title text, created_by uuid);
       insert into public.chat_rooms (type, title, created_by) values ('group', 'Club', md5('ann')::uuid);`,
          'public.chat_rooms.id is a number, and the fix makes a uuid of it: what names a room by its number would find none',
        ],
        [
          'memberships of a room that is written otherwise',
          `${accounts} create table public.chat_rooms (id text primary key, type text, created_by uuid);
       create table public.chat_room_members (room_id text, user_id uuid, primary key (room_id, user_id));
       create table public.chat_messages (id uuid primary key, room_id text, sender uuid, content text);
       insert into public.chat_rooms values (md5('club')::uuid::text, 'group', md5('ann')::uuid), (upper(md5('range')::uuid::text), 'group', md5('ben')::uuid);
       insert into public.chat_room_members values (md5('club')::uuid::text, md5('ann')::uuid),
           (upper(md5('range')::uuid::text), md5('ben')::uuid), ('{' || md5('club')::uuid || '}', md5('eve')::uuid);
       ${policy('room_id in (select room_id from public.chat_room_members where user_id = auth.uid())')}`,
          '1 memberships in public.chat_room_members write the id of their room otherwise than the room does',
        ],
        [
          'a rule that opens some rooms to everybody',
          `${chat} insert into public.chat_rooms (id, type) values (md5('square')::uuid, 'public');
       ${policy("type = 'public' or exists (select from public.chat_room_members as m where m.room_id = chat_rooms.id and m.user_id = auth.uid())", 'chat_rooms')}`,
          "for select, lets in whom the fix does not: somebody who is not in the room (type 'public')",
        ],
        [
          'rooms in another table',
          `create table public.channels (id uuid primary key);
       create table public.chat_messages (
           id uuid primary key, channel_id uuid references public.channels (id), sender uuid, content text
       );`,
          'public.chat_messages.channel_id references public.channels, and the fix knows rooms in public.chat_rooms and public.rooms only',
        ],
        [
          'members in a table that no rule names',
          `${accounts} ${rooms} ${messages}
       create table public.seats (room_id uuid references public.chat_rooms (id), member_id uuid);`,
          'public.seats is keyed to public.chat_rooms and names people in member_id',
        ],
        [
          'members of whom a table beside those that it knows says more, where the application decides who reads',
          `${chat} create table public.seats (room_id uuid references public.chat_rooms (id), member_id uuid);
       insert into public.seats values (md5('club')::uuid, md5('ben')::uuid), (md5('club')::uuid, md5('eve')::uuid);`,
          'public.seats names people in rooms (room_id, member_id), 1 of whom are members there in no table that the fix knows',
        ],
        [
          'members in a table without a key to rooms, which an old rule asks',
          `${chat} create table public.seats (room_id uuid, member uuid references auth.users (id), unique (member, room_id));
       insert into auth.users (id) values (md5('eve')::uuid);
       insert into public.seats values (md5('club')::uuid, md5('eve')::uuid);
       ${policy('exists (select from public.seats where seats.room_id = chat_messages.room_id and member = auth.uid())')}`,
          'public.seats names people in rooms (room_id, member), 1 of whom',
        ],
        [
          'messages that are a file, and no words',
          `${chat} alter table public.chat_messages add file text, add check (content is not null or file is not null);
       insert into public.chat_messages (room_id, sender, file) values (md5('club')::uuid, md5('ann')::uuid, 'voice.ogg');
       create function public.speak(room uuid, file text) returns void language plpgsql security definer set search_path = ''
           as $$ begin insert into public.chat_messages (room_id, sender, content, file) values (room, auth.uid(), null, file); end $$;`,
          'decided first: public.chat_messages.content may be null, and that is used by 1 rows that carry something else, the check chat_messages_check, the function public.speak(uuid,text)',
        ],
        [
          'messages that are a word of a column, or a row of another table, and no words',
          `${chat} alter table public.chat_messages add kind text default 'text';
       create table public.attachments (message_id uuid references public.chat_messages (id), url text);
       create table public.reactions (message_id uuid references public.chat_messages (id), user_id uuid, emoji text unique);
       insert into public.chat_messages (id, room_id, sender, kind) values (md5('a')::uuid, md5('club')::uuid, md5('ann')::uuid, 'voice'),
           (md5('b')::uuid, md5('club')::uuid, md5('ann')::uuid, 'text');
       insert into public.attachments values (md5('b')::uuid, 'a.png');
       insert into public.reactions values (md5('b')::uuid, md5('ben')::uuid, '+1');`,
          'is used by 1 rows of which public.attachments holds something, 1 rows that carry something else; with the fix every new one has words',
        ],
        [
          'the first message that is a picture, and those that are taken back',
          `${chat} alter table public.chat_messages add image_url text;
       create function public.take_back(message uuid) returns void language sql security definer set search_path = ''
           as $$ update public.chat_messages set content = null where id = message and sender = auth.uid() $$;`,
          'is used by the function public.take_back(uuid), what messages may carry (image_url); with the fix',
        ],
        [
          'messages from person to person',
          `create table public.chat_messages (id uuid primary key, sender_id uuid, receiver_id uuid, content text);
       insert into public.chat_messages values (md5('1')::uuid, md5('ann')::uuid, md5('ben')::uuid, 'hi');`,
          'no column of public.chat_messages says which room a message is in',
        ],
        [
          'messages in rooms that are kept nowhere',
          `create table public.chat_messages (id uuid primary key, room_id text, sender uuid, content text);
       insert into public.chat_messages values (md5('1')::uuid, 'general', md5('ann')::uuid, 'hi');`,
          'no message of public.chat_messages is in a room of public.chat_rooms or public.rooms',
        ],
        [
          'senders who are numbers',
          `${accounts} ${rooms} ${members} create table public.chat_messages (id uuid primary key, room_id uuid, sender_id bigint, content text);
       insert into public.chat_messages values (md5('1')::uuid, md5('club')::uuid, 7, 'hi');`,
          'no sender in public.chat_messages is the id of an account',
        ],
        [
          'ids of messages that are words',
          `${accounts} ${rooms} ${members} create table public.chat_messages (id text primary key, room_id uuid, sender uuid, content text);
       insert into public.chat_messages values ('msg_1', md5('club')::uuid, md5('ann')::uuid, 'hi'), ('msg_2', md5('club')::uuid, md5('ann')::uuid, 'hi');`,
          'ids of public.chat_messages in id are words, as of 2 of 2 messages',
        ],
        [
          'who invited, where it is a link or a name',
          `${chat} alter table public.chat_room_members add invited_by text;
       update public.chat_room_members set invited_by = 'link:' || md5(user_id::text);`,
          '2 of 2 rows of public.chat_room_members say in invited_by what is no id of an account, and the fix makes ids of it, which would be left empty; a word that is written from then on would be refused: rename the column, or write ids into it; or acknowledge it, if the words may go (public.chat_room_members.invited_by)',
        ],
        [
          'who made a room, where it is a name',
          `${accounts} create table public.chat_rooms (id uuid primary key, type text default 'group', title text, created_by text);
       insert into public.chat_rooms values (md5('club')::uuid, 'group', 'Club', 'ann');
       ${members} ${messages}`,
          '(public.chat_rooms.created_by)',
        ],
        [
          'members who are rows of another table, without a key to it',
          `${rooms} ${members} ${messages} create table public.profiles (id uuid primary key, account uuid);
       insert into auth.users (id) values (md5('account')::uuid);
       insert into public.profiles values (md5('ann')::uuid, md5('account')::uuid);`,
          'decided first: none of 2 memberships in public.chat_room_members is of an account, and nobody could be recognised by user_id: it holds ids of public.profiles (id), where the account is in another column, account: write the ids of accounts into it (public.chat_room_members.user_id)',
        ],
        [
          'members who are accounts of the application’s own',
          `${rooms} ${members} ${messages} create table public.people (id uuid primary key, password_hash text);
       insert into public.people values (md5('ann')::uuid);`,
          'it holds ids of public.people, where the application keeps accounts of its own (password_hash); with the fix a token',
        ],
        [
          'people in a list of the room',
          `${accounts} ${rooms} ${messages} alter table public.chat_rooms add member_ids uuid[];
       update public.chat_rooms set member_ids = array[md5('ann')::uuid, md5('ben')::uuid];`,
          'public.chat_rooms.member_ids names people',
        ],
        [
          'members of whom none has a status that it knows',
          `${chat} update public.chat_room_members set status = 'active';`,
          'nobody is an approved member of any room: all of 2 memberships wait or are blocked by what they say',
        ],
        [
          'who sends under a name that it does not know',
          `${accounts} ${rooms} ${members} create table public.chat_messages (id uuid primary key, room_id uuid references public.chat_rooms (id),
         sender_type text, sent_for uuid references auth.users (id), content text, check (sender_type <> 'person' or sent_for is not null));`,
          'decided first: public.chat_messages has no column for the sender that the fix knows, and sent_for may be it, which would stay beside an empty sender: rename it to sender, if it is (public.chat_messages.sent_for)',
        ],
        [
          'members whose status it does not know, and a creator without one, where nothing guards the rows',
          `${chat} update public.chat_room_members set status = case when user_id = md5('ben')::uuid then 'APPROVED' end;`,
          "public.chat_room_members.status holds words that the fix does not know, or none: none (1), 'APPROVED' (1). Whoever has one would wait",
        ],
        [
          'rooms of two without a title, whose type it does not know',
          `${chat} update public.chat_rooms set type = 'Private', title = null;`,
          "public.chat_rooms.type holds words that the fix does not know, of rooms of at most two people and without a title: 'Private' (1)",
        ],
        [
          'people whom json, the key of a pair or a text with commas names, beside a group',
          `${chat} alter table public.chat_rooms add participants jsonb, add dm_key text, add pair varchar(80), add picture text;
         insert into public.chat_rooms (id, participants, dm_key, pair, picture)
         values (md5('1')::uuid, jsonb_build_array(jsonb_build_object('user_id', md5('ann')::uuid)), null, null, null),
             (md5('2')::uuid, null, concat(md5('ann')::uuid, '_', md5('bob')::uuid), null, null),
             (md5('3')::uuid, null, null, concat(md5('bob')::uuid, ', ', md5('ann')::uuid), null),
             (md5('4')::uuid, null, null, null, concat(md5('ann')::uuid, '/lunch.png'));`,
          '3 to be decided first: public.chat_rooms.dm_key names people, also of rooms that have no member: copy them to chat_room_members or room_members, or acknowledge it, if they are no members (public.chat_rooms.dm_key); public.chat_rooms.pair names people, also of rooms that have no member: copy them to chat_room_members or room_members, or acknowledge it, if they are no members (public.chat_rooms.pair); public.chat_rooms.participants names people',
        ],
        [
          'two people of a room whom only its own columns name, beside a group',
          `${chat} alter table public.chat_rooms add user1_id uuid, add user2_id uuid;
         insert into public.chat_rooms (id, user1_id, user2_id) values (md5('two')::uuid, md5('ann')::uuid, md5('ben')::uuid);`,
          'public.chat_rooms.user1_id names people, also of rooms that have no member: copy them to chat_room_members or room_members, or acknowledge it, if they are no members (public.chat_rooms.user1_id); public.chat_rooms.user2_id',
        ],
        [
          'messages from one person to another, beside those of a group',
          `${chat} alter table public.chat_messages add receiver_id uuid;
         insert into public.chat_messages (sender, receiver_id, content) values (md5('ann')::uuid, md5('ben')::uuid, 'for you');`,
          'public.chat_messages.receiver_id names whom messages without a room are for',
        ],
        [
          'messages to one person that are yet to come',
          `${chat} alter table public.chat_messages add receiver_id uuid; delete from public.chat_messages;`,
          'public.chat_messages.receiver_id names whom messages without a room are for',
        ],
        [
          'rooms without members',
          `${accounts} ${rooms} ${messages} update public.chat_messages set sender = md5('ben')::uuid;`,
          'nobody is a member of any room',
        ],
        [
          'visitors who type a name, in a chat without accounts',
          `create table public.chat_rooms (id uuid primary key, name text);
         create table public.chat_messages (
             id bigint primary key, room_id uuid references public.chat_rooms (id), username text, content text, created_at timestamptz
         );
         insert into public.chat_rooms values (md5('club')::uuid, 'Club');
         insert into public.chat_messages values (1, md5('club')::uuid, 'nick', 'hello', '2025-01-01 00:00+00');`,
          'no room, membership or message names an account',
        ],
        [
          'a view that asks for a word that it replaces',
          `${chat} update public.chat_rooms set type = 'private';
       create view public.open_rooms as select id from public.chat_rooms where type <> 'private';`,
          "the view public.open_rooms asks for the word 'private', which the fix replaces in public.chat_rooms.type",
        ],
        [
          'a rule that replaces deletions',
          `${chat} create rule keep as on delete to public.chat_messages do instead nothing;`,
          'the rule keep on public.chat_messages replaces deletions',
        ],
        [
          'a check about the role of a member and another column, with words that it replaces',
          `${chat} update public.chat_room_members set role = 'owner';
       alter table public.chat_room_members add constraint owners check (role <> 'owner' or status = 'approved');`,
          'the check owners on public.chat_room_members is about the role of a member and other columns',
        ],
        [
          'a check about the type of a room and another column',
          `${chat} alter table public.chat_rooms add client uuid,
           add constraint clients check (type <> 'project' or client is not null);`,
          'the check clients on public.chat_rooms is about the type of a room and other columns',
        ],
        [
          'functions that go by the policies with the rights of a role of their own',
          `${chat} alter table public.chat_messages enable row level security;
       create policy readers on public.chat_messages for select
           using (room_id in (select room_id from public.chat_room_members where user_id = auth.uid()));
       ${send}
       create role chat_feed nologin;
       create schema feeds authorization chat_feed;
       grant usage on schema feeds to authenticated;
       grant select on public.chat_messages, public.chat_room_members to chat_feed;
       create function feeds.feed() returns setof text language sql stable security definer set search_path = ''
           as $$ select content from public.chat_messages $$;
       alter function feeds.feed() owner to chat_feed;`,
          'the function feeds.feed() goes by the policies with the rights of chat_feed, and with the fix no policy lets this role use public.chat_messages',
        ],
        [
          'a trigger that makes groups by the title of its own row',
          `${chat} create table public.tickets (id uuid primary key, subject text, opened_by uuid);
       create function public.open_ticket() returns trigger language plpgsql security definer set search_path = ''
           as $$ begin insert into public.chat_rooms (type, title, created_by) values ('group', new.subject, new.opened_by); return new; end $$;
       create trigger opened before insert on public.tickets for each row execute function public.open_ticket();`,
          'the function public.open_ticket() makes groups in public.chat_rooms with a title that their creator may have used before',
        ],
      ],
      4,
    ),
  )('refuses %s by their name', async (_, sql, problem) => {
    expect(await outcomeOf(sql)).toContain(problem);
  });

  it('asks nothing about functions that make groups of a title of their own, or direct conversations', async () => {
    const making = (name: string, title: string, type: string) =>
      `create function public.${name}() returns void language plpgsql security definer set search_path = ''
           as $$ begin insert into public.chat_rooms (type, title, created_by) values ('${type}', ${title}, auth.uid()); end $$;`;
    const sql =
      chat +
      making('open_case', "'Case ' || gen_random_uuid()", 'group') +
      making('open_nameless', 'null', 'group') +
      making('talk', "'The two of us'", 'dm');
    expect(await outcomeOf(sql)).toBe('applied');
    expect(await outcomeOf(sql + making('open_club', "'Club'", 'group'))).toContain(
      'public.open_club() makes groups',
    );
    const unique = 'create unique index on public.chat_rooms (created_by, title);';
    expect(await outcomeOf(sql + unique + making('open_club', "'Club'", 'group'))).toBe('applied');
  });

  it('keeps a restrictive policy that is for visitors alone, whatever it says', async () => {
    const sql = `${chat} alter table public.chat_messages enable row level security;
      create policy shut on public.chat_messages as restrictive for all to ROLE using (false) with check (false);`;
    expect(await outcomeOf(sql.replace('ROLE', 'anon'))).toBe('applied');
    expect(await outcomeOf(sql.replace('ROLE', 'public'))).toContain('lets nobody do anything');
  });

  it('asks nothing about checks that say a word as the fix does, whatever the column is called, and that something is there', async () => {
    const sql = `${chat} alter table public.chat_rooms rename column type to kind;
      alter table public.chat_rooms add constraint named check (kind = 'dm' or title <> '');`;
    expect(await outcomeOf(sql)).toBe('applied');
    expect(await outcomeOf(sql.replaceAll('dm', 'private'))).toContain(
      'the check named on public.chat_rooms',
    );
  });

  it('asks the second time nothing about what it left behind the first', async () => {
    const sql = `${accounts}
       create table public.rooms (id uuid primary key, kind text not null default 'group', slug text unique, created_by uuid);
       create table public.conversation_participants (room_id uuid references public.rooms (id), user_id uuid, primary key (room_id, user_id));
       create table public.chat_messages (id bigserial primary key, room_id uuid references public.rooms (id), sender_id uuid, content text not null);
       insert into public.rooms values (md5('club')::uuid, 'group', 'club', md5('ann')::uuid);
       insert into public.conversation_participants values (md5('club')::uuid, md5('ann')::uuid), (md5('club')::uuid, md5('ben')::uuid);
       create function public.is_member(room uuid) returns boolean language sql stable security definer set search_path = ''
           as $$ select exists (select from public.conversation_participants where room_id = room and user_id = auth.uid()) $$;
       alter table public.rooms enable row level security;
       alter table public.conversation_participants enable row level security;
       alter table public.chat_messages enable row level security;
       create policy seen on public.rooms for select to authenticated using (public.is_member(id));
       create policy seen on public.conversation_participants for select to authenticated using (public.is_member(room_id));
       create policy seen on public.chat_messages for select to authenticated using (public.is_member(room_id));
       create policy sent on public.chat_messages for insert to authenticated
           with check (sender_id = auth.uid() and public.is_member(room_id));`;
    const query =
      "select string_agg(policyname, ' ') from pg_policies where tablename = 'rooms' and policyname = 'seen'";
    expect(await outcomeOf(sql, { query, times: 2, acknowledge: [] })).toBe('seen');
  });

  it('asks nothing about people who are no members where the rules know who reads', async () => {
    const sql = `${chat} create table public.bans (room_id uuid references public.chat_rooms (id), user_id uuid);
       insert into public.bans values (md5('club')::uuid, md5('eve')::uuid);
       ${policy('room_id in (select room_id from public.chat_room_members where user_id = auth.uid())')}`;
    expect(await outcomeOf(sql)).toBe('applied');
  });

  it('asks about a function of the project, and not about those of the host that call one of its name', async () => {
    const sql = `${chat} grant insert on public.chat_messages to authenticated;
       create function public.send(id uuid) returns void language plpgsql
           as $$ begin insert into public.chat_messages (id, room_id, sender, content) values (id, md5('club')::uuid, auth.uid(), 'hi'); end $$;`;
    expect(await outcomeOf(sql)).toMatch(
      /^0A000: 1 to be decided first: the function public.send\(uuid\) inserts id/,
    );
  });

  it('keeps a check about more than one column that knows its words', async () => {
    const sql = `${chat} alter table public.chat_rooms add constraint titles check (type <> 'group' or title is not null);`;
    const query = "select count(*) from pg_constraint where conname = 'titles'";
    expect(await outcomeOf(sql, { query })).toBe('1');
  });

  it('gives rooms that are numbered other ids, takes along what points at them, and keeps the numbers', async () => {
    const sql = `create table public.chat_rooms (id bigint generated always as identity primary key, name text, created_by uuid);
      create table public.chat_room_members (room_id bigint references public.chat_rooms (id), user_id uuid);
      create table public.pins (room_id bigint references public.chat_rooms (id));
      insert into public.chat_rooms (name, created_by) values ('Club', md5('ann')::uuid);
      insert into public.chat_room_members values (1, md5('ann')::uuid); insert into public.pins values (1);`;
    const query = `select concat(count(*), ' ', (select row_data ->> 'id' from chat_quarantine.rows))
        from public.pins join public.chat_rooms on id = room_id join public.chat_room_members using (room_id)`;
    expect(await outcomeOf(sql, { query, acknowledge: ['public.chat_rooms.id'] })).toBe('1 1');
  });

  it('takes along what points at messages from rooms and memberships, where their ids are texts', async () => {
    const sql = `${accounts} ${rooms} ${members}
      create table public.chat_messages (id text primary key, room_id uuid references public.chat_rooms (id), sender uuid, content text);
      insert into public.chat_messages values (md5('1')::uuid::text, md5('club')::uuid, md5('ann')::uuid, 'hi');
      alter table public.chat_rooms add newest text references public.chat_messages (id) on delete set null;
      alter table public.chat_room_members add seen text references public.chat_messages (id) on delete set null;
      update public.chat_rooms set newest = md5('1')::uuid::text;
      update public.chat_room_members set seen = md5('1')::uuid::text;`;
    const query = `delete from public.chat_messages; select concat_ws(' ',
      pg_typeof(newest), newest is null, pg_typeof(seen), seen is null,
      (select count(*) from pg_constraint where contype = 'f' and confrelid = 'public.chat_messages'::regclass))
      from public.chat_rooms join public.chat_room_members on room_id = id`;
    expect(await outcomeOf(sql, { query, times: 2 })).toBe('uuid t uuid t 2');
  });

  it('makes times of numbers that count milliseconds or seconds', async () => {
    const sql = `${chat} alter table public.chat_messages drop created_at, add created_at bigint;
      update public.chat_messages set created_at = 1735689600000;
      alter table public.chat_rooms add updated_at integer; update public.chat_rooms set updated_at = 1735689600;`;
    const query = `select concat_ws(', ', min(message.created_at at time zone 'utc'), min(room.updated_at at time zone 'utc'))
        from public.chat_messages as message join public.chat_rooms as room on room.id = room_id`;
    const acknowledge = ['public.chat_messages.created_at', 'public.chat_rooms.updated_at'];
    expect(await outcomeOf(sql, { query, acknowledge })).toBe('2025-01-01 00:00:00, 2025-01-01 00:00:00');
  });

  it('keeps the words by which rooms were known', async () => {
    const sql = `create table public.chat_rooms (id text primary key, title text, created_by uuid);
      create table public.chat_room_members (room_id text references public.chat_rooms (id), user_id uuid);
      insert into public.chat_rooms values ('lobby', 'Lobby', md5('ann')::uuid), (md5('club')::uuid::text, 'Club', md5('ann')::uuid);
      insert into public.chat_room_members select id, md5('ann')::uuid from public.chat_rooms;`;
    const query = "select string_agg(row_data ->> 'id', ', ') from chat_quarantine.rows";
    expect(await outcomeOf(sql, { query })).toBe('lobby');
  });

  it('lets a function go on writing a person under the former name of the column', async () => {
    const sql = `${accounts} ${rooms} ${members}
      create table public.chat_messages (id uuid primary key default gen_random_uuid(), room_id uuid references public.chat_rooms (id),
        "senderId" uuid, content text);
      insert into public.chat_messages (room_id, "senderId", content) values (md5('club')::uuid, md5('ann')::uuid, 'hello');
      create function public.post(room uuid, words text) returns void language sql
        as $$ insert into public.chat_messages (room_id, "senderId", content) values (room, auth.uid(), words) $$;`;
    const query = `select set_config('request.jwt.claims', json_build_object('sub', md5('ann')::uuid, 'role', 'authenticated')::text, true);
      set local role authenticated; select public.post(md5('club')::uuid, 'again');
      select string_agg(sender::text, ',') = concat(md5('ann')::uuid, ',', md5('ann')::uuid) from public.chat_messages`;
    expect(await outcomeOf(sql, { query })).toBe('true');
  });

  const renamed = `${chat} alter table public.chat_messages rename sender to sender_id;
    alter table public.chat_rooms rename title to name; alter table public.chat_rooms rename type to kind;`;
  const definer = (name: string, returns: string, body: string) =>
    `create function public.${name} returns ${returns} language plpgsql security definer set search_path = public as $$ begin ${body} end $$;`;
  it.each(
    someOf<[string, string, string, string]>(
      [
        [
          'forgets who wrote',
          definer(
            'forget_me(person uuid)',
            'void',
            "update chat_messages set sender_id = null, content = 'gone' where sender_id = person;",
          ),
          "select public.forget_me(md5('ann')::uuid); select coalesce(sender::text, 'nobody') from public.chat_messages",
          'nobody',
        ],
        [
          'renames a room',
          definer(
            'rename_room(room uuid, to_be text)',
            'void',
            'update chat_rooms set name = to_be where id = room;',
          ),
          "select public.rename_room(md5('club')::uuid, 'Choir'); select title from public.chat_rooms",
          'Choir',
        ],
        [
          'makes a conversation, where the column itself has a default',
          definer(
            'converse(room uuid)',
            'void',
            "insert into chat_rooms (id, kind, name) values (room, 'dm', 'Two');",
          ),
          "select public.converse(md5('two')::uuid); select type from public.chat_rooms where title = 'Two'",
          'dm',
        ],
        [
          'rewrites what is sent before it is kept',
          `alter table public.chat_messages rename content to message;
       ${definer('clean()', 'trigger', "new.message := replace(new.message, 'damn', '****'); return new;")}
       create trigger clean before insert on public.chat_messages for each row execute function public.clean();`,
          `insert into public.chat_messages (room_id, sender, content) values (md5('club')::uuid, md5('ben')::uuid, 'damn it');
       select content from public.chat_messages where sender = md5('ben')::uuid`,
          '**** it',
        ],
        [
          'makes rows of what the client sends',
          definer(
            'post(sent jsonb)',
            'void',
            `declare made chat_messages; begin
           made := jsonb_populate_record(null::chat_messages, sent || jsonb_build_object('id', gen_random_uuid()));
           insert into chat_messages values (made.*);
         end;`,
          ),
          `select public.post(jsonb_build_object('room_id', md5('club')::uuid, 'sender_id', md5('ben')::uuid, 'content', 'hi'));
       select content from public.chat_messages where sender = md5('ben')::uuid`,
          'hi',
        ],
        [
          'hands on whole rows',
          definer('feed()', 'jsonb', 'return (select jsonb_agg(to_jsonb(m)) from chat_messages as m);'),
          "select (public.feed() -> 0 ->> 'sender_id')::uuid = md5('ann')::uuid",
          'true',
        ],
        [
          'answers with rows',
          'create function public.lines() returns setof public.chat_messages language sql as $$ select * from public.chat_messages $$;',
          "select (to_jsonb(line) ->> 'sender_id')::uuid = md5('ann')::uuid from public.lines() as line",
          'true',
        ],
        [
          'shows whole rows in a view',
          'create view public.feed as select to_jsonb(m) as line from public.chat_messages as m;',
          "select (line ->> 'sender_id')::uuid = md5('ann')::uuid from public.feed",
          'true',
        ],
        [
          'hands a row to a function, as realtime.broadcast_changes takes it',
          `create table public.told (line jsonb);
       create function public.tell(line record) returns void language plpgsql as $$ begin insert into public.told values (to_jsonb(line)); end $$;
       create function public.announce() returns trigger language plpgsql security definer set search_path = '' as $$ begin
           perform public.tell(coalesce(new, old));
           return coalesce(new, old);
       end $$;
       create trigger announce after insert on public.chat_messages for each row execute function public.announce();`,
          `insert into public.chat_messages (room_id, sender, content) values (md5('club')::uuid, md5('ben')::uuid, 'hi');
       select (line ->> 'sender_id')::uuid = md5('ben')::uuid from public.told`,
          'true',
        ],
        [
          'is told the name of the column',
          `alter table public.chat_messages rename content to message;
       alter table public.chat_messages add words tsvector;
       create trigger words before insert or update on public.chat_messages for each row
         execute function tsvector_update_trigger(words, 'pg_catalog.simple', message);`,
          `insert into public.chat_messages (room_id, sender, content) values (md5('club')::uuid, md5('ben')::uuid, 'hi');
       select words from public.chat_messages where sender = md5('ben')::uuid`,
          "'hi':1",
        ],
      ],
      3,
    ),
  )(
    'lets what knows a column by its former name go on as before: one that %s',
    async (_, sql, query, said) => {
      const acknowledge = ['public.post(jsonb)', 'public.converse(uuid)', 'public.feed'];
      expect(await outcomeOf(renamed + sql, { query, acknowledge })).toBe(said);
    },
  );

  it.each<[string, string, string]>([
    [
      'messages and rooms of which other columns say the words and the type, also before there is any row',
      `create table public.chat_rooms (id uuid primary key, room_kind text default 'direct', created_by uuid);
       create table public.chat_room_members (room_id uuid references public.chat_rooms (id), user_id uuid);
       create table public.chat_messages (id uuid primary key, room_id uuid references public.chat_rooms (id), sender uuid, payload text not null);`,
      'payload, which is required.*room_kind may hold it',
    ],
    [
      'a function that makes memberships without a status, where another column says who waits',
      `${chat} alter table public.chat_room_members drop status, add is_approved boolean default false; update public.chat_room_members set is_approved = true;
       ${definer('join_room(room uuid)', 'void', 'insert into chat_room_members (room_id, user_id) values (room, auth.uid());')}`,
      'inserts memberships into public.chat_room_members without a status; after the fix they are pending',
    ],
    [
      'a function that makes them in the statement that makes the room',
      `${chat} alter table public.chat_room_members drop status, add is_approved boolean default false; update public.chat_room_members set is_approved = true;
       create function public.make_room() returns void language sql security definer set search_path = public as $$
         with made as (insert into chat_rooms (title, created_by) values (gen_random_uuid()::text, auth.uid()) returning id)
         insert into chat_room_members (room_id, user_id) select id, auth.uid() from made $$;`,
      'make_room.. inserts memberships into public.chat_room_members without a status',
    ],
    [
      'a function that takes an enum, and a title in which capitals are the same',
      `${chat} create type public.standing as enum ('approved', 'pending', 'blocked');
       create collation public.any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
       alter table public.chat_rooms alter title type varchar(80) collate public.any_case;
       alter table public.chat_room_members alter status drop default, alter status type public.standing using status::public.standing;
       create function public.counted(room uuid, wanted public.standing) returns bigint language sql security definer
         as $$ select count(*) from public.chat_room_members where room_id = room and status = wanted and status <> 'blocked' $$;`,
      'public.chat_rooms.title is character varying.80., which compares otherwise.*handles public.chat_room_members.status as public.standing',
    ],
  ])('refuses %s', async (_, sql, problem) => {
    expect(await outcomeOf(sql)).toMatch(new RegExp(problem));
  });

  it('refuses functions that write what the fix does not understand, each by its name', async () => {
    const functions: [name: string, returns: string, body: string, problem: string][] = [
      [
        'w01(r uuid)',
        'void',
        'update chat_messages set (room_id, content) = (r, content);',
        'has an update of public.chat_messages that the fix does not understand',
      ],
      [
        'w02(r uuid)',
        'void',
        'update chat_messages m set sender = r where m.id = r;',
        'changes public.chat_messages.sender',
      ],
      [
        'w03(r uuid)',
        'void',
        "update chat_rooms set type = 'group' where id = r;",
        'changes public.chat_rooms.type',
      ],
      [
        'w04(r uuid)',
        'void',
        'with gone as (delete from room_members where room_id = r returning *) update chat_rooms set created_by = r from gone;',
        'changes public.chat_rooms.created_by',
      ],
      [
        'w05(r uuid, as_what text)',
        'void',
        "insert into chat_room_members (room_id, user_id, role, status) values (r, auth.uid(), as_what, 'approved');",
        'may write a value into public.chat_room_members.role that the fix does not allow',
      ],
      [
        'w06(r uuid)',
        'void',
        "insert into chat_room_members (room_id, user_id, status) values (r, auth.uid(), 'muted') on conflict do nothing;",
        'may write a value into public.chat_room_members.status that the fix does not allow',
      ],
      [
        'w07(r uuid)',
        'void',
        "insert into chat_messages (sender, content) values (auth.uid(), 'hi');",
        'writes rows into public.chat_messages without room_id',
      ],
      ['w08()', 'void', 'delete from chat_messages;', 'deletes every row of public.chat_messages'],
      [
        'w09(t text, r uuid)',
        'void',
        "perform 'chat_messages'; execute format('delete from %I where id = $1', t) using r;",
        'has a statement that is built when it runs, and may write public.chat_messages',
      ],
      [
        'w10(r uuid)',
        'void',
        "insert into lines (room_id, sender, content) values (r, auth.uid(), 'hi');",
        'writes public.chat_messages through the view public.lines',
      ],
      [
        'w11(r uuid)',
        'void',
        'insert into conversation_participants (room_id, user_id) values (r, auth.uid());',
        'makes memberships in public.conversation_participants, which nobody reads any more',
      ],
      [
        'w12(r uuid)',
        'void',
        "insert into chat_rooms (id, type, created_by) values (r, 'group', auth.uid()) on conflict (title) do update set updated_at = now();",
        'looks in public.chat_rooms for a row with the same title',
      ],
      [
        'w13()',
        'trigger',
        'new.title := coalesce(new.title, $t$Untitled$t$); return new;',
        'gives every new row of public.chat_rooms a title',
      ],
      [
        'w14()',
        'trigger',
        'update chat_rooms set title = new.content where id = new.room_id; return new;',
        'changes public.chat_rooms.title',
      ],
      [
        'w15(r uuid)',
        'void',
        "execute 'update chat_messages set sender = $1 where id = $2' using r, r;",
        'changes public.chat_messages.sender',
      ],
      [
        'w16(r uuid)',
        'void',
        'insert into chat_room_members values (r, auth.uid());',
        'writes rows into public.chat_room_members without naming their columns, which the fix changes \\(it adds ',
      ],
    ];
    const sql = `${chat} alter table public.chat_rooms add updated_at timestamptz;
      create table public.room_members (room_id uuid references public.chat_rooms (id), user_id uuid);
      create table public.conversation_participants (room_id uuid references public.chat_rooms (id), user_id uuid);
      create view public.lines as select * from public.chat_messages; create table public.tickets (id uuid);
      ${functions.map(([name, returns, body]) => definer(name, returns, body)).join('\n')}
      create trigger w13 before insert on public.chat_rooms for each row execute function public.w13();
      create trigger w14 after insert on public.chat_messages for each row execute function public.w14();
      create rule tickets as on insert to public.tickets do also delete from public.chat_messages where id = new.id;`;
    const said = await outcomeOf(sql);
    for (const [name, , , problem] of functions) {
      expect(said).toMatch(
        new RegExp(`the function (public\\.)?${name.split('(')[0]}\\([^)]*\\) [^(]*${problem}`),
      );
    }
    expect(said).toContain('the rule tickets on public.tickets writes public.chat_messages');
  });

  it('understands what functions of plain applications write', async () => {
    const functions: [name: string, returns: string, body: string][] = [
      [
        'touch()',
        'trigger',
        'update chat_rooms set last_message_at = new.created_at where id = new.room_id; return new;',
      ],
      [
        'count_unread()',
        'trigger',
        'update chat_room_members m set unread = unread + 1 where m.room_id = new.room_id and m.user_id <> new.sender; return null;',
      ],
      [
        'mark_as_read(r uuid)',
        'void',
        'update chat_room_members set last_read_at = now(), unread = 0 where room_id = r and user_id = auth.uid();',
      ],
      [
        'send_message(r uuid, words text)',
        'uuid',
        'declare made uuid; begin insert into chat_messages (room_id, sender, content) values (r, auth.uid(), btrim(words)) returning id into made; return made; end;',
      ],
      [
        'edit(m uuid, words text)',
        'void',
        'update chat_messages set content = words, edited_at = now() where id = m and sender = auth.uid();',
      ],
      ['take_back(m uuid)', 'void', 'delete from chat_messages where id = m and sender = auth.uid();'],
      [
        'leave_room(r uuid)',
        'void',
        'delete from chat_room_members where room_id = r and user_id = auth.uid();',
      ],
      ['touched()', 'trigger', 'new.updated_at := now(); return new;'],
      ['handle_new_user()', 'trigger', 'insert into profiles (id) values (new.id); return new;'],
    ];
    const sql = `${chat} alter table public.chat_rooms add last_message_at timestamptz, add updated_at timestamptz;
      alter table public.chat_room_members add unread integer default 0, add last_read_at timestamptz;
      alter table public.chat_messages add edited_at timestamptz; create table public.profiles (id uuid);
      ${functions.map(([name, returns, body]) => definer(name, returns, body)).join('\n')}
      create trigger touch after insert on public.chat_messages for each row execute function public.touch();
      create trigger count_unread after insert on public.chat_messages for each row execute function public.count_unread();
      create trigger touched before update on public.chat_rooms for each row execute function public.touched();
      create trigger handle_new_user after insert on auth.users for each row execute function public.handle_new_user();`;
    expect(await outcomeOf(sql)).toBe('applied');
  });

  it('asks about what functions, keys, triggers and marks say that the fix does not know', async () => {
    const sql = `${chat} alter table public.chat_messages add is_system boolean default false, add kind text;
      insert into public.chat_messages (room_id, content, is_system) values (md5('club')::uuid, 'Ann joined', true), (md5('club')::uuid, 'Ben joined', true);
      create table public.room_members (room_id uuid references public.chat_rooms (id), user_id uuid);
      alter table public.chat_rooms enable row level security; alter table public.room_members enable row level security;
      alter table public.chat_room_members enable row level security;
      create policy seen on public.chat_rooms for select to authenticated using (${isMember.replace('= room ', '= id ')}));
      create policy seen on public.room_members for select to authenticated using (user_id = auth.uid());
      create policy seen on public.chat_room_members for select to authenticated using (user_id = auth.uid());
      create table public.matches (a uuid, b uuid);
      ${definer('matched()', 'trigger', "insert into chat_rooms (id, type) values (new.a, 'dm'); return new;")}
      create trigger matched before insert on public.matches for each row execute function public.matched();
      ${definer(
        'start_match_chat(other uuid)',
        'void',
        `if not exists (select from matches where a = auth.uid() and b = other) then raise exception 'not matched'; end if;
         insert into chat_rooms (id, type, created_by) values (md5(other::text)::uuid, 'dm', auth.uid());
         insert into room_members (room_id, user_id) values (md5(other::text)::uuid, auth.uid()), (md5(other::text)::uuid, other);`,
      )}
      ${definer('open_or_create_dm(whom uuid)', 'uuid', 'return null;')}
      ${definer(
        'create_group_room(p_creator uuid, p_is_private boolean, p_member_ids uuid[], p_name text)',
        'uuid',
        `insert into chat_room_members (room_id, user_id, status) select p_creator, who, 'pending' from unnest(p_member_ids) as who;
         insert into chat_messages (sender, content) values (p_creator, 'made the group'); return null;`,
      )}
      create table public.posts (room_id uuid, user_id uuid, foreign key (room_id, user_id) references public.chat_room_members);
      ${definer('welcome()', 'trigger', "insert into chat_messages (room_id, sender, content) values (new.room_id, new.user_id, 'joined'); return null;")}
      create trigger welcome after insert on public.chat_room_members for each row execute function public.welcome();
      alter table public.chat_rooms add has_members boolean, add active_at timestamptz;
      ${definer('counted()', 'trigger', 'update chat_rooms set active_at = now(), has_members = true where id = new.room_id; return null;')}
      create trigger counted after insert on public.chat_room_members for each row execute function public.counted();`;
    const said = await outcomeOf(sql);
    for (const problem of [
      'public.chat_messages.is_system tells messages without a sender from others: they are meant to have none',
      'start_match_chat(uuid) is the only way to open a conversation of two, and asks public.matches; with the fix everybody does',
      'matched() is the only way to open a conversation of two, and asks public.matches',
      "looks at public.chat_messages, into which it writes, the status that it gives, 'pending'",
      'open_or_create_dm(uuid), which the fix replaces, has arguments that it does not have there: whom',
      'the key posts_room_id_user_id_fkey of public.posts takes every row of public.chat_room_members for a member',
      'the function public.welcome(), which writes into chat_messages, takes every row of public.chat_room_members',
      'the function public.counted(), which writes into chat_rooms, takes every row of public.chat_room_members',
    ]) {
      expect(said).toContain(problem);
    }
  });

  it('asks about what takes those who wait for members, also through views, and about nothing that asks for the status', async () => {
    const guarded = `${chat} alter table public.chat_room_members enable row level security;
      create table public.meetings (room_id uuid, link text, status text); create table public.push_tokens (user_id uuid, token text);
      create view public.mine as select room_id from public.chat_room_members where user_id = auth.uid();`;
    const joined = 'from public.meetings as meeting join public.chat_room_members as m using (room_id)';
    const asked = await outcomeOf(`${guarded}
      create view public.my_meetings as select link ${joined} where m.user_id = auth.uid();
      create view public.open_meetings as select link ${joined} where m.user_id = (select auth.uid()) and meeting.status = 'open';
      create view public.stated_meetings as select link, m.status ${joined} where m.user_id = auth.uid();
      create view public.meetings_by_view as select link from public.meetings join public.mine using (room_id);
      create view public.push_targets with (security_invoker = true) as
          select room_id, token from public.chat_room_members join public.push_tokens using (user_id);
      create materialized view public.push_list as table public.push_targets;
      create view public.sizes as select room_id, count(*) from public.chat_room_members group by room_id;
      create view public.roster as select m.user_id from public.chat_room_members as m
          where m.status = 'approved' and m.room_id in (select me.room_id from public.chat_room_members as me where me.user_id = auth.uid());
      create policy by_view on public.meetings for select to authenticated using (room_id in (select room_id from public.mine));
      create policy of_open on public.meetings for delete to authenticated using (status = 'open' and exists (
          select from public.chat_room_members as m where m.room_id = meetings.room_id and m.user_id = auth.uid()));
      create policy on_air on realtime.messages for select to authenticated using (exists (
          select from public.chat_room_members as m where m.room_id::text = realtime.topic() and m.user_id = auth.uid()));
      create rule told as on insert to public.meetings do also insert into public.push_tokens (user_id)
          select m.user_id from public.chat_room_members as m where m.room_id = new.room_id;
      create function public.links() returns setof text language sql stable security definer set search_path = ''
          as $$ select link from public.meetings, public.mine where meetings.room_id = mine.room_id $$;`);
    const found = [...asked.matchAll(/the (\w+) (\S+)[^;]* takes every row/g)].map(
      ([, kind, name]) => `${kind} ${name}`,
    );
    expect(found.sort()).toEqual([
      'function public.links()',
      'policy by_view',
      'policy of_open',
      'policy on_air',
      'rule told',
      'view public.meetings_by_view',
      'view public.my_meetings',
      'view public.open_meetings',
      'view public.push_targets',
      'view public.roster',
      'view public.sizes',
      'view public.stated_meetings',
    ]);
    expect(
      await outcomeOf(
        `${guarded}
      create view public.my_meetings as select link ${joined} where m.user_id = auth.uid() and m.status = 'approved';
      create view public.meetings_by_query as with held as (select room_id, status from public.chat_room_members where user_id = auth.uid())
          select link from public.meetings join held using (room_id) where held.status = 'approved';
      create view public.stated as select m.status, token from public.chat_room_members as m join public.push_tokens using (user_id);
      create view public.my_rooms with (security_invoker = true) as select room.*
          from public.chat_rooms as room join public.chat_room_members as m on m.room_id = room.id where m.user_id = auth.uid();
      create view public.sizes as select room_id, count(*) filter (where status = 'approved') from public.chat_room_members group by room_id;
      create view public.roster as select m.* from public.chat_room_members as m
          join public.chat_room_members as me using (room_id) where me.user_id = auth.uid() and me.status = 'approved';
      create policy readers on public.meetings for select to authenticated using (room_id in (
          select room_id from public.chat_room_members where user_id = auth.uid() and status = 'approved'));`,
        { acknowledge: ['public.chat_room_members.select'] },
      ),
    ).toBe('applied');
  });

  describe('of functions that say status', () => {
    const guarded = `${chat} alter table public.chat_room_members enable row level security;
      create table public.orders (id uuid primary key, room_id uuid, status text);`;
    const mine = 'from chat_room_members where room_id = room and user_id = auth.uid()';
    const functions = (bodies: Record<string, string>) =>
      Object.entries(bodies).map(([name, body]) => definer(`${name}(room uuid)`, 'bigint', body));
    const query = (condition: string, from = 'chat_room_members as m join orders as o using (room_id)') =>
      `return (select count(*) from ${from} where ${condition});`;

    it('asks where it is that of something else', async () => {
      const asked = await outcomeOf(
        guarded +
          functions({
            joined: query("o.status = 'paid' and m.user_id = auth.uid()"),
            within: query(
              "room_id = room and exists (select from orders where status = 'pending')",
              'chat_room_members',
            ),
            around: query(`status = 'pending' and exists (select ${mine})`, 'orders'),
            a_variable: `declare status text := 'on'; begin if status = 'on' then ${query('user_id = auth.uid()', 'chat_room_members')} end if; end;`,
            a_record: `declare o record; begin select * into o from orders; if o.status = 'pending' then ${query('true', 'chat_room_members')} end if; end;`,
            written: `if exists (select ${mine}) then update orders set status = 'pending' where room_id = room; end if;`,
            admitted: `if exists (select ${mine}) then update chat_room_members set status = 'approved' where room_id = room; end if;`,
          }).join('\n'),
      );
      expect(
        [...asked.matchAll(/the function public\.(\w+)\(uuid\) takes every row/g)].map(([, name]) => name),
      ).toEqual(['a_record', 'a_variable', 'admitted', 'around', 'joined', 'within', 'written']);
    });

    it('asks nothing where it is that of the membership, or who asks is an admin', async () => {
      const sql = functions({
        plain: query("status = 'approved' and user_id = auth.uid()", 'chat_room_members'),
        beside: query("o.status = 'approved' and coalesce(m.status, 'approved') = 'approved'"),
        lateral_one: query("exists (select where m.status = 'approved')"),
        in_a_union:
          "return (select count(*) from (select id from orders where status = 'approved' union select user_id from chat_room_members where status = 'approved') as both_of_them);",
        named: `return (with mine as (select * ${mine}) select count(*) from mine where status = 'approved');`,
        a_case: query(
          "room_id = room having sum(case when status = 'approved' then 1 else 0 end) > 0",
          'chat_room_members',
        ),
        a_variable: `declare found_status text; begin select status into found_status ${mine}; if found_status = 'approved' then return 1; end if; end;`,
        a_record: `declare m record; begin select * into strict m ${mine}; if m.status <> 'approved' then return 1; end if; end;`,
        a_row: `declare m chat_room_members%rowtype; begin for m in select * ${mine} loop if m.status = 'approved' then return 1; end if; end loop; end;`,
        admits: `if not exists (select ${mine} and role = 'admin') then raise 'no :('; end if;
          update chat_room_members set status = 'approved' where room_id = room;`,
      }).join('\n');
      const acknowledge = ['select', 'update'].map((verb) => `public.chat_room_members.${verb}`);
      expect(await outcomeOf(guarded + sql, { acknowledge })).toBe('applied');
    });

    it('asks about publications that leave it out', async () => {
      const publishes = (what: string) =>
        `${guarded} create publication board for table public.chat_room_members ${what};`;
      const leavesOut = '(room_id, user_id)';
      expect(await outcomeOf(publishes(leavesOut))).toMatch(
        /the publication board, which leaves the status out, takes every row.* publish the status, or only rows that are approved \(board\)/s,
      );
      expect(await outcomeOf(publishes(leavesOut), { acknowledge: ['board'] })).toBe('applied');
      const tells = [
        '',
        '(room_id, user_id, status)',
        `${leavesOut} where (status = 'approved') with (publish = 'insert')`,
      ];
      for (const told of tells) {
        expect(await outcomeOf(publishes(told))).toBe('applied');
      }
    });
  });

  it('asks about triggers that tell others of whoever asks to join, also webhooks, and about none that asks for the status', async () => {
    const guarded = `${chat} alter table public.chat_room_members enable row level security;`;
    const hook = `execute function supabase_functions.http_request('https://example.org', 'POST', '{}', '{}', '1000');`;
    const telling = (
      name: string,
      statement: string,
    ) => `${definer(`${name}()`, 'trigger', `${statement}; return new;`)}
      create trigger ${name} after insert on public.chat_room_members for each row execute function public.${name}();`;
    const sql = `${guarded} create trigger webhook after insert or update on public.chat_room_members for each row ${hook}
      create trigger webhook after insert or update on public.chat_messages for each row ${hook}
      create trigger webhook after insert or update or delete on public.chat_rooms for each row ${hook}
      ${telling('posted', "perform net.http_post('https://example.org', to_jsonb(new))")}
      ${telling('noticed', "perform pg_notify('joined', new.user_id::text)")}
      ${telling('notified', 'notify joined')}
      ${telling('sent', "perform realtime.send(to_jsonb(new), 'joined', 'rooms')")}`;
    const asked = await outcomeOf(sql);
    expect([...asked.matchAll(/the (\w+ [^;]*?), takes every row/g)].map(([, what]) => what).sort()).toEqual([
      'function public.noticed(), which calls pg_notify',
      'function public.notified(), which calls notify',
      'function public.posted(), which calls net.http_post',
      'function public.sent(), which writes into realtime.messages',
      'trigger webhook, a webhook',
    ]);
    expect(asked).toContain(
      "make it again with when (new.status = 'approved'), and one for whoever is approved later",
    );
    const acknowledge = ['noticed()', 'notified()', 'posted()', 'sent()', 'chat_room_members.webhook'];
    expect(await outcomeOf(sql, { acknowledge: acknowledge.map((name) => `public.${name}`) })).toBe(
      'applied',
    );
    expect(
      await outcomeOf(`${guarded}
        create trigger webhook after insert on public.chat_room_members for each row when (new.status = 'approved') ${hook}
        create trigger changes after update or delete on public.chat_room_members for each row ${hook}
        ${telling('posted', "if new.status = 'approved' then perform net.http_post('https://example.org'); end if")}`),
    ).toBe('applied');
  });

  it('asks where people open conversations of two by inserting a room and its members', async () => {
    const opens = (makes = 'created_by = auth.uid()', more = '') => `${chat}
      alter table public.chat_rooms add check (type in ('dm', 'group')), enable row level security;
      alter table public.chat_room_members enable row level security; alter table public.chat_messages enable row level security;
      create function public.made(room uuid) returns boolean language sql stable security definer set search_path = ''
          as $$ select exists (select from public.chat_rooms where id = room and created_by = auth.uid()) $$;
      create policy makes on public.chat_rooms for insert to authenticated with check (${makes});
      create policy adds on public.chat_room_members for insert to authenticated with check (public.made(room_id));
      create policy joins on public.chat_room_members for insert to authenticated with check (user_id = auth.uid());
      create policy asks on public.chat_room_members for insert to authenticated with check (user_id = auth.uid() and status = 'pending');
      ${send} ${more}`;
    const problem =
      /by the policy \w+ on public\.chat_room_members people open conversations of two themselves/g;
    // One of the application's that is left over puts people elsewhere.
    const open = (table: string) =>
      definer(
        'open_or_create_dm(partner uuid)',
        'uuid',
        `insert into ${table} (room_id, user_id) values (partner, auth.uid()), (partner, partner); return partner;`,
      );
    const said = await outcomeOf(opens(undefined, open('room_members')));
    expect(said.match(problem)?.map((words) => words.split(' ')[3])).toEqual(['adds', 'joins']);
    const start = definer(
      'start_chat(other uuid)',
      'void',
      "insert into chat_rooms (id, type, created_by) values (md5(other::text)::uuid, 'dm', auth.uid());",
    );
    const used = opens(undefined, open('chat_room_members'));
    for (const sql of [opens("type <> 'dm' and type in ('group')"), opens('true', start), used]) {
      expect(await outcomeOf(sql)).not.toMatch(problem);
    }
  });

  it('asks about functions of its names that are called without who creates or opens', async () => {
    const called = (...signatures: string[]) =>
      chat + signatures.map((signature) => definer(signature, 'uuid', 'return null;')).join('\n');
    const said = await outcomeOf(
      called(
        "create_group_room(p_name text, p_member_ids uuid[] default '{}')",
        'open_or_create_dm(partner uuid default null)',
      ),
    );
    expect(said).toContain(
      'create_group_room(text,uuid[]), which the fix replaces, is called without p_creator, and that of the fix is not: give it another name',
    );
    expect(said).toContain('open_or_create_dm(uuid), which the fix replaces, is called without partner');
    for (const more of [
      'ensure_direct_conversation(partner uuid, me uuid default null)',
      'ensure_direct_conversation(other_user uuid)',
    ]) {
      expect(await outcomeOf(called(more))).toContain('is called without me');
    }
    const named = called(
      'create_group_room(name text, creator uuid)',
      'create_group_room(p_name text)',
      'open_or_create_dm(other_user uuid)',
      'ensure_direct_conversation(other_user uuid, partner uuid)',
    );
    expect(await outcomeOf(named)).not.toContain('is called without');
  });

  it('asks about functions of its names that return something else, or make others admins', async () => {
    const returns = `${chat} ${definer('ensure_direct_conversation(me uuid, partner uuid)', 'uuid', 'return null;')}
      ${definer('open_or_create_dm(partner uuid)', 'uuid', 'return null;')}
      ${definer(
        "create_group_room(p_creator uuid, p_is_private boolean = false, p_member_ids uuid[] = '{}', p_name text = '')",
        'json',
        `insert into chat_room_members (room_id, user_id, role) values (p_creator, p_creator, 'admin');
         insert into chat_room_members (room_id, user_id, role) select p_creator, who, 'admin' from unnest(p_member_ids) as who;
         return null;`,
      )}`;
    const said = await outcomeOf(returns);
    expect(said).toContain('returns uuid, and that of the fix returns TABLE(output_room_id uuid)');
    expect(said).toContain('returns json, and that of the fix returns uuid');
    expect(said).toContain("looks at the role that it gives others, 'admin'");
    expect(said).not.toContain('open_or_create_dm');
  });

  const older = (
    kind: string,
    creator: string,
  ) => `create table public.rooms (id uuid primary key, kind text, slug text, created_by uuid);
    insert into public.rooms values (md5('club')::uuid, '${kind}', 'old', md5('${creator}')::uuid);`;

  it('takes of two tables of rooms what messages are keyed to, and asks where they are not and say different types', async () => {
    const query = `select concat_ws(' ', type, title, created_by = md5('ann')::uuid) from public.chat_rooms`;
    expect(await outcomeOf(chat + older('dm', 'ben'), { query })).toBe('group Club t');
    const unkeyed = 'alter table public.chat_messages drop constraint chat_messages_room_id_fkey;';
    expect(await outcomeOf(chat + older('dm', 'ann') + unkeyed)).toContain(
      'public.rooms and public.chat_rooms say different types of 1 rooms',
    );
    expect(await outcomeOf(chat + older('group', 'ann') + unkeyed)).toBe('applied');
  });

  const listing = (...people: string[]) =>
    `${chat} alter table public.chat_rooms add participants uuid[];
     update public.chat_rooms set participants = array[${people.map((person) => `md5('${person}')::uuid`).join()}];`;
  const onlyMembers = `${policy(`room_id in (select room_id from public.chat_room_members where user_id = auth.uid())`)}`;
  it.each(
    someOf<[string, string, boolean]>(
      [
        ['all members and somebody else', listing('ann', 'ben', 'eve'), true],
        ['the members', listing('ann', 'ben'), false],
        ['some of them and somebody else, who is muted', listing('ann', 'eve'), false],
        [
          'somebody else, where policies let members alone in',
          listing('ann', 'ben', 'eve') + onlyMembers,
          false,
        ],
      ],
      2,
    ),
  )('asks about a list of people in rooms that names %s: %#', async (_what, sql, isAsked) => {
    const said = await outcomeOf(sql);
    const question = 'public.chat_rooms.participants names the members of rooms and others, 1 in all';
    if (isAsked) expect(said).toContain(question);
    else expect(said).not.toContain(question);
  });

  it('asks about a type that another column computes, not about one that its older name does', async () => {
    const by = (made: string, source: string) =>
      `${chat} alter table public.chat_rooms drop column type; alter table public.chat_rooms add ${made};
       alter table public.chat_rooms add type text generated always as (${source}) stored;`;
    expect(
      await outcomeOf(by('is_dm boolean default false', "case when is_dm then 'dm' else 'group' end")),
    ).toContain('public.chat_rooms.type is computed from is_dm');
    expect(await outcomeOf(by("kind text default 'group'", 'kind'))).not.toContain('is computed from');
  });

  it('asks about words that are computed, though an older name of theirs is what they are computed from', async () => {
    const by = (source: string) => `${chat} alter table public.chat_messages rename content to body;
      alter table public.chat_messages add content text generated always as (${source}) stored;`;
    expect(await outcomeOf(by('upper(body)'))).toContain(
      'public.chat_messages.content is computed from body',
    );
    expect(await outcomeOf(by('body'))).not.toContain('is computed from');
  });

  const titled = (...creators: string[]) => `${chat} insert into public.chat_rooms (id, title, created_by)
    select gen_random_uuid(), title, md5(creator)::uuid
    from unnest(array['${creators.join("', '")}']) as creator cross join unnest(array['New chat', ' new chat', 'Lunch']) as title;`;
  it('asks about a title of which several creators have several groups, and joins those of one', async () => {
    expect(await outcomeOf(titled('ann', 'ben'))).toContain(
      '2 creators have 4 groups in public.chat_rooms.title whose title',
    );
    expect(await outcomeOf(titled('ann'))).toBe('applied');
  });

  it('asks about a title of which one creator has several groups, each with others in it', async () => {
    const desk = (others: string[]) => `${chat} insert into public.chat_rooms (id, title, created_by)
      select md5('desk' || place)::uuid, 'Support', md5('ann')::uuid from generate_series(1, ${others.length}) as place;
      insert into public.chat_room_members (room_id, user_id)
      select md5('desk' || place)::uuid, md5(person)::uuid
      from unnest(array['${others.join("', '")}']) with ordinality as served (customer, place) cross join unnest(array['ann', customer]) as person
      on conflict do nothing;`;
    expect(await outcomeOf(desk(['ben', 'cara', 'dan']))).toContain(
      '1 creators have 3 groups in public.chat_rooms.title whose title each of them has several of, with other people in each',
    );
    expect(await outcomeOf(desk(['ben', 'cara']))).toBe('applied');
    // The same group, made three times.
    expect(await outcomeOf(desk(['ben', 'ben', 'ben', 'ann', 'cara']))).toBe('applied');
  });

  it('names the key of another table to a unique title, before it stands in the way', async () => {
    const invites = `${chat} alter table public.chat_rooms add constraint titles unique (title);
      create table public.invites (title text references public.chat_rooms (title) on update cascade);`;
    expect(await outcomeOf(invites)).toContain(
      'the key invites_title_fkey of public.invites leads to the titles of public.chat_rooms',
    );
  });

  it.each([
    ['(select auth.uid()) = sender_id', 'compare sender_id with who sends'],
    ['sender_id = auth.uid() and sender = auth.uid()', 'compare sender_id with who sends'],
    ['true', 'no rule about new messages compares either'],
    ['sender = (select auth.uid())', null],
  ])('asks who sent what two columns say different people sent, with check (%s)', async (check, problem) => {
    const sql = `${chat} alter table public.chat_messages add sender_id uuid;
      update public.chat_messages set sender_id = md5('ben')::uuid;
      alter table public.chat_messages enable row level security;
      create policy senders on public.chat_messages for insert to authenticated with check (${check});`;
    const said = await outcomeOf(sql);
    if (problem === null) expect(said).not.toContain('name another sender');
    else {
      expect(said).toContain(
        '1 messages name another sender in sender_id than in sender, which counts with the fix',
      );
      expect(said).toContain(problem);
    }
  });

  const owned = (owner: string) =>
    `${chat} alter table public.chat_rooms add owner_id uuid; update public.chat_rooms set owner_id = md5('${owner}')::uuid;`;
  const owns = `create function public.owns(room uuid) returns boolean language sql stable security definer set search_path = ''
      as $$ select exists (select from public.chat_rooms where id = room and owner_id = auth.uid()) $$;
    alter table public.chat_room_members enable row level security;
    create policy owners on public.chat_room_members for update to authenticated using (public.owns(room_id));`;
  const made = policy('created_by = auth.uid()', 'chat_rooms');
  const handOver = `create function public.hand_over(room uuid, person uuid) returns void language sql security definer set search_path = ''
      as $$ update public.chat_rooms set owner_id = person where id = room and owner_id = auth.uid() $$;`;
  it.each(
    someOf<[string, string, string | null]>(
      [
        ['a rule asks the second', owned('ben') + owns, 'rules or functions go by owner_id'],
        ['a function asks the second', owned('ben') + made + handOver, 'rules or functions go by owner_id'],
        ['nothing asks either', owned('ben'), 'no rule or function goes by either'],
        ['the first alone is asked', owned('ben') + made, null],
        ['they say the same', owned('ann') + owns, null],
      ],
      2,
    ),
  )(
    'asks whose groups are that two columns give to different people, where %s',
    async (_what, sql, problem) => {
      const said = await outcomeOf(sql);
      if (problem === null) expect(said).not.toContain('groups name somebody else');
      else {
        expect(said).toContain(
          '1 groups name somebody else in owner_id than in created_by, which counts with the fix',
        );
        expect(said).toContain(problem);
      }
    },
  );

  const unmade = 'update public.chat_rooms set created_by = null;';
  it.each(
    someOf<[string, string, boolean]>(
      [
        ['asks', owned('ben') + unmade + made, true],
        ['takes them where a rule lets them decide', owned('ben') + unmade + owns, false],
        [
          'takes them where they are its admin',
          `${owned('ben')} ${unmade} update public.chat_room_members set role = 'admin' where user_id = md5('ben')::uuid;`,
          false,
        ],
        [
          'takes them by another name for its creator',
          `${owned('ben')} ${unmade} alter table public.chat_rooms rename owner_id to creator_id;`,
          false,
        ],
      ],
      2,
    ),
  )('%s, where a group without a creator has an owner', async (_what, sql, isAsked) => {
    const said = await outcomeOf(sql);
    const question = '1 groups name nobody in created_by and somebody in owner_id';
    if (isAsked) expect(said).toContain(question);
    else expect(said).not.toContain('groups name nobody');
  });

  it('keeps the words of rooms that others share afterwards', async () => {
    const query = `select string_agg(row_data ->> 'type', ',' order by row_data ->> 'type') from chat_quarantine.rows`;
    const words = (list: string) => `${chat} insert into public.chat_rooms (id, type)
      select gen_random_uuid(), word from unnest('${list}'::text[]) as word;`;
    expect(await outcomeOf(words('{private,channel,DM,group}'), { query })).toBe('channel,private');
    expect(
      await outcomeOf(words('{direct,direct, dm }').replace("default 'group'", "default 'channel'"), {
        query,
        acknowledge: ['public.chat_rooms.type'],
      }),
    ).toBe('direct,direct');
  });

  it('asks nothing about who looks whether somebody is there, nor about a key whose policy asks a helper', async () => {
    const sql = `${chat} create table public.profiles (id uuid primary key references auth.users (id), username text);
      create table public.room_members (room_id uuid references public.chat_rooms (id), user_id uuid);
      alter table public.chat_rooms enable row level security; alter table public.room_members enable row level security;
      alter table public.chat_room_members enable row level security;
      create policy seen on public.chat_rooms for select to authenticated using (created_by = auth.uid());
      ${definer(
        'start_dm(other uuid)',
        'void',
        `if not exists (select from profiles where id = other) then raise exception 'nobody'; end if;
         insert into chat_rooms (id, type, created_by) values (md5(other::text)::uuid, 'dm', auth.uid());
         insert into room_members (room_id, user_id) values (md5(other::text)::uuid, auth.uid()), (md5(other::text)::uuid, other);`,
      )}
      create function public.is_in(room uuid) returns boolean language sql security definer as $$ select ${isMember} and status = 'approved') $$;
      create table public.typing (room_id uuid, user_id uuid, foreign key (room_id, user_id) references public.chat_room_members);
      alter table public.typing enable row level security;
      create policy own on public.typing to authenticated using (user_id = auth.uid() and public.is_in(room_id));`;
    expect(await outcomeOf(sql)).not.toMatch(/is the only way|the key typing|ERROR|syntax/);
  });

  it('does not open a schema that was shut, and with it the tables of others', async () => {
    const shut = `${chat} revoke usage on schema public from public, anon, authenticated;`;
    const others =
      'create table public.profiles (id uuid); grant select on public.profiles to authenticated;';
    expect(await outcomeOf(shut + others)).toContain(
      'authenticated has no usage of the schema public, which the fix would grant',
    );
  });

  it('leaves the time of a change empty where that says that there was none', async () => {
    const sql = `${chat} alter table public.chat_messages add updated_at timestamptz;`;
    const query = `insert into public.chat_messages (room_id, sender, content) values (md5('club')::uuid, md5('ben')::uuid, 'new');
      select count(updated_at) from public.chat_messages`;
    expect(await outcomeOf(sql, { query })).toBe('0');
  });

  it('keeps a former column for a trigger that hands on whole rows', async () => {
    const sql = `${accounts} ${rooms} ${members}
      create table public.chat_messages (id uuid primary key default gen_random_uuid(), room_id uuid references public.chat_rooms (id),
        sender_id uuid, content text);
      create table public.pushed (what jsonb);
      create function public.push() returns trigger language plpgsql security definer as $$
        begin insert into public.pushed (what) values (to_jsonb(new)); return new; end $$;
      create trigger push after insert on public.chat_messages for each row execute function public.push();
      insert into public.chat_messages (room_id, sender_id, content) values (md5('club')::uuid, md5('ann')::uuid, 'hello');`;
    const query = `insert into public.chat_messages (room_id, sender, content) values (md5('club')::uuid, md5('ben')::uuid, 'again');
      select count(*) from public.pushed where what ->> 'sender_id' is not null`;
    expect(await outcomeOf(sql, { query })).toBe('2');
  });

  it('accepts people who are rows of a table whose id is the account', async () => {
    const sql = `create table public.profiles (id uuid primary key references auth.users (id));
      ${accounts} insert into public.profiles select id from auth.users; ${rooms} ${members} ${messages}
      alter table public.chat_messages add foreign key (sender) references public.profiles (id);`;
    expect(await outcomeOf(sql)).toBe('applied');
  });
});

describe('the chat fix, of tables that are somebody else’s', () => {
  it('asks whose rooms and room_members are that nothing else of the chat knows, and leaves rooms alone once the other has another name', async () => {
    const game = (
      players: string,
    ) => `${chat} create table public.rooms (id uuid primary key, code text unique, host_id uuid);
      create table public.${players} (room_id uuid references public.rooms (id), user_id uuid, score integer, primary key (room_id, user_id));
      insert into public.rooms values (md5('lobby')::uuid, 'ABC', md5('ann')::uuid);
      insert into public.${players} values (md5('lobby')::uuid, md5('ann')::uuid, 7);`;
    expect(await outcomeOf(game('room_members'))).toContain(
      'public.room_members and public.rooms are keyed to one another, and nothing else of the chat knows a room of theirs',
    );
    const query =
      "select count(*) || ' ' || (select count(*) from public.chat_rooms) from public.players join public.rooms on id = room_id";
    expect(await outcomeOf(game('players'), { query })).toBe('1 1');
  });

  const hotel = `create table public.rooms (id uuid primary key, number text, price numeric, owner_id uuid);
    insert into public.rooms values (md5('101')::uuid, '101', 80, md5('ann')::uuid);`;
  const messenger = `create table public.conversations (id uuid primary key);
    create table public.conversation_participants (conversation_id uuid references public.conversations (id), user_id uuid);
    insert into public.conversations values (md5('ticket')::uuid);
    insert into public.conversation_participants values (md5('ticket')::uuid, md5('ann')::uuid);`;
  const untouched = (table: string) =>
    `select (select count(*) from public.chat_rooms) || ' rooms, ' || (select count(*) from pg_policy where polrelid = 'public.${table}'::regclass)
       || ' policies, ' || (select count(*) from chat_quarantine.rows) || ' in quarantine'`;

  it.each([
    ['a hotel’s rooms', hotel, 'rooms'],
    [
      'rooms that a booking is keyed to',
      `${hotel} create table public.bookings (room_id uuid references public.rooms (id));`,
      'rooms',
    ],
    ['the participants of another messenger', messenger, 'conversation_participants'],
  ])('leaves %s alone', async (_, sql, table) => {
    expect(await outcomeOf(chat + sql, { query: untouched(table) })).toBe(
      '1 rooms, 0 policies, 0 in quarantine',
    );
  });

  const newcomer = (messages: string) => `${accounts}
    create table public.rooms (id uuid primary key default gen_random_uuid(), name text not null, is_group boolean default false, created_by uuid);
    create table public.room_members (room_id uuid references public.rooms (id), user_id uuid, role text default 'member');
    create table public.${messages} (id bigserial primary key, room_id uuid, user_id uuid, content text not null);
    insert into public.rooms values (md5('club')::uuid, 'Club', true, md5('ann')::uuid), (md5('two')::uuid, 'Two', false, md5('ann')::uuid);
    insert into public.room_members select md5(room)::uuid, id from auth.users, unnest('{club,two}'::text[]) as room;
    insert into public.${messages} (room_id, user_id, content) values (md5('club')::uuid, md5('ann')::uuid, 'hello');`;

  it('asks for the name of a table of messages that it does not know', async () => {
    expect(await outcomeOf(newcomer('messages'))).toMatch(
      'public.messages holds messages, 1 of them in rooms of the chat, and the fix makes public.chat_messages',
    );
    expect(
      await outcomeOf(`${newcomer('messages')} truncate public.messages, public.rooms cascade;`),
    ).toMatch('public.messages holds messages, and the fix makes public.chat_messages');
  });

  it('hears of an older room whether it is a group, where no word says it', async () => {
    const query = `select concat((select string_agg(title || type, ', ' order by title) from public.chat_rooms), ' ',
      (select count(*) from public.chat_room_members), ' ', (select count(*) from public.room_members))`;
    expect(await outcomeOf(newcomer('chat_messages'), { query })).toBe('Clubgroup, Twodm 2 2');
  });

  it('takes rooms that messages are in, whatever they are called', async () => {
    const sql = `create table public.rooms (id uuid primary key, label text, created_by uuid);
      insert into public.rooms values (md5('old')::uuid, 'Old', md5('ann')::uuid);
      create table public.chat_messages (id uuid primary key, room_id uuid, sender uuid, content text);
      insert into public.chat_messages values (md5('1')::uuid, md5('old')::uuid, md5('ann')::uuid, 'hello');`;
    expect(await outcomeOf(sql, { query: 'select count(*) from public.chat_rooms' })).toBe('1');
  });
});

describe('the chat fix, of what reads memberships that move', () => {
  const moving = `${accounts} create table public.rooms (id uuid primary key, slug text);
    create table public.room_members (room_id uuid references public.rooms (id), user_id uuid, primary key (room_id, user_id));
    create table public.chat_messages (id uuid primary key, room_id uuid references public.rooms (id), sender uuid, content text);
    insert into public.rooms values (md5('club')::uuid, 'club');
    insert into public.room_members select md5('club')::uuid, md5(name)::uuid from unnest(array['ann', 'ben', 'cara']) as name;
    insert into public.chat_messages values (md5('1')::uuid, md5('club')::uuid, md5('ann')::uuid, 'hello');`;
  const reader = (body: string, language = 'sql') =>
    `create function public.people(room uuid) returns bigint language ${language} security definer set search_path = '' as $$ ${body} $$;
     revoke execute on function public.people(uuid) from public, anon, authenticated;`;
  const counted = 'select count(*) from public.room_members where room_id = room';

  it.each([
    ['a function that only the server calls, of rooms without a type', moving + reader(counted)],
    [
      'a statement that is built when it runs',
      moving + reader(`declare n bigint; begin execute '${counted}' into n; return n; end`, 'plpgsql'),
    ],
    ['a view', `${moving} create view public.people as ${counted.replace('= room', 'is not null')};`],
    [
      'a function that reads the participants of the first generation',
      `${moving} alter table public.room_members rename to conversation_participants;
       ${reader(counted.replace('room_members', 'conversation_participants'))}`,
    ],
  ])('refuses %s', async (_, sql) => {
    expect(await outcomeOf(sql)).toMatch(/^0A000: .*people.* from which memberships move to another table/);
  });
});

describe('the chat fix, of functions that are given a row', () => {
  it('keeps the former column that a computed one reads', async () => {
    const sql = `${chat} alter table public.chat_rooms rename title to name;
      create function public.label(room public.chat_rooms) returns text language sql as $$ select '# ' || room.name $$;`;
    expect(await outcomeOf(sql, { query: 'select public.label(r) from public.chat_rooms as r' })).toBe(
      '# Club',
    );
  });
});

describe('the chat fix, of titles and messages that a type limits', () => {
  it('has a check refuse what the type refused', async () => {
    const sql = `${chat} alter table public.chat_messages alter content type varchar(80);
      create domain public.plain as text check (value !~ '<');
      alter table public.chat_rooms alter title type public.plain;`;
    const refused = (statement: string) =>
      `do $$ begin ${statement}; exception when check_violation then perform 'refused'; return; end $$;`;
    const query = `${refused("insert into public.chat_rooms (id, title) values (md5('one')::uuid, '<b>')")}
      ${refused("insert into public.chat_messages (room_id, sender, content) select id, created_by, repeat('x', 81) from public.chat_rooms")}
      insert into public.chat_messages (room_id, sender, content) select id, created_by, repeat('x', 80) from public.chat_rooms;
      select concat((select count(*) from public.chat_messages), ' ', (select count(*) from public.chat_rooms))`;
    expect(await outcomeOf(sql, { query })).toBe('2 1');
  });

  it('keeps the limit where a group gets another name that would be over it', async () => {
    const sql = `${chat} alter table public.chat_rooms alter title type varchar(80);
      update public.chat_rooms set title = repeat('x', 80);
      insert into public.chat_rooms (id, title, created_by) values (md5('two')::uuid, repeat('x', 80), md5('ann')::uuid);`;
    const query = "select string_agg(length(title)::text, ', ' order by title) from public.chat_rooms";
    expect(await outcomeOf(sql, { query })).toBe('80, 80');
  });
});

describe('the chat fix, of columns that hold whole rows', () => {
  const kept = `create type public.change as (old_row public.chat_messages, at timestamptz);
    create table public.audit (id bigint primary key, old_row public.chat_messages, changes public.change[]);
    insert into public.audit (id, old_row) select 1, message from public.chat_messages as message;
    create view public.whole as select message as line from public.chat_messages as message;`;

  it('names them where a column of these rows gets another type', async () => {
    const said = await outcomeOf(
      `${chat} alter table public.chat_messages alter sender type text, alter content type varchar(80); ${kept}`,
    );
    expect(said).toMatch(/^0A000: 2 to be decided first/);
    for (const name of ['changes', 'old_row'])
      expect(said).toContain(
        `public.audit.${name} holds whole rows of public.chat_messages, which get another type in content, sender`,
      );
  });

  it('leaves them alone where none does', async () => {
    const query = 'select (old_row).content from public.audit';
    expect(await outcomeOf(`${chat} ${kept}`, { query })).toBe('hello');
  });
});

describe('the chat fix, of rooms without a name', () => {
  it.each([
    ['an empty one', "''", []],
    ['acknowledged', "'New chat'", ['public.chat_rooms.title']],
  ])('lets one person make several where the default of a name was %s', async (_, name, acknowledge) => {
    const sql = `${chat} alter table public.chat_rooms alter title set default ${name};`;
    const query = `insert into public.chat_rooms (id, created_by) values (md5('one')::uuid, md5('ann')::uuid), (md5('two')::uuid, md5('ann')::uuid);
      select count(*) from public.chat_rooms where title is null`;
    expect(await outcomeOf(sql, { query, acknowledge })).toBe('2');
  });

  it('leaves them so where what is made of the name is unique, and asks about rooms that move by the name of another', async () => {
    const slug = `${chat} alter table public.chat_rooms add slug text generated always as (lower(title)) stored;
      create unique index rooms_slug on public.chat_rooms (slug);`;
    const nameless = `insert into public.chat_rooms (id, created_by)
      select md5(n::text)::uuid, md5(case when n < 3 then 'ann' else 'ben' end)::uuid from generate_series(1, 4) as n;`;
    const moving = (
      title: string,
    ) => `create table public.rooms (id uuid primary key, kind text, slug text, created_by uuid);
      insert into public.rooms values (md5('den')::uuid, 'group', '${title}', md5('ben')::uuid);`;
    const query = "select string_agg(slug, ' ' order by slug) from public.chat_rooms";
    expect(await outcomeOf(slug + nameless, { query, times: 2 })).toBe('club');
    expect(await outcomeOf(slug + moving('Den'), { query })).toBe('club den');
    expect(await outcomeOf(slug + moving('Club'))).toContain(
      'the unique index public.rooms_slug is on slug, which is made of the title, and of the rooms that move into public.chat_rooms some have the title of another',
    );
  });
});

describe('the chat fix, of two sources of one fact', () => {
  it('believes is_group where it does not know the word', async () => {
    const sql = `${chat} alter table public.chat_rooms add is_group boolean;
      insert into public.chat_rooms (id, type, title, is_group) values (md5('two')::uuid, 'private', 'Two', false);`;
    const query = `select string_agg(type, ', ' order by title) from public.chat_rooms`;
    expect(await outcomeOf(sql, { query })).toBe('group, dm');
  });

  it('lets in less where a column beside the status says otherwise, and as before where it says nothing', async () => {
    const sql = `${chat} alter table public.chat_room_members
        add left_at timestamptz, add banned_at text, add is_approved boolean default false, add accepted_at timestamptz;
      insert into public.chat_room_members (room_id, user_id, left_at, banned_at, is_approved)
      values (md5('club')::uuid, md5('left')::uuid, now(), '', true), (md5('club')::uuid, md5('banned')::uuid, null, 'yesterday', true);
      update public.chat_room_members set is_approved = true where user_id = md5('ann')::uuid;`;
    const query = `select string_agg(name || ' ' || status, ', ' order by name) from public.chat_room_members
      join unnest(array['ann', 'ben', 'left', 'banned']) as name on md5(name)::uuid = user_id`;
    expect(await outcomeOf(sql, { query })).toBe('ann approved, banned blocked, ben pending, left pending');
  });

  it('asks whether who was not admitted by a column is to lose the room, where the rules never asked it', async () => {
    const sql = `${chat} alter table public.chat_room_members drop status, add is_approved boolean default false;
      ${asks(`select ${isMember})`)}`;
    expect(await outcomeOf(sql)).toContain(
      'no old rule about messages looks at public.chat_room_members.is_approved, which says of 2 people',
    );
    const name = 'public.chat_room_members.is_approved';
    expect(await outcomeOf(sql, { acknowledge: [name] })).toBe('applied');
  });

  it('hears who left a conversation', async () => {
    const sql = `${chat} create table public.room_members (room_id uuid, user_id uuid, left_at bigint);
      insert into public.chat_rooms (id, type) values (md5('two')::uuid, 'dm');
      insert into public.room_members values (md5('two')::uuid, md5('ann')::uuid, null), (md5('two')::uuid, md5('ben')::uuid, 1700000000000);`;
    const query = `select string_agg(table_name || ' ' || status, ', ' order by table_name) from (
      select 'direct' as table_name, 'ann' as status from public.room_members where user_id = md5('ann')::uuid
      union all select 'direct', 'ben' from public.room_members where user_id = md5('ben')::uuid
      union all select 'group', status from public.chat_room_members where room_id = md5('two')::uuid) as told`;
    expect(await outcomeOf(sql, { query })).toBe('direct ann, group pending');
  });

  it('asks about times without a zone where the database has one that is not UTC', async () => {
    const zone = (name: string) =>
      `do $$ begin execute format('alter database %I set timezone = %L', current_database(), '${name}'); end $$;`;
    const local = `${chat} alter table public.chat_messages alter created_at type timestamp;`;
    expect(await outcomeOf(local + zone('Asia/Seoul'))).toContain(
      "created_at of public.chat_messages says times without a zone, and the database has 'Asia/Seoul'",
    );
    expect(await outcomeOf(local + zone('UTC'))).toBe('applied');
    const inUtc = `${local} alter table public.chat_messages alter created_at set default timezone('utc', now());`;
    expect(await outcomeOf(inUtc + zone('Asia/Seoul'))).toBe('applied');
  });
});

describe('the chat fix, of columns called as one for who sent a message', () => {
  const mayBeSent = `select coalesce(string_agg(attname, ', ' order by attnum), '') from pg_catalog.pg_attribute
    where attrelid = 'public.chat_messages'::pg_catalog.regclass and attname ~ '^(author|sent|from|sender)_?'
        and pg_catalog.has_column_privilege('authenticated', attrelid, attnum, 'insert')`;
  const sql = `${chat} create type public.author as enum ('user', 'assistant');
    alter table public.chat_messages add author public.author default 'user', add sent_by text, add from_user text, add "from" text,
        add sender_id text, add from_id uuid;
    update public.chat_messages set sent_by = 'Ann from the bar', from_user = sender::text;`;

  it('lets people go on sending those that name nobody: a word, a name to display', async () => {
    expect(await outcomeOf(sql, { query: mayBeSent })).toBe('sender, author, sent_by, from');
  });

  it('does not take them away in a later run for what people wrote into them', async () => {
    const file = { path: 'state.sql', text: sql };
    const state = { ...bundle.states[0], name: '00_state', files: [file] } as (typeof bundle.states)[number];
    await withChatDatabase(state, async (session: Session) => {
      await session.query('begin');
      expect(await tryBundle(session, bundle)).toBeNull();
      await session.query('update public.chat_messages set sent_by = sender::text');
      expect(await tryBundle(session, bundle)).toBeNull();
      expect(lastValueOf(await session.query(mayBeSent))).toBe('sender, author, sent_by, from');
      await session.query('rollback');
    });
  });
});

describe('the chat fix, of messages that nobody sent', () => {
  const system = `${chat} alter table public.chat_messages alter sender type text;
    insert into public.chat_messages (room_id, sender, content) values
      (md5('club')::uuid, null, 'Ann made the club'), (md5('club')::uuid, 'Bob', 'hi'), (null, null, 'nowhere');`;
  const readAs = (person: string) =>
    `select string_agg(content || coalesce('', ''), ', ' order by content)
     from public.chat_messages, set_config('request.jwt.claims', json_build_object('sub', md5('${person}')::uuid)::text, true) as claims
     where claims is not null`;

  it('keeps them where their people read them, and what had no room apart', async () => {
    const query = `select (select string_agg(content, ', ' order by content) from public.chat_messages where sender is null) || '; '
      || (select string_agg(row_data ->> 'content' || ' by ' || coalesce(row_data ->> 'sender', 'nobody'), ', ' order by 1) from chat_quarantine.rows)`;
    expect(await outcomeOf(system, { query })).toBe('Ann made the club, hi; hi by Bob, nowhere by nobody');
  });

  it.each([
    ['a member reads them', 'ben', 'Ann made the club, hello, hi'],
    ['a stranger does not', 'eve', null],
  ])('%s', async (_, person, read) => {
    const query = `set local role authenticated; ${readAs(person)}`;
    expect(await outcomeOf(system, { query })).toBe(String(read));
  });

  it('lets no new one be without a sender, whoever writes it and whatever has filled it in', async () => {
    const insert = (sender: string) => `do $$ begin
        insert into public.chat_messages (room_id, sender, content) values (md5('club')::uuid, ${sender}, 'new');
      exception when not_null_violation then raise exception 'refused: %', sqlerrm; end $$; select 'written'`;
    expect(await outcomeOf(system, { query: insert('null') }).catch(String)).toContain(
      'refused: a message has a sender',
    );
    const filled = `${system} create function public.set_sender() returns trigger language plpgsql
        as $$ begin new.sender := md5('ann')::uuid; return new; end $$;
      create trigger set_sender before insert on public.chat_messages for each row execute function public.set_sender();`;
    expect(await outcomeOf(filled, { query: insert('null') })).toBe('written');
  });

  it('forgets the sender whose account is deleted where their key says so', async () => {
    const sql = `${chat} alter table public.chat_messages
      add foreign key (sender) references auth.users (id) on delete set null;`;
    const query = `select count(*) from public.chat_messages where sender is null`;
    const gone = `reset session authorization; delete from auth.users where id = md5('ann')::uuid;`;
    expect(await outcomeOf(sql, { query: `${gone} ${query}` })).toBe('1');
  });
});

describe('the chat fix, of rights that nobody had', () => {
  const read = 'create policy read on public.chat_messages for select to authenticated using (true);';
  const shut = 'alter table public.chat_messages enable row level security;';
  const guarded = `alter table public.chat_room_members enable row level security;
    create policy own on public.chat_room_members for select to authenticated using (user_id = auth.uid());`;
  const call = (
    name: string,
    body: string,
  ) => `create function public.${name}(room uuid) returns void language sql security definer
    set search_path = '' as $$ ${body} $$;`;
  it.each(
    someOf<[string, string, string]>(
      [
        ['to send, where one reads alone', shut + read, 'public.chat_messages.insert'],
        [
          'to send for visitors, who had a policy of their own',
          `${shut} ${read} create policy ask on public.chat_messages for insert to anon with check (sender is null);`,
          '(anonymous sign-ins are accounts) (public.chat_messages.ask)',
        ],
        [
          'to send, where a policy says never',
          `${shut} ${read} create policy never on public.chat_messages for insert with check (false);`,
          'public.chat_messages.insert',
        ],
        [
          'to send, where it was not granted',
          'revoke insert on public.chat_messages from authenticated;',
          'public.chat_messages.insert',
        ],
        [
          'to read and send, where functions do it, one behind another',
          `${shut} ${call('put', 'insert into public.chat_messages (room_id, sender, content) values (room, auth.uid(), $a$.$a$)')}
       revoke execute on function public.put from public, anon, authenticated;
       ${call('send', 'select public.put(room)')}`,
          'which they reach by public.send(uuid); with the fix members read the messages of their rooms: acknowledge it, if they may; else the fix is not for this application (public.chat_messages.select)',
        ],
        [
          'to read, where a view shows some of it',
          `revoke select on public.chat_messages from authenticated;
       create view public.visible as select id, content from public.chat_messages where created_at > '2020-01-01';`,
          'which they reach by public.visible; with the fix members read the messages of their rooms: acknowledge it, if they may; else the fix is not for this application (public.chat_messages.select)',
        ],
        ['to read, where one sends alone', shut + send, 'public.chat_messages.select'],
        [
          'to make rooms, where it was not granted',
          'revoke insert on public.chat_rooms from authenticated;',
          'public.chat_rooms.insert',
        ],
        [
          'to join and invite, where a function does it',
          guarded +
            call(
              'join_room',
              'insert into public.chat_room_members (room_id, user_id) values (room, auth.uid())',
            ),
          'public.chat_room_members.insert',
        ],
        [
          'to leave and remove, where a policy says never',
          `${guarded} create policy never on public.chat_room_members for delete using (false);`,
          'public.chat_room_members.delete',
        ],
      ],
      4,
    ),
  )('is a decision: %s', async (_, sql, name) => {
    expect(await outcomeOf(chat + sql)).toContain(name);
  });

  it.each(
    someOf<[string, string, string[]]>(
      [
        ['a table that nobody could use', shut, []],
        [
          'a chat in which nobody reads anything',
          `${shut} ${send} revoke select on public.chat_rooms, public.chat_room_members from authenticated;`,
          [],
        ],
        ['memberships whose policies are not there yet', guarded, []],
        [
          'rooms made by a function',
          `revoke insert on public.chat_rooms from public; ${call('new_room', 'insert into public.chat_rooms (id) values (room)')}`,
          [],
        ],
        ['what was acknowledged', shut + read, ['public.chat_messages.insert']],
      ],
      4,
    ),
  )('is none: %s', async (_, sql, acknowledge) => {
    expect(await outcomeOf(chat + sql, { acknowledge })).toBe('applied');
  });
});

describe('the chat fix, of what only some or only the server may do', () => {
  const see = (table: string) => `alter table public.${table} enable row level security;
    create policy see on public.${table} for select to authenticated using (true);`;
  const works = ['chat_rooms', 'chat_room_members', 'chat_messages'].map(see).join('\n') + send;
  const onlyTheServer =
    /no policy and no function lets signed-in users insert into public\.chat_room_members.*\(public\.chat_room_members\.insert\).*insert into public\.chat_rooms,.*\(public\.chat_rooms\.insert\)/s;

  it('asks about rooms that only the server made, in a chat that works', async () => {
    expect(await outcomeOf(chat + works + circle('chat_room_members'))).toMatch(onlyTheServer);
  });

  it.each([
    [
      'people make rooms',
      `${works} create policy make on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());`,
    ],
    [
      'a function makes them',
      `${works} create function public.make(name text) returns void language sql security definer set search_path = ''
        as $$ insert into public.chat_rooms (id, title, created_by) values (gen_random_uuid(), gen_random_uuid()::text, auth.uid()) $$;`,
    ],
    ['rooms have no policy', `${works} drop policy see on public.chat_rooms;`],
    ['nobody sends', `${works} drop policy senders on public.chat_messages;`],
  ])('asks nothing of that where %s', async (_, sql) => {
    expect(await outcomeOf(chat + sql)).not.toMatch(/only the server does/);
  });

  const bound = (
    condition: string,
    table = 'chat_rooms',
  ) => `alter table public.${table} enable row level security;
    create policy bound on public.${table} as restrictive for insert to authenticated with check (${condition});`;

  it.each([
    [
      'a claim of who asks',
      'chat_rooms',
      "(auth.jwt() ->> 'is_anonymous')::boolean is not true",
      'create_group_room',
    ],
    [
      'other rows',
      'chat_room_members',
      'exists (select from auth.users where id = auth.uid())',
      'create_group_room',
    ],
    ['what they write', 'chat_rooms', "type = 'group'", 'open_or_create_dm'],
  ])('asks about a restrictive policy that its functions pass, by %s', async (_, table, condition, name) => {
    const said = await outcomeOf(chat + bound(condition, table));
    expect(said).toContain(name);
    expect(said).toContain(`(public.${table}.bound.insert)`);
  });

  it('keeps that policy when it is acknowledged, and asks nothing of one that they do not pass', async () => {
    const query = `select polname from pg_policy where polname = 'bound'`;
    expect(
      await outcomeOf(chat + bound("auth.jwt() ->> 'aal' = 'aal2'"), {
        query,
        acknowledge: ['public.chat_rooms.bound.insert'],
      }),
    ).toBe('bound');
    expect(await outcomeOf(chat + bound('id is not null'), { query })).toBe('bound');
  });

  it('asks nothing of columns of rooms that people may update, for nobody updates them', async () => {
    const grantOf = (table: string, column: string) => `alter table public.${table} add avatar text;
      revoke update on public.${table} from authenticated, public; grant update (${column}) on public.${table} to authenticated;`;
    expect(await outcomeOf(chat + grantOf('chat_rooms', 'title'))).toBe('applied');
    const some = chat + grantOf('chat_room_members', 'status');
    expect(await outcomeOf(some)).toContain('lets admins of a group update all, also avatar');
    expect(await outcomeOf(some, { acknowledge: ['public.chat_room_members'] })).toBe('applied');
  });
});

describe('the chat fix, of functions that make whole rows', () => {
  const lines = (body: string, language = 'sql') =>
    `${chat} create function public.lines() returns setof public.chat_messages language ${language} as $$ ${body} $$;`;

  it.each([
    [
      'of a list of columns',
      lines('select id, room_id, sender, content, created_at from public.chat_messages where id is not null'),
    ],
    [
      'of a list of columns, in PL/pgSQL',
      lines(
        'begin return query select m.id, m.room_id, m.sender, m.content, m.created_at from public.chat_messages as m; end',
        'plpgsql',
      ),
    ],
    [
      'by a cast',
      lines('begin return next row(null, null, null, null, now())::public.chat_messages; end', 'plpgsql'),
    ],
  ])('asks about one that makes them %s', async (_, sql) => {
    expect(await outcomeOf(sql)).toMatch(
      /lines\(\) makes rows of public\.chat_messages of a list of columns.*\(public\.lines\(\)\)/s,
    );
  });

  it.each([
    ['hands them on', lines('select m.* from public.chat_messages as m order by m.id, m.sender')],
    [
      'reads other columns for itself',
      lines(
        `declare words text; person uuid; begin select content, sender into words, person from public.chat_messages;
         return query select * from public.chat_messages; end`,
        'plpgsql',
      ),
    ],
  ])('asks nothing about one that %s', async (_, sql) => {
    expect(await outcomeOf(sql)).toBe('applied');
  });
});

describe('the chat fix, of a helper that takes another argument, too', () => {
  const helper = (
    table: string,
  ) => `create function public.user_is_in_room(room uuid, person uuid default auth.uid()) returns boolean
      language sql stable security definer set search_path = ''
      as $$ select exists (select from public.${table} as m where m.room_id = $1 and m.user_id = $2) $$;
    revoke execute on function public.user_is_in_room(uuid, uuid) from public, anon, authenticated;
    grant execute on function public.user_is_in_room(uuid, uuid) to service_role;
    comment on function public.user_is_in_room(uuid, uuid) is 'asked by jobs';`;
  const query = `set local role service_role;
    select concat_ws(' ',
        public.user_is_in_room(room => md5('club')::uuid, person => md5('ben')::uuid),
        public.user_is_in_room(md5('club')::uuid, md5('mal')::uuid),
        public.user_is_in_room(room => md5('club')::uuid),
        has_function_privilege('authenticated', 'public.user_is_in_room(uuid, uuid)', 'execute'),
        obj_description('public.user_is_in_room(uuid, uuid)'::regprocedure))`;

  it('lets those go on who call it with both, and by the name of the first', async () => {
    expect(await outcomeOf(chat + helper('chat_room_members'), { query, times: 2 })).toBe(
      't f f f asked by jobs',
    );
  });

  it('lets those go on, too, where a view calls it', async () => {
    const seen = 'create view public.seen as select public.user_is_in_room(id) from public.chat_rooms;';
    expect(await outcomeOf(chat + helper('chat_room_members') + seen, { query, times: 2 })).toBe(
      't f f f asked by jobs',
    );
  });

  it('asks about what it reads that moves', async () => {
    const moving = members.replaceAll('chat_room_members', 'room_members');
    expect(await outcomeOf(accounts + rooms + moving + messages + helper('room_members'))).toContain(
      'the function public.user_is_in_room(uuid,uuid) uses public.room_members, from which memberships move',
    );
  });
});

describe('the chat fix, of direct conversations', () => {
  const talks = (titles: string[], own = '') => `${chat}
    create table public.room_members (room_id uuid references public.chat_rooms (id), user_id uuid, primary key (room_id, user_id));
    ${own}
    insert into public.chat_rooms (id, type, title, created_by)
    select md5(name)::uuid, 'dm', title, md5('ann')::uuid
    from unnest(array['pair', 'notes', 'former'], array[${titles.join(', ')}]::text[]) as made (name, title);
    insert into public.room_members
    select md5(room)::uuid, md5(person)::uuid
    from (values ('pair', 'ann'), ('pair', 'ben'), ('notes', 'ann'), ('former', 'ann')) as added (room, person);
    insert into public.chat_messages (room_id, sender, content)
    select md5(room)::uuid, md5(person)::uuid, 'hi'
    from (values ('notes', 'ann'), ('former', 'ann'), ('former', 'ben')) as sent (room, person);`;
  const as = (person: string) =>
    `reset role; select set_config('request.jwt.claims', json_build_object('sub', md5('${person}')::uuid, 'role', 'authenticated')::text, true);
     set local role authenticated;`;

  it('finds the notes that somebody has with themselves, and lets others begin theirs', async () => {
    const opened = "public.open_or_create_dm(auth.uid()) = md5('notes')::uuid";
    const sql = talks(['null', 'null', 'null']);
    const query = `${as('ann')} select ${opened}`;
    expect(await outcomeOf(sql, { query })).toBe('true');
    const others = `${as('ben')} create temporary table made as select public.open_or_create_dm(auth.uid()) as id;
      select string_agg(user_id::text, ',') = auth.uid()::text and (select public.open_or_create_dm(auth.uid()) = id from made)
      from public.room_members where room_id = (select id from made)`;
    expect(await outcomeOf(sql, { query: others })).toBe('true');
  });

  it.each([
    ['none where none has one', talks(['null', "''", 'null']), null],
    ['the guide’s where one has', talks(['null', "'Pair'", 'null']), 'Direct Message'],
    ['the guide’s where there is none to tell', chat, 'Direct Message'],
    [
      'none where there is none to tell, and the function of the project gives none',
      `${chat} create function public.open_or_create_dm(partner uuid) returns uuid language sql security definer set search_path = ''
         as $$ insert into public.chat_rooms (id, type, created_by) values (gen_random_uuid(), 'dm', auth.uid()) returning id $$;`,
      null,
    ],
  ])('gives a new one the title that others have: %s', async (_, sql, title) => {
    const query = `${as('ben')} create temporary table made as select public.open_or_create_dm(md5('cara')::uuid) as id;
      select title from public.chat_rooms where id = (select id from made)`;
    expect(await outcomeOf(sql, { query, times: 2 })).toBe(String(title));
  });
});

describe('the chat fix, of rooms that are made for somebody else', () => {
  const converses = (refuses = '', declared = '') => `
    create table public.room_members (room_id uuid references public.chat_rooms (id), user_id uuid, primary key (room_id, user_id));
    create function public.ensure_direct_conversation(me uuid, partner uuid) returns table (output_room_id uuid)
        language plpgsql security definer set search_path = public as $$ ${declared} begin ${refuses}
            insert into chat_rooms (id, type, created_by) values (gen_random_uuid(), 'dm', me) returning id into output_room_id;
            insert into room_members (room_id, user_id) values (output_room_id, me), (output_room_id, partner);
            return next; end $$;`;
  const buys = (body: string, declared = '') => `
    create table public.orders (seller uuid, buyer uuid);
    create function public.ordered() returns trigger language plpgsql security definer set search_path = public as $$
        ${declared} begin ${body} return new; end $$;
    create trigger ordered after insert on public.orders for each row execute function public.ordered();`;
  const forAnother = buys('perform ensure_direct_conversation(partner => new.buyer, me => new.seller);');

  const asksForBuyer = (condition: string) =>
    `alter table public.orders enable row level security;
     create policy buy on public.orders for insert to authenticated with check (${condition});`;
  const buysForThemselves = `${buys('perform ensure_direct_conversation(new.buyer, new.seller);')}
    ${asksForBuyer('(select auth.uid()) = buyer and seller is not null')}`;

  it('asks about a trigger that calls the function for another than is signed in', async () => {
    expect(await outcomeOf(chat + converses() + forAnother)).toMatch(
      /ordered\(\) calls public\.ensure_direct_conversation\(uuid,uuid\) for new\.seller.*\(public\.ordered\(\)\)/s,
    );
    const acknowledge = ['public.ordered()'];
    expect(await outcomeOf(chat + converses() + forAnother, { acknowledge })).toBe('applied');
  });

  it.each([
    [
      'holds somebody else at times',
      buys(
        'if new.buyer is null then mine := new.seller; end if; perform ensure_direct_conversation(mine, new.buyer);',
        'declare mine uuid := auth.uid();',
      ),
      'mine',
    ],
    [
      'is selected, but for a query within',
      buys(
        'with asking as (select auth.uid() as id) select new.seller into mine from asking; perform ensure_direct_conversation(mine, new.buyer);',
        'declare mine uuid;',
      ),
      'mine',
    ],
    [
      'is of a row that others write, too',
      buys('perform ensure_direct_conversation(new.buyer, new.seller);') +
        asksForBuyer('buyer = auth.uid() or seller = auth.uid()'),
      'new.buyer',
    ],
    [
      'is of a row that a function writes for others',
      `${buysForThemselves} create function public.buy(somebody uuid) returns void language sql security definer
         set search_path = public as $$ insert into orders (buyer) values (somebody) $$;`,
      'new.buyer',
    ],
    [
      'is of a row that people write through a view',
      `${buysForThemselves} create view public.open_orders as select * from public.orders;`,
      'new.buyer',
    ],
  ])('asks about one for a person who %s', async (_, sql, person) => {
    expect(await outcomeOf(chat + converses() + sql)).toContain(
      `the function public.ordered() calls public.ensure_direct_conversation(uuid,uuid) for ${person},`,
    );
  });

  it('asks where the function looks for what others made, and refuses nobody', async () => {
    const looks = converses('perform from chat_rooms where created_by <> auth.uid();');
    expect(await outcomeOf(chat + looks + forAnother)).toContain('ordered() calls');
  });

  it.each([
    [
      'it calls it for who is signed in',
      converses() + buys('perform ensure_direct_conversation((select auth.uid()), new.seller);'),
    ],
    ...[
      ['given it at once', '', 'constant uuid := auth.uid()'],
      ['given it by default', '', 'uuid default auth.uid()'],
      ['assigned', 'mine := (select auth.uid());'],
      ['selected', 'select auth.uid() into mine;'],
      [
        'selected beside another',
        'select count(*), auth.uid() into strict many, mine from orders;',
        'uuid; many bigint',
      ],
      [
        'found by it',
        'select p.id into mine from profiles as p where p.id = auth.uid() and p.id is not null;',
      ],
      ['of a query found by it', 'mine := (select id from public.profiles where id = auth.uid());'],
      [
        'the subject of the token',
        "mine := nullif(current_setting('request.jwt.claim.sub', true), '')::uuid;",
      ],
      [
        'what the claims say',
        "mine := (nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub')::uuid;",
      ],
      [
        'what claims in a variable say',
        "claims := auth.jwt(); mine := coalesce(auth.uid(), (claims ->> 'sub')::uuid);",
        'uuid; claims jsonb',
      ],
      ['what a function of the project says', 'mine := whoever();'],
    ].map(([how, body, type = 'uuid']) => [
      `a variable holds who is signed in, ${how}`,
      `create table public.profiles (id uuid primary key);
       create function public.whoever() returns uuid language sql stable as 'select auth.uid()';
       ${converses()} ${buys(`${body} perform ensure_direct_conversation(mine, new.seller);`, `declare mine ${type};`)}`,
    ]),
    ['the row says who is signed in', converses() + buysForThemselves],
    [
      'a variable was refused that is not who is signed in',
      `${converses("if me is distinct from mine then raise exception 'no'; end if;", 'declare mine uuid := auth.uid();')} ${forAnother}`,
    ],
    [
      'it was refused before',
      converses("if me <> auth.uid() then raise exception 'no'; end if;") + forAnother,
    ],
    [
      'the server alone calls it',
      `${converses()} create function public.welcome(somebody uuid) returns void language sql security definer
         set search_path = public as $$ select ensure_direct_conversation(somebody, md5('ann')::uuid) $$;
       revoke execute on function public.welcome(uuid) from public, anon, authenticated;`,
    ],
    [
      'an account signs up',
      `${converses()} create function public.welcome() returns trigger language plpgsql security definer set search_path = public
         as $$ begin perform ensure_direct_conversation(new.id, md5('ann')::uuid); return new; end $$;
       create trigger welcome after insert on auth.users for each row execute function public.welcome();`,
    ],
  ])('asks nothing of that where %s', async (_, sql) => {
    expect(await outcomeOf(chat + sql)).toBe('applied');
  });

  it.each([
    ['the service role', 'service_role', '{"role": "service_role"}', 'made'],
    ['what has no token', 'service_role', '', 'made'],
    ['a user', 'authenticated', `{"role": "authenticated", "sub": "${md5('cid')}"}`, '42501'],
    ['a token without a role', 'authenticated', `{"sub": "${md5('cid')}"}`, '42501'],
    ['a token without a subject', 'authenticated', '{"role": "authenticated"}', '42501'],
  ])('lets %s make them or not', async (_, role, claims, said) => {
    const query = `
      select set_config('request.jwt.claims', '${claims}', true);
      create function pg_temp.call(command text) returns text language plpgsql
          as $$ begin execute command; return 'made'; exception when others then return sqlstate; end $$;
      grant execute on function pg_temp.call(text) to ${role};
      set local role ${role};
      select concat_ws(',', nullif(pg_temp.call(format('select public.create_group_room(%L, p_member_ids => array[%L::uuid])', md5('ann')::uuid, md5('ben')::uuid)), '${said}'),
        pg_temp.call(format('select public.ensure_direct_conversation(%L, %L)', md5('ann')::uuid, md5('ben')::uuid)));
      `;
    expect(await outcomeOf(chat, { query })).toBe(said);
  });
});

describe('the chat fix, of who decides where a boolean says it', () => {
  it('leaves a creator a member who is one by it, where rules ask for it', async () => {
    const [demoted] = bundle.states.filter(({ name }) => name.startsWith('142_'));
    const sql = (demoted?.files ?? [])
      .map(({ text }) => text)
      .join('')
      .replace(
        "role text not null default 'member' check (role in ('admin', 'member'))",
        'is_admin boolean not null default false',
      )
      .replace("member.role = 'admin'", 'member.is_admin')
      .replace("role = 'member'", 'not is_admin')
      .replace('(room_id, user_id, role, status)', '(room_id, user_id, is_admin, status)')
      .replaceAll(/'(admin|member)', '/g, (_, word) => `${word === 'admin'}, '`);
    const query = `select string_agg(role, ' ' order by role) from public.chat_room_members where user_id in (md5('ann')::uuid, md5('dan')::uuid)`;
    const asked = ['insert', 'ask_to_join', 'admins_add', 'admins_decide', 'leave_or_remove'];
    const acknowledge = asked.map((name) => `public.chat_room_members.${name}`);
    expect(await outcomeOf(sql, { query, acknowledge })).toBe('admin member');
  });
});

describe('the chat fix, of rooms that a trigger of another table makes', () => {
  const enter = (person: string, role: string) =>
    `insert into public.chat_room_members (room_id, user_id, role) values (room, new.${person}, '${role}');`;
  const tickets = (entering: string) => `${chat}
    create table public.tickets (id uuid primary key, customer uuid, agent uuid);
    create function public.open_ticket() returns trigger language plpgsql security definer set search_path = '' as $$
      declare room uuid := new.id; begin
        insert into public.chat_rooms (id, created_by) values (room, new.customer); ${entering} return new; end $$;
    create trigger open_ticket before insert on public.tickets for each row execute function public.open_ticket();`;

  it('asks where the creator is first entered, as a plain member', async () => {
    expect(
      await outcomeOf(tickets(enter('customer', 'member').replaceAll(/, role|, 'member'/g, ''))),
    ).toContain(
      'the function public.open_ticket() makes rooms with a creator, and first enters somebody as a plain member',
    );
  });

  it('does not where an admin is entered before', async () => {
    const query = `insert into public.tickets values (md5('ticket')::uuid, md5('ben')::uuid, md5('ann')::uuid);
      select string_agg(role, ' ' order by role) from public.chat_room_members where room_id = md5('ticket')::uuid`;
    const sql = tickets(enter('agent', 'admin') + enter('customer', 'member'));
    expect(await outcomeOf(sql, { query })).toBe('admin member');
  });
});

describe('the chat fix, of who decides in rooms of the first generation', () => {
  it.each([
    ['member', 'member'],
    ['owner', 'admin'],
  ])('makes a creator whose word is %s beside an admin %s', async (word, role) => {
    const sql = `${accounts}
      create table public.rooms (id uuid primary key, kind text, slug text, created_by uuid);
      alter table public.rooms enable row level security;
      create table public.conversation_participants (conversation_id uuid references public.rooms (id), user_id uuid, role text);
      insert into public.rooms values (md5('ticket')::uuid, 'group', 'ticket-1', md5('ann')::uuid), (md5('club')::uuid, 'group', 'club', md5('ann')::uuid);
      insert into public.conversation_participants
      select md5(room)::uuid, md5(person)::uuid, word
      from (values ('ticket', 'ann', '${word}'), ('ticket', 'ben', 'admin'), ('club', 'ann', 'member'), ('club', 'ben', null))
          as said (room, person, word);`;
    const query = `select string_agg(role, ' ' order by title) from public.chat_room_members
      join public.chat_rooms on id = room_id where user_id = md5('ann')::uuid`;
    expect(await outcomeOf(sql, { query, acknowledge: ['public.conversation_participants.role'] })).toBe(
      `admin ${role}`,
    );
  });
});

describe('the chat fix, of what memberships carry', () => {
  it('brings the columns of a membership along', async () => {
    const sql = `${chat} update public.chat_rooms set type = 'dm';
      alter table public.chat_room_members add last_read_at timestamptz;
      update public.chat_room_members set last_read_at = '2025-11-07 10:00+00' where user_id = md5('ann')::uuid;`;
    const query =
      "select string_agg(coalesce(last_read_at::text, 'never'), ', ' order by last_read_at) from public.room_members";
    expect(await outcomeOf(sql, { query })).toBe('2025-11-07 10:00:00+00, never');
  });

  it('keeps the key to the people of memberships that move, and gives it a table that is made for others', async () => {
    const keyed = `${chat} insert into auth.users (id) values (md5('eve')::uuid);
      alter table public.chat_room_members add foreign key (user_id) references auth.users (id) on delete cascade;`;
    const query = `select string_agg(pg_get_constraintdef(oid), '') from pg_constraint
      where conrelid = 'public.room_members'::regclass and contype = 'f' and confrelid = 'auth.users'::regclass`;
    const kept = 'FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE';
    const conversation = "update public.chat_rooms set type = 'dm';";
    const there =
      'create table public.room_members (room_id uuid references public.chat_rooms (id), user_id uuid);';
    expect(await outcomeOf(keyed + there + conversation, { query })).toBe(kept);
    expect(await outcomeOf(keyed, { query })).toBe(kept);
    expect(await outcomeOf(keyed + there, { query })).toBe('null');
  });

  const plain = (columns = '') => `${accounts} insert into auth.users (id) values (md5('cat')::uuid);
    create table public.chat_rooms (id uuid primary key default gen_random_uuid(), title text, created_by uuid default auth.uid());
    create table public.chat_room_members (
        room_id uuid references public.chat_rooms (id), user_id uuid, ${columns} primary key (room_id, user_id)
    );
    insert into public.chat_rooms (id, title, created_by) values (md5('club')::uuid, 'Club', md5('ann')::uuid);
    insert into public.chat_room_members (room_id, user_id) values (md5('club')::uuid, md5('ann')::uuid), (md5('club')::uuid, md5('ben')::uuid);
    ${messages}`;
  const signedIn = (person: string) =>
    `set local request.jwt.claims = '{"sub":"${md5(person)}"}'; set local role authenticated;`;
  const adds = (room: string, person: string) =>
    `insert into public.chat_room_members (room_id, user_id) values (${room}, md5('${person}')::uuid);`;
  const whoIsIn = (room: string) =>
    `reset role; select string_agg(concat_ws(' ', user_id = md5('ann')::uuid, role, status), ', ' order by role, user_id = md5('ann')::uuid)
     from public.chat_room_members where room_id = ${room}`;

  it('lets in whom an admin adds without a status, where members had none', async () => {
    const query = `${signedIn('ann')} ${adds("md5('club')::uuid", 'cat')} ${whoIsIn("md5('club')::uuid")}`;
    expect(await outcomeOf(plain(), { query })).toBe(
      't admin approved, f member approved, f member approved',
    );
    const left = plain('left_at timestamptz,');
    expect(await outcomeOf(left, { query, times: 2 })).toBe(
      't admin approved, f member approved, f member approved',
    );
    const waits = plain('is_pending boolean default false,');
    expect(await outcomeOf(waits, { query })).toBe('t admin approved, f member approved, f member pending');
  });

  it('makes whoever creates a group and enters it first its admin, whether they or the server enter them', async () => {
    const room = "md5('new')::uuid";
    const makes = `insert into public.chat_rooms (type, title, created_by) values ('group', 'New', md5('ann')::uuid) returning id`;
    const renames = `reset role; update public.chat_rooms set id = ${room} where title = 'New';`;
    const made = `${signedIn('ann')} ${makes}; ${renames}`;
    const both = 't admin approved, f member approved';
    const query = (as: string) => `${made} ${as} ${adds(room, 'ann')} ${adds(room, 'ben')} ${whoIsIn(room)}`;
    expect(await outcomeOf(plain(), { query: query(signedIn('ann')) })).toBe(both);
    expect(await outcomeOf(plain(), { query: query('') })).toBe(both);
    // Nobody else becomes an admin by being first.
    const other = `${made} ${adds(room, 'ben')} ${adds(room, 'ann')} ${whoIsIn(room)}`;
    expect(await outcomeOf(plain(), { query: other })).toBe('f member approved, t member approved');
  });

  const own = `alter table public.chat_room_members add last_read_at timestamptz;
    alter table public.chat_room_members enable row level security;
    create policy own on public.chat_room_members for update using (user_id = (select auth.uid()));
    create policy seen on public.chat_room_members for select using (user_id = (select auth.uid()));`;
  const guarded = `select pg_get_triggerdef(oid) from pg_trigger where tgname = 'chat_room_members_guard'`;

  it('lets members go on changing what was theirs to change, also where functions only count in it or show it', async () => {
    const counted = `alter table public.chat_room_members add unread integer default 0;
      create function public.count_unread() returns trigger language plpgsql security definer set search_path = public as $$
        begin update chat_room_members set unread = coalesce(unread, 0) + 1 where room_id = new.room_id; return null; end $$;
      create trigger count_unread after insert on public.chat_messages for each row execute function public.count_unread();
      create function public.my_unread() returns bigint language sql
        as $$ select sum(unread) from public.chat_room_members where user_id = auth.uid() and last_read_at is null and status = 'approved' $$;`;
    expect(await outcomeOf(chat + own + counted, { query: guarded })).toContain(
      "guard_chat_room_member('last_read_at', 'unread')",
    );
  });

  it('asks about a column of their own by which a function may decide something', async () => {
    const decides = `${own.replace('last_read_at timestamptz', 'is_trusted boolean')} create function public.trusted() returns boolean language sql
      as $$ select is_trusted from public.chat_room_members where user_id = auth.uid() and status = 'approved' $$;`;
    expect(await outcomeOf(chat + decides)).toMatch(
      'members change public.chat_room_members.is_trusted in their own row, and public.trusted() may decide something by it',
    );
    const acknowledge = ['public.chat_room_members.is_trusted'];
    expect(await outcomeOf(chat + decides, { query: guarded, acknowledge })).toContain(
      'guard_chat_room_member()',
    );
  });

  it.each([
    [
      'that only admins changed',
      own
        .replace('user_id = (select auth.uid())', 'public.user_is_group_admin(room_id)')
        .replace(
          'create policy',
          () =>
            `create function public.user_is_group_admin(room uuid) returns boolean language sql as $$ select ${isMember} and role = 'admin') $$; create policy`,
        ),
    ],
  ])('gives them no column %s', async (_, sql) => {
    expect(await outcomeOf(chat + sql, { query: guarded })).toContain('guard_chat_room_member()');
  });
});

describe('the chat fix, of what somebody planted', () => {
  const inRoom = `create function public.in_room(r uuid) returns boolean language sql stable security definer set search_path = '' as $$
      select exists (select from public.chat_room_members m where m.room_id = r and m.user_id = auth.uid() and m.status = 'approved') $$;`;
  const tight = `${inRoom}
    alter table public.chat_rooms enable row level security;
    alter table public.chat_room_members enable row level security;
    alter table public.chat_messages enable row level security;
    create policy see on public.chat_rooms for select to authenticated using (public.in_room(id));
    create policy make on public.chat_rooms for insert to authenticated with check (created_by = auth.uid());
    create policy see on public.chat_room_members for select to authenticated using (public.in_room(room_id));
    create policy read on public.chat_messages for select to authenticated using (public.in_room(room_id));
    create policy send on public.chat_messages for insert to authenticated
        with check (sender = auth.uid() and public.in_room(room_id));`;
  const anybodyAdds = `create policy adds on public.chat_room_members for insert to authenticated with check (auth.uid() is not null);`;
  const mallory = "insert into auth.users (id) values (md5('mallory')::uuid);";
  const conversation = `insert into public.chat_rooms (id, type, created_by) values (md5('two')::uuid, 'dm', md5('ann')::uuid);
    create table public.room_members (room_id uuid references public.chat_rooms (id), user_id uuid, primary key (room_id, user_id));
    insert into public.room_members (room_id, user_id)
    values (md5('two')::uuid, md5('ann')::uuid), (md5('two')::uuid, md5('ben')::uuid);
    alter table public.room_members enable row level security;
    create policy see on public.room_members for select to authenticated using (user_id = auth.uid());`;
  const leftOver = (creator: string, participant: string) => `${mallory}
    create table public.rooms (id uuid primary key, kind text, slug text, created_by uuid, created_at timestamptz default now());
    create table public.conversation_participants (room_id uuid references public.rooms (id), user_id uuid, primary key (room_id, user_id));
    insert into public.rooms (id, kind, created_by) values (md5('club')::uuid, 'group', md5('${creator}')::uuid);
    insert into public.conversation_participants (room_id, user_id) values (md5('club')::uuid, md5('${participant}')::uuid);
    create function public.made(r uuid) returns boolean language sql stable security definer set search_path = '' as $$
        select exists (select from public.rooms where id = r and created_by = auth.uid()) $$;
    alter table public.rooms enable row level security;
    alter table public.conversation_participants enable row level security;
    create policy make on public.rooms for insert to authenticated with check (created_by = auth.uid());
    create policy adds on public.conversation_participants for insert to authenticated with check (public.made(room_id));`;
  const withoutKeys = (table: string) => `alter table public.${table} drop constraint ${table}_pkey cascade;`;

  it.each([
    [
      'a second membership that shuts somebody out',
      `${withoutKeys('chat_room_members')} ${anybodyAdds}
       insert into public.chat_room_members (room_id, user_id, status) values (md5('club')::uuid, md5('ben')::uuid, 'blocked');`,
      '1 people who are in a room by an approved membership have another there',
    ],
    [
      'a membership that shuts somebody out of a conversation',
      `${conversation} ${anybodyAdds}
       insert into public.chat_room_members (room_id, user_id, status) values (md5('two')::uuid, md5('ben')::uuid, 'pending');`,
      '1 of its memberships would shut people out of direct conversations',
    ],
    [
      'a second room of one id, with another creator',
      `${withoutKeys('chat_rooms')}
       insert into public.chat_rooms (id, created_by) values (md5('club')::uuid, md5('ben')::uuid);`,
      '1 ids there are of rooms that differ in creator or type',
    ],
    [
      'a room of the older table with another creator',
      `alter table public.chat_messages drop constraint chat_messages_room_id_fkey; ${leftOver('ben', 'ben')}`,
      'names another creator of 1 rooms than public.chat_rooms',
    ],
    [
      'a room of an older table without row level security',
      `alter table public.chat_messages drop constraint chat_messages_room_id_fkey; ${leftOver('ben', 'ben')}
       alter table public.rooms disable row level security;`,
      'names another creator of 1 rooms than public.chat_rooms',
    ],
    [
      'participants of a room that somebody made again',
      leftOver('mallory', 'mallory'),
      '1 of its memberships are of rooms that public.chat_rooms says somebody else created',
    ],
  ])('asks about %s', async (_, sql, said) => {
    expect(await outcomeOf(chat + tight + sql)).toContain(said);
  });

  it('asks about admins who could have made themselves some in their own row', async () => {
    const reads = (
      guarded = '',
    ) => `${chat} ${tight} alter table public.chat_room_members add last_read_at timestamptz;
      update public.chat_room_members set role = 'admin' where user_id = md5('ben')::uuid;
      create policy invite on public.chat_room_members for insert to authenticated with check (role = 'member' and exists (
          select from public.chat_rooms as room where room.id = room_id and room.created_by = auth.uid()));
      create policy own on public.chat_room_members for update to authenticated using (user_id = auth.uid()); ${guarded}`;
    const said = 'by the policy own on public.chat_room_members people could make themselves admins';
    expect(await outcomeOf(reads())).toContain(said);
    const keeps =
      'create function public.keeps() returns trigger language plpgsql as $$ begin new.role := old.role; return new; end $$;';
    for (const guarded of [
      `${keeps} create trigger keeps before update on public.chat_room_members for each row execute function public.keeps();`,
      'revoke update on public.chat_room_members from authenticated; grant update (last_read_at) on public.chat_room_members to authenticated;',
      `create function public.decides(r uuid) returns boolean language sql stable security definer set search_path = '' as $$
         select exists (select from public.chat_room_members m where m.room_id = r and m.user_id = auth.uid() and m.role = 'admin') $$;
       create policy removes on public.chat_room_members for delete to authenticated using (public.decides(room_id));`,
    ]) {
      expect(await outcomeOf(reads(guarded))).not.toContain('make themselves admins');
    }
  });

  it('believes no table of rooms that a role of the API has made', async () => {
    const sql = `${chat} ${tight} alter table public.chat_messages drop constraint chat_messages_room_id_fkey;
      create table public.rooms (id uuid primary key, kind text, slug text, created_by uuid, created_at timestamptz default now());
      insert into public.rooms (id, kind, created_by) values (md5('club')::uuid, 'group', md5('ben')::uuid);
      grant create on schema public to authenticated; alter table public.rooms owner to authenticated;`;
    const query = "select created_by = md5('ann')::uuid from public.chat_rooms where title = 'Club'";
    const acknowledge = ['public.rooms'];
    expect(await outcomeOf(sql, { query, acknowledge })).toBe('true');
  });

  it('does not ask where nobody could have planted them', async () => {
    const sql = `${withoutKeys('chat_room_members')}
      insert into public.chat_room_members (room_id, user_id, status) values (md5('club')::uuid, md5('ben')::uuid, 'blocked');`;
    expect(await outcomeOf(chat + tight + sql)).toBe('applied');
  });

  it.each([
    ['in capitals', "upper(md5('two')::uuid::text)", "md5('two')::uuid::text"],
    ['that the fix makes of the other', "md5('chat room secret')::uuid::text", "'secret'"],
  ])(
    'refuses rooms of the first generation of which one has the id of another, %s',
    async (_, planted, id) => {
      const sql = `${accounts} create table public.rooms (id text primary key, kind text, slug text, created_by uuid);
      create table public.conversation_participants (room_id text references public.rooms (id), user_id uuid);
      create table public.chat_messages (id uuid primary key, room_id text references public.rooms (id), sender uuid, content text);
      insert into public.rooms (id, kind) values (${id}, 'group'), (${planted}, 'group');
      insert into public.conversation_participants (room_id, user_id) values (${id}, md5('ann')::uuid);`;
      expect(await outcomeOf(sql)).toContain('23505: two rooms of public.rooms have the same uuid');
    },
  );

  it('takes no trigger for its own by the name', async () => {
    const trigger = `create trigger chat_room_members_guard before update on public.chat_room_members
      for each row execute function pg_catalog.suppress_redundant_updates_trigger();`;
    const decides = policy('deleted_at is null').replace(
      'alter table',
      'alter table public.chat_messages add deleted_at timestamptz;\nalter table',
    );
    expect(await outcomeOf(chat + trigger + decides)).toContain('looks at public.chat_messages.deleted_at');
    const query = `select tgfoid::regproc from pg_trigger where tgname = 'chat_room_members_guard'`;
    expect(await outcomeOf(chat + trigger, { query })).toBe('public.guard_chat_room_member');
  });

  it('lets nobody who waits change what somebody may decide by', async () => {
    const attack = (
      what: string,
    ) => `set local request.jwt.claims = '{"sub":"${md5('cat')}"}'; set local role authenticated;
      insert into public.chat_room_members (room_id, user_id, role, status) values (md5('club')::uuid, md5('cat')::uuid, 'member', 'pending');
      update public.chat_room_members set ${what} where user_id = md5('cat')::uuid;`;
    const mods =
      "insert into auth.users (id) values (md5('cat')::uuid); alter table public.chat_room_members add is_moderator boolean default false;";
    expect(
      await outcomeOf(chat + tight + mods, { query: `${attack("status = 'pending'")} select 'asked'` }),
    ).toBe('asked');
    await expect(outcomeOf(chat + tight + mods, { query: attack('is_moderator = true') })).rejects.toThrow(
      'only an admin',
    );
  });

  it('refuses keys of tables that a role of the API owns', async () => {
    const probe = `create table public.probe (room uuid references public.chat_rooms (id));
      grant create on schema public to authenticated;
      alter table public.probe owner to authenticated;
      revoke create on schema public from authenticated;`;
    expect(await outcomeOf(chat + probe)).toContain(
      '42501: public.chat_rooms: the foreign key probe_room_fkey of public.probe (authenticated)',
    );
  });
});

describe('the chat fix, of who decided and what was kept', () => {
  const owners = `
    create function public.in_room(r uuid) returns boolean language sql stable security definer set search_path = '' as $$
      select exists (select from public.chat_room_members where room_id = r and user_id = auth.uid()) $$;
    create function public.is_owner(r uuid) returns boolean language sql stable security definer set search_path = '' as $$
      select exists (select from public.chat_rooms where id = r and created_by = auth.uid()) $$;
    alter table public.chat_rooms enable row level security;
    alter table public.chat_room_members enable row level security;
    alter table public.chat_messages enable row level security;
    create policy see on public.chat_rooms for select to authenticated using (public.in_room(id));
    create policy see on public.chat_room_members for select to authenticated using (public.in_room(room_id));
    create policy adds on public.chat_room_members for insert to authenticated with check (public.is_owner(room_id));
    create policy read on public.chat_messages for select to authenticated using (public.in_room(room_id));
    create policy send on public.chat_messages for insert to authenticated with check (sender = auth.uid() and public.in_room(room_id));`;

  it('asks about creators who decided who is in a group that they are not in', async () => {
    expect(await outcomeOf(chat + owners)).toBe('applied');
    const outside = "delete from public.chat_room_members where user_id = md5('ann')::uuid;";
    expect(await outcomeOf(chat + owners + outside)).toMatch(
      /policy adds on public\.chat_room_members, for insert, lets in whom the fix does not: .*creator/,
    );
  });

  const pair = `
    insert into public.chat_rooms (id, type, created_by) values (md5('pair')::uuid, 'dm', md5('ann')::uuid);
    insert into public.chat_room_members (room_id, user_id)
    values (md5('pair')::uuid, md5('ann')::uuid), (md5('pair')::uuid, md5('ben')::uuid);`;
  const leaves =
    'create policy leaves on public.chat_room_members for delete to authenticated using (user_id = auth.uid());';
  it('asks about who waits by a default that no rule asked, and has written in the room', async () => {
    const waits = (writer: string, more = '') => `${chat}
      alter table public.chat_room_members alter status set default 'pending', enable row level security;
      update public.chat_room_members set status = 'pending' where user_id = md5('ben')::uuid;
      insert into public.chat_messages (room_id, sender, content) values (md5('club')::uuid, md5('${writer}')::uuid, 'hello');
      create function public.in_room(r uuid) returns boolean language sql stable security definer set search_path = '' as $$
          select exists (select from public.chat_room_members m where m.room_id = r and m.user_id = auth.uid() ${more}) $$;
      ${policy('public.in_room(room_id)')}`;
    const said =
      'no rule asks public.chat_room_members.status, whose default says that whoever is added waits';
    expect(await outcomeOf(waits('ben'))).toContain(said);
    expect(await outcomeOf(waits('ann'))).not.toContain(said);
    expect(await outcomeOf(waits('ben', "and m.status = 'approved'"))).not.toContain(said);
  });

  it('asks about who left a conversation of two, unless their policies never worked', async () => {
    expect(await outcomeOf(chat + owners + leaves)).toBe('applied');
    expect(await outcomeOf(chat + owners + pair + leaves)).toMatch(
      /1 to be decided first: policy leaves on public\.chat_room_members, for delete, lets in whom the fix does not: .*\(type 'dm'\), about their own/,
    );
    expect(await outcomeOf(chat + owners + pair + leaves + circle('chat_room_members'))).toBe('applied');
  });

  it('asks about conversations of two with three in them', async () => {
    const three = `insert into public.chat_room_members (room_id, user_id) values (md5('club')::uuid, md5('cat')::uuid);
      insert into auth.users (id) values (md5('cat')::uuid);`;
    const isGroup =
      'alter table public.chat_rooms drop column type, add is_group boolean default false, enable row level security;';
    expect(await outcomeOf(chat + isGroup)).toBe('applied');
    expect(await outcomeOf(chat + isGroup + three)).toContain(
      '1 to be decided first: a room of public.chat_rooms is of three or more people who are in public.chat_room_members, and by is_group no group',
    );
    expect(await outcomeOf(`${chat + three} update public.chat_rooms set type = 'direct';`)).toContain(
      'and by type no group',
    );
  });

  it('asks about who renames and deletes rooms of the older table, unless their policies never worked', async () => {
    const older = (see: string) => `${accounts}
      create table public.rooms (id uuid primary key, title text, kind text default 'group', created_by uuid);
      create table public.room_members (room_id uuid references public.rooms (id), user_id uuid, primary key (room_id, user_id));
      insert into public.rooms (id, title, created_by) values (md5('club')::uuid, 'Club', md5('ann')::uuid);
      insert into public.room_members values (md5('club')::uuid, md5('ann')::uuid), (md5('club')::uuid, md5('ben')::uuid);
      ${messages.replace('references public.chat_rooms', 'references public.rooms')}
      create function public.in_room(r uuid) returns boolean language sql stable security definer set search_path = '' as $$
        select exists (select from public.room_members where room_id = r and user_id = auth.uid()) $$;
      alter table public.rooms enable row level security;
      alter table public.room_members enable row level security;
      create policy see on public.rooms for select to authenticated using (${see});
      create policy see on public.room_members for select to authenticated using (public.in_room(room_id));
      create policy renames on public.rooms for update to authenticated using (created_by = auth.uid());
      create policy deletes on public.rooms for delete to authenticated using (created_by = auth.uid());`;
    const asked =
      /^0A000: 2 to be decided first: policy deletes on public\.rooms, for delete, lets in .*policy renames on public\.rooms, for update/s;
    expect(await outcomeOf(older('public.in_room(id)'))).toMatch(asked);
    const mine =
      'exists (select from public.room_members as m where m.room_id = rooms.id and m.user_id = auth.uid())';
    expect(await outcomeOf(older(mine))).toMatch(asked);
    expect(await outcomeOf(older(mine) + circle('room_members'))).toBe('applied');
  });

  it('asks about members whose accounts leave a membership of nobody behind', async () => {
    const loose = (
      action: string,
    ) => `${chat} alter table public.chat_room_members drop constraint chat_room_members_pkey,
      alter user_id drop not null, add id uuid default gen_random_uuid() primary key, add unique (room_id, user_id),
      add constraint of_an_account foreign key (user_id) references auth.users (id) ${action};`;
    const asked =
      'the foreign key of_an_account leaves a membership of public.chat_room_members without a person';
    const name = 'public.chat_room_members.of_an_account';
    for (const action of ['on delete set null', 'on delete set default']) {
      const said = await outcomeOf(loose(action));
      expect(said).toMatch(/^0A000: 1 to be decided first/);
      expect(said).toContain(asked);
      expect(said).toContain(`(${name})`);
    }
    expect(await outcomeOf(loose('on delete set null'), { acknowledge: [name] })).toBe('applied');
    expect(await outcomeOf(loose('on delete cascade'))).toBe('applied');
    const required = 'alter table public.chat_room_members alter user_id set not null;';
    expect(await outcomeOf(loose('on delete set null') + required)).toBe('applied');
  });

  it('asks about memberships of who is invited before there is an account, and of guests', async () => {
    const loose = `${chat} alter table public.chat_room_members drop constraint chat_room_members_pkey,
      alter user_id drop not null, add id uuid default gen_random_uuid() primary key, add unique (room_id, user_id), add email text;`;
    const name = 'public.chat_room_members.user_id';
    const said: Record<string, string> = {
      "insert into public.chat_room_members (room_id, email) values (md5('club')::uuid, 'cat@example.com');":
        'memberships without a person hold public.chat_room_members.email: they are meant to have none',
      'alter table public.chat_room_members add constraint somebody check (user_id is not null or email is not null);':
        'the check somebody lets memberships of public.chat_room_members be without a person',
      'alter table public.chat_room_members add constraint somebody check (num_nonnulls(user_id, email) = 1);':
        'the check somebody lets memberships of public.chat_room_members be without a person',
      'create unique index one_invite on public.chat_room_members (room_id, email) where user_id is null;':
        'the unique index public.one_invite lets memberships of public.chat_room_members be without a person',
    };
    for (const [rule, problem] of Object.entries(said)) {
      const refusal = await outcomeOf(loose + rule);
      expect(refusal).toMatch(/^0A000: 1 to be decided first/);
      expect(refusal).toContain(problem);
      expect(refusal).toContain(`(${name})`);
    }
    const [invited] = Object.keys(said);
    expect(await outcomeOf(loose + invited, { acknowledge: [name] })).toBe('applied');
    const nobody = "insert into public.chat_room_members (room_id, email) values (md5('club')::uuid, '');";
    expect(await outcomeOf(loose + nobody)).toBe('applied');
  });

  it('asks about rooms that go with something else, whose messages did not', async () => {
    const belongs = (action: string) => `create table public.projects (id integer primary key);
      alter table public.chat_rooms add project_id integer constraint of_a_project references public.projects (id) ${action};`;
    expect(await outcomeOf(chat + belongs('on delete cascade'))).toContain(
      'the foreign key of_a_project deletes a room of public.chat_rooms with its row of public.projects',
    );
    expect(await outcomeOf(chat + belongs('on delete set null'))).toBe('applied');
    const cascading = ['chat_messages', 'chat_room_members']
      .map(
        (table) => `alter table public.${table} drop constraint ${table}_room_id_fkey,
          add foreign key (room_id) references public.chat_rooms (id) on delete cascade;`,
      )
      .join('');
    expect(await outcomeOf(chat + belongs('on delete cascade') + cascading)).toBe('applied');
  });

  describe('words that the application writes and the fix refuses', () => {
    const makes = (table: string) => `alter table public.${table} enable row level security;
      create policy makes on public.${table} for insert to authenticated with check (true);
      create policy sees on public.${table} for select to authenticated using (true);`;
    const owner =
      "update public.chat_room_members set role = case when user_id = md5('ann')::uuid then 'owner' else 'member' end;";
    const isGroup = `insert into public.chat_rooms (id) values (md5('pair')::uuid);
      alter table public.chat_rooms drop column type, add is_group boolean default false;`;
    const asked: [what: string, sql: string, name: string, words: string][] = [
      [
        'the default and the rows, by a policy',
        `${chat} alter table public.chat_rooms alter type set default 'channel'; update public.chat_rooms set type = 'channel';
          ${makes('chat_rooms').replace('check (true)', 'check (type is not null)')}`,
        'public.chat_rooms.makes',
        'the policy makes on public.chat_rooms lets people write words in type that will be refused: channel (default, rows), so let the application write dm, group',
      ],
      [
        'rows, where a rule of another table recurses',
        `${chat} update public.chat_rooms set type = 'channel'; ${makes('chat_rooms') + circle('chat_room_members')}`,
        'public.chat_rooms.makes',
        'the policy makes on public.chat_rooms lets people write words in type that will be refused: channel (rows)',
      ],
      [
        'what a rule asks for',
        `${chat + makes('chat_room_members')} ${asks(`select ${isMember} and status in ('approved', 'muted'))`)}`,
        'public.chat_room_members.makes',
        'the policy makes on public.chat_room_members lets people write words in status that will be refused: muted (rules)',
      ],
      [
        'the default, where there are no rows',
        `${chat} delete from public.chat_room_members; alter table public.chat_room_members alter status set default 'active';`,
        'public.chat_room_members.status',
        'public.chat_room_members takes words in status that will be refused: active (default), so let the application write approved, blocked, pending, and in every row',
      ],
      [
        'the check, without row level security',
        `${chat} alter table public.chat_rooms add constraint known check (type in ('direct', 'group'));`,
        'public.chat_rooms.type',
        'public.chat_rooms takes words in type that will be refused: direct (check), so let the application write dm, group',
      ],
      [
        'the type, where the server alone writes',
        `${chat} create type public.rank as enum ('owner', 'member');
          alter table public.chat_room_members alter role drop default, alter role type public.rank using role::public.rank, enable row level security;`,
        'public.chat_room_members.role',
        'public.chat_room_members takes words in role that will be refused: owner (type), so let the application write admin, member',
      ],
      [
        'rows alone that have a vocabulary of their own',
        chat + owner,
        'public.chat_room_members.role',
        'public.chat_room_members takes words in role that will be refused: owner (rows)',
      ],
      [
        'a boolean, without row level security',
        chat + isGroup,
        'public.chat_rooms.is_group',
        'public.chat_rooms, without row level security, lets people make rooms, and is_group tells',
      ],
    ];
    it.each(asked)('are asked about: %s', async (_what, sql, name, words) => {
      expect(await outcomeOf(sql)).toContain(`1 to be decided first: ${words}`);
      expect(await outcomeOf(sql, { acknowledge: [name] })).toBe('applied');
    });

    it('are not asked about where rows are a mixture', async () => {
      expect(
        await outcomeOf(
          `${chat + owner} update public.chat_room_members set role = null where role = 'member';`,
        ),
      ).toBe('applied');
      expect(
        await outcomeOf(
          `${chat} insert into public.chat_rooms (id, type) values (md5('news')::uuid, 'channel');`,
        ),
      ).toBe('applied');
    });

    it('go on as the default, where they say the type', async () => {
      const sql = `${chat} insert into public.chat_rooms (id, type) values (md5('pair')::uuid, 'dm');
        alter table public.chat_rooms alter type set default 'direct';`;
      const query = "insert into public.chat_rooms (id) values (md5('new')::uuid) returning type";
      expect(await outcomeOf(sql, { query })).toBe('dm');
    });

    it('are asked about where rooms are known by them, but for a slip', async () => {
      const known = (
        second: string,
      ) => `${accounts} create table public.chat_rooms (id text primary key, title text, created_by uuid);
        insert into public.chat_rooms values ('general', 'General', md5('ann')::uuid), (${second}, 'Club', md5('ann')::uuid);`;
      const words =
        "1 to be decided first: public.chat_rooms.id holds words ('general'), of which the fix makes uuids: whoever names a room by its word";
      const uuid = "md5('club')::uuid::text";
      expect(await outcomeOf(known("'random'"))).toContain(words);
      expect(await outcomeOf(known("'random'"), { acknowledge: ['public.chat_rooms.id'] })).toBe('applied');
      expect(await outcomeOf(known(uuid))).toBe('applied');
      expect(await outcomeOf(known(uuid) + makes('chat_rooms'))).toContain(words);
    });

    it('are asked about where people wrote in such a room, without rules', async () => {
      const written = (room: string) => `${accounts}
        create table public.chat_rooms (id text primary key, title text, created_by uuid);
        create table public.chat_messages (id bigserial primary key, room_id text, sender uuid, content text);
        insert into public.chat_rooms values ('general', 'General', md5('ann')::uuid), (md5('club'), 'Club', md5('ann')::uuid);
        insert into public.chat_messages (room_id, sender, content) values (${room}, md5('ann')::uuid, 'hello');`;
      expect(await outcomeOf(written("'general'"))).toContain("public.chat_rooms.id holds words ('general')");
      expect(await outcomeOf(written("md5('club')"))).toBe('applied');
    });

    it('are not asked about of functions that read them as uuids', async () => {
      const reads = (what: string, condition: string) => `${accounts}
        create table public.chat_rooms (id text primary key, title text, created_by uuid);
        create table public.chat_messages (id uuid primary key, room_id text, sender uuid, content text);
        insert into public.chat_rooms values (md5('club')::uuid::text, 'Club', md5('ann')::uuid);
        create function public.lines(room uuid) returns table (${what === '*' ? 'id uuid, room_id text, sender uuid, ' : ''}content text) language sql
            as $$ select ${what} from public.chat_messages where ${condition} $$;`;
      const asked = 'the function public.lines(uuid) handles public.chat_messages.room_id as text';
      expect(await outcomeOf(reads('content', 'room_id = room::text'))).toContain(asked);
      expect(await outcomeOf(reads('content', 'room_id::uuid = room'))).toBe('applied');
      expect(await outcomeOf(reads('*', 'room_id::uuid = room'))).toContain(asked);
    });

    it('are not asked about of functions that read words of an enum as texts', async () => {
      const reads = (condition: string) => `${chat} create type public.rank as enum ('admin', 'member');
        alter table public.chat_room_members alter role drop default, alter role type public.rank using role::public.rank;
        create function public.people(wanted public.rank) returns setof uuid language sql stable set search_path = ''
            as $$ select m.user_id from public.chat_room_members as m where ${condition} $$;`;
      expect(await outcomeOf(reads('m.role = wanted'))).toContain(
        'public.chat_room_members.role as public.rank, of which the fix makes another type: rewrite it for the new one (role::text wherever it is read)',
      );
      expect(await outcomeOf(reads('m.role::text = wanted::text'))).toBe('applied');
    });

    it('are asked about of triggers by which views write', async () => {
      const writes = (column: string, written: string) => `${accounts}
        create table public.chat_rooms (id text primary key, title text, created_by uuid);
        create table public.chat_messages (id uuid primary key default gen_random_uuid(), room_id text, sender uuid, content text);
        insert into public.chat_rooms values (md5('club')::uuid::text, 'Club', md5('ann')::uuid);
        create view public.feed as select m.room_id${column}, m.content from public.chat_messages as m;
        create function public.feed_in() returns trigger language plpgsql set search_path = '' as $$ begin
            insert into public.chat_messages (room_id, sender, content) values (${written}, auth.uid(), new.content); return new; end $$;
        create trigger feed_in instead of insert on public.feed for each row execute function public.feed_in();`;
      const asked =
        'the function public.feed_in() handles public.chat_messages.room_id as text, of which the fix makes another type: rewrite it for the new one (room_id::uuid';
      expect(await outcomeOf(writes('', 'new.room_id'))).toContain(asked);
      expect(await outcomeOf(writes(' as place', 'new.place'))).toContain(asked);
      expect(await outcomeOf(writes('', 'new.room_id::uuid'))).toBe('applied');
    });

    it('are no codes to join by', async () => {
      const code = (
        words: string,
      ) => `${chat} alter table public.chat_rooms drop column type, add class_code text;
        insert into public.chat_rooms (id) values (md5('lab')::uuid); update public.chat_rooms set class_code = ${words};`;
      expect(await outcomeOf(code('left(id::text, 6)'))).toBe('applied');
      expect(await outcomeOf(code("'abc'"))).toContain('class_code may hold it');
    });
  });
});

describe('where everybody sees the rooms, and members alone the messages', () => {
  const asking = (
    condition: string,
    messages = 'm.room_id = chat_messages.room_id and m.user_id = auth.uid()',
  ) => `${chat}
    ${policy(`exists (select from public.chat_room_members as m where ${messages})`)}
    alter table public.chat_rooms enable row level security;
    create policy directory on public.chat_rooms for select to authenticated using (true);
    create table public.events (room_id uuid, author uuid); alter table public.events enable row level security;
    create policy calendar on public.events for select to authenticated using (${condition});`;
  const anyRoom = 'exists (select from public.chat_rooms as r where r.id = events.room_id)';

  it('a policy of another table by which everybody passes is asked about', async () => {
    expect(await outcomeOf(asking(anyRoom))).toContain('(public.events.calendar)');
    expect(await outcomeOf(asking(anyRoom), { acknowledge: ['public.events.calendar'] })).not.toContain(
      'public.events.calendar',
    );
  });

  const isThere = (rights: string, condition = '') =>
    `create function public.is_there(room uuid) returns boolean language sql stable security ${rights} set search_path = ''
       as $$ select exists (select from public.chat_rooms as r where r.id = room ${condition}) $$;`;
  const listed = (options: string) =>
    `create view public.listed ${options} as select id from public.chat_rooms; grant select on public.listed to authenticated;`;
  const byView = 'room_id in (select id from public.listed)';
  const through = (made: string, condition: string) =>
    `${asking('true')} drop policy calendar on public.events; ${made} create policy calendar on public.events using (${condition});`;

  it.each([
    ['a function', through(isThere('invoker'), 'public.is_there(room_id)')],
    ['a view', through(listed('with (security_invoker)'), byView)],
    [
      'a query beside a function that asks nothing of the room',
      through(
        "create function public.is_open(author uuid) returns boolean language sql as 'select author is not null';",
        `${anyRoom} and public.is_open(author)`,
      ),
    ],
  ])('a policy by which everybody passes through %s is asked about', async (_what, sql) => {
    expect(await outcomeOf(sql)).toContain('(public.events.calendar)');
  });

  it.each([
    ['a function with rights of its own', through(isThere('definer'), 'public.is_there(room_id)')],
    ['a view with rights of its own', through(listed(''), byView)],
    [
      'a function that asks for the creator',
      through(isThere('invoker', 'and r.created_by = auth.uid()'), 'public.is_there(room_id)'),
    ],
    [
      'a function that asks who is in the room',
      through(
        isThere(
          'invoker',
          'and exists (select from public.chat_room_members as m where m.room_id = r.id and m.user_id = auth.uid())',
        ),
        'public.is_there(room_id)',
      ),
    ],
  ])('nothing is asked of a policy that goes by %s', async (_what, sql) => {
    expect(await outcomeOf(sql)).not.toContain('public.events.calendar');
  });

  it.each([
    [
      'those in the room pass',
      `${anyRoom} and exists (select from public.chat_room_members as m where m.room_id = events.room_id and m.user_id = auth.uid())`,
      undefined,
    ],
    [
      'the creator passes',
      'exists (select from public.chat_rooms as r where r.id = events.room_id and r.created_by = auth.uid())',
      undefined,
    ],
    ['messages are for everybody, too', anyRoom, 'true'],
  ])('nothing is asked where %s', async (_what, condition, messages) => {
    expect(await outcomeOf(asking(condition, messages))).not.toContain('public.events.calendar');
  });
});

describe('where each user saw their own memberships alone', () => {
  const alone = `${chat}
    alter table public.chat_room_members enable row level security;
    create policy own on public.chat_room_members for select to authenticated using (user_id = (select auth.uid()));
    create table public.notices (room_id uuid, author uuid); alter table public.notices enable row level security;`;
  const admin =
    "exists (select from public.chat_room_members as m where m.room_id = notices.room_id and m.role = 'admin'";
  const notices = (condition: string) =>
    `${alone} create policy admins on public.notices for insert to authenticated with check (${condition});`;
  const counts = (condition: string, rights = 'invoker') =>
    `${alone} create function public.in_how_many() returns bigint language sql stable security ${rights} set search_path = ''
        as $$ select count(*) from public.chat_room_members as m ${condition} $$;`;
  const asked: [string, string, string][] = [
    ['a policy of another table', notices(`author = auth.uid() and ${admin})`), 'public.notices.admins'],
    [
      'a policy of files',
      `${alone} create policy admins on storage.objects for delete to authenticated using (exists (
          select from public.chat_room_members as m where m.room_id::text = name and m.role = 'admin'));`,
      'storage.objects.admins',
    ],
    [
      'a restrictive policy that stays',
      `${alone} ${policy('true').replace(send, '')} ${send} create policy calm on public.chat_messages as restrictive for insert to authenticated
          with check (exists (select from public.chat_room_members as m where m.room_id = chat_messages.room_id and m.role = 'admin'));`,
      'public.chat_messages.calm',
    ],
    [
      'a view',
      `${alone} create view public.mine with (security_invoker) as select room_id, role from public.chat_room_members;`,
      'public.mine',
    ],
    ['a function', counts(''), 'public.in_how_many()'],
  ];
  it.each(someOf(asked, 2))('%s that goes by it is asked about', async (_what, sql, name) => {
    const said = await outcomeOf(sql);
    expect(said).toContain('does not compare whose membership it is: users saw only their own');
    expect(said).toContain(`(${name})`);
    expect(await outcomeOf(sql, { acknowledge: [name] })).not.toContain('users saw only their own');
  });

  it.each(
    someOf<[string, string]>(
      [
        ['that compares the person', notices(`${admin} and m.user_id = (select auth.uid()))`)],
        ['that compares them the other way round', notices(`${admin} and auth.uid() = m.user_id)`)],
        [
          'by a list',
          notices(
            'auth.uid() in (select m.user_id from public.chat_room_members as m where m.room_id = notices.room_id)',
          ),
        ],
        ['of a function', counts('where m.user_id = auth.uid()')],
        ['of a function with rights of its own', counts('', 'definer')],
      ],
      2,
    ),
  )('nothing is asked %s', async (_what, sql) => {
    expect(await outcomeOf(sql)).not.toContain('users saw only their own');
  });

  it('what a row says to its owner alone is asked about, each column by its name', async () => {
    const private_ = `${alone} grant select on public.chat_room_members to authenticated;
      alter table public.chat_room_members add draft text, add place point, add last_read_at timestamptz, add muted boolean, add unread_count integer,
        add theme text default 'light', add note text;
      update public.chat_room_members set draft = 'I quit', place = '(1,2)', last_read_at = now(), muted = true, unread_count = 3, note = '';`;
    const said = await outcomeOf(private_);
    expect([...said.matchAll(/\((public\.chat_room_members\.\w+)\)/g)].map(([, name]) => name)).toEqual([
      'public.chat_room_members.draft',
      'public.chat_room_members.place',
    ]);
    const seen = `${private_} create policy everybody on public.chat_room_members for select to authenticated using (true);`;
    expect(await outcomeOf(seen)).not.toContain('shown to its owner alone');
  });

  it('nothing is asked where they saw one another', async () => {
    const all = `${notices(`${admin})`)} create policy everybody on public.chat_room_members for select to authenticated using (true);`;
    expect(await outcomeOf(all)).not.toContain('users saw only their own');
  });
});
