/** What a project has under a name that the fix needs, before it ever ran. */
import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../src/database/with-session.js';
import { tryBundle } from '../support/apply-bundle.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';

const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);

const members = `create table public.chat_room_members (
    room_id uuid, user_id uuid, role text default 'member', status text default 'approved', primary key (room_id, user_id)
);`;
const returnsNew = (name: string, body = '') =>
  `create function public.${name}() returns trigger language plpgsql as $$ begin ${body} return new; end $$;`;

async function refusalOf(sql: string, afterwards = ''): Promise<string | null> {
  const file = { path: 'state.sql', text: sql };
  const state = { ...bundle.states[0], name: '00_state', files: [file] } as (typeof bundle.states)[number];
  return withChatDatabase(state, async (session: Session) => {
    await session.query('begin');
    const problem = await tryBundle(session, bundle);
    if (problem === null) await session.query(afterwards);
    await session.query('rollback');
    return problem?.message ?? null;
  });
}

describe('the chat fix, of names that it needs', () => {
  it('refuses what bears one of them, by its own name, and says how to rename it', async () => {
    const said = await refusalOf(`${members}
      create table public.notes (id uuid primary key, body text);
      create function public.chat_user_id() returns uuid language sql as 'select null::uuid';
      create function public.chat_room_is_unused(wanted text) returns boolean language sql as 'select true';
      ${returnsNew('appoint_chat_creator')}
      ${returnsNew('guard_chat_room_member', "if new.role = 'owner' then raise exception 'only one owner'; end if;")}
      create trigger chat_room_members_guard before insert on public.chat_room_members
          for each row execute function public.guard_chat_room_member();
      create trigger chat_messages_need_a_sender before insert on public.notes for each row execute function public.appoint_chat_creator();
      create schema chat_access;
      create type public.room_members as enum ('owner');`);
    const told = (object: string, renamed = object) =>
      `the ${object} bears a name that the fix needs, and is none of an earlier run: rename it first (alter ${renamed} rename to …)`;
    for (const [object, renamed] of [
      ['schema chat_access'],
      ['function public.appoint_chat_creator()'],
      ['function public.chat_room_is_unused(text)'],
      ['function public.chat_user_id()'],
      ['function public.guard_chat_room_member()'],
      [
        'trigger public.chat_room_members.chat_room_members_guard',
        'trigger chat_room_members_guard on public.chat_room_members',
      ],
      ['type public.room_members'],
    ] as const) {
      expect(said).toContain(told(object, renamed));
    }
    expect(said).toMatch(/^7 to be decided first/);
  });

  it('says of an index in the place of a table what it is', async () => {
    expect(
      await refusalOf(`${members} create index room_members on public.chat_room_members (user_id);`),
    ).toBe('public.room_members is not an ordinary table, but an index');
  });
});

describe('the names that the fix needs', () => {
  it('are all that its sections make for its own use', () => {
    const texts = bundle.sections.flatMap(({ file, parts }) => [file, ...parts]).map(({ text }) => text);
    const made = (pattern: RegExp) =>
      texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name]) => name));
    const facts = bundle.prelude.map(({ text }) => text).join('\n');
    const listed = (kind: string) =>
      [...facts.matchAll(new RegExp(`\\('${kind}', '(\\w+)', `, 'g'))].map(([, name]) => name);
    const called = [...facts.matchAll(/^ {4}\('(\w+)'\)[,;]$/gm)].map(([, name]) => name);
    expect(made(/create or replace function public\.(\w+)/g).sort()).toEqual(
      [...listed('function'), ...called].sort(),
    );
    expect(made(/create or replace trigger (\w+)/g).sort()).toEqual(listed('trigger').sort());
    expect(made(/create schema if not exists (\w+)/g).sort()).toEqual(listed('schema').sort());
  });
});

describe('the chat fix, of columns called as its variables are', () => {
  it('reads its variables, whatever columns the tables of a project have', async () => {
    const texts = [...bundle.prelude, ...bundle.sections.flatMap(({ file, parts }) => [file, ...parts])].map(
      ({ text }) => text,
    );
    const names = new Set(texts.flatMap(variablesIn).filter((name) => !known.has(name)));
    for (const name of ['caller', 'creator', 'me', 'p_creator', 'partner', 'room'])
      expect(names).toContain(name);
    const columns = [...names].map((name) => `add "${name}" text`).join(', ');
    const sql = `insert into auth.users (id) values (md5('ann')::uuid), (md5('ben')::uuid);
      create table public.chat_rooms (id uuid primary key default gen_random_uuid(), type text, title text, created_by uuid);
      ${members} create table public.room_members (room_id uuid, user_id uuid);
      create table public.chat_messages (id uuid primary key default gen_random_uuid(), room_id uuid, sender uuid, content text);
      ${['chat_rooms', 'chat_room_members', 'room_members', 'chat_messages'].map((table) => `alter table public.${table} ${columns};`).join('\n')}
      insert into public.chat_rooms (id, type, title, created_by) values
          (md5('club')::uuid, 'group', 'Club', md5('ann')::uuid), (md5('two')::uuid, 'dm', null, md5('ann')::uuid);
      insert into public.chat_room_members (room_id, user_id) values (md5('club')::uuid, md5('ann')::uuid), (md5('two')::uuid, md5('ann')::uuid);
      insert into public.room_members (room_id, user_id) values (md5('two')::uuid, md5('ann')::uuid), (md5('two')::uuid, md5('ben')::uuid);
      insert into public.chat_messages (room_id, sender, content) values (md5('club')::uuid, md5('ann')::uuid, 'hello');`;
    expect(await refusalOf(sql, uses)).toBeNull();
  });
});

/** What the fix knows by these names, and asks about. */
const known = new Set(['id', 'type', 'kind', 'name', 'state', 'body', 'message', 'from']);

/** What people do afterwards, by its functions and triggers. */
const uses = `
  select set_config('request.jwt.claims', json_build_object('sub', md5('ann')::uuid, 'role', 'authenticated')::text, true);
  set local role authenticated;
  select public.create_group_room(md5('ann')::uuid, false, array[md5('ben')::uuid], 'Chess');
  insert into public.chat_room_members (room_id, user_id, status, role)
  select id, md5('cat')::uuid, 'approved', 'member' from public.chat_rooms where title = 'Chess';
  select public.open_or_create_dm(md5('ben')::uuid), public.open_or_create_dm(md5('cat')::uuid);
`;

/** The variables and arguments of a file's blocks that read or write tables of the project. */
function variablesIn(text: string): string[] {
  const pieces = text.split('$$');
  return pieces.flatMap((body, place) => {
    if (place % 2 === 0 || !/\spublic\.(chat_|room_)/.test(body)) return [];
    const declared = /\bdeclare\n(.*?)\n\s*begin\b/s.exec(body)?.[1] ?? '';
    const given = /function [\w.]+\(([^)]*)\)[^;]*$/.exec(pieces[place - 1] ?? '')?.[1] ?? '';
    return [
      ...`${declared.replaceAll(/--.*/g, '')}\n${given.replaceAll(',', '\n')}`.matchAll(
        /^\s*(?:out )?(\w+) [\w.]/gm,
      ),
    ].map(([, name = '']) => name);
  });
}
