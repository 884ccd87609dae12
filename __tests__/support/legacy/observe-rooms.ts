/** The repaired database → which room of today each old room is, told by its messages where its id had to change. */
import type { Session } from '../../../src/database/with-session.js';
import type { LegacyDatabase } from './legacy-database.js';
import { isAttached } from './oracle.js';
import { roomId } from './tables.js';

export type RoomsNow = ReadonlyMap<number, string>;

const isUuid = (id: string) => /^[0-9a-f]{8}-/.test(id);

export async function observeRooms(session: Session, database: LegacyDatabase): Promise<RoomsNow> {
  const { rows } = await session.query<{ content: string; room_id: string }>(
    'select content, room_id from public.chat_messages',
  );
  const found = new Map<number, string>();
  for (const index of database.rooms.keys()) {
    const id = roomId(database, index);
    if (isUuid(id)) found.set(index, id);
  }
  for (const message of database.messages.filter((one) => isAttached(database, one))) {
    const row = rows.find(({ content }) => content === message.text);
    if (row !== undefined && message.room !== null && !found.has(message.room)) {
      found.set(message.room, row.room_id);
    }
  }
  return found;
}
