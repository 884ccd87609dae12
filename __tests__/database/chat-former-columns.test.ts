/** What triggers do, the fix's and the project's, where a column is kept under its former name, and where rows hold what JSON cannot. */
import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../src/database/with-session.js';
import { applyBundle } from '../support/apply-bundle.js';
import { acknowledging } from '../support/chat/acknowledging.js';
import { lookAs } from '../support/chat/as-person.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';

const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);

/** Two people in a group, each with settings of their own; messages have their words in the column message. */
const base = `
  insert into auth.users (id) values (md5('ann')::uuid), (md5('ben')::uuid);
  create table public.chat_rooms (id uuid primary key, type text default 'group', title text, created_by uuid);
  create table public.chat_room_members (
      room_id uuid references public.chat_rooms (id), user_id uuid, role text default 'member', status text default 'approved',
      settings json, muted boolean, primary key (room_id, user_id)
  );
  create table public.chat_messages (
      id uuid primary key default gen_random_uuid(), room_id uuid references public.chat_rooms (id), sender uuid, message text, meta json
  );
  insert into public.chat_rooms (id, title, created_by) values (md5('club')::uuid, 'Club', md5('ann')::uuid);
  insert into public.chat_room_members (room_id, user_id) select md5('club')::uuid, id from auth.users;
  insert into public.chat_messages (room_id, sender, message) values (md5('club')::uuid, md5('ann')::uuid, 'hello');
  create function public.edit(words text) returns void language sql security definer set search_path = ''
      as $$ update public.chat_messages set message = words $$;`;

async function afterTheFix<T>(more: string, look: (session: Session) => Promise<T>): Promise<T> {
  const state = { ...bundle.states[0], name: '00_state', files: [{ path: 'state.sql', text: base + more }] };
  return withChatDatabase(state as (typeof bundle.states)[number], async (session) => {
    await session.query('begin');
    await applyBundle(
      session,
      acknowledging(bundle, ['public.chat_room_members', 'public.chat_room_members.settings']),
    );
    await session.query('commit');
    return look(session);
  });
}

/** Half a pair of surrogates, which jsonb refuses. */
const halfAPair = String.raw`'{"a": "\ud800"}'`;

describe('the chat fix, of columns under their former names', () => {
  it('keeps both equal in a row that holds what jsonb cannot', async () => {
    const written = await afterTheFix('', async (session) => {
      await session.query(
        `update public.chat_messages set meta = ${halfAPair}; select public.edit('by its former name')`,
      );
      const { rows: former } = await session.query('select content, message from public.chat_messages');
      await session.query("update public.chat_messages set content = 'by its name'");
      const { rows } = await session.query('select content, message from public.chat_messages');
      return [...former, ...rows];
    });
    expect(written).toEqual([
      { content: 'by its former name', message: 'by its former name' },
      { content: 'by its name', message: 'by its name' },
    ]);
  });

  it.each(['', 'constraint'])(
    'has a %s trigger for updates of the column fire whichever of them is written',
    async (kind) => {
      const noted = await afterTheFix(
        `create table public.edits (was text, is_now text);
         create function public.note() returns trigger language plpgsql security definer set search_path = ''
             as $$ begin insert into public.edits values (old.message, new.message); return null; end $$;
         create ${kind} trigger " UPDATE OF " after update of message on public.chat_messages for each row
             when (old.message is distinct from new.message) execute function public.note();
         alter table public.chat_messages enable always trigger " UPDATE OF ";
         comment on trigger " UPDATE OF " on public.chat_messages is 'notes edits';`,
        async (session) => {
          await session.query("select public.edit('hi'); update public.chat_messages set content = 'hey'");
          const { rows } =
            await session.query(`select was, is_now, tgenabled, obj_description(pg_trigger.oid, 'pg_trigger') as comment
              from public.edits, pg_catalog.pg_trigger where tgfoid = 'public.note'::regproc`);
          return rows;
        },
      );
      const kept = { tgenabled: 'A', comment: 'notes edits' };
      expect(noted).toEqual([
        { was: 'hello', is_now: 'hi', ...kept },
        { was: 'hi', is_now: 'hey', ...kept },
      ]);
    },
  );
});

describe('the chat fix, of memberships that hold what jsonb cannot', () => {
  it('lets their people change what is theirs, and nothing else', async () => {
    const rules = `alter table public.chat_room_members enable row level security;
      update public.chat_room_members set settings = ${halfAPair};
      create policy own on public.chat_room_members for select to authenticated using (user_id = auth.uid());
      create policy mute on public.chat_room_members for update to authenticated
          using (user_id = auth.uid()) with check (user_id = auth.uid());
      revoke update on public.chat_room_members from authenticated; grant update (muted) on public.chat_room_members to authenticated;`;
    const answers = await afterTheFix(rules, async (session) => {
      const { rows } = await session.query("select md5('ben')::uuid as ben");
      const change = (set: string) =>
        lookAs(session, rows[0]?.ben as string, () =>
          session.query(`update public.chat_room_members set ${set} where user_id = auth.uid()`),
        ).then(
          ({ rowCount }) => rowCount,
          (error: Error) => error.message,
        );
      return [
        await change('muted = true'),
        await change("muted = true, role = 'admin'"),
        await change("muted = true, settings = 'null'"),
      ];
    });
    const refused = 'only an admin of the group does that';
    expect(answers).toEqual([1, refused, refused]);
  });
});
