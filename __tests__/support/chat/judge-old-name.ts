/** A repaired database, and what it was before → whom `rooms`, the old name, no longer answers as it did. */
import { isDatabaseError } from '../../../src/database/database-error.js';
import type { Session } from '../../../src/database/with-session.js';
import { maySeeRoom } from '../rulebook.js';
import { lookAs } from './as-person.js';
import { isUuid, type LegacyChat } from './legacy-chat.js';

/** Only whoever may know of a room is to be told of it. */
export async function judgeOldName(session: Session, chat: LegacyChat, person: string): Promise<string[]> {
  const expected = chat.answeredByRooms.filter((id) =>
    chat.rooms.some((room) => room.id === id && isUuid(id) && maySeeRoom(chat, room, person) === 'may'),
  );
  if (expected.length === 0) return [];
  try {
    const { rows } = await lookAs(session, person, () =>
      session.query<{ id: string }>('select pg_catalog.lower(id::text) as id from public.rooms'),
    );
    return expected
      .filter((id) => !rows.some((row) => row.id === id))
      .map((id) => `rooms tells ${person} no more of room ${id}`);
  } catch (error: unknown) {
    if (!isDatabaseError(error)) throw error;
    return [`rooms tells ${person}: ${error.message}`];
  }
}
