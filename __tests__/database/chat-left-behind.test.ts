import { describe, expect, it } from '@jest/globals';
import { chooseSections } from '../../src/bundle/choose-sections.js';
import { type Session, withSession } from '../../src/database/with-session.js';
import { withTransaction } from '../../src/database/with-transaction.js';
import type { Bundle } from '../../src/model.js';
import { applyBundle } from '../support/apply-bundle.js';
import { lookAs } from '../support/chat/as-person.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';

const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);

describe('the chat fix, of what was left behind', () => {
  it('lets an account be deleted, and its words stay', async () => {
    const told = await afterTheFix(async (session) => {
      await session.query("delete from auth.users where id = md5('ben')::uuid");
      return lookAs(session, await idOf(session, 'cara'), () =>
        ask(session, 'select content from public.chat_messages order by created_at'),
      );
    });
    expect(told).toEqual(['up the hill', 'first choir', 'third choir']);
  });

  it('tells apart by name the groups of creators who are gone, once', async () => {
    const titles = await afterTheFix(async (session, fix) => {
      await session.query("delete from auth.users where id = md5('cara')::uuid");
      await fix();
      return ask(session, "select title from public.chat_rooms where title ~* 'choir' order by created_at");
    });
    expect(titles).toEqual(['Choir', 'choir (2)', 'Choir']);
  });

  it('calls a group of the first generation by its slug, whatever its kind was', async () => {
    const titles = await afterTheFix((session) =>
      ask(
        session,
        "select title from public.chat_rooms where type = 'group' and created_at < '2025-01-01' order by 1",
      ),
    );
    expect(titles).toEqual(['General', 'Hiking']);
  });

  it('opens for a pair of whom one is blocked no conversation but their old one', async () => {
    const rooms = await afterTheFix(async (session) => {
      const [ann, dan] = [await idOf(session, 'ann'), await idOf(session, 'dan')];
      const open = (me: string, partner: string) =>
        lookAs(session, me, () => ask(session, `select public.open_or_create_dm(partner => '${partner}')`));
      return [...(await open(ann, dan)), ...(await open(dan, ann)), await idOf(session, 'ann+dan')];
    });
    expect(new Set(rooms).size).toBe(1);
  });

  it('finds a conversation by the slug that named its two, and lets in the one who was missing', async () => {
    const seen = await afterTheFix(async (session) => {
      const [ben, cara] = [await idOf(session, 'ben'), await idOf(session, 'cara')];
      const read = () =>
        ask(session, "select content from public.chat_messages where content like 'ben to cara%'");
      return lookAs(session, cara, async () => [
        await read(),
        await ask(session, `select public.open_or_create_dm(partner => '${ben}')`),
        await read(),
      ]);
    });
    expect(seen).toEqual([[], [expect.anything()], ['ben to cara']]);
  });

  it('lets nobody in who waits, though the first generation knew him', async () => {
    const told = await afterTheFix(async (session) =>
      lookAs(session, await idOf(session, 'dan'), () =>
        ask(session, "select content from public.chat_messages where content = 'not for dan yet'"),
      ),
    );
    expect(told).toEqual([]);
  });

  it.each([
    ['93_participants_known_by_chat', 'member_id'],
    ['94_participants_with_a_number', 'user_id'],
  ])(
    'shows the people of a room who is in it, as the first generation wrote it (%s)',
    async (state, column) => {
      const seen = await afterTheFix(async (session) => {
        const look = async (name: string) =>
          lookAs(session, await idOf(session, name), () =>
            ask(
              session,
              `select person.name from public.conversation_participants as member
             join (values ('ann'), ('ben'), ('cara')) as person (name) on md5(person.name)::uuid = member.${column}
             order by 1`,
            ),
          );
        return [await look('cara'), await look('dan')];
      }, state);
      expect(seen).toEqual([['ann', 'cara'], []]);
    },
  );

  it('lets in by the whole fix the same people after a run of some sections as without one', async () => {
    const name = '14_required_columns_nobody_fills';
    const { sections } = chooseSections(bundle.sections, [8]);
    const members = (session: Session) =>
      ask(
        session,
        "select concat_ws(' ', room_id, user_id, role, status) from public.chat_room_members order by 1",
      );
    const whole = await afterTheFix(members, name);
    expect(whole).not.toEqual([]);
    expect(await afterTheFix(members, name, { ...bundle, sections })).toEqual(whole);
  });

  it('takes no room of a third person for a conversation because it is called so', async () => {
    const isTheTrap = await afterTheFix(async (session) => {
      const [ann, cara, dan] = [
        await idOf(session, 'ann'),
        await idOf(session, 'cara'),
        await idOf(session, 'dan'),
      ];
      await session.query(
        'insert into public.chat_rooms (id, type, title, created_by) values ($1, $2, $3, $4)',
        [await idOf(session, 'trap'), 'dm', `dm:${ann}:${cara}`, dan],
      );
      const given = await lookAs(session, ann, () =>
        ask(session, `select public.open_or_create_dm(partner => '${cara}')`),
      );
      return given.includes(await idOf(session, 'trap'));
    });
    expect(isTheTrap).toBe(false);
  });
});

/**
 * Gives the work a superuser's session on the repaired state, and the fix to apply it again. What is given as `first` is applied
 * before the whole.
 */
function afterTheFix<T>(
  work: (session: Session, fix: () => Promise<void>) => Promise<T>,
  name = '81_accounts_that_went',
  first: Bundle | null = null,
): Promise<T> {
  const state = bundle.states.find((known) => known.name === name);
  if (state === undefined) throw new Error(`There is no state ${name}.`);
  return withChatDatabase(state, async (deployer, connection) => {
    const fix = () => applyFix(deployer, bundle);
    if (first !== null) await applyFix(deployer, first);
    await fix();
    return withSession(connection, (session) => work(session, fix));
  });
}

async function applyFix(session: Session, applied: Bundle): Promise<void> {
  await withTransaction(session, () => applyBundle(session, applied));
}

async function idOf(session: Session, name: string): Promise<string> {
  const { rows } = await session.query<{ id: string }>('select pg_catalog.md5($1)::pg_catalog.uuid as id', [
    name,
  ]);
  return rows[0]?.id ?? '';
}

/** The first column of every row. */
async function ask(session: Session, query: string): Promise<unknown[]> {
  const { rows } = await session.query<Record<string, unknown>>(query);
  return rows.map((row) => Object.values(row)[0]);
}
