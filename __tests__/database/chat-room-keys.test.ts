/** What the fix keeps of the foreign keys on room_id that a project has. */
import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../src/database/with-session.js';
import { applyBundle } from '../support/apply-bundle.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';

const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);

const chat = (id: string, key: string) => `
  insert into auth.users (id) values (md5('ann')::uuid);
  create table public.chat_rooms (id ${id} primary key, type text default 'group', title text, created_by uuid);
  create table public.chat_room_members (
      room_id ${id} constraint mine references public.chat_rooms (id) ${key}, user_id uuid, role text default 'admin',
      status text default 'approved', primary key (room_id, user_id)
  );
  comment on constraint mine on public.chat_room_members is '@graphql({"foreign_name": "room"})';
  insert into public.chat_rooms (id, created_by) values (md5('club')::uuid, md5('ann')::uuid);
  insert into public.chat_room_members (room_id, user_id) values (md5('club')::uuid, md5('ann')::uuid);`;

/** What the query says of a database that the SQL makes, after the fix was applied to it so many times. */
function rowsAfter<T>(sql: string, times: number, query: string): Promise<T[]> {
  const file = { path: 'state.sql', text: sql };
  const state = { ...bundle.states[0], name: '00_state', files: [file] } as (typeof bundle.states)[number];
  return withChatDatabase(state, async (session: Session) => {
    await session.query('begin');
    for (let time = 0; time < times; time += 1) await applyBundle(session, bundle);
    const { rows } = await session.query(query);
    await session.query('rollback');
    return rows as T[];
  });
}

describe('the chat fix, of keys on room_id', () => {
  it.each([
    ['one that is right', 'uuid', 'on update cascade on delete cascade deferrable initially deferred'],
    ['one that does not take the rows along', 'uuid', 'on update cascade deferrable initially deferred'],
    ['one of ids that are text', 'text', 'on update cascade on delete cascade deferrable initially deferred'],
  ])('keeps when it is checked, what it does on updates and its comment: %s', async (_, id, key) => {
    const said = await rowsAfter(
      chat(id, key),
      2,
      `select pg_get_constraintdef(oid) as key, obj_description(oid, 'pg_constraint') as comment
       from pg_constraint where contype = 'f' and conrelid = 'public.chat_room_members'::regclass
           and confrelid = 'public.chat_rooms'::regclass`,
    );
    expect(said).toEqual([
      {
        key: 'FOREIGN KEY (room_id) REFERENCES public.chat_rooms(id) ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED',
        comment: '@graphql({"foreign_name": "room"})',
      },
    ]);
  });

  it.each([
    ['a unique constraint', 'uuid'],
    ['a unique constraint of ids that are text', 'text'],
  ])('keeps replicas knowing memberships by an index: %s', async (_, id) => {
    const text = `${chat(id, '')} alter table public.chat_room_members drop constraint chat_room_members_pkey,
        alter user_id set not null, alter room_id set not null, add constraint once unique (room_id, user_id);
      alter table public.chat_room_members replica identity using index once;
      create publication followed for table public.chat_room_members;`;
    const said = await rowsAfter(
      text,
      1,
      `select pg_get_indexdef(indexrelid) as index, relreplident as identity
       from pg_index join pg_class on pg_class.oid = indrelid
       where indrelid = 'public.chat_room_members'::regclass and indisreplident`,
    );
    expect(said).toEqual([
      {
        index: expect.stringContaining(
          'chat_room_members_pkey ON public.chat_room_members USING btree (room_id, user_id)',
        ),
        identity: 'i',
      },
    ]);
  });

  it('keeps what a primary key on other columns forbade, unless the new one forbids it', async () => {
    const text = `${chat('uuid', '')} alter table public.chat_room_members drop constraint chat_room_members_pkey,
        add id uuid default gen_random_uuid() primary key, add unique (user_id, room_id) deferrable;
      create table public.room_members (room_id uuid, user_id uuid, since date default now(), primary key (since, room_id, user_id));
      create table public.chat_messages (id uuid unique, room_id uuid, seq bigint, sender uuid, content text, primary key (room_id, seq));`;
    const said = await rowsAfter<{ key: string }>(
      text,
      2,
      `select conrelid::regclass::text || ': ' || pg_get_constraintdef(oid) as key
       from pg_constraint where connamespace = 'public'::regnamespace and contype in ('p', 'u')
           and conrelid <> 'public.chat_rooms'::regclass order by key`,
    );
    expect(said.map(({ key }) => key)).toEqual([
      'public.chat_messages: PRIMARY KEY (id)',
      'public.chat_messages: UNIQUE (room_id, seq)',
      'public.chat_room_members: PRIMARY KEY (room_id, user_id)',
      'public.chat_room_members: UNIQUE (id)',
      'public.room_members: PRIMARY KEY (room_id, user_id)',
    ]);
  });
});
