/** A legacy database → the keys over its rows. A foreign key that some row breaks was never validated. */
import type { LegacyDatabase, RoomKey } from './legacy-database.js';
import { isKeptIn, membershipTables } from './tables.js';

export function renderKeys(database: LegacyDatabase): string[] {
  return [
    ...(['participants', 'groupMembers', 'directMembers'] as const).flatMap((name) => {
      const table = database[name];
      if (table === null) return [];
      const target = membershipTables[name];
      const rooms = database.memberships.filter((row) => row.table === name).map(({ room }) => room);
      return [
        ...(table.key === 'primary'
          ? [`alter table public.${target} add primary key (room_id, ${table.userColumn});`]
          : []),
        ...(table.roomKey === null ? [] : [roomKey(database, target, table.roomKey, rooms)]),
        ...(table.hasUserKey
          ? [
              `alter table public.${target} add constraint ${target}_user_id_fkey
    foreign key (${table.userColumn}) references public.profiles (id) on delete cascade;`,
            ]
          : []),
      ];
    }),
    ...messageKeys(database),
  ];
}

function messageKeys(database: LegacyDatabase): string[] {
  const { messagesTable, messages } = database;
  if (messagesTable === null) return [];
  const rooms = messages.flatMap(({ room }) => (room === null ? [] : [room]));
  const keyColumns = messagesTable.key === 'id' ? 'id' : 'id, created_at';
  return [
    ...(messagesTable.key === null
      ? []
      : [`alter table public.chat_messages add primary key (${keyColumns});`]),
    ...messagesTable.roomKeys.map((key) => roomKey(database, 'chat_messages', key, rooms)),
  ];
}

function roomKey(database: LegacyDatabase, table: string, key: RoomKey, rooms: readonly number[]): string {
  const isKept = rooms.every((index) => {
    const room = database.rooms[index];
    return room !== undefined && isKeptIn(room, key.target);
  });
  return `alter table public.${table} add constraint "${key.name}"
    foreign key (room_id) references public.${key.target} (id) on delete ${key.onDelete}${`${key.isDeferred ? ' deferrable initially deferred' : ''}${isKept && !key.isNotValid ? '' : ' not valid'}`};`;
}
