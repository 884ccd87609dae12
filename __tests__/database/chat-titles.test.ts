/** What becomes of a project's checks on titles, where the fix renames groups and moves rooms in. */
import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../src/database/with-session.js';
import { tryBundle } from '../support/apply-bundle.js';
import { acknowledging } from '../support/chat/acknowledging.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';

const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);

const rooms = (title: string, titles: string[]) => `
  insert into auth.users (id) values (md5('ann')::uuid);
  create table public.chat_rooms (
      id uuid primary key, type text not null default 'group', title ${title}, created_by uuid, created_at timestamptz default now()
  );
  create table public.chat_room_members (
      room_id uuid references public.chat_rooms (id), user_id uuid, role text default 'member', status text default 'approved',
      primary key (room_id, user_id)
  );
  insert into public.chat_rooms (id, title, created_by, created_at)
  select md5(place::text)::uuid, title, md5('ann')::uuid, timestamptz '2025-01-01 00:00+00' + place * interval '1 day'
  from unnest(array[${titles.map((one) => `'${one}'`).join(', ')}]) with ordinality as made (title, place);`;

/** The titles and the checks on them after the fix, or why it refused. */
async function outcomeOf(sql: string, acknowledge: string[] = []): Promise<unknown> {
  const file = { path: 'state.sql', text: sql };
  const state = { ...bundle.states[0], name: '00_state', files: [file] } as (typeof bundle.states)[number];
  return withChatDatabase(state, async (session: Session) => {
    await session.query('begin');
    const problem = await tryBundle(session, acknowledging(bundle, acknowledge));
    if (problem !== null) return `${problem.sqlstate}: ${problem.message}`;
    const { rows } = await session.query(`select
        array(select title from public.chat_rooms order by created_at) as titles,
        array(
            select pg_get_constraintdef(oid) from pg_constraint
            where conrelid = 'public.chat_rooms'::regclass and contype = 'c' and pg_get_constraintdef(oid) ~ 'title'
        ) as checks`);
    await session.query('rollback');
    return rows[0];
  });
}

describe('the chat fix, of checks on titles', () => {
  it.each([
    [
      'a word of small letters',
      "text check (title ~ '^[a-z0-9-]{2,20}$')",
      ['general', 'general', 'general-2', 'x12345678901234567-8', 'x12345678901234567-8'],
      ['general', 'general-3', 'general-2', 'x12345678901234567-8', 'x12345678901234567-2'],
    ],
    ['a length', 'text check (char_length(title) <= 8)', ['Lunches!', 'Lunches!'], ['Lunches!', 'Lunches2']],
    [
      'a rule about who creates, too',
      "text, check (created_by is null or title ~ '^[A-Za-z ]+[0-9]*$')",
      ['Tea', 'Tea'],
      ['Tea', 'Tea 2'],
    ],
  ])(
    'finds a name for the second group of a title that the check allows: %s',
    async (_, title, before, after) => {
      expect(await outcomeOf(rooms(title, before))).toEqual({ titles: after, checks: [expect.any(String)] });
    },
  );

  it.each([
    [
      'by the time that has passed',
      `create function public.is_to_come(day date) returns boolean language sql as $$ select day > '2025-01-01' $$;
       alter table public.chat_rooms add day date default '2025-06-01' constraint to_come check (public.is_to_come(day));
       create or replace function public.is_to_come(day date) returns boolean language sql as $$ select day > '2026-01-01' $$;
       comment on constraint to_come on public.chat_rooms is 'Events are to come'`,
      'CHECK (public.is_to_come(day)) NOT VALID',
    ],
    [
      'from before it was made',
      `alter table public.chat_rooms add places int default 0;
       alter table public.chat_rooms add constraint to_come check (places > 0) not valid;
       comment on constraint to_come on public.chat_rooms is 'Events are to come'`,
      'CHECK ((places > 0)) NOT VALID',
    ],
  ])('leaves a check that rows break already, %s, and renames them', async (_, more, check) => {
    const file = { path: 'state.sql', text: `${rooms('text', ['Lunch', 'lunch '])} ${more}` };
    const state = { ...bundle.states[0], name: '00_state', files: [file] } as (typeof bundle.states)[number];
    const found = await withChatDatabase(state, async (session: Session) => {
      await session.query('begin');
      const problem = await tryBundle(session, bundle);
      if (problem !== null) return problem.message;
      const { rows: told } = await session.query(`
        select array(select title from public.chat_rooms order by created_at) as titles, pg_get_constraintdef(oid) as check,
            obj_description(oid, 'pg_constraint') as comment
        from pg_constraint where conrelid = 'public.chat_rooms'::regclass and conname = 'to_come'`);
      await session.query('rollback');
      return told;
    });
    expect(found).toEqual([{ titles: ['Lunch', 'lunch (2)'], check, comment: 'Events are to come' }]);
  });

  it('refuses where the check allows no such name, and says which', async () => {
    const sql = rooms("text constraint weekdays check (title in ('Monday', 'Tuesday'))", [
      'Monday',
      'Monday',
    ]);
    expect(await outcomeOf(sql)).toBe(
      '0A000: 1 groups have a creator with another group of the same title, and the checks on titles (public.chat_rooms.weekdays) allow none like it',
    );
  });

  it('drops a check that forbids the title of a room which moves in only where that was acknowledged', async () => {
    const sql = `${rooms("text constraint words check (title ~ '^[a-z]+$')", ['tea'])}
      create table public.rooms (id uuid primary key, kind text, slug text, created_by uuid, created_at timestamptz);
      insert into public.rooms values (md5('old')::uuid, 'group', '<b>', md5('ann')::uuid, '2025-03-01 00:00+00');`;
    expect(await outcomeOf(sql)).toMatch(
      /^0A000: 1 to be decided first: the check words of public.chat_rooms forbids .* \(public.chat_rooms.words\)$/,
    );
    expect(await outcomeOf(sql, ['public.chat_rooms.words'])).toEqual({ titles: ['tea', '<b>'], checks: [] });
  });
});
