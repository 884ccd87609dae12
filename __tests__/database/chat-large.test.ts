/** What has to be decided is asked while the application waits: with many rooms, none may be compared with every other. */
import { expect, it } from '@jest/globals';
import { makePrelude } from '../../src/stages/prelude.js';
import { setSettings } from '../../src/stages/set-settings.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';

const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);

const rooms = 1000;

/** Of five people each, of whom every one is in other rooms, too. */
const legacy = `
  insert into auth.users (id) select md5('person ' || n)::uuid from generate_series(0, 99) as n;
  create table public.rooms (
      id uuid primary key, kind text not null, slug text, title text, created_by uuid, created_at timestamptz not null default now()
  );
  insert into public.rooms (id, kind, slug, title, created_by)
  select md5('room ' || n)::uuid, 'group', 'room-' || n, 'Room ' || n, md5('person ' || n % 100)::uuid
  from generate_series(1, ${rooms}) as n;
  create table public.conversation_participants (
      room_id uuid not null references public.rooms (id) on delete cascade, user_id uuid not null, primary key (room_id, user_id)
  );
  insert into public.conversation_participants (room_id, user_id)
  select md5('room ' || n)::uuid, md5('person ' || (n + k * 7) % 100)::uuid
  from generate_series(1, ${rooms}) as n, generate_series(0, 4) as k;
  create table public.chat_messages (
      id uuid primary key default gen_random_uuid(), room_id uuid not null references public.rooms (id), sender uuid not null,
      content text not null, created_at timestamptz not null default now()
  );
  insert into public.chat_messages (room_id, sender, content)
  select md5('room ' || n)::uuid, md5('person ' || n % 100)::uuid, 'Hello ' || n from generate_series(1, ${rooms}) as n;
  analyze public.rooms, public.conversation_participants, public.chat_messages;
`;

interface Plan {
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

/** The most rows that one step of a plan has looked at. */
function mostRows({
  'Actual Rows': rows,
  'Actual Loops': loops,
  'Rows Removed by Join Filter': notJoined = 0,
  'Rows Removed by Filter': leftOut = 0,
  Plans = [],
}: Plan): number {
  return Math.max((rows + notJoined + leftOut) * loops, ...Plans.map(mostRows));
}

it.each([
  ['the first generation', legacy],
  [
    'the second',
    legacy
      .replaceAll('public.rooms', 'public.chat_rooms')
      .replaceAll('public.conversation_participants', 'public.chat_room_members'),
  ],
])('compares no room of %s with every other to find out what has to be decided', async (_, sql) => {
  const state = {
    ...bundle.states[0],
    files: [{ path: 'state.sql', text: sql }],
  } as (typeof bundle.states)[number];
  await withChatDatabase(state, async (session) => {
    await session.query('begin; set local search_path = pg_catalog, pg_temp');
    await setSettings(session, bundle);
    expect(await makePrelude(session, bundle)).toBeNull();
    await session.query("set local join_collapse_limit = '2'; set local from_collapse_limit = '2'");
    const { rows: views } = await session.query<{ view: string }>(
      'select view::text from schema_fix.decision_views() as decisions (view) order by 1',
    );
    expect(views.length).toBeGreaterThan(40);
    const looked: [string, number][] = [];
    for (const { view } of views) {
      const { rows } = await session.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
        `explain (analyze, costs off, timing off, format json) table ${view}`,
      );
      looked.push([view, Math.max(...rows.map((row) => mostRows(row['QUERY PLAN'][0].Plan)))]);
    }
    // All memberships, twenty times.
    expect(looked.filter(([, most]) => most > rooms * 100)).toEqual([]);
    await session.query('rollback');
  });
});
