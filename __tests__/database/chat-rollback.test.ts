/** The chat fix rolled back: the catalog and the rows of before, then the fix again. And what the guide's own script leaves instead. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { differences } from '../../src/database/fingerprint.js';
import type { Session } from '../../src/database/with-session.js';
import { withRollback } from '../../src/database/with-transaction.js';
import type { State } from '../../src/model.js';
import { applyBundle } from '../support/apply-bundle.js';
import { lookAt, returnChat } from '../support/chat/return-chat.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';
import { triesEverything } from '../support/some-of.js';

const bundle = await loadChatBundle();
const withState = useChatDatabases(bundle);

/** Rows set aside and put together, and ids that get another type; EVERYTHING=1 returns from every state. */
const core = ['07', '17'];
const states = bundle.states.filter(
  ({ name, expectation }) =>
    expectation.kind === 'pass' && (triesEverything || core.some((number) => name.startsWith(`${number}_`))),
);

/** What an index that was not valid forbids nobody can forbid again: it is left out, and listed. */
const withoutIndexes: Readonly<Record<string, readonly string[]>> = {
  '24_invalid_unique_index': [
    'index public.idx_chat_messages_sender',
    'index public.idx_chat_rooms_unique_group',
  ],
  '62_hidden_views_and_broken_index': [
    'index public.chat_messages_pkey',
    'index public.idx_chat_rooms_unique_group',
  ],
};
/** From these there is no way back but a backup: nothing is done, and the reason is told. */
const refused: Readonly<Record<string, RegExp>> = {
  '78_numbered_room_by_room': /cannot cast type timestamp with time zone to bigint/,
  '82_everything_reads_text_room_ids': /cannot alter type of a column used by a function or procedure/,
  '84_privileges_passed_on': /would not be what it was/,
  '92_tables_owned_by_the_api': /permission denied for schema public/,
  '100_lines_of_the_system': /column public\.said_in_rooms\.messages would not be what it was/,
};

describe('rolled back', () => {
  it.each(states.map(({ name, title }) => ({ name, title })))(
    '$name is what it was: $title',
    async ({ name }) => {
      const state = states.find((other) => other.name === name) as State;
      const returned = await withState(state, (session) => returnChat(session, bundle));
      const reason = refused[name];
      if (reason !== undefined) {
        expect(returned.obstacles.join('; ')).toMatch(reason);
        return;
      }
      const left = withoutIndexes[name] ?? [];
      expect(returned).toEqual({
        obstacles: [],
        kept: left.map((index) => `the ${index} is not made again: it was not valid`),
        remains: left,
        failing: [],
      });
    },
  );
});

describe('rolled back after the application was used', () => {
  it('keeps what people wrote since, and the fix applied again takes it up', async () => {
    const state = bundle.states.find(({ name }) => name.startsWith('17_')) as State;
    await withState(state, async (session) => {
      const said = "select count(*) as count from public.chat_messages where content in ('first', 'second')";
      const returned = await returnChat(session, bundle, async () => {
        await session.query(
          `select set_config('request.jwt.claims', '{"sub": "00000000-0000-4000-8000-000000000001", "role": "authenticated"}', true);
           set local role authenticated;
           select public.create_group_room(auth.uid(), false, '{}', 'Since');
           insert into public.chat_messages (room_id, sender, content)
           select id, auth.uid(), 'first' from public.chat_rooms where title = 'Since';
           insert into public.chat_messages (room_id, sender, content)
           select id, auth.uid(), 'second' from public.chat_rooms where title = 'Since';
           reset role`,
        );
      });
      expect(returned).toMatchObject({ obstacles: [], failing: [] });
      expect(returned.remains).toEqual([
        'rows of public.chat_messages',
        'rows of public.chat_room_members',
        'rows of public.chat_rooms',
      ]);
      expect((await session.query(said)).rows).toEqual([{ count: '2' }]);
    });
  });
});

describe('the manual rollback of the guide', () => {
  const guides = readFileSync('__tests__/fixtures/guide-rollback.sql', 'utf8').replace(
    /^(BEGIN|COMMIT);?$/gm,
    '',
  );
  const afterIt = <T>(
    work: (session: Session, first: Awaited<ReturnType<typeof lookAt>>) => Promise<T>,
  ): Promise<T> =>
    withState(bundle.states.find(({ name }) => name.startsWith('17_')) as State, (session) =>
      withRollback(session, async () => {
        const first = await lookAt(session);
        await applyBundle(session, bundle);
        await session.query(`set local search_path = public; ${guides}; set local search_path = pg_catalog`);
        return work(session, first);
      }),
    );

  it('locks members out: row level security stays on, and the policies by which people send and join go with the functions', async () => {
    await afterIt(async (session) => {
      const { rows } = await session.query<{ name: string; policies: string }>(
        `select c.relname as name, (select count(*) from pg_policy as p where p.polrelid = c.oid and p.polpermissive and p.polcmd in ('a', '*')) as policies
         from pg_class as c
         where c.relnamespace = 'public'::regnamespace and c.relrowsecurity and c.relname in ('chat_messages', 'chat_room_members')
         order by 1`,
      );
      expect(rows).toEqual([
        { name: 'chat_messages', policies: '0' },
        { name: 'chat_room_members', policies: '0' },
      ]);
    });
  });

  it('brings back neither a key, a type, a policy nor a row of before', async () => {
    await afterIt(async (session, first) => {
      const remains = differences(first, await lookAt(session));
      expect(remains).toEqual(
        expect.arrayContaining([
          'column public.chat_messages.room_id',
          'constraint chat_messages_room_id_fkey on public.chat_messages',
          'table public.chat_messages',
          'rows of public.chat_messages',
          'table public.room_members',
        ]),
      );
      expect(remains.some((object) => object.startsWith('policy '))).toBe(true);
    });
  });

  it('does nothing, and says so to nobody, where its names are not found', async () => {
    await withState(bundle.states.find(({ name }) => name.startsWith('17_')) as State, (session) =>
      withRollback(session, async () => {
        await applyBundle(session, bundle);
        const deployed = await lookAt(session);
        await session.query(`set local search_path = pg_catalog; ${guides}`);
        expect(differences(deployed, await lookAt(session))).toEqual([]);
      }),
    );
  });
});
