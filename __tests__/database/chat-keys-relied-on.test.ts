/** What relies on keys that the fix replaces: queries that group by a primary key, and messages of members. */
import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../src/database/with-session.js';
import { tryBundle } from '../support/apply-bundle.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';

const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);

const chat = ({ id = 'uuid', ofMembers = 'room_id, user_id', ofMessages = 'id' }) => `
  create table public.chat_rooms (id ${id} primary key, type text default 'group', title text, created_by uuid);
  create table public.chat_room_members (
      id uuid default gen_random_uuid(), room_id ${id} references public.chat_rooms (id), user_id uuid, role text default 'member',
      status text default 'approved', primary key (${ofMembers})
  );
  create table public.chat_messages (
      id uuid default gen_random_uuid(), room_id ${id} references public.chat_rooms (id), sender uuid, content text, primary key (${ofMessages})
  );`;

function refusalOf(sql: string): Promise<string | null> {
  const file = { path: 'state.sql', text: sql };
  const state = { ...bundle.states[0], name: '00_state', files: [file] } as (typeof bundle.states)[number];
  return withChatDatabase(state, async (session: Session) => {
    await session.query('begin');
    const problem = await tryBundle(session, bundle);
    await session.query('rollback');
    return problem?.message ?? null;
  });
}

const ofMembers = (columns: string) =>
  `create view public.told as select member.role, count(*) from public.chat_room_members as member
     where member.status = 'approved' group by ${columns}`;
const ofMessages = (columns: string) =>
  `create view public.told as select sent.content, count(*) from public.chat_messages as sent group by ${columns};
   revoke all on public.told from anon, authenticated;`;

describe('the chat fix, of what relies on a key', () => {
  it.each([
    ['memberships have an id', chat({ ofMembers: 'id' }) + ofMembers('member.id'), 'chat_room_members (id)'],
    [
      'the key of memberships is the other way round',
      chat({ ofMembers: 'user_id, room_id' }) + ofMembers('member.user_id, member.room_id'),
      'chat_room_members (user_id, room_id)',
    ],
    [
      'ids of rooms change their type',
      chat({ id: 'text' }) + ofMembers('member.user_id, member.room_id'),
      'chat_room_members (room_id, user_id)',
    ],
    [
      'messages are numbered room by room',
      chat({ ofMessages: 'room_id, id' }) + ofMessages('sent.room_id, sent.id'),
      'chat_messages (room_id, id)',
    ],
  ])('refuses a view where %s', async (_, sql, key) => {
    expect(await refusalOf(sql)).toContain(
      `the view public.told groups by the primary key of public.${key} and shows other columns of it, and the fix replaces that key: name`,
    );
  });

  it('refuses a policy and a function, by their names', async () => {
    const said = await refusalOf(`${chat({ ofMembers: 'id' })}
      create table public.notes (id uuid primary key);
      create policy told on public.notes using (
          exists (select member.role from public.chat_room_members as member where member.status = 'approved' group by member.id)
      );
      create function public.untold() returns bigint language sql begin atomic
          select count(*) from (select member.role from public.chat_room_members as member group by member.id) as found;
      end;`);
    expect(said).toContain('policy told on table public.notes groups by');
    expect(said).toContain('function public.untold() groups by');
  });

  it('leaves a view as it is where the key stays', async () => {
    expect(await refusalOf(chat({}) + ofMessages('sent.id'))).toBeNull();
    expect(await refusalOf(chat({ ofMembers: 'id' }) + ofMessages('sent.id'))).toBeNull();
  });

  it.each([
    [
      'on delete cascade',
      'messages of whoever leaves would no longer be deleted with the membership: delete them in a trigger',
    ],
    [
      'on delete set null',
      'messages of whoever leaves would no longer lose what the key names: set it to null in a trigger',
    ],
    ['', 'whoever has written could leave, which the key refuses: check it in a trigger'],
  ])('says what a key to memberships did when somebody left: %s', async (action, told) => {
    const key = `alter table public.chat_messages add constraint in_it
        foreign key (room_id, sender) references public.chat_room_members (room_id, user_id) ${action};`;
    expect(await refusalOf(chat({}) + key)).toContain(told);
  });
});
