/** Texts of SQL that the database runs by itself: jobs of pg_cron, and events that carry rows. */
import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../src/database/with-session.js';
import { tryBundle } from '../support/apply-bundle.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';

const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);

const chat = `
  insert into auth.users (id) values (md5('ann')::uuid), (md5('ben')::uuid);
  create table public.chat_rooms (id uuid primary key, type text default 'group', title text, created_by uuid);
  create table public.chat_room_members (
      room_id uuid references public.chat_rooms (id) on delete cascade, user_id uuid, role text default 'member',
      status text default 'approved', joined_at timestamptz default now(), primary key (room_id, user_id)
  );
  create table public.chat_messages (
      id uuid primary key default gen_random_uuid(), room_id uuid references public.chat_rooms (id) on delete cascade,
      sender_id uuid, body text, sent_at timestamptz default now()
  );
  insert into public.chat_rooms (id, title, created_by) values (md5('club')::uuid, 'Club', md5('ann')::uuid);
  insert into public.chat_room_members (room_id, user_id) values
      (md5('club')::uuid, md5('ann')::uuid), (md5('club')::uuid, md5('ben')::uuid);
  insert into public.chat_messages (room_id, sender_id, body, sent_at) values
      (md5('club')::uuid, md5('ann')::uuid, 'old', '2025-01-01'), (md5('club')::uuid, md5('ann')::uuid, 'new', now());
`;
const job = (name: string, command: string) =>
  `select cron.schedule('${name}', '0 3 * * *', $job$${command}$job$);`;
const purge = job('purge', "delete from public.chat_messages where sent_at < now() - interval '30 days'");

async function outcomeOf(
  sql: string,
  query = "select 'applied'",
  acknowledge: string[] = [],
): Promise<string> {
  const file = { path: 'state.sql', text: chat + sql };
  const state = { ...bundle.states[0], name: '00_state', files: [file] } as (typeof bundle.states)[number];
  const settings = bundle.settings.map((setting) =>
    setting.name === 'acknowledge' ? { ...setting, value: acknowledge } : setting,
  );
  return withChatDatabase(state, async (session: Session) => {
    await session.query('begin');
    const problem = await tryBundle(session, { ...bundle, settings });
    const said = problem?.message ?? lastValueOf(await session.query(query));
    await session.query('rollback');
    return String(said);
  });
}

/** Of the last of several statements; node-postgres gives their results as a list. */
const lastValueOf = (result: unknown) =>
  Object.values(([result].flat().at(-1) as { rows: Record<string, unknown>[] }).rows[0] ?? {})[0];

describe('the chat fix, of jobs', () => {
  it('keeps the columns that they name by a former name', async () => {
    const silent = job(
      'the silent',
      'delete from public.chat_room_members where user_id not in (select sender_id from public.chat_messages)',
    );
    const run = `
      do $$
      declare
          command text;
      begin
          for command in select j.command from cron.job as j order by jobid loop
              execute command;
          end loop;
      end
      $$;
      select format('%s %s', (select count(*) from public.chat_messages), (select count(*) from public.chat_room_members))`;
    expect(await outcomeOf(purge + silent, run)).toBe('1 1');
  });

  it('asks about a word that it replaces, a room that it deletes with its messages, and a table that is left, by the name of the job', async () => {
    const left = job('left', "delete from public.chat_room_members where status = 'left'");
    const rooms = `
      create table public.rooms (id uuid primary key, kind text, slug text, created_by uuid);
      insert into public.rooms (id, kind) values (md5('older')::uuid, 'group');
      insert into public.chat_messages (room_id, sender_id, body) values (null, md5('ann')::uuid, 'nowhere');
      alter table public.chat_messages drop constraint chat_messages_room_id_fkey, add foreign key (room_id) references public.chat_rooms (id);
      ${job('expired', "delete from public.chat_rooms where title = 'x'")}
      ${job('count rooms', 'insert into public.notes select count(*) from public.rooms')}
      create table public.notes (number bigint);`;
    const said = await outcomeOf(left + rooms);
    expect(said).toContain("the job cron.job.left knows the word 'left'");
    expect(said).toContain('(cron.job.left)');
    expect(said).toContain('the job cron.job.expired deletes from public.chat_rooms');
    expect(said).toContain('(cron.job.count rooms)');
    expect(said).not.toContain('schema_fix');
    expect(await outcomeOf(left, undefined, ['cron.job.left'])).toBe('applied');
  });

  it('asks nothing about one that only calls a function, and runs none', async () => {
    const calls = `create function public.purge() returns void language sql security definer as $$ delete from public.chat_messages where sent_at < now() - interval '30 days' $$;
      ${job('calls', 'select public.purge()')} ${job('a mistake', "select 'no end")}`;
    expect(
      await outcomeOf(calls, 'select count(*) from public.chat_messages where sent_at is not null'),
    ).toBe('2');
  });
});

describe('the chat fix, of events that carry rows', () => {
  it.each([
    ['in an object', "jsonb_build_object('type', tg_op, 'record', new)"],
    ['as a text', "jsonb_build_object('record', new::text)"],
  ])('keeps the keys of a row %s', async (_, body) => {
    const hook = `create table public.events (said jsonb);
      create function public.announce() returns trigger language plpgsql security definer set search_path = '' as $$
      begin insert into public.events values (${body}); return null; end $$;
      create trigger announce after insert on public.chat_messages for each row execute function public.announce();`;
    const kept = `select string_agg(attname, ' ' order by attname) from pg_attribute
      where attrelid = 'public.chat_messages'::regclass and attname in ('sent_at', 'sender_id', 'body')`;
    expect(await outcomeOf(hook, kept)).toBe('body sender_id sent_at');
  });
});
