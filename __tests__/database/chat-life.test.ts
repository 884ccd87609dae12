/** What becomes of a fixed database in the years after it, when the fix is applied again. */
import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../src/database/with-session.js';
import { withTransaction } from '../../src/database/with-transaction.js';
import { applySections } from '../../src/stages/apply-sections.js';
import { useFixedChat } from '../support/fixed-chat.js';

const chat = useFixedChat();

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
      const { problem } = await withTransaction(session, () =>
        applySections(session, chat().bundle.sections, () => undefined),
      );
      expect(problem).toBeNull();
      expect(await listMembers(session)).toEqual([]);
    });
  });
});
