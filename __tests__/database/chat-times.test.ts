import { describe, expect, it } from '@jest/globals';
import { makePrelude } from '../../src/stages/prelude.js';
import { normalise } from '../../src/stages/preservation/project-facts.js';
import { setSettings } from '../../src/stages/set-settings.js';
import { tryBundle } from '../support/apply-bundle.js';
import { acknowledging } from '../support/chat/acknowledging.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';

const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);

/** A chat of two, of which the messages' times are texts. */
const chat = `insert into auth.users (id) values (md5('ann')::uuid), (md5('ben')::uuid);
create table public.chat_rooms (id uuid primary key, type text default 'group', title text, created_by uuid);
insert into public.chat_rooms (id, title, created_by) values (md5('club')::uuid, 'Club', md5('ann')::uuid);
create table public.chat_room_members (
    room_id uuid references public.chat_rooms (id), user_id uuid, role text default 'member', status text default 'approved',
    primary key (room_id, user_id)
);
insert into public.chat_room_members (room_id, user_id) values (md5('club')::uuid, md5('ann')::uuid), (md5('club')::uuid, md5('ben')::uuid);
create table public.chat_messages (
    id uuid primary key default gen_random_uuid(), room_id uuid references public.chat_rooms (id), sender uuid, content text, created_at text
);`;
const sent = (times: string) => `insert into public.chat_messages (room_id, sender, content, created_at)
select md5('club')::uuid, md5('ann')::uuid, said, said from (${times}) as written (said);`;
const often = (format: string, days = 40) =>
  `select to_char(timestamptz '2026-03-01 10:00+00' + day * interval '1 day', '${format}') from generate_series(1, ${days}) as day`;
const planted = (...times: string[]) => times.map((time) => `select '${time}'`).join(' union all ');

async function outcomeOf(
  sql: string,
  { query = "select 'applied'", acknowledge = [] as string[] } = {},
): Promise<string> {
  const state = { ...aState(), files: [{ path: 'state.sql', text: chat + sql }] };
  return withChatDatabase(state, async (session) => {
    await session.query('begin');
    const problem = await tryBundle(session, acknowledging(bundle, acknowledge));
    if (problem !== null) return `${problem.sqlstate}: ${problem.message}`;
    return String(Object.values((await session.query(query)).rows[0] ?? {})[0]);
  });
}

function aState() {
  const [first] = bundle.states;
  if (first === undefined) throw new Error('The bundle has no state.');
  return { ...first, name: '00_state' };
}

