/** What was drawn independently → a database that can exist: rows only where there is a table and a key allows them. */
import type {
  LegacyDatabase,
  LegacyMembership,
  LegacyMessage,
  LegacyRoom,
  MemberTable,
  MessagesTable,
} from './legacy-database.js';
import { surroundings } from './surroundings.js';
import { canHoldKey, hasTable } from './tables.js';

export function settleDatabase(source: LegacyDatabase): LegacyDatabase {
  const drawn = withOneMissingRoom(source);
  const tables = {
    ...drawn,
    chatRoomsTable: {
      ...drawn.chatRoomsTable,
      isFirstRepeated: drawn.chatRoomsTable.isFirstRepeated && !drawn.chatRoomsTable.hasKey,
    },
    participants: settleMemberTable(drawn, withoutOddKey(drawn), false),
    groupMembers: settleMemberTable(drawn, drawn.groupMembers, true),
    directMembers: settleMemberTable(drawn, drawn.directMembers, false),
    messagesTable: settleMessagesTable(drawn),
  };
  const settled = {
    ...tables,
    rooms: drawn.rooms.map((room) => settleRoom(tables, room)),
    memberships: settleMemberships(tables),
    messages: tables.messagesTable === null ? [] : settleMessages(drawn.messages, tables.messagesTable),
  };
  return {
    ...settled,
    surroundings: settleSurroundings(settled),
  };
}

/** Every index beyond the rooms is the same room: the one that does not exist. */
function withOneMissingRoom(drawn: LegacyDatabase): LegacyDatabase {
  const settle = (room: number) => Math.min(room, drawn.rooms.length);
  return {
    ...drawn,
    memberships: drawn.memberships.map((row) => ({ ...row, room: settle(row.room) })),
    messages: drawn.messages.map((row) => ({ ...row, room: row.room === null ? null : settle(row.room) })),
  };
}

/** In the order of the catalogue; of several about one thing the first. */
function settleSurroundings(database: LegacyDatabase): string[] {
  const chosen = surroundings.filter(
    ({ name, fits }) => database.surroundings.includes(name) && fits(database),
  );
  return chosen
    .filter(
      ({ about }, index) =>
        about === undefined || chosen.findIndex((other) => other.about === about) === index,
    )
    .map(({ name }) => name);
}

function settleRoom(database: LegacyDatabase, room: LegacyRoom): LegacyRoom {
  const isIn = database.layout === 'both' ? room.isIn : hasTable(database, 'rooms') ? 'rooms' : 'chat_rooms';
  const isChecked = isIn !== 'rooms' && database.chatRoomsTable.typeColumn === 'checked';
  return { ...room, isIn, spelling: isChecked && room.spelling === 'other' ? 'usual' : room.spelling };
}

/** The ids of chat_rooms cannot become uuids while a table of the first generation points at them with text: the fix refuses. */
function withoutOddKey({ participants, ids }: LegacyDatabase): MemberTable | null {
  const isOdd = participants?.roomKey?.target === 'chat_rooms' && ids !== 'uuid';
  return participants !== null && isOdd ? { ...participants, roomKey: null } : participants;
}

/** Only chat_room_members ever had a status and a role. */
function settleMemberTable(
  database: LegacyDatabase,
  table: MemberTable | null,
  isForGroups: boolean,
): MemberTable | null {
  if (table === null) return null;
  const roomKey = table.roomKey !== null && canHoldKey(database, table.roomKey) ? table.roomKey : null;
  return {
    ...table,
    roomKey,
    hasStatus: table.hasStatus && isForGroups,
    hasRole: table.hasRole && isForGroups,
  };
}

function settleMessagesTable(database: LegacyDatabase): MessagesTable | null {
  const { messagesTable } = database;
  if (messagesTable === null) return null;
  return {
    ...messagesTable,
    key: messagesTable.id === 'missing' ? null : messagesTable.key,
    roomKeys: messagesTable.roomKeys.filter((key) => canHoldKey(database, key)),
  };
}

/** A primary key has neither empty columns nor the same person twice. */
function settleMemberships(database: LegacyDatabase): LegacyMembership[] {
  return database.memberships.filter((membership, index) => {
    const table = database[membership.table];
    if (table === null) return false;
    if (table.key !== 'primary') return true;
    const isSame = (other: LegacyMembership) =>
      other.table === membership.table &&
      other.room === membership.room &&
      other.person === membership.person;
    return membership.person !== null && database.memberships.findIndex(isSame) === index;
  });
}

function settleMessages(messages: readonly LegacyMessage[], table: MessagesTable): LegacyMessage[] {
  return messages.map((message) => ({
    ...message,
    id: settleId(message, table),
    hasTime: message.hasTime || table.key === 'id and time',
  }));
}

function settleId({ id }: LegacyMessage, table: MessagesTable): LegacyMessage['id'] {
  if (table.key === 'id') return 'own';
  const isIdentity = table.id === 'identity' || table.id === 'identity always';
  return id === 'empty' && (isIdentity || table.key !== null) ? 'own' : id;
}
