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

async function refusalOf(sql: string): Promise<string | null> {
  const file = { path: 'state.sql', text: sql };
  const state = { ...bundle.states[0], name: '00_state', files: [file] } as (typeof bundle.states)[number];
  return withChatDatabase(state, async (session: Session) => {
    await session.query('begin');
    const problem = await tryBundle(session, bundle);
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