describe('a time that is written as a text', () => {
  it('is read by the fix exactly where the engine reads one, whatever DateStyle says', async () => {
    const fact = normalise('said', 'timestamptz', 'text');
    await withChatDatabase(aState(), async (session) => {
      await session.query('begin');
      await setSettings(session, bundle);
      expect(await makePrelude(session, bundle)).toBeNull();
      await session.query("set local datestyle = 'German, DMY'; set local timezone = 'UTC'");
      const { rows } = await session.query<{ said: string; read: string; noted: string }>(
        `with days as (
           select year || '-' || day || bc as said
           from unnest(array['0000', '0001', '0004', '0044', '1900', '2000', '2024', '2026', '4712', '4713', '4714', '9999', '12026', '00044', '000044',
             '294275', '294276', '294277', '999999', '26', '202']) as year,
             unnest(array['01-01', '02-28', '02-29', '02-30', '04-31', '12-31', '13-01', '00-10', '1-2']) as day, unnest(array['', ' BC']) as bc
         ),
         texts as (
           select said from days
           union all
           select '2026-03-01' || hour || zone from unnest(array[' 00:00', 'T23:59:59.9999999', ' 24:00', 'T10:00:60', ' 10:00 PM', '  10:00']) as hour,
             unnest(array['', 'Z', 'UTC', ' GMT', '+14', '+15', '-0530', ' -05:30', '+5', ' CET', ' Europe/Berlin', 'z']) as zone
           union all
           select sign || number from unnest(array['', '-', '+']) as sign, unnest(array['0', '12345678', '123456789', '1767434400', '1767434400.5',
             '1767434400.1234565', '1767434400123', '99999999999999', '0.000000', '5.123456', '05.123456', '62135596800.123456',
             '9224286307200.000000', '99999999999999999.000000']) as number
           union all
           select unnest(array['epoch', 'now', 'today', 'infinity', '-infinity', 'Infinity', '-Infinity', 'INFINITY', '', ' ', '31/12/2023 10:00', '01/03/2026',
             '01.03.2026', '1 March 2026', 'Mar 1, 2026', '2026/03/01', '20260301', '20260301T100000', '2026-060', 'J2451187', '10:00',
             'Sun Mar 01 2026 10:00:00 GMT+0100', '2026-03-01 ', ' 2026-03-01', '2026-03-01T10:00:00.123Z', '２０２６-03-01'])
         )
         select said, coalesce(extract(epoch from schema_fix.time_of(said))::text, said) as read, ${fact} as noted from texts`,
      );
      expect(rows.length).toBeGreaterThan(400);
      expect(rows.filter(({ read, noted }) => read !== noted)).toEqual([]);
      expect(rows.filter(({ said, read }) => said !== read).length).toBeGreaterThan(90);
    });
  });

  it('is kept aside where a few are none for certain', async () => {
    const strange = planted('epoch', '05/03/2026 10:00');
    const query = `select concat_ws(', ', min(created_at) = timestamptz '2026-03-02 10:00+00', count(created_at), count(*),
      (select string_agg(row_data ->> 'content', ', ' order by row_data ->> 'content') from chat_quarantine.rows)) from public.chat_messages`;
    expect(await outcomeOf(sent(often('YYYY-MM-DD"T"HH24:MI:SS"Z"')) + sent(strange), { query })).toBe(
      't, 40, 42, 05/03/2026 10:00, epoch',
    );
  });

  it.each([
    ['the day first', 'DD/MM/YYYY HH24:MI', 40],
    ['the day first, all of which could be months, too', 'DD/MM/YYYY HH24:MI', 7],
    ['the name of a month', 'Mon DD, YYYY', 40],
  ])('is asked about where many have %s', async (_what, format, days) => {
    const sql = sent(often(format, days));
    expect(await outcomeOf(sql)).toContain(
      `${days} of ${days} times in public.chat_messages.created_at are written so that they cannot be read for certain`,
    );
    const query =
      'select count(created_at) || (select count(*) from chat_quarantine.rows)::text from public.chat_messages';
    expect(await outcomeOf(sql, { query, acknowledge: ['public.chat_messages.created_at'] })).toBe(
      `0${days}`,
    );
  });

  it('is asked about without a zone, where the database has one', async () => {
    const zone = `do $$ begin execute format('alter database %I set timezone = ''Asia/Seoul''', current_database()); end $$;`;
    expect(await outcomeOf(sent(often('YYYY-MM-DD HH24:MI:SS')) + zone)).toContain(
      "created_at of public.chat_messages says times without a zone, and the database has 'Asia/Seoul'",
    );
    expect(await outcomeOf(sent(often('YYYY-MM-DD HH24:MI:SSOF')) + zone)).toBe('applied');
  });

  it('has a default that no session reads in its own way', async () => {
    const sql = `${sent(often('YYYY-MM-DD HH24:MI:SSOF'))}
      alter table public.chat_messages alter created_at set default to_char(now(), 'DD/MM/YYYY HH24:MI:SS');`;
    const query = `select pg_catalog.pg_get_expr(adbin, adrelid) from pg_catalog.pg_attrdef join pg_catalog.pg_attribute on attrelid = adrelid and attnum = adnum
      where attrelid = 'public.chat_messages'::pg_catalog.regclass and attname = 'created_at'`;
    expect(await outcomeOf(sql, { query })).toBe('now()');
  });

  it('is asked about in a function that writes one', async () => {
    const sql = `${sent(often('YYYY-MM-DD HH24:MI:SSOF'))}
      create function public.stamp() returns trigger language plpgsql as $$ begin new.created_at := to_char(now(), 'DD/MM/YYYY'); return new; end $$;
      create trigger stamp before insert on public.chat_messages for each row execute function public.stamp();`;
    expect(await outcomeOf(sql)).toContain(
      'the function public.stamp() handles public.chat_messages.created_at as text',
    );
  });
});
