/** Facts about a legacy database's tables that follow from its value: which there are, and what can be in them. */
import type { LegacyDatabase, LegacyRoom, MembershipTable, MemberTable, RoomKey } from './legacy-database.js';
import { idOf } from './people.js';

export const membershipTables = {
  participants: 'conversation_participants',
  groupMembers: 'chat_room_members',
  directMembers: 'room_members',
} as const satisfies Record<MembershipTable, string>;

type Tables = Pick<LegacyDatabase, 'layout' | 'ids' | 'roomsTable' | 'chatRoomsTable'>;

export function hasTable({ layout }: Pick<Tables, 'layout'>, table: 'rooms' | 'chat_rooms'): boolean {
  return layout === 'both' || (table === 'rooms' ? roomsOnly : chatRoomsOnly).includes(layout);
}

const roomsOnly: readonly string[] = ['rooms', 'chat_rooms is a view'];
const chatRoomsOnly: readonly string[] = ['chat_rooms', 'rooms is a view'];

export function isKeptIn(room: LegacyRoom, table: 'rooms' | 'chat_rooms'): boolean {
  return room.isIn === table || room.isIn === 'both';
}

/** The type that the rows state, if they do. */
export function statedType(database: LegacyDatabase, room: LegacyRoom): LegacyRoom['type'] | null {
  const hasColumn = room.isIn === 'rooms' || database.chatRoomsTable.typeColumn !== null;
  if (hasColumn && room.spelling !== null) return room.type;
  return room.isIn === 'both' ? kindInBoth(room) : null;
}

/** What rooms says of a room that is in both tables. */
export function kindInBoth({ type, isContradicted }: LegacyRoom): LegacyRoom['type'] {
  if (!isContradicted) return type;
  return type === 'dm' ? 'group' : 'dm';
}

/** Who made the room, as far as the tables tell. */
export function creatorOf(database: LegacyDatabase, room: LegacyRoom) {
  const isTold =
    (isKeptIn(room, 'chat_rooms') && database.chatRoomsTable.hasCreator) ||
    (isKeptIn(room, 'rooms') && database.roomsTable.hasCreator);
  return isTold ? room.creator : null;
}

/** The id as the rooms' own tables have it; of a room that does not exist, one that no room has. */
export function roomId({ ids, rooms }: Pick<LegacyDatabase, 'ids' | 'rooms'>, index: number): string {
  const name = rooms[index]?.name ?? 'gone';
  return ids === 'slugs' && index % 2 === 0 ? name : idOf(name);
}

/** Whether a table of rooms can be pointed at by a key. */
export function canHoldKey(database: Tables, { target }: RoomKey): boolean {
  const { hasKey } = target === 'rooms' ? database.roomsTable : database.chatRoomsTable;
  return hasTable(database, target) && hasKey && database.ids !== 'mixed';
}

export function memberTableOf(database: LegacyDatabase, table: MembershipTable): MemberTable {
  const found = database[table];
  if (found === null) throw new Error(`there is no table for ${table}`);
  return found;
}
