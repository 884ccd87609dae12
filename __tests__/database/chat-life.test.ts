/** What becomes of a fixed database in the years after it, when the fix is applied again. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../src/database/with-session.js';
import { withTransaction } from '../../src/database/with-transaction.js';
import { applyBundle } from '../support/apply-bundle.js';
import { useFixedChat } from '../support/fixed-chat.js';

const chat = useFixedChat();

async function fixAgain(session: Session): Promise<void> {
  await withTransaction(session, () => applyBundle(session, chat().bundle));
}

async function listMembers(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ membership: string }>(
    `select pg_catalog.concat_ws(' ', room_id, user_id, role, status) as membership from public.chat_room_members
     union all
     select pg_catalog.concat_ws(' ', room_id, user_id) from public.room_members
     order by 1`,
  );
  return rows.map(({ membership }) => membership);
}

describe('the fix, applied again', () => {
  it.each([
    ['', 'select'],
    [', also when its notes were taken away', 'drop table chat_quarantine.imported'],
  ])('does not bring back who has left%s', async (_when, statement) => {
    const leave = 'delete from public.chat_room_members; delete from public.room_members';
    await chat().withBroken(`${leave}; ${statement}`, async (session) => {
      const { rows } = await session.query('select from public.conversation_participants');
      expect(rows).not.toEqual([]);
      await fixAgain(session);
      expect(await listMembers(session)).toEqual([]);
    });
  });

  it('lets in who came to a room that an older application made after a rollback', async () => {
    const goBack = `
      alter table public.chat_messages drop constraint chat_messages_room_id_fkey;
      insert into public.rooms (id, kind, created_by, created_at) values
          (md5('late')::uuid, 'group', md5('ann')::uuid, now()),
          (md5('late, but older')::uuid, 'dm', md5('ann')::uuid, '2024-05-01');
      insert into public.conversation_participants (room_id, participant_id) values
          (md5('late')::uuid, md5('ann')::uuid),
          (md5('late')::uuid, md5('ben')::uuid),
          (md5('late, but older')::uuid, md5('ann')::uuid),
          (md5('late, but older')::uuid, md5('cara')::uuid);
      insert into public.chat_messages (room_id, sender, content)
      values (md5('late, but older')::uuid, md5('ann')::uuid, 'late');
      delete from public.chat_room_members where room_id = md5('club')::uuid and user_id = md5('eve')::uuid`;
    await chat().withBroken(goBack, async (session) => {
      const before = await listMembers(session);
      await fixAgain(session);
      const added = (await listMembers(session)).filter((membership) => !before.includes(membership));
      const id = (name: string) => createHash('md5').update(name).digest('hex');
      expect(added.map((membership) => membership.replaceAll('-', '')).sort()).toEqual(
        [
          `${id('late')} ${id('ann')} admin approved`,
          `${id('late')} ${id('ben')} member approved`,
          `${id('late, but older')} ${id('ann')}`,
          `${id('late, but older')} ${id('cara')}`,
        ].sort(),
      );
    });
  });
});
