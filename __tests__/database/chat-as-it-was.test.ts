/** What the fix leaves as somebody meant it to be, or asks about: names of keys, emptied messages, who opens conversations, what a column says. */
import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../src/database/with-session.js';
import { tryBundle } from '../support/apply-bundle.js';
import { acknowledging } from '../support/chat/acknowledging.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';

const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);

/** Admins decide who is in a group; the database is right but for what a test adds. */
const base = bundle.states.find(({ name }) => name.startsWith('142_')) as (typeof bundle.states)[number];

interface Outcome {
  readonly problem: string | null;
  readonly said: unknown;
  readonly warnings: readonly string[];
}

async function outcomeOf(
  sql: string,
  query = 'select 1 as said',
  acknowledge: string[] = [],
): Promise<Outcome> {
  const state = { ...base, files: [...base.files, { path: 'more.sql', text: sql }] };
  const warnings: string[] = [];
  return withChatDatabase(state, async (session: Session) => {
    session.on('notice', ({ message, severity }) => {
      if (severity === 'WARNING') warnings.push(message ?? '');
    });
    await session.query('begin');
    const problem = await tryBundle(
      session,
      acknowledging(bundle, ['public.chat_room_members.insert', ...acknowledge]),
    );
    const said = problem === null ? (await session.query(query)).rows[0]?.said : null;
    await session.query('rollback');
    return { problem: problem?.message ?? null, said, warnings };
  });
}

describe('the chat fix, of keys that are right', () => {
  const renamed = `alter table public.chat_room_members rename constraint chat_room_members_room_id_fkey to fk_member_room;
    alter table public.chat_messages rename constraint chat_messages_room_id_fkey to fk_message_room;`;
  const names = `select string_agg(conname, ' ' order by conname) as said from pg_catalog.pg_constraint
    where contype = 'f' and confrelid = 'public.chat_rooms'::regclass and conrelid <> 'public.room_members'::regclass`;

  it.each([
    ['right in everything', renamed],
    [
      'without cascade',
      `${renamed} alter table public.chat_room_members drop constraint fk_member_room,
        add constraint fk_member_room foreign key (room_id) references public.chat_rooms (id);`,
    ],
  ])(
    'keeps the name, by which clients embed, and warns of the one that the guide names: %s',
    async (_, sql) => {
      expect(await outcomeOf(sql, names)).toEqual({
        problem: null,
        said: 'chat_messages_room_id_fkey fk_member_room',
        warnings: expect.arrayContaining([
          expect.stringContaining(
            'the foreign key fk_message_room is called chat_messages_room_id_fkey from now on',
          ),
        ]),
      });
    },
  );
});

describe('the chat fix, of messages without content beside an older column that has some', () => {
  const message = (columns: string, values: string) =>
    `alter table public.chat_messages add body text, add is_removed boolean not null default false;
     insert into public.chat_messages (room_id, sender, content, ${columns})
     values (md5('lunch')::uuid, md5('cleo')::uuid, '', ${values});`;
  const removes = `create function public.remove_message(message uuid) returns void language sql security definer set search_path = '' as $$
    update public.chat_messages set body = content, content = '' where id = message and sender = auth.uid() $$;`;
  const content = "select content as said from public.chat_messages where sender = md5('cleo')::uuid";
  const name = 'public.chat_messages.content';

  it.each([
    [
      'a column says that it was taken back',
      message('body, is_removed', "'I hate ben', true"),
      'is_removed says',
    ],
    [
      'a function takes messages back',
      message('body', "'I hate ben'") + removes,
      'remove_message(uuid) empties',
    ],
  ])('asks where %s', async (_, sql, words) => {
    const { problem } = await outcomeOf(sql);
    expect(problem).toContain(words);
    expect(problem).toContain(`(${name})`);
    expect(await outcomeOf(sql, content, [name])).toMatchObject({ problem: null, said: 'I hate ben' });
  });

  it('fills them where nothing says so', async () => {
    expect(await outcomeOf(message('body', "'I like ben'"), content)).toMatchObject({
      problem: null,
      said: 'I like ben',
    });
  });
});

describe('the chat fix, of conversations with memberships among those of groups', () => {
  const pair = `insert into public.chat_rooms (id, type, created_by) values (md5('pair')::uuid, 'dm', null);
    insert into public.chat_room_members (room_id, user_id)
    values (md5('pair')::uuid, md5('ann')::uuid), (md5('pair')::uuid, md5('ben')::uuid);`;
  const asked = 'no policy and no function makes such: the server does';

  it('asks where only the server opens them', async () => {
    const { problem } = await outcomeOf(pair);
    expect(problem).toContain(asked);
    expect(problem).toContain('(public.chat_room_members.dm)');
  });

  it('does not where people make such rooms', async () => {
    const sql = `${pair} alter policy create_rooms on public.chat_rooms with check (created_by = auth.uid());`;
    expect((await outcomeOf(sql)).problem).not.toContain(asked);
  });

  it('names what goes by a function that it asks about', async () => {
    const sql = `${pair} create function public.among(room uuid) returns boolean language sql stable security definer set search_path = '' as $$
        select exists (select from public.chat_room_members where room_id = room and user_id = auth.uid()) $$;
      create table public.notes (room uuid);
      create policy told on public.notes for delete using (public.among(room));`;
    expect((await outcomeOf(sql)).problem).toContain(
      '; by it goes the policy told of public.notes (public.among(uuid))',
    );
  });
});

describe('the chat fix, of groups with memberships among those of conversations', () => {
  const shop = `create table public.room_members (
      room_id uuid not null references public.chat_rooms (id) on delete cascade, user_id uuid not null references auth.users (id), primary key (room_id, user_id)
    );
    alter table public.room_members enable row level security;
    insert into public.chat_rooms (id, title, created_by) values (md5('shop')::uuid, 'Shop', null);
    insert into public.room_members values (md5('shop')::uuid, md5('ann')::uuid), (md5('shop')::uuid, md5('ben')::uuid);
    create policy see on public.room_members for select to authenticated using (user_id = auth.uid());`;
  const asked =
    'groups have their memberships in public.room_members, and no policy and no function makes such';

  it('asks where only the server makes them', async () => {
    const { problem } = await outcomeOf(shop);
    expect(problem).toContain(asked);
    expect(problem).toContain('(public.room_members.group)');
  });

  it('does not where people enter them', async () => {
    const sql = `${shop} create policy enter on public.room_members for insert to authenticated with check (user_id = auth.uid());`;
    expect((await outcomeOf(sql)).problem).not.toContain(asked);
  });
});

describe('the chat fix, of a column called as an older name for the type', () => {
  const kind = (words: string) => `alter table public.chat_rooms add kind text not null default 'public';
    update public.chat_rooms set kind = '${words}' where id = md5('run')::uuid;`;
  const name = 'public.chat_rooms.kind.left';
  const kinds =
    "select string_agg(concat(type, ' ', kind), ', ' order by title) as said from public.chat_rooms";

  it('asks where it holds other words, and then leaves it as it is', async () => {
    const { problem } = await outcomeOf(kind('private'));
    expect(problem).toContain(
      '1 to be decided first: public.chat_rooms.type says of every room what type it is',
    );
    expect(problem).toContain(`(${name})`);
    expect(await outcomeOf(kind('private'), kinds, [name])).toMatchObject({
      problem: null,
      said: 'group public, group private',
    });
  });
});
