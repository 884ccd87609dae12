/** The chat fix rolled back: the catalog and the rows of before, then the fix again. And what the guide's own script leaves instead. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { differences } from '../../src/database/fingerprint.js';
import type { Session } from '../../src/database/with-session.js';
import { withRollback } from '../../src/database/with-transaction.js';
import type { State } from '../../src/model.js';
import { applyBundle } from '../support/apply-bundle.js';
import { lookAt, returnChat } from '../support/chat/return-chat.js';
import { loadChatBundle, withChatStates } from '../support/chat-bundle.js';
import { usePlatformDatabases } from '../support/server.js';
import { triesEverything } from '../support/some-of.js';

const bundle = await loadChatBundle();
const databases = usePlatformDatabases(bundle.platforms);
const withState = withChatStates(bundle, databases);

/** Ids that get another type, which policies, functions and a publication read; EVERYTHING=1 returns from every state. */
const core = ['82'];
const states = bundle.states.filter(
  ({ name, expectation }) =>
    expectation.kind === 'pass' && (triesEverything || core.some((number) => name.startsWith(`${number}_`))),
);

/** What an index that was not valid forbids nobody can forbid again: it is left out, and listed. */
const withoutIndexes: Readonly<Record<string, readonly string[]>> = {
  '24_invalid_unique_index': ['public.idx_chat_messages_sender', 'public.idx_chat_rooms_unique_group'],
  '62_hidden_views_and_broken_index': ['public.chat_messages_pkey', 'public.idx_chat_rooms_unique_group'],
};
/** From these there is no way back but a backup: nothing is done, and the reason is told. */
const refused: Readonly<Record<string, RegExp>> = {
  '84_privileges_passed_on': /would not be what it was/,
};
/** What users wrote meanwhile has no place in what was there, and nobody can choose about it: the reason is told, and nothing is done. */
const refusedAfterUse: Readonly<Record<string, RegExp>> = {
  '20_chat_rooms_is_a_view': /CREATE VIEW .* already exists/s,
  '50_keys_that_do_not_serve': /could not create unique index/,
  '59_unique_name_is_a_constraint': /could not create unique index/,
  '64_another_vocabulary': /invalid input value for enum/,
  '70_names_are_taken': /could not create unique index/,
  '78_numbered_room_by_room': /invalid input syntax for type json/,
  '83_chat_rooms_view_is_read': /CREATE VIEW .* already exists/s,
};

describe('rolled back', () => {
  it.each(states.map(({ name, title }) => ({ name, title })))(
    '$name is what it was, at once and after the application was used: $title',
    async ({ name }) => {
      const state = states.find((other) => other.name === name) as State;
      const { outcome, plain, used, again } = await returnChat(databases(), bundle, state);
      const reason = refused[name];
      if (reason !== undefined) {
        expect(outcome).toBe('refused');
        expect(plain.refused.join('; ')).toMatch(reason);
        return;
      }
      expect({ outcome, refused: plain.refused, differing: plain.differing }).toEqual({
        outcome: 'pass',
        refused: [],
        differing: [],
      });
      expect(plain.rows.returned).toBe(plain.rows.before);
      expect(plain.kept.filter((what) => !what.endsWith('in schema_fix_history.kept'))).toEqual(
        (withoutIndexes[name] ?? []).map((index) => `the index ${index} is not made again: it was not valid`),
      );
      if ('outcome' in used) throw new Error(used.reason);
      expect(used.refused.join('; ')).toMatch(refusedAfterUse[name] ?? /^$/);
      expect(used.since.written).toBeGreaterThan(20);
      expect(again).toEqual({ passed: bundle.checks.length, planned: bundle.checks.length });
    },
  );
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
