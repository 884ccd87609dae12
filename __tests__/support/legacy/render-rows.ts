/** A legacy database → the statements that fill its tables. Every row has a time of its own. */
import type { LegacyDatabase, LegacyMessage, LegacyRoom, MembershipTable } from './legacy-database.js';
import { idOf, type Person } from './people.js';
import { hasTable, isKeptIn, kindInBoth, membershipTables, memberTableOf, roomId } from './tables.js';

export function renderRows(database: LegacyDatabase): string[] {
  return [
    ...(hasTable(database, 'rooms') ? insertInto('rooms', legacyRooms(database)) : []),
    ...(hasTable(database, 'chat_rooms') ? insertInto('chat_rooms', chatRooms(database)) : []),
    ...(['participants', 'groupMembers', 'directMembers'] as const).flatMap((name) =>
      insertInto(membershipTables[name], memberships(database, name)),
    ),
    ...insertInto('chat_messages', messages(database)),
  ];
}

/** When a message was sent, to the second, in UTC. */
export const timeOf = (index: number) => `2025-03-01 00:00:${String(index).padStart(2, '0')}`;

/** What only this membership says, where it says something. */
export const nameOfMembership = (index: number) => `membership ${index}`;

/** Columns and values, as SQL; a column that is left out is left to its default. */
type Row = Readonly<Record<string, string>>;

function insertInto(table: string, rows: readonly Row[]): string[] {
  return rows.map((row) => {
    const overriding = table === 'chat_messages' && 'id' in row && /^\d+$/.test(row.id ?? '');
    return `insert into public.${table} (${Object.keys(row).join(', ')})${
      overriding ? ' overriding system value' : ''
    } values (${Object.values(row).join(', ')});`;
  });
}

const literal = (text: string | null) => (text === null ? 'null' : `'${text.replaceAll("'", "''")}'`);
const person = (name: Person | null) => literal(name === null ? null : idOf(name));
const when = (condition: boolean, row: Row): Row => (condition ? row : {});

const usualTypes = { dm: 'dm', group: 'group' } as const;
const otherTypes = { dm: 'direct', group: 'channel' } as const;

function writtenType({ spelling, type }: LegacyRoom): string | null {
  return spelling === null ? null : (spelling === 'usual' ? usualTypes : otherTypes)[type];
}

const dayOf = (index: number) => `'2025-01-0${index + 1} 00:00:00+00'`;

function legacyRooms(database: LegacyDatabase): Row[] {
  const { titleColumn, hasCreator } = database.roomsTable;
  return database.rooms.flatMap((room, index) =>
    isKeptIn(room, 'rooms')
      ? [
          {
            id: literal(roomId(database, index)),
            kind: literal(room.isIn === 'both' ? kindInBoth(room) : writtenType(room)),
            slug: literal(room.name),
            ...when(titleColumn !== null, { [titleColumn ?? '']: literal(room.title) }),
            ...when(hasCreator, { created_by: person(room.creator) }),
            created_at: dayOf(index),
          },
        ]
      : [],
  );
}

function chatRooms(database: LegacyDatabase): Row[] {
  const table = database.chatRoomsTable;
  const rows = database.rooms.flatMap((room, index): Row[] =>
    isKeptIn(room, 'chat_rooms')
      ? [
          {
            id: literal(roomId(database, index)),
            ...when(table.typeColumn !== null, { type: literal(writtenType(room)) }),
            [table.titleColumn]: literal(room.title),
            ...when(table.hasCreator, { created_by: person(room.creator) }),
            created_at: dayOf(index),
            ...when(table.hasUpdatedAt, { updated_at: dayOf(index) }),
            ...when(table.hasRequiredSlug, { slug: literal(room.name) }),
          },
        ]
      : [],
  );
  return table.isFirstRepeated ? [...rows, ...rows.slice(0, 1)] : rows;
}

/** Other tables than the rooms' own may write an id in capitals. */
function pointer(database: LegacyDatabase, room: number | null): string {
  if (room === null) return 'null';
  const id = roomId(database, room);
  return literal(database.ids === 'mixed' ? id.toUpperCase() : id);
}

function memberships(database: LegacyDatabase, name: MembershipTable): Row[] {
  return database.memberships.flatMap((membership, index): Row[] => {
    if (membership.table !== name) return [];
    const table = memberTableOf(database, name);
    return [
      {
        room_id: pointer(database, membership.room),
        [table.userColumn]: person(membership.person),
        ...when(table.hasRole, { role: literal(membership.role) }),
        ...when(table.hasStatus, { status: literal(membership.status) }),
        [table.timeColumn]: membership.hasTime
          ? `'2025-02-01 00:00:${String(index).padStart(2, '0')}+00'`
          : 'null',
        ...when(table.key === 'named', { id: literal(idOf(nameOfMembership(index))) }),
        ...when(table.carries !== null, { '"Note"': literal(nameOfMembership(index)) }),
        ...when(table.carries === 'note and muted', { muted: String(index % 2 === 0) }),
      },
    ];
  });
}

function messages(database: LegacyDatabase): Row[] {
  return database.messages.flatMap((message, index) => {
    const row = messageRow(database, message, index);
    if (!message.isTwice) return [row];
    const mayShareId = message.id === 'repeated' && database.messagesTable?.key === null;
    return [row, mayShareId ? row : { ...row, ...idColumn(database, { ...message, id: 'own' }, index + 50) }];
  });
}

function messageRow(database: LegacyDatabase, message: LegacyMessage, index: number): Row {
  const { messagesTable } = database;
  if (messagesTable === null) return {};
  return {
    ...idColumn(database, message, index),
    room_id: pointer(database, message.room),
    ...fill(messagesTable.senderColumns, person(message.sender), message),
    ...fill(messagesTable.textColumns, literal(message.hasText ? message.text : null), message),
    created_at: message.hasTime ? `'${timeOf(index)}+00'` : 'null',
    ...when(messagesTable.hasUpdatedAt, { updated_at: `'${timeOf(index)}+00'` }),
    ...when(messagesTable.hasRequiredKind, { kind: "'text'" }),
  };
}

function idColumn({ messagesTable }: LegacyDatabase, { id }: LegacyMessage, index: number): Row {
  if (messagesTable === null || messagesTable.id === 'missing') return {};
  const number = id === 'repeated' ? Math.max(index - 1, 0) : index;
  const own = /^(uuid|text)/.test(messagesTable.id) ? literal(idOf(`message ${number}`)) : String(number + 1);
  return { id: id === 'empty' ? 'null' : own };
}

function fill(columns: readonly string[], value: string, { filled }: LegacyMessage): Row {
  const chosen = filled === 'all' ? columns : filled === 'first' ? columns.slice(0, 1) : columns.slice(-1);
  return Object.fromEntries(columns.map((column) => [column, chosen.includes(column) ? value : 'null']));
}
